import { decimal } from '@oms/domain';
import fc from 'fast-check';
import { it } from 'vitest';
import { editable } from '../verify/history.ts';
import { manualStory, orderlyStory, Player, wildStory } from './houseStory.ts';
const LIMITS = { positionQuantityMax: decimal('8'), openOrdersMax: 12, openNotionalMax: decimal('600000'), repeatedOrdersMax: 3 };
for (const [name, story, options] of [['orderly', orderlyStory, {}], ['wild', wildStory, {}], ['manual', manualStory, { venue: 'manual' }]] as const) {
  it(name, { timeout: 600_000 }, async () => {
    const counts: Record<string, number> = {};
    let acts = 0;
    for (const s of fc.sample(story, 100)) {
      const player = await Player.open({ limits: LIMITS, ...options });
      for (const act of s) { await player.play(act); acts++; counts[`act ${act.do}`] = (counts[`act ${act.do}`] ?? 0) + 1; }
      for (const r of editable(player.house.journal.groups)) for (const e of r.events) {
        let k = e.type; if (k === 'OrderDenied') k += ` ${e.reason.code}`; if (k==='ReplaceRejected') k += ` ${e.reason.code}`;
        counts[k] = (counts[k] ?? 0) + 1; }
    }
    console.log(name, acts, JSON.stringify(counts));
  });
}
