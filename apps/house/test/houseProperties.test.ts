/**
 * Random stories over the whole house: after every act the invariants hold; at the end the journal replays to the same
 * state, every event in it survives its codec, and the independent verifier finds nothing. HOUSE_STORIES=2000 runs wide.
 */
import { orderEventCodec, readEvents, readRecords, riskEventCodec, venueEventCodec } from '@oms/codec';
import { decimal, type VenueAction } from '@oms/domain';
import { ByteReader, ByteWriter, type Codec } from '@oms/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Expectations, InvariantChecker } from './houseInvariants.ts';
import { type Act, type Ask, manualStory, orderlyStory, reducingStory, wildStory } from './houseStory.ts';
import { Player } from './storyPlayer.ts';
import type { TestHouse, TestHouseOptions } from './testHouse.ts';
import { verifies } from './verifies.ts';

const RUNS = Number(process.env.HOUSE_STORIES ?? 120);
const LIMITS = {
  positionQuantityMax: decimal('8'),
  openOrdersMax: 12,
  openNotionalMax: decimal('600000'),
  repeatedOrdersMax: 3,
};

async function tell(acts: readonly Act[], options: TestHouseOptions, expectations: Expectations): Promise<void> {
  const player = await Player.open({ limits: LIMITS, ...options });
  const checker = new InvariantChecker(expectations);
  checker.check(player.house);
  for (const act of acts) {
    await player.play(act);
    checker.check(player.house);
  }
  replaysTheSame(player.house);
  codecsKeepEveryEvent(player.house);
  await verifies(player.house);
}

function replaysTheSame(house: TestHouse): void {
  const hash = house.stateHash();
  expect(house.restarted().stateHash()).toBe(hash);
  house.house.runtime.restore(house.house.runtime.stateBytes());
  expect(house.stateHash()).toBe(hash);
}

const CODECS: readonly (Codec<unknown> | null)[] = [null, orderEventCodec, riskEventCodec, venueEventCodec] as never;

function codecsKeepEveryEvent(house: TestHouse): void {
  const writer = new ByteWriter();
  for (const { payload } of house.journal.groups) {
    for (const record of readRecords(payload)) {
      const codec = CODECS[record.service];
      if (codec === null || codec === undefined) continue;
      readEvents(record, codec, (event) => {
        writer.length = 0;
        codec.encode(event, writer);
        expect(codec.decode(new ByteReader(writer.bytes.slice(0, writer.length)))).toEqual(event);
      });
    }
  }
}

const stories = (arbitrary: fc.Arbitrary<Act[]>, options: TestHouseOptions, expectations: Expectations) =>
  fc.assert(
    fc.asyncProperty(arbitrary, (acts) => tell(acts, options, expectations)),
    { numRuns: RUNS },
  );

describe('any story', { timeout: 3_600_000 }, () => {
  it('of an orderly venue keeps every limit, also while reports are late, doubled or lost', () =>
    stories(orderlyStory, {}, { orderly: true }));

  it('of reduce-only orders never works more of them than there is position', () =>
    stories(reducingStory, {}, { orderly: true }));

  it('of a wild venue, changing limits and kill switches keeps the books', () =>
    stories(wildStory, {}, { orderly: false }));

  it('of a manual venue that does anything keeps the books', () =>
    stories(manualStory, { venue: 'manual' }, { orderly: false }));
});

describe('stories that once broke a rule', () => {
  const ORDER: Ask = {
    symbol: 0,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    milli: 1000,
    byQuote: false,
    ticks: 0,
    stopTicks: 0,
    triggerSource: 'LAST',
    postOnly: false,
    reduceOnly: false,
    lifeMs: 1,
  };
  const place: Act = { do: 'place', account: 0, order: ORDER };
  const raise: Act = { do: 'replace', order: 0, quantity: 1500, ticks: null, stop: false };
  const venue = (action: VenueAction, quantity: number | null): Act => ({
    do: 'instruct',
    order: 0,
    action,
    execution: null,
    quantity,
    ticks: null,
  });
  it.each<readonly [string, readonly Act[]]>([
    ['a late fill uses up a raise: nothing is held for it', [place, raise, venue('fill', null), venue('fill', 500)]],
    [
      'a correction uses up a raise: nothing is held for it',
      [place, raise, venue('fill', null), venue('trade-correct', 1500)],
    ],
    [
      'a correction fills an order whose raise is then accepted: the hold stays',
      [place, raise, venue('fill', 500), venue('trade-correct', 1000), venue('replace-accept', null)],
    ],
    [
      'a correction opens a triggered stop again: its hold has the prices of the order',
      [
        { do: 'place', account: 0, order: { ...ORDER, type: 'STOP', stopTicks: -1 } },
        venue('fill', null),
        venue('trade-correct', 400),
        { do: 'draw', symbol: 0, ticks: 110, depth: 10 },
        { do: 'replace', order: 0, quantity: 800, ticks: null, stop: false },
        venue('replace-accept', null),
      ],
    ],
    [
      'a bust opens an order again whose smaller and dearer replace is then accepted',
      [
        place,
        { do: 'replace', order: 0, quantity: 800, ticks: 5, stop: false },
        venue('fill', null),
        venue('trade-cancel', null),
        venue('replace-accept', null),
      ],
    ],
  ])('%s', (_name, acts) => tell(acts, { venue: 'manual' }, { orderly: false }));
});
