/**
 * After any story of a venue that loses, delays, doubles and reorders reports and loses requests, once the faults stop
 * and the comparison with the venue had its turn, our books are the venue's: same fills, same open orders, same
 * positions, nothing unknown, nothing booked twice. HOUSE_STORIES=2000 runs wide.
 */
import { isOpen, type Order, type VenueFaults } from '@oms/domain';
import { NO_FAULTS, type VenueState } from '@oms/venue-simulator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantChecker } from './houseInvariants.ts';
import { type Act, faultyManualStory, faultyStory } from './houseStory.ts';
import { Player } from './storyPlayer.ts';
import type { TestHouse, TestHouseOptions } from './testHouse.ts';
import { verifies } from './verifies.ts';

const RUNS = Number(process.env.HOUSE_STORIES ?? 40);
const EVERY_MS = 30_000;

/** Time passes as a process lives through it: tick by tick while a run is under way. */
export async function reconciled(house: TestHouse, runs = 3): Promise<void> {
  for (let run = 0; run < runs; run++) {
    house.time.jump(EVERY_MS);
    for (let tick = 0; tick < 12; tick++) {
      house.time.jump(25);
      await house.step();
    }
  }
}

const venueOf = (house: TestHouse) => house.house.runtime.cells.of('venue-simulator', 0)!.state as VenueState;

/** Every order that the venue still has, open or closed, as it has it. */
function venueBook(venue: VenueState) {
  const kept = [...venue.kept.between(0, 0, Number.MAX_SAFE_INTEGER)];
  return [...venue.orders.values(), ...kept].map(({ terms, filledQuantity }) => ({
    orderId: terms.orderId,
    isOpen: venue.orders.has(terms.orderId),
    filledQuantity,
  }));
}

function booksAgree(house: TestHouse): void {
  const orders = house.house.orderStates()[0]!;
  const venue = venueOf(house);
  for (const { orderId, ...theirs } of venueBook(venue)) {
    const order = orders.orders.get(orderId)!;
    const ours = { isOpen: isOpen(order), filledQuantity: order.filledQuantity };
    expect({ orderId, ...ours }).toEqual({ orderId, ...theirs });
  }
  for (const order of orders.orders.values()) {
    const works = order.core === 'SUBMITTED' || order.core === 'WORKING';
    if (works) expect(venue.orders.has(order.orderId), `${order.orderId} in ${order.core}`).toBe(true);
    noneUnknown(order);
  }
  expect([...orders.unanswered]).toEqual([]);
  for (const account of house.house.riskStates()[0]!.accounts.values()) {
    for (const [symbol, { position }] of account.exposures) {
      const theirs = venue.positions.get(account.accountId)?.get(symbol) ?? 0n;
      expect([account.accountId, symbol, position?.quantity ?? 0n]).toEqual([account.accountId, symbol, theirs]);
    }
  }
  const standing = orders.reconciliation.differences.filter(({ resolvedAt }) => resolvedAt === null);
  expect(standing).toEqual([]);
}

function noneUnknown(order: Order): void {
  expect(order.pendingRequests.filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
  noneTwice(order);
}

function noneTwice({ orderId, fills }: Order): void {
  const ids = fills.map(({ executionId }) => executionId);
  expect(new Set(ids).size, `${orderId} has a trade twice`).toBe(ids.length);
}

/** Of a manual venue, whose busts and corrections may be of anything: what is not the same stands as a difference. */
function differencesStand(house: TestHouse): void {
  const { orders, reconciliation } = house.house.orderStates()[0]!;
  const standing = new Set(
    reconciliation.differences.filter(({ resolvedAt }) => resolvedAt === null).map(({ orderId }) => orderId),
  );
  for (const { orderId, filledQuantity } of venueBook(venueOf(house))) {
    const order = orders.get(orderId)!;
    noneTwice(order);
    if (!standing.has(orderId)) expect([orderId, order.filledQuantity]).toEqual([orderId, filledQuantity]);
  }
  for (const order of orders.values()) {
    const isThere = venueOf(house).orders.has(order.orderId);
    if (order.core === 'SUBMITTED' || order.core === 'WORKING') expect(isThere, `${order.orderId} is open`).toBe(true);
  }
}

interface Ending {
  readonly options: TestHouseOptions;
  /** When all others have stopped. */
  readonly faults: VenueFaults;
  readonly check: (house: TestHouse) => void;
}

async function tell(acts: readonly Act[], { options, faults, check }: Ending): Promise<void> {
  const player = await Player.open({ reconcileEveryMs: EVERY_MS, ...options });
  const checker = new InvariantChecker({ orderly: false });
  for (const act of acts) {
    await player.play(act);
    checker.check(player.house);
  }
  await player.play({ do: 'faults', faults });
  await reconciled(player.house);
  checker.check(player.house);
  check(player.house);
  const hash = player.house.stateHash();
  expect(player.house.restarted({ ...options, time: player.house.time }).stateHash()).toBe(hash);
  // A manual venue may contradict itself: one executionId with two contents. The verifier rightly tells that.
  if (options.venue === 'manual') return;
  await verifies(player.house);
  const groups = player.house.journal.groups.length;
  await reconciled(player.house, 1);
  // A run that finds nothing writes that it was, and nothing else.
  expect(player.house.journal.groups.length - groups).toBeLessThanOrEqual(1);
}

const stories = (story: fc.Arbitrary<Act[]>, ending: Ending) =>
  fc.assert(
    fc.asyncProperty(story, (acts) => tell(acts, ending)),
    { numRuns: RUNS },
  );

const SUMS_ONLY: VenueFaults = { ...NO_FAULTS, totalsOnly: true };
const withSumsOnly = (act: Act): Act =>
  act.do === 'faults' ? { ...act, faults: { ...act.faults, totalsOnly: true } } : act;

describe('reconciliation', { timeout: 3_600_000 }, () => {
  it('after any story of a faulty venue makes our books those of the venue', () =>
    stories(faultyStory, { options: {}, faults: NO_FAULTS, check: booksAgree }));

  it('with a venue that tells sums instead of trades makes our sums those of the venue', () =>
    stories(
      faultyStory.map((acts) => acts.map(withSumsOnly)),
      { options: {}, faults: SUMS_ONLY, check: booksAgree },
    ));

  it('after any story of a faulty manual venue leaves no difference unsaid', () =>
    stories(faultyManualStory, { options: { venue: 'manual' }, faults: NO_FAULTS, check: differencesStand }));
});
