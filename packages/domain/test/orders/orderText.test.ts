/** The text of an order and the view of it, written as JSON, are the same to the letter, whatever the order is. */
import {
  type CoreState,
  isoTime,
  NO_FILLS,
  type Order,
  type OrderType,
  orderTextOf,
  orderTextOfView,
  type PendingRequest,
  type TimeInForce,
  viewOfOrder,
} from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const CORES: readonly CoreState[] = [
  'INITIALIZED',
  'DENIED',
  'HELD',
  'SUBMITTED',
  'WORKING',
  'FILLED',
  'CANCELED',
  'EXPIRED',
  'REJECTED',
];
const ORDER_TYPES: readonly OrderType[] = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTD', 'DAY'];

/** Also quotes, backslashes, control characters and halves of surrogate pairs. */
const text = fc.string({
  unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '\u0000', '\ud800', 'é', '😀'), fc.string()),
});
const atoms = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 0n, max: 10n ** 20n }),
  fc.bigInt({ min: -5n, max: 10n ** 9n }),
);
const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const reason = fc.record({
  source: fc.constantFrom('RISK' as const, 'VENUE' as const, 'OMS' as const),
  code: text,
  message: text,
  details: fc.dictionary(text, text),
});
const request: fc.Arbitrary<PendingRequest> = fc.record({
  kind: fc.constant('CANCEL' as const),
  clientOrderId: text,
  originalClientOrderId: text,
  sentAt: time,
  outcome: fc.constantFrom('pending' as const, 'unknown' as const),
  origin: fc.constant('CLIENT' as const),
});
const terms = fc.record({
  symbol: text,
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  type: fc.constantFrom(...ORDER_TYPES),
  timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
  quantity: fc.option(atoms),
  quoteQuantity: fc.option(atoms),
  price: fc.option(atoms),
  stopPrice: fc.option(atoms),
  triggerSource: fc.constantFrom('LAST' as const, 'MARK' as const),
  expireTime: fc.option(time),
  postOnly: fc.boolean(),
  reduceOnly: fc.boolean(),
  tags: fc.array(text, { maxLength: 3 }),
});
const order: fc.Arbitrary<Order> = fc.record({
  orderId: text,
  accountId: text,
  clientOrderId: text,
  previousClientOrderId: text,
  placedClientOrderId: text,
  placed: terms,
  quantity: atoms,
  price: fc.option(atoms),
  stopPrice: fc.option(atoms),
  core: fc.constantFrom(...CORES),
  filledQuantity: atoms,
  cumulativeQuote: atoms,
  fills: fc.constant(NO_FILLS),
  fees: fc.array(fc.record({ currency: text, amount: atoms }), { maxLength: 2 }),
  pendingRequests: fc.array(request, { maxLength: 2 }),
  reason: fc.option(reason),
  protectionPrice: fc.option(atoms),
  triggeredAt: fc.option(time),
  venueOrderId: fc.option(text),
  overfilled: fc.boolean(),
  createdAt: time,
  updatedAt: time,
  version: fc.nat(),
});

/** As most orders are: nothing set that need not be. */
const plainOrder = order.map(
  (any): Order => ({
    ...any,
    placed: { ...any.placed, stopPrice: null, expireTime: null, postOnly: false, reduceOnly: false, tags: [] },
    stopPrice: null,
    filledQuantity: 0n,
    fees: [],
    pendingRequests: [],
    reason: null,
    updatedAt: any.createdAt,
  }),
);

describe('the text of an order', () => {
  it('is its view as JSON, to the letter', () => {
    fc.assert(
      fc.property(fc.oneof(order, plainOrder), (any) => {
        const view = viewOfOrder(any);
        expect(orderTextOf(any)).toEqual({ status: view.status, reason: view.reason, json: JSON.stringify(view) });
        expect(orderTextOf(any)).toEqual(orderTextOfView(view));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isoTime', () => {
  it('says what Date says, however times follow on each other', () => {
    const near = fc.integer({ min: -200, max: 200 }).map((ms) => Date.UTC(2026, 0, 5) + ms);
    fc.assert(
      fc.property(fc.array(fc.oneof(near, time), { minLength: 1 }), (times) => {
        for (const each of times) expect(isoTime(each)).toBe(new Date(each).toISOString());
      }),
    );
  });
});
