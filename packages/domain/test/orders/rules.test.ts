/** The races that systems of this kind get wrong: rules 1 to 11 and 15 of the domain, one named test each. */
import {
  decimal,
  numberOfOrderId,
  type OrderProcessorMessage,
  projectStatus,
  sameTerms,
  viewOfOrder,
} from '@oms/domain';
import { OrdersScenario, terms } from '@oms/testkit';
import { describe, expect, it } from 'vitest';

const one = () => new OrdersScenario();
const reported = (
  report: Extract<OrderProcessorMessage, { type: 'VenueReported' }>['report'],
): OrderProcessorMessage => ({
  type: 'VenueReported',
  report,
});
const orderId = 'o-0-1';

describe('rules of the order life cycle', () => {
  it('rule 1: a fill while a cancel is pending keeps PENDING_CANCEL, also when it completes; the cancel is then too late', () => {
    const s = one().working();
    s.cancel();
    s.fill('0.4', 'e1');
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'PENDING_CANCEL',
      filledQuantity: '0.4',
      leavesQuantity: '0.6',
    });
    s.fill('0.6', 'e2');
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'PENDING_CANCEL',
      filledQuantity: '1',
      leavesQuantity: '0',
    });
    s.when(
      reported({ kind: 'CANCEL_REJECTED', orderId, requestId: 'x1', code: 'TOO_LATE_TO_CANCEL', message: 'filled' }),
    );
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'FILLED', pendingRequests: [] });
    expect(s.reports.at(-1)).toMatchObject({ execType: 'CANCEL_REJECTED', status: 'FILLED', clientOrderId: 'x1' });
  });

  it('rule 1: a venue that confirms the cancel of a filled order is told it was too late', () => {
    const s = one().working();
    s.cancel();
    s.fill('1', 'e1');
    s.when(reported({ kind: 'CANCELED', orderId, requestId: 'x1', code: null, message: '' }));
    expect(projectStatus(s.order())).toBe('FILLED');
    expect(s.reports.at(-1)).toMatchObject({ execType: 'CANCEL_REJECTED', reason: { code: 'TOO_LATE_TO_CANCEL' } });
  });

  it('rule 2: a late fill on a CANCELED order books the fill; the order stays CANCELED with leaves 0', () => {
    const s = one().working();
    s.cancel();
    s.when(reported({ kind: 'CANCELED', orderId, requestId: 'x1', code: null, message: '' }));
    const late = s.fill('0.25', 'e1');
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'CANCELED', filledQuantity: '0.25', leavesQuantity: '0' });
    expect(late.sends).toMatchObject([{ to: 'risk-engine', message: { type: 'SettleFill', closes: false } }]);
  });

  it('rule 3: a trade cancel is idempotent and takes FILLED back to PARTIALLY_FILLED', () => {
    const s = one().working();
    s.fill('0.4', 'e1');
    s.fill('0.6', 'e2');
    const bust = reported({ kind: 'TRADE_CANCELED', orderId, executionId: 'b1', referenceExecutionId: 'e2' });
    s.when(bust);
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'PARTIALLY_FILLED',
      filledQuantity: '0.4',
      leavesQuantity: '0.6',
    });
    expect(s.when(bust).events).toEqual([]);
    expect(s.reports.at(-1)).toMatchObject({
      execType: 'TRADE_CANCEL',
      referenceExecutionId: 'e2',
      lastQuantity: '0.6',
    });
    expect(s.state.accounts.get('A')!.openOrders.has(numberOfOrderId(orderId))).toBe(true);
  });

  it('rule 3: a trade correct replaces quantity, price and fee once; on a CANCELED order the status stays', () => {
    const s = one().working();
    s.fill('0.4', 'e1');
    s.cancel();
    s.when(reported({ kind: 'CANCELED', orderId, requestId: 'x1', code: null, message: '' }));
    const correct = reported({
      kind: 'TRADE_CORRECTED',
      orderId,
      executionId: 'k1',
      referenceExecutionId: 'e1',
      quantity: decimal('0.3'),
      price: decimal('90'),
      fee: decimal('0.05'),
    });
    expect(s.when(correct).sends.map((send) => send.message.type)).toEqual(['ReverseFill', 'SettleFill']);
    expect(s.when(correct).events).toEqual([]);
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'CANCELED',
      filledQuantity: '0.3',
      averagePrice: '90',
      fees: [{ currency: 'USD', amount: '0.05' }],
    });
  });

  it('rule 4: while a replace is pending, fills carry the old id, quantity and price; the new ones hold from REPLACED on', () => {
    const s = one().working();
    s.replaceSent('c2', '2', '101');
    s.fill('0.5', 'e1');
    expect(s.reports.at(-1)).toMatchObject({
      execType: 'TRADE',
      clientOrderId: 'c1',
      quantity: '1',
      price: '100',
      status: 'PENDING_REPLACE',
    });
    s.when(reported({ kind: 'REPLACED', orderId, requestId: 'c2' }));
    expect(s.reports.at(-1)).toMatchObject({
      execType: 'REPLACED',
      clientOrderId: 'c2',
      originalClientOrderId: 'c1',
      quantity: '2',
      price: '101',
    });
    s.fill('0.5', 'e2', '101');
    expect(s.reports.at(-1)).toMatchObject({ clientOrderId: 'c2', leavesQuantity: '1', status: 'PARTIALLY_FILLED' });
  });

  it('rule 5: a request names the last non-rejected id of the chain, a report the last accepted one', () => {
    const s = one().working();
    s.replaceSent('c2', '2');
    s.replaceSent('c3', '3');
    expect(s.order().pendingRequests.map((request) => request.originalClientOrderId)).toEqual(['c1', 'c2']);
    expect(s.reports.at(-1)).toMatchObject({
      execType: 'PENDING_REPLACE',
      clientOrderId: 'c3',
      originalClientOrderId: 'c1',
    });
    s.when(reported({ kind: 'REPLACE_REJECTED', orderId, requestId: 'c3', code: 'NO', message: '' }));
    s.cancel('x1');
    expect(s.order().pendingRequests.at(-1)).toMatchObject({ clientOrderId: 'x1', originalClientOrderId: 'c2' });
  });

  it('rule 6: a replace at or below what is filled makes the order FILLED at the filled quantity', () => {
    const s = one().working();
    s.fill('0.4', 'e1');
    s.replaceSent('c2', '0.3');
    s.when(reported({ kind: 'REPLACED', orderId, requestId: 'c2' }));
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'FILLED', quantity: '0.4', leavesQuantity: '0' });
    expect(s.last.sends.map((send) => send.message.type)).toEqual(['ReplaceAnswered', 'ReleaseHold']);
  });

  it('rule 6: raising the quantity asks risk before the venue', () => {
    const s = one().working();
    expect(s.replace('c2', '5').sends).toMatchObject([{ to: 'risk-engine', message: { type: 'AssessReplace' } }]);
    const approved = s.when({ type: 'ReplaceApproved', orderId, requestId: 'c2', replyTo: 1 });
    expect(approved.sends).toMatchObject([
      { to: 'venue-simulator', message: { type: 'VenueReplace', quantity: decimal('5') } },
    ]);
  });

  it('rule 6: a replace that changes nothing is refused, and refused again when repeated', () => {
    const s = one().working();
    for (let i = 0; i < 2; i++) {
      s.replace('c2', '1', '100');
      expect(s.last.replies[0]?.answer).toMatchObject({
        outcome: 'REFUSED',
        reason: { code: 'REPLACE_CHANGES_NOTHING' },
      });
    }
    expect(s.order().pendingRequests).toEqual([]);
    expect(s.reports.filter((report) => report.execType === 'REPLACE_REJECTED')).toHaveLength(1);
  });

  it('rule 7: no timeout invents an outcome; an unanswered request becomes UNKNOWN until its own answer', () => {
    const s = one().working();
    s.cancel();
    s.when({ type: 'RequestTimedOut', orderId, clientOrderId: 'x1' });
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'PENDING_CANCEL',
      pendingRequests: [{ outcome: 'unknown' }],
    });
    expect(s.when({ type: 'RequestTimedOut', orderId, clientOrderId: 'x1' }).events).toEqual([]);
    s.fill('0.5', 'e1');
    expect(projectStatus(s.order())).toBe('PENDING_CANCEL');
    s.when(reported({ kind: 'CANCELED', orderId, requestId: 'x1', code: null, message: '' }));
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'CANCELED', pendingRequests: [] });
  });

  it('rule 8: a duplicate execution with the same content counts once; with other content it is quarantined', () => {
    const s = one().working();
    s.fill('0.5', 'e1');
    expect(s.fill('0.5', 'e1').events).toEqual([]);
    expect(s.fill('0.7', 'e1').events).toMatchObject([
      { type: 'ReportQuarantined', code: 'EXECUTION_CONTENT_DIFFERS' },
    ]);
    expect(s.order().filledQuantity).toBe(decimal('0.5'));
    expect(s.state.quarantinedCount).toBe(1);
  });

  it('rule 9: an overfill is booked and settled, flagged, and leaves is 0', () => {
    const s = one().working();
    const over = s.fill('1.5', 'e1');
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'FILLED',
      filledQuantity: '1.5',
      leavesQuantity: '0',
      overfilled: true,
    });
    expect(over.sends).toMatchObject([{ message: { type: 'SettleFill', quantity: decimal('1.5') } }]);
  });

  it('rule 10: a late reject never overwrites a terminal state', () => {
    const s = one().working();
    s.fill('1', 'e1');
    expect(s.when(reported({ kind: 'REJECTED', orderId, code: 'NO', message: '' })).events).toEqual([]);
    expect(projectStatus(s.order())).toBe('FILLED');
  });

  it('rule 10: a reject after a fill ends only what is left', () => {
    const s = one().working();
    s.fill('0.5', 'e1');
    s.when(reported({ kind: 'REJECTED', orderId, code: 'NO', message: '' }));
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'CANCELED', filledQuantity: '0.5' });
  });

  it('rule 11: IOC remainders end CANCELED with the reason that names it', () => {
    const s = one().working({ timeInForce: 'IOC' });
    s.fill('0.5', 'e1');
    s.when(
      reported({ kind: 'CANCELED', orderId, requestId: null, code: 'IMMEDIATE_OR_CANCEL_REMAINDER', message: 'rest' }),
    );
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'CANCELED',
      reason: { source: 'VENUE', code: 'IMMEDIATE_OR_CANCEL_REMAINDER' },
    });
  });

  it('rule 11: GTD orders end EXPIRED at their time through the venue, held ones at once', () => {
    const at = one();
    const expireTime = at.now + 1_000;
    const s = one().working({ timeInForce: 'GTD', expireTime });
    expect(s.when({ type: 'ExpireOrder', orderId }).events).toEqual([]);
    s.now = expireTime;
    expect(s.when({ type: 'ExpireOrder', orderId }).sends).toMatchObject([
      { message: { type: 'VenueCancel', origin: 'EXPIRY' } },
    ]);
    expect(s.when({ type: 'ExpireOrder', orderId }).events).toEqual([]);
    const requestId = s.order().pendingRequests[0]!.clientOrderId;
    s.when(reported({ kind: 'EXPIRED', orderId, requestId }));
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'EXPIRED',
      reason: { code: 'TIME_EXPIRED' },
      pendingRequests: [],
    });

    const held = one();
    held.place({ type: 'STOP', price: null, stopPrice: decimal('120'), timeInForce: 'DAY' });
    held.approve();
    held.now += 86_400_000;
    held.when({ type: 'ExpireOrder', orderId });
    expect(projectStatus(held.order())).toBe('EXPIRED');
  });

  it('rule 11: an expireTime in the past is refused', () => {
    const s = one();
    s.place({ timeInForce: 'GTD', expireTime: s.now });
    expect(s.last.replies[0]?.answer).toMatchObject({ outcome: 'REFUSED', reason: { code: 'EXPIRE_TIME_IN_PAST' } });
    expect(projectStatus(s.order())).toBe('REJECTED');
  });

  it('rule 15: success of a cancel means accepted, not canceled', () => {
    const s = one().working();
    const accepted = s.cancel();
    expect(accepted.replies[0]).toMatchObject({ show: 'immediately', answer: { outcome: 'ACCEPTED' } });
    expect(projectStatus(s.order())).toBe('PENDING_CANCEL');
    expect(accepted.sends).toMatchObject([
      { to: 'venue-simulator', message: { type: 'VenueCancel', requestId: 'x1' } },
    ]);
  });
});

describe('idempotency', () => {
  it('answers the same request with the same order, and other content with a conflict', () => {
    const s = one();
    s.place();
    s.approve();
    expect(s.place().replies[0]?.answer).toMatchObject({ outcome: 'REPEATED', orderId });
    const conflict = s.place({ quantity: decimal('2') });
    expect(conflict.events).toEqual([]);
    expect(conflict.replies[0]?.answer).toMatchObject({ outcome: 'REFUSED', reason: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(s.state.orders.size).toBe(1);
  });

  it('compares with the order as placed, also after it was replaced and closed', () => {
    const s = one().working();
    s.replaceSent('c2', '2');
    s.when(reported({ kind: 'REPLACED', orderId, requestId: 'c2' }));
    s.fill('2', 'e1');
    expect(s.place().replies[0]?.answer).toMatchObject({ outcome: 'REPEATED', orderId });
  });

  it('tells a denied order the same again', () => {
    const s = one();
    s.place();
    const reason = { source: 'RISK', code: 'TRADING_HALTED', message: '', details: {} } as const;
    s.when({ type: 'OrderRefused', orderId, reason, replyTo: 1 });
    expect(s.place().replies[0]?.answer).toMatchObject({ outcome: 'REPEATED', reason });
  });

  it('says UNDECIDED while risk has not answered', () => {
    const s = one();
    s.place();
    expect(s.place().replies[0]?.answer).toMatchObject({ outcome: 'UNDECIDED', orderId });
  });

  it('shares one space of ids between places, cancels and replaces', () => {
    const s = one().working();
    s.cancel('x1');
    expect(s.cancel('x1').replies[0]?.answer).toMatchObject({ outcome: 'REPEATED' });
    expect(s.cancel('c1').replies[0]?.answer).toMatchObject({ reason: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(s.replace('x1', '2').replies[0]?.answer).toMatchObject({ reason: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(s.place({}, 'x1').replies[0]?.answer).toMatchObject({ reason: { code: 'IDEMPOTENCY_CONFLICT' } });
  });

  it('repeats a replace by what was asked, not by what the order became', () => {
    const s = one().working();
    s.replaceSent('c2', '2');
    s.when(reported({ kind: 'REPLACED', orderId, requestId: 'c2' }));
    expect(s.replace('c2', '2').replies[0]?.answer).toMatchObject({ outcome: 'REPEATED' });
    expect(s.replace('c2', '3').replies[0]?.answer).toMatchObject({ reason: { code: 'IDEMPOTENCY_CONFLICT' } });
  });

  it('every member of the body counts', () => {
    const base = terms();
    const others: Partial<typeof base>[] = [
      { symbol: 'X' },
      { side: 'SELL' },
      { type: 'STOP_LIMIT' },
      { timeInForce: 'IOC' },
      { quantity: 2n },
      { quoteQuantity: 1n },
      { price: 2n },
      { stopPrice: 1n },
      { triggerSource: 'MARK' },
      { expireTime: 1 },
      { postOnly: true },
      { reduceOnly: true },
      { tags: ['a'] },
    ];
    expect(sameTerms(base, terms())).toBe(true);
    for (const other of others) expect(sameTerms(base, terms(other)), JSON.stringify(Object.keys(other))).toBe(false);
    expect(Object.keys(base).sort()).toEqual(others.flatMap((other) => Object.keys(other)).sort());
  });
});
