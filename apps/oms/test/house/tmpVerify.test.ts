import { mkdtempSync, rmSync } from 'node:fs';
import { decimal } from '@oms/domain';
import fc from 'fast-check';
import { it } from 'vitest';
import { verifyJournal } from '../../src/verify/verifyJournal.ts';
import { writeSegment } from '../verify/history.ts';
import { manualStory, orderlyStory, Player, wildStory } from './houseStory.ts';
const LIMITS = { positionQuantityMax: decimal('8'), openOrdersMax: 12, openNotionalMax: decimal('600000'), repeatedOrdersMax: 3 };
const N = Number(process.env.N ?? 100);
for (const [name, story, options] of [['orderly', orderlyStory, {}], ['wild', wildStory, {}], ['manual', manualStory, { venue: 'manual' }]] as const) {
  it(name, { timeout: 600_000 }, () => fc.assert(fc.asyncProperty(story, async (acts) => {
    const player = await Player.open({ limits: LIMITS, ...options });
    for (const act of acts) await player.play(act);
    const dir = mkdtempSync('/dev/shm/ver-');
    try {
      writeSegment(dir, player.house.journal.groups);
      const report = await verifyJournal({ journalDirectory: dir, snapshot: null, damagedSnapshots: [] });
      if (!report.ok) throw new Error(JSON.stringify(report.checks.filter((c) => !c.ok), null, 1));
    } finally { rmSync(dir, { recursive: true }); }
  }), { numRuns: N }));
}
