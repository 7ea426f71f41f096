/**
 * Random commands and venue reports, in any order and repeated: whatever comes, the numbers of an order stay right,
 * nothing counts twice, only legal facts are journalled, and folding the journal again gives the same state.
 */
import {
  decimal,
  evolveOrders,
  initialOrdersState,
  isOpen,
  isTerminal,
  leavesQuantityOf,
  numberOfOrderId,
  type OrderProcessorMessage,
} from '@oms/domain';
import { OrdersScenario, terms } from '@oms/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const orderIds = fc.constantFrom('o-0-1', 'o-0-2', 'o-0-3', 'o-0-9');
const requestIds = fc.constantFrom('r1', 'r2', 'r3', 'c1');
const executionIds = fc.constantFrom('e1', 'e2', 'e3', 'e4');
const quantities = fc.integer({ min: 1, max: 30 }).map((tenths) => decimal(`${tenths / 10}`));
const prices = fc.integer({ min: 90, max: 110 }).map((price) => decimal(`${price}`));
const code = { code: 'NO', message: '' };

const placing: fc.Arbitrary<OrderProcessorMessage> = fc.record({
  type: fc.constant('PlaceOrder' as const),
  accountId: fc.constant('A'),
  clientOrderId: fc.constantFrom('c1', 'c2', 'c3'),
  terms: fc.oneof(
    quantities.map((quantity) => terms({ quantity })),
    fc.constant(terms({ type: 'STOP', price: null, stopPrice: decimal('105') })),
    fc.constant(
      terms({ type: 'MARKET', price: null, quantity: null, quoteQuantity: decimal('150'), timeInForce: 'IOC' }),
    ),
  ),
  replyTo: fc.constant(1),
});

const clientOrHouse: fc.Arbitrary<OrderProcessorMessage> = fc.oneof(
  fc.record({
    type: fc.constant('OrderApproved' as const),
    orderId: orderIds,
    protectionPrice: fc.option(prices),
    replyTo: fc.constant(1),
  }),
  fc.record({
    type: fc.constant('OrderRefused' as const),
    orderId: orderIds,
    reason: fc.constant({ source: 'RISK' as const, code: 'X', message: '', details: {} }),
    replyTo: fc.constant(1),
  }),
  fc.record({
    type: fc.constant('CancelOrder' as const),
    orderId: orderIds,
    clientOrderId: fc.option(requestIds),
    origin: fc.constantFrom('CLIENT' as const, 'KILL_SWITCH' as const),
    replyTo: fc.constant(1),
  }),
  fc.record({
    type: fc.constant('ReplaceOrder' as const),
    orderId: orderIds,
    clientOrderId: requestIds,
    quantity: fc.option(quantities),
    price: fc.option(prices),
    stopPrice: fc.constant(null),
    replyTo: fc.constant(1),
  }),
  fc.record({
    type: fc.constant('ReplaceApproved' as const),
    orderId: orderIds,
    requestId: requestIds,
    replyTo: fc.constant(1),
  }),
  fc.record({ type: fc.constant('TriggerStop' as const), orderId: orderIds, triggerPrice: prices }),
  fc.record({ type: fc.constant('ShrinkReduceOnly' as const), orderId: orderIds, leavesMax: quantities }),
  fc.record({ type: fc.constant('RequestTimedOut' as const), orderId: orderIds, clientOrderId: requestIds }),
);

type Report = Extract<OrderProcessorMessage, { type: 'VenueReported' }>['report'];
const fee = fc.constant(decimal('0.1'));
const venue: fc.Arbitrary<OrderProcessorMessage> = fc
  .oneof(
    fc.record({ kind: fc.constant('ACCEPTED' as const), orderId: orderIds, venueOrderId: fc.constant('v') }),
    fc.record({ kind: fc.constant('REJECTED' as const), orderId: orderIds }).map((report) => ({ ...report, ...code })),
    fc.record({
      kind: fc.constant('TRADED' as const),
      orderId: orderIds,
      executionId: executionIds,
      quantity: quantities,
      price: prices,
      fee,
      feeCurrency: fc.constant('USD'),
      liquidity: fc.constant('TAKER' as const),
      executionNumber: fc.constant(1),
    }),
    fc
      .record({ kind: fc.constant('CANCELED' as const), orderId: orderIds, requestId: fc.option(requestIds) })
      .map((report) => ({ ...report, ...code })),
    fc.record({ kind: fc.constant('EXPIRED' as const), orderId: orderIds, requestId: fc.option(requestIds) }),
    fc
      .record({ kind: fc.constant('CANCEL_REJECTED' as const), orderId: orderIds, requestId: requestIds })
      .map((report) => ({ ...report, ...code })),
    fc.record({ kind: fc.constant('REPLACED' as const), orderId: orderIds, requestId: requestIds }),
    fc
      .record({ kind: fc.constant('REPLACE_REJECTED' as const), orderId: orderIds, requestId: requestIds })
      .map((report) => ({ ...report, ...code })),
    fc.record({
      kind: fc.constant('TRADE_CANCELED' as const),
      orderId: orderIds,
      executionId: fc.constantFrom('b1', 'b2'),
      referenceExecutionId: executionIds,
    }),
    fc.record({
      kind: fc.constant('TRADE_CORRECTED' as const),
      orderId: orderIds,
      executionId: fc.constantFrom('k1', 'k2'),
      referenceExecutionId: executionIds,
      quantity: quantities,
      price: prices,
      fee,
    }),
  )
  .map((report: Report) => ({ type: 'VenueReported' as const, report }));

const history = fc.array(
  fc.oneof({ weight: 2, arbitrary: placing }, { weight: 4, arbitrary: clientOrHouse }, { weight: 6, arbitrary: venue }),
  {
    minLength: 10,
    maxLength: 80,
  },
);

function checkNumbers(s: OrdersScenario): void {
  for (const order of s.state.orders.values()) {
    const live = order.fills.filter((fill) => fill.state !== 'CANCELED');
    const filled = live.reduce((sum, fill) => sum + fill.quantity, 0n);
    expect(order.filledQuantity).toBe(filled);
    expect(order.cumulativeQuote).toBe(
      live.reduce((sum, fill) => sum + (fill.price * fill.quantity) / 100_000_000n, 0n),
    );
    expect(order.fees.reduce((sum, total) => sum + total.amount, 0n)).toBe(
      live.reduce((sum, fill) => sum + fill.fee, 0n),
    );
    expect(new Set(order.fills.map((fill) => fill.executionId)).size).toBe(order.fills.length);
    const leaves = leavesQuantityOf(order);
    if (isTerminal(order.core)) expect(leaves).toBe(0n);
    else if (order.quantity > 0n && !order.overfilled) expect(leaves).toBe(order.quantity - filled);
    expect(s.state.accounts.get('A')!.openOrders.has(numberOfOrderId(order.orderId))).toBe(isOpen(order));
  }
  expect(s.state.submittedCount).toBeLessThanOrEqual(s.state.approvedCount);
}

describe('any history of an account', () => {
  it('keeps the numbers right and folds to the same state again', () => {
    fc.assert(
      fc.property(history, (messages) => {
        const s = new OrdersScenario();
        for (const message of messages) {
          s.when(message);
          checkNumbers(s);
        }
        const again = initialOrdersState(0);
        for (const event of s.events) evolveOrders(again, event, s.now);
        expect(again).toEqual(s.state);
        s.reports.forEach((report, i) => {
          expect(report.sequence).toBe(i + 1);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('decides without changing the state', () => {
    fc.assert(
      fc.property(history, (messages) => {
        const s = new OrdersScenario();
        for (const message of messages) {
          const before = structuredClone(s.state);
          const events = s.events.length;
          const decision = s.when(message);
          if (decision.events.length === 0) expect(s.state).toEqual(before);
          expect(s.events.length).toBe(events + decision.events.length);
        }
      }),
      { numRuns: 50 },
    );
  });
});
