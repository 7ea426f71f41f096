/** What holds for any sequence of orders, requests, market moves and faults. */
import { decimal, formatDecimal, ONE, type VenueFaults } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSED_ORDERS_MAX, RecentlyClosed } from '../src/recentlyClosed.ts';
import { TestVenue } from './testVenue.ts';

type Act = (venue: TestVenue) => void;

const price = fc.integer({ min: 9_900, max: 10_100 }).map((cents) => formatDecimal(BigInt(cents) * 1_000_000n));
const size = fc.integer({ min: 1, max: 5_000 }).map((lots) => formatDecimal(BigInt(lots) * 100_000n));
const side = fc.constantFrom('BUY', 'SELL');

const placeLimit = fc.tuple(side, size, price, fc.constantFrom('', ' IOC', ' FOK', ' post-only', ' DAY')).map(
  ([s, q, p, rest]): Act =>
    (venue) =>
      void venue.place(`${s} ${q} @ ${p}${rest}`, `o-0-${venue.events.length}`),
);
const placeMarket = fc.tuple(side, size, fc.constantFrom('', ' @ 100', ' FOK')).map(
  ([s, q, rest]): Act =>
    (venue) =>
      void venue.place(`${s} ${q} market${rest}`, `o-0-${venue.events.length}`),
);
const placeByQuote = fc.integer({ min: 1, max: 900 }).map(
  (quote): Act =>
    (venue) =>
      void venue.place(`BUY $${quote} market`, `o-0-${venue.events.length}`),
);
const anyOrder = fc.nat();
const openOrder = (venue: TestVenue, pick: number): string =>
  venue.open[pick % Math.max(1, venue.state.orders.size)] ?? 'nobody';
const cancel = anyOrder.map(
  (pick): Act =>
    (venue) =>
      void venue.cancel(openOrder(venue, pick)),
);
const replace = fc.tuple(anyOrder, size, fc.option(price)).map(
  ([pick, q, p]): Act =>
    (venue) =>
      void venue.replace(openOrder(venue, pick), q, p),
);
const trade = fc.tuple(side, size, price).map(
  ([s, q, p]): Act =>
    (venue) =>
      void venue.trade(`${s} ${q} @ ${p}`),
);
const moveBook = fc.tuple(fc.integer({ min: 9_900, max: 10_099 }), size, size).map(
  ([cents, bid, ask]): Act =>
    (venue) => {
      const at = (offset: number) => formatDecimal(BigInt(cents + offset) * 1_000_000n);
      venue.moveBook(`ask ${at(5)} ${ask}\nask ${at(1)} ${bid}\nbid ${at(0)} ${bid}\nbid ${at(-3)} ${ask}`);
    },
);
const wait = fc.integer({ min: 0, max: 50 }).map(
  (ms): Act =>
    (venue) =>
      void venue.wait(ms),
);
const restart = fc.constant<Act>((venue) => venue.restart());

const calmActs = [placeLimit, placeMarket, placeByQuote, cancel, replace, trade, moveBook, wait];
const story = (...extra: fc.Arbitrary<Act>[]) =>
  fc.array(fc.oneof(...calmActs, ...extra), { maxLength: 60, size: 'max' });

const rate = fc.constantFrom(0n, decimal('0.3'), ONE);
const reportFaults = fc.record({
  latencyMs: fc.constantFrom(0, 7, 30),
  lateReportRate: rate,
  lateReportMs: fc.constantFrom(0, 25),
  duplicateReportRate: rate,
  reorderReportRate: rate,
  rejectRate: fc.constantFrom(0n, decimal('0.3')),
  partialFillRate: rate,
  disconnected: fc.boolean(),
});
const setFaults = (faults: fc.Arbitrary<Partial<VenueFaults>>) =>
  faults.map(
    (each): Act =>
      (venue) =>
        venue.setFaults(each),
  );

const play = (acts: readonly Act[], venue = new TestVenue()): TestVenue => {
  venue.show('ask 101 1\nbid 100 1');
  for (const act of acts) act(venue);
  return venue;
};

/** What was ordered and what traded, straight from the journalled events. */
function tradesOf(venue: TestVenue) {
  const orders = new Map<string, { limit: bigint | null; quantity: bigint; filled: bigint; terms: string }>();
  const problems: string[] = [];
  for (const { event } of venue.events) {
    if (event.type === 'VenueOrderReceived') {
      const { orderId, price: limit, quantity, side: s, timeInForce } = event.terms;
      orders.set(orderId, { limit, quantity: quantity ?? 0n, filled: 0n, terms: `${s} ${timeInForce}` });
    } else if (event.type === 'VenueOrderAmended') {
      Object.assign(orders.get(event.orderId)!, { limit: event.price, quantity: event.quantity });
    } else if (event.type === 'VenueOrderTraded') {
      const order = orders.get(event.orderId)!;
      order.filled += event.quantity;
      if (event.quantity <= 0n || event.quantity % decimal('0.001') !== 0n)
        problems.push(`quantity of ${event.orderId}`);
      const isWorse =
        order.limit !== null && (order.terms.startsWith('BUY') ? event.price > order.limit : event.price < order.limit);
      if (isWorse) problems.push(`${event.orderId} traded worse than its limit`);
      if (order.quantity > 0n && order.filled > order.quantity) problems.push(`${event.orderId} overfilled`);
    }
  }
  return { orders, problems };
}

describe('for any story', () => {
  it('no order trades more than its quantity, or worse than its price', () => {
    fc.assert(
      fc.property(story(setFaults(reportFaults)), (acts) => {
        expect(tradesOf(play(acts)).problems).toEqual([]);
      }),
    );
  });

  it('fill-or-kill fills all or nothing', () => {
    fc.assert(
      fc.property(story(setFaults(reportFaults)), (acts) => {
        for (const order of tradesOf(play(acts)).orders.values()) {
          if (order.terms.endsWith('FOK') && order.filled > 0n) expect(order.filled).toBe(order.quantity);
        }
      }),
    );
  });

  it('what our takers take of one book is at most what it displays', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(placeLimit, placeMarket), { maxLength: 30, size: 'max' }), (acts) => {
        const venue = play(acts);
        const taken = { BUY: 0n, SELL: 0n };
        const sides = new Map<string, 'BUY' | 'SELL'>();
        for (const { event } of venue.events) {
          if (event.type === 'VenueOrderReceived') sides.set(event.terms.orderId, event.terms.side);
          if (event.type === 'VenueOrderTraded') taken[sides.get(event.orderId)!] += event.quantity;
        }
        expect(taken.BUY).toBeLessThanOrEqual(ONE);
        expect(taken.SELL).toBeLessThanOrEqual(ONE);
      }),
    );
  });

  it('the same story gives the same events, under the same seed', () => {
    fc.assert(
      fc.property(story(setFaults(reportFaults)), (acts) => {
        expect(play(acts).events).toEqual(play(acts).events);
      }),
    );
  });

  it('the state is the fold of its events', () => {
    fc.assert(
      fc.property(story(setFaults(reportFaults)), (acts) => {
        const venue = play(acts);
        const folded = venue.definition.initialState(0);
        for (const { event, now } of venue.events) venue.definition.evolve(folded, event, now);
        expect(venue.stateBytes(folded)).toEqual(venue.stateBytes());
      }),
    );
  });

  it('restarting from bytes at any moment changes nothing', () => {
    fc.assert(
      fc.property(story(setFaults(reportFaults)), (acts) => {
        const restarted = acts.flatMap((act): Act[] => [act, (venue) => venue.restart()]);
        const [one, other] = [play(acts), play(restarted)];
        expect(other.events).toEqual(one.events);
        expect(other.reports).toEqual(one.reports);
        expect(other.stateBytes()).toEqual(one.stateBytes());
      }),
      { numRuns: 40 },
    );
  });

  it('without faults every order is answered, and ends with one last word or stays open', () => {
    fc.assert(
      fc.property(story(restart), (acts) => {
        const venue = play(acts);
        for (const [orderId] of tradesOf(venue).orders) {
          const first = venue.reports.find((report) => report.orderId === orderId);
          expect(first?.kind).toMatch(/^(ACCEPTED|REJECTED)$/);
        }
        expect(venue.state.scheduled.length).toBe(0);
      }),
    );
  });

  it('once faults stop, no report but a lost one is missing', () => {
    fc.assert(
      fc.property(story(setFaults(reportFaults)), (acts) => {
        const venue = play(acts);
        venue.setFaults({});
        venue.wait(10_000);
        const told = new Set(venue.reports.flatMap((report) => (report.kind === 'TRADED' ? [report.executionId] : [])));
        const traded = venue.events.flatMap(({ event }) =>
          event.type === 'VenueOrderTraded' ? [event.executionId] : [],
        );
        expect([...told].sort()).toEqual([...traded].sort());
        expect(new Set(traded).size).toBe(traded.length);
      }),
    );
  });
});

describe('the memory of closed orders', () => {
  it('is bounded, forgets the oldest first, and survives a reopening', () => {
    const closed = new RecentlyClosed();
    const has = (...numbers: number[]) => numbers.map((number) => closed.has(`o-0-${number}`));
    for (let i = 0; i < CLOSED_ORDERS_MAX; i++) closed.remember(`o-0-${i}`, null);
    closed.forget('o-0-5');
    closed.remember('o-0-5', null);
    expect(has(0, 5)).toEqual([false, true]);
    for (let i = 0; i < 10; i++) closed.remember(`o-1-${i}`, null);
    expect(has(5, 10, 11)).toEqual([true, false, true]);
    expect(closed.has('o-1-9')).toBe(true);
    expect(RecentlyClosed.of(closed.entries()).entries()).toEqual(closed.entries());
  });
});
