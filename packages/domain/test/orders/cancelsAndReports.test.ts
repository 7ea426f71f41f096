/** Decisions beside the races, continued: shrinking, cancels, contradictions of the venue, and illegal folds. */
import {
  decimal,
  evolveOrder,
  evolveOrders,
  type OrderProcessorMessage,
  projectStatus,
  viewOfOrder,
} from '@oms/domain';
import { OrdersScenario } from '@oms/testkit';
import { describe, expect, it } from 'vitest';

const orderId = 'o-0-1';
type Report = Extract<OrderProcessorMessage, { type: 'VenueReported' }>['report'];
const report = (s: OrdersScenario, venueReport: Report) => s.when({ type: 'VenueReported', report: venueReport });
const stop = { type: 'STOP', price: null, stopPrice: decimal('120') } as const;

describe('reduce-only orders shrink with the position (rule 12)', () => {
  const shrink = (s: OrdersScenario, leavesMax: string) =>
    s.when({ type: 'ShrinkReduceOnly', orderId, leavesMax: decimal(leavesMax) });

  it('asks the venue for less, once, without entering the chain of client ids', () => {
    const s = new OrdersScenario().working({ reduceOnly: true });
    expect(shrink(s, '0.4').sends).toMatchObject([{ message: { type: 'AssessReplace', quantity: decimal('0.4') } }]);
    expect(shrink(s, '0.4').events).toEqual([]);
    const requestId = s.order().pendingRequests[0]!.clientOrderId;
    s.when({ type: 'ReplaceApproved', orderId, requestId, replyTo: null });
    report(s, { kind: 'REPLACED', orderId, requestId });
    expect(viewOfOrder(s.order())).toMatchObject({ quantity: '0.4', clientOrderId: 'c1', status: 'NEW' });
    expect(shrink(s, '0.5').events).toEqual([]);
  });

  it('cancels when nothing is left to reduce, with the reason', () => {
    const s = new OrdersScenario().working({ reduceOnly: true });
    shrink(s, '0');
    const requestId = s.order().pendingRequests[0]!.clientOrderId;
    report(s, { kind: 'CANCELED', orderId, requestId, code: null, message: '' });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'CANCELED', reason: { code: 'REDUCE_ONLY_SHRINK' } });
    expect(shrink(s, '0').events).toEqual([]);
  });

  it('restates an order we still hold', () => {
    const s = new OrdersScenario();
    s.place({ ...stop, reduceOnly: true });
    s.approve();
    expect(shrink(s, '0.3').sends).toMatchObject([{ message: { type: 'ShrinkHold', quantity: decimal('0.3') } }]);
    expect(s.reports.at(-1)).toMatchObject({ execType: 'RESTATED', quantity: '0.3' });
  });
});

describe('cancels', () => {
  it('cancels all that match, and only them', () => {
    const s = new OrdersScenario();
    for (let i = 1; i <= 4; i++) {
      s.place({ side: i % 2 === 0 ? 'SELL' : 'BUY', symbol: i === 4 ? 'ETH-USD' : 'BTC-USD' }, `c${i}`);
      s.approve(`o-0-${i}`);
    }
    const match = {
      type: 'CancelMatching',
      accountId: 'A',
      symbol: 'BTC-USD',
      side: 'SELL',
      origin: 'CLIENT',
      replyTo: 1,
    } as const;
    expect(s.when(match).replies[0]?.answer).toMatchObject({ outcome: 'ACCEPTED', count: 1 });
    expect(s.when(match).replies[0]?.answer).toMatchObject({ count: 0 });
    expect(
      s.when({ ...match, accountId: null, symbol: null, side: null, origin: 'KILL_SWITCH', replyTo: null }).sends,
    ).toHaveLength(3);
    expect(s.when({ ...match, accountId: 'NOBODY', replyTo: null }).events).toEqual([]);
  });

  it('takes more than one decision for very many, so that no record grows without bound', () => {
    const s = new OrdersScenario();
    for (let i = 1; i <= 2_001; i++) {
      s.place({}, `c${i}`);
      s.approve(`o-0-${i}`);
    }
    const all = {
      type: 'CancelMatching',
      accountId: null,
      symbol: null,
      side: null,
      origin: 'KILL_SWITCH',
      replyTo: 1,
    } as const;
    const first = s.when(all);
    expect(first.events).toHaveLength(2_000);
    expect(first.sends.at(-1)).toEqual({ to: 'order-processor', message: { ...all, replyTo: null } });
    expect(s.when({ ...all, replyTo: null }).events).toHaveLength(1);
  });

  it('tells why the house canceled', () => {
    for (const origin of ['KILL_SWITCH', 'DISCONNECT'] as const) {
      const s = new OrdersScenario();
      s.place(stop);
      s.approve();
      s.when({ type: 'CancelOrder', orderId, clientOrderId: null, origin, replyTo: null });
      expect(viewOfOrder(s.order()).reason?.code).toBe(
        origin === 'KILL_SWITCH' ? 'KILL_SWITCH' : 'CANCEL_ON_DISCONNECT',
      );
    }
  });

  it('repeats a cancel without id while one is pending, and refuses it when closed', () => {
    const s = new OrdersScenario().working();
    s.cancel(null);
    expect(s.cancel(null).replies[0]?.answer.outcome).toBe('REPEATED');
    report(s, {
      kind: 'CANCELED',
      orderId,
      requestId: s.order().pendingRequests[0]!.clientOrderId,
      code: null,
      message: '',
    });
    expect(s.cancel(null)).toMatchObject({ events: [], replies: [{ answer: { reason: { code: 'ORDER_NOT_OPEN' } } }] });
    expect(s.cancel('x9').events.map((event) => event.type)).toEqual(['CancelRequested', 'CancelRejected']);
    expect(s.cancel('x9')).toMatchObject({
      events: [],
      replies: [{ answer: { outcome: 'REFUSED', reason: { code: 'ORDER_NOT_OPEN' } } }],
    });
  });

  it('knows no order that it does not have', () => {
    const s = new OrdersScenario();
    expect(s.cancel().replies[0]?.answer.reason?.code).toBe('UNKNOWN_ORDER');
    expect(s.replace('c2', '1').replies[0]?.answer.reason?.code).toBe('UNKNOWN_ORDER');
  });
});

describe('reports of the venue', () => {
  it('quarantines what contradicts: unknown orders, impossible numbers, unknown trades', () => {
    const s = new OrdersScenario().working();
    const codes: unknown[] = [];
    const note = (venueReport: Report) => codes.push(report(s, venueReport).events[0] as { code: string });
    note({ kind: 'ACCEPTED', orderId: 'o-0-99', venueOrderId: 'v' });
    note({ kind: 'TRADE_CANCELED', orderId, executionId: 'b', referenceExecutionId: 'none' });
    s.fill('0', 'e0');
    codes.push(s.last.events[0]);
    s.fill('0.5', 'e1');
    report(s, { kind: 'TRADE_CANCELED', orderId, executionId: 'b1', referenceExecutionId: 'e1' });
    note({ kind: 'TRADE_CANCELED', orderId, executionId: 'b2', referenceExecutionId: 'e1' });
    const wrong = {
      kind: 'TRADE_CORRECTED',
      orderId,
      executionId: 'k',
      referenceExecutionId: 'e2',
      quantity: 0n,
      price: 1n,
      fee: 0n,
    } as const;
    s.fill('0.5', 'e2');
    note(wrong);
    expect(codes.map((event) => (event as { code: string }).code)).toEqual([
      'UNKNOWN_ORDER',
      'UNKNOWN_EXECUTION',
      'IMPOSSIBLE_REPORT',
      'IMPOSSIBLE_REPORT',
      'IMPOSSIBLE_REPORT',
    ]);
    expect(s.state.quarantinedCount).toBe(5);
  });

  it('takes a fill that overtakes the acknowledgement, and the acknowledgement then', () => {
    const s = new OrdersScenario();
    s.place();
    s.approve();
    s.fill('0.5', 'e1');
    expect(projectStatus(s.order())).toBe('PARTIALLY_FILLED');
    report(s, { kind: 'ACCEPTED', orderId, venueOrderId: 'v1' });
    expect(s.order().venueOrderId).toBe('v1');
    expect(s.reports.filter((each) => each.execType === 'NEW')).toEqual([]);
    expect(report(s, { kind: 'ACCEPTED', orderId, venueOrderId: 'v1' }).events).toEqual([]);
  });

  it('ignores answers to requests nobody made', () => {
    const s = new OrdersScenario().working();
    for (const stray of [
      { kind: 'CANCEL_REJECTED', orderId, requestId: 'no', code: '', message: '' },
      { kind: 'REPLACED', orderId, requestId: 'no' },
      { kind: 'REPLACE_REJECTED', orderId, requestId: 'no', code: '', message: '' },
    ] as const)
      expect(report(s, stray).events).toEqual([]);
  });

  it('takes a reject and a restored hold after a bust of a filled order', () => {
    const s = new OrdersScenario();
    s.place();
    s.approve();
    report(s, { kind: 'REJECTED', orderId, code: 'NO', message: 'no' });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'REJECTED', reason: { source: 'VENUE', code: 'NO' } });

    const t = new OrdersScenario().working();
    t.fill('1', 'e1');
    const bust = report(t, { kind: 'TRADE_CANCELED', orderId, executionId: 'b', referenceExecutionId: 'e1' });
    expect(bust.sends).toMatchObject([
      {
        message: {
          type: 'ReverseFill',
          reopened: { quantity: decimal('1'), price: decimal('100'), stopPrice: null, filledQuantity: 0n },
        },
      },
    ]);
  });

  it('a correction that keeps the order filled reopens nothing', () => {
    const s = new OrdersScenario().working();
    s.fill('1', 'e1');
    const correct = report(s, {
      kind: 'TRADE_CORRECTED',
      orderId,
      executionId: 'k',
      referenceExecutionId: 'e1',
      quantity: decimal('1'),
      price: decimal('99'),
      fee: 0n,
    });
    expect(correct.sends).toMatchObject([
      { message: { reopened: null } },
      { message: { type: 'SettleFill', closes: false } },
    ]);
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'FILLED', averagePrice: '99', fees: [] });
  });
});

describe('folding', () => {
  it('refuses events that cannot follow', () => {
    const s = new OrdersScenario();
    const unknown = { type: 'OrderHeld', orderId: 'o-0-7', protectionPrice: null } as const;
    expect(() => evolveOrders(s.state, unknown, 0)).toThrow(/unknown order/);
    expect(() => evolveOrder(undefined, unknown, 0)).toThrow(/unknown order/);
    s.place();
    const placed = s.events.find((event) => event.type === 'OrderPlaced')!;
    expect(() => evolveOrders(s.state, placed, 0)).toThrow(/used twice/);
    expect(() => evolveOrder(s.order(), placed as never, 0)).toThrow(/placed twice/);
    expect(() => evolveOrder(s.order(), { type: 'OrderTriggered', orderId, triggerPrice: 1n }, 0)).toThrow(
      /INITIALIZED cannot take 'trigger'/,
    );
    expect(() => evolveOrder(s.order(), { type: 'OrderReplaced', orderId, clientOrderId: 'no' }, 0)).toThrow(
      /no replace request/,
    );
    expect(() =>
      evolveOrder(s.order(), { type: 'TradeCanceled', orderId, executionId: 'b', referenceExecutionId: 'no' }, 0),
    ).toThrow(/no live trade/);
    expect(() =>
      evolveOrders(
        s.state,
        { type: 'OrderPlaced', orderId: 'x', accountId: 'Z', clientOrderId: 'c', terms: s.order().placed },
        0,
      ),
    ).toThrow(/unknown account/);
  });
});
