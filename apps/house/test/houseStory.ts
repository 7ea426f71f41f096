/**
 * Random stories for the whole house: what clients, the market, the clock, operators and a misbehaving venue may do,
 * as plain data that shrinks well. storyPlayer.ts plays them. An order is named by a number, modulo how many there are.
 */
import {
  type LimitName,
  ONE,
  type OrderTerms,
  type OrderType,
  type Side,
  type TimeInForce,
  type TradingState,
  VENUE_ACTIONS,
  type VenueAction,
  type VenueFaults,
} from '@oms/domain';
import { NO_FAULTS } from '@oms/venue-simulator';
import fc from 'fast-check';

export const ACCOUNTS = ['DEMO-0001', 'DEMO-0002', 'DEMO-0005'] as const;
export const SYMBOLS = ['BTC-USD', 'BTC-PERP'] as const;
const PERCENT = ONE / 100n;

export type Act =
  | { readonly do: 'place'; readonly account: number; readonly order: Ask }
  | {
      readonly do: 'replace';
      readonly order: number;
      readonly quantity: number | null;
      readonly ticks: number | null;
      readonly stop: boolean;
    }
  | { readonly do: 'cancel'; readonly order: number; readonly named: boolean }
  | { readonly do: 'repeat'; readonly order: number; readonly changed: boolean }
  | { readonly do: 'cancelAll'; readonly account: number; readonly symbol: number | null; readonly side: Side | null }
  | { readonly do: 'draw'; readonly symbol: number; readonly ticks: number; readonly depth: number }
  | {
      readonly do: 'trade';
      readonly symbol: number;
      readonly ticks: number;
      readonly quantity: number;
      readonly side: Side;
    }
  | { readonly do: 'wait'; readonly ms: number }
  | {
      readonly do: 'instruct';
      readonly order: number;
      readonly action: VenueAction;
      readonly execution: number | null;
      readonly quantity: number | null;
      readonly ticks: number | null;
    }
  | { readonly do: 'faults'; readonly faults: VenueFaults }
  | { readonly do: 'limit'; readonly account: number; readonly name: LimitName; readonly value: number | null }
  | {
      readonly do: 'state';
      readonly scope: 'FIRM' | 'ACCOUNT' | 'INSTRUMENT';
      readonly which: number;
      readonly state: TradingState;
      readonly actor: string | null;
    }
  | { readonly do: 'restart' };

/** What an order asks, in small numbers: ticks from the middle of the market and thousandths of a coin. */
export interface Ask {
  readonly symbol: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly milli: number;
  readonly byQuote: boolean;
  readonly ticks: number;
  readonly stopTicks: number;
  readonly triggerSource: OrderTerms['triggerSource'];
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly lifeMs: number;
}

/** Present half of the time. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 2, nil: null });
const side = fc.constantFrom<Side>('BUY', 'SELL');
const account = fc.nat({ max: ACCOUNTS.length - 1 });
const symbol = fc.nat({ max: SYMBOLS.length - 1 });
const orderNumber = fc.nat({ max: 59 });
/** The collar is 100 of them. */
const ticks = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -110, max: 110 }));
const milli = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom(1_000, 2_000));

const ask: fc.Arbitrary<Ask> = fc.record({
  symbol,
  side,
  type: fc.constantFrom<OrderType>('LIMIT', 'LIMIT', 'LIMIT', 'MARKET', 'MARKET', 'STOP', 'STOP_LIMIT'),
  timeInForce: fc.constantFrom<TimeInForce>('GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
  milli,
  byQuote: fc.boolean(),
  ticks,
  stopTicks: ticks,
  triggerSource: fc.constantFrom('LAST', 'BID_ASK', 'MARK'),
  postOnly: fc.boolean(),
  reduceOnly: fc.nat({ max: 4 }).map((chance) => chance === 0),
  lifeMs: fc.integer({ min: 1, max: 5_000 }),
});

const rate = fc.constantFrom(0n, 0n, 20n * PERCENT, 50n * PERCENT, ONE);
/** Faults after which nothing is booked that risk has not held for: no limit may then ever be exceeded. */
const orderlyFaults = fc
  .record({
    latencyMs: fc.constantFrom(0, 0, 7, 40),
    rejectRate: rate,
    partialFillRate: rate,
    duplicateReportRate: rate,
    lostReportRate: fc.constantFrom(0n, 0n, 20n * PERCENT, ONE),
    disconnected: fc.boolean(),
  })
  .map((faults): VenueFaults => ({ ...NO_FAULTS, ...faults }));
const wildFaults = fc
  .tuple(
    orderlyFaults,
    fc.record({
      lateReportRate: rate,
      lateReportMs: fc.constantFrom(0, 5, 300),
      reorderReportRate: rate,
      overfillRate: rate,
      lostRequestRate: fc.constantFrom(0n, 0n, 20n * PERCENT),
      totalsOnly: fc.boolean(),
    }),
  )
  .map(([orderly, wild]): VenueFaults => ({ ...orderly, ...wild }));

const clientActs = (account: fc.Arbitrary<number>, ask: fc.Arbitrary<Ask>): fc.WeightedArbitrary<Act>[] => [
  { weight: 30, arbitrary: fc.record({ do: fc.constant('place'), account, order: ask }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('replace'),
      order: orderNumber,
      quantity: maybe(milli),
      ticks: maybe(ticks),
      stop: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('cancel'), order: orderNumber, named: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat'), order: orderNumber, changed: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('cancelAll'), account, symbol: maybe(symbol), side: maybe(side) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 10, 100, 1_000, 30_000, 43_200_000) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('draw'), symbol, ticks, depth: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('trade'), symbol, ticks, quantity: milli, side }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' }) },
];

const operatorActs: fc.WeightedArbitrary<Act>[] = [
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('limit'),
      account,
      name: fc.constantFrom<LimitName>(
        'openOrdersMax',
        'positionQuantityMax',
        'openNotionalMax',
        'orderQuantityMax',
        'submitsPerSecondMax',
      ),
      value: maybe(fc.nat({ max: 6 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('state'),
      scope: fc.constantFrom('FIRM', 'ACCOUNT', 'INSTRUMENT'),
      which: fc.nat({ max: 2 }),
      state: fc.constantFrom<TradingState>('ACTIVE', 'ACTIVE', 'REDUCING', 'HALTED'),
      actor: fc.constantFrom('ann', 'bob', null),
    }),
  },
];

const instruct: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('instruct'),
  order: orderNumber,
  action: fc.constantFrom(...VENUE_ACTIONS, 'ack', 'fill', 'fill', 'fill'),
  execution: maybe(fc.nat({ max: 3 })),
  quantity: maybe(milli),
  ticks: maybe(ticks),
});

const story = (acts: fc.WeightedArbitrary<Act>[]) =>
  fc.array(fc.oneof(...acts), { minLength: 5, maxLength: 90, size: 'max' });

/** The simulated venue with faults that lose, delay and double reports, but never bring one out of turn. */
export const orderlyStory = story([
  ...clientActs(account, ask),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('faults'), faults: orderlyFaults }) },
]);
/** One account that opens and reduces one position with many orders of both kinds. */
const reducingAsk = fc.record({
  ask,
  side,
  type: fc.constantFrom<OrderType>('LIMIT', 'LIMIT', 'MARKET', 'STOP'),
  ticks: fc.integer({ min: -8, max: 8 }),
  reduceOnly: fc.boolean(),
});
export const reducingStory = story(
  clientActs(
    fc.constant(0),
    // Reduce-only orders sell and the others mostly buy, so that there is a long position to reduce.
    reducingAsk.map(({ ask, ...members }) => ({
      ...ask,
      ...members,
      symbol: 1,
      timeInForce: 'GTC' as const,
      side: members.reduceOnly ? 'SELL' : ask.postOnly ? 'BUY' : members.side,
    })),
  ),
);
/** Nothing but clients, and a venue whose reports and requests get lost, late, doubled and out of turn. */
export const faultyStory = story([
  ...clientActs(account, ask),
  { weight: 8, arbitrary: fc.record({ do: fc.constant('faults'), faults: wildFaults }) },
]);
/** The same at a manual venue that does anything at all, and loses orders. */
export const faultyManualStory = story([
  ...clientActs(account, ask),
  { weight: 6, arbitrary: fc.record({ do: fc.constant('faults'), faults: wildFaults }) },
  { weight: 40, arbitrary: instruct },
]);
/** Everything at once: late, reordered and excessive reports, changing limits, the kill switch. */
export const wildStory = story([
  ...clientActs(account, ask),
  ...operatorActs,
  { weight: 3, arbitrary: fc.record({ do: fc.constant('faults'), faults: wildFaults }) },
]);
/** A manual venue that does anything at all with our orders. */
export const manualStory = story([...clientActs(account, ask), ...operatorActs, { weight: 40, arbitrary: instruct }]);
