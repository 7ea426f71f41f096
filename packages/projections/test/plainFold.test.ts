/** The plain fold against the domain's own: the same facts after every event, and the same events refused. */
import {
  decimal,
  evolveOrder,
  type Order,
  type OrderPlaced,
  type OrderTerms,
  reason,
  type SingleOrderEvent,
} from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPlain, isPlain, type PlainOrder } from '../src/plainFold.ts';

const orderId = 'o-0-1';
const REASON = reason('VENUE', 'WHY', 'because');

const placed = (terms: Partial<OrderTerms> = {}): OrderPlaced => ({
  type: 'OrderPlaced',
  orderId,
  accountId: 'A',
  clientOrderId: 'c-1',
  terms: {
    symbol: 'BTC-USD',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: decimal('3'),
    quoteQuantity: null,
    price: decimal('100'),
    stopPrice: null,
    triggerSource: 'LAST',
    expireTime: null,
    postOnly: false,
    reduceOnly: false,
    tags: [],
    ...terms,
  },
});

const filled = (quantity: string, completesQuote = false): SingleOrderEvent => ({
  type: 'OrderFilled',
  orderId,
  executionId: `x-${quantity}`,
  quantity: decimal(quantity),
  price: decimal('100'),
  fee: 0n,
  feeCurrency: 'USD',
  liquidity: 'TAKER',
  completesQuote,
});

const request = (clientOrderId: string) =>
  ({ orderId, clientOrderId, originalClientOrderId: 'c-1', origin: 'CLIENT' }) as const;

const EVENTS: readonly SingleOrderEvent[] = [
  { type: 'OrderSubmitted', orderId, protectionPrice: null },
  { type: 'OrderAccepted', orderId, venueOrderId: 'v-1' },
  filled('1'),
  filled('2'),
  { type: 'CancelRequested', ...request('r-1') },
  { type: 'CancelRequested', ...request('r-2') },
  { type: 'CancelRejected', orderId, clientOrderId: 'r-1', reason: REASON },
  { type: 'OrderCanceled', orderId, requestId: 'r-2', reason: null },
  { type: 'OrderCanceled', orderId, requestId: null, reason: REASON },
  { type: 'OrderExpired', orderId, requestId: 'r-1', reason: REASON },
  { type: 'OrderRejected', orderId, reason: REASON },
  { type: 'OrderDenied', orderId, reason: REASON },
  { type: 'OrderHeld', orderId, protectionPrice: null },
];

const factsOf = ({ core, quantity, filledQuantity, pendingRequests }: PlainOrder): object => ({
  core,
  quantity,
  filledQuantity,
  pendingRequests,
});

const refusedBy = (fold: () => unknown): boolean => {
  try {
    fold();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvariantError' });
    return true;
  }
};

describe('plain fold', () => {
  it('tells of every plain event what the domain tells, and refuses what it refuses', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 12 }), (events) => {
        let order = evolveOrder(undefined, placed(), 1);
        const plain: PlainOrder = { ...order, pendingRequests: [] };
        for (const [index, event] of events.entries()) {
          const before = structuredClone(order);
          const isRefused = refusedBy(() => evolveOrder(order, event, index));
          expect(refusedBy(() => expect(foldPlain(plain, event, index)).toBe(true))).toBe(isRefused);
          if (isRefused) {
            order = before;
            Object.assign(plain, factsOf(structuredClone(before)));
          }
          expect(factsOf(plain)).toEqual(factsOf(order));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, SingleOrderEvent]>([
    ['a fill that completes a quote', filled('1', true)],
    ['a fill beyond what 64 bits hold', { ...filled('1'), quantity: 2n ** 63n } as SingleOrderEvent],
    ['a trigger', { type: 'OrderTriggered', orderId, triggerPrice: 1n }],
    ['a bust', { type: 'TradeCanceled', orderId, executionId: 'b', referenceExecutionId: 'x' }],
    ['a restatement', { type: 'OrderRestated', orderId, quantity: 1n, reason: REASON }],
    ['a replace', { type: 'OrderReplaced', orderId, clientOrderId: 'r-1' }],
  ])('leaves %s to the domain, untouched', (_, event) => {
    const plain: PlainOrder = { ...evolveOrder(undefined, placed(), 1), core: 'WORKING' };
    const before = structuredClone(factsOf(plain));
    expect(foldPlain(plain, event, 2)).toBe(false);
    expect(factsOf(plain)).toEqual(before);
  });

  it.each<[string, Partial<Order>, boolean]>([
    ['as placed', {}, true],
    ['with a request unanswered', { pendingRequests: [{ kind: 'CANCEL' } as never] }, false],
    ['once triggered', { triggeredAt: 5 }, false],
    ['by quote', { placed: placed({ quoteQuantity: 1n, quantity: null }).terms }, false],
    ['with more than 64 bits of quantity', { quantity: 2n ** 63n }, false],
  ])('is for an order %s: %s', (_, differing, expected) => {
    expect(isPlain({ ...evolveOrder(undefined, placed(), 1), ...differing })).toBe(expected);
  });
});
