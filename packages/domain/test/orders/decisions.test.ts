/** Decisions beside the races: verdicts of risk, stops, orders by quoteQuantity, replaces. */
import {
  decimal,
  InvariantError,
  numberOfOrderId,
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

describe('placing', () => {
  it('asks risk, and sends to the venue what risk approved', () => {
    const s = new OrdersScenario();
    expect(s.place().sends).toMatchObject([
      { to: 'risk-engine', message: { type: 'AssessOrder', orderId, replyTo: 1 } },
    ]);
    const approved = s.approve();
    expect(approved.sends).toMatchObject([
      { to: 'venue-simulator', message: { terms: { type: 'LIMIT', price: decimal('100'), quantity: decimal('1') } } },
    ]);
    expect(approved.replies).toMatchObject([{ to: 1, show: 'settled', answer: { outcome: 'ACCEPTED', orderId } }]);
    expect(projectStatus(s.order())).toBe('PENDING_NEW');
    expect(s.approve().events).toEqual([]);
  });

  it('sends a market order with the protection price that its hold covers', () => {
    const s = new OrdersScenario();
    s.place({ type: 'MARKET', price: null, timeInForce: 'IOC' });
    expect(s.approve(orderId, decimal('110')).sends).toMatchObject([
      { message: { terms: { type: 'MARKET', price: decimal('110') } } },
    ]);
  });

  it('keeps a denied order with its reason; late verdicts change nothing', () => {
    const s = new OrdersScenario();
    s.place();
    const reason = { source: 'RISK', code: 'TRADING_HALTED', message: 'halted', details: { scope: 'FIRM' } } as const;
    s.when({ type: 'OrderRefused', orderId, reason, replyTo: 1 });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'REJECTED', reason });
    expect(s.when({ type: 'OrderRefused', orderId, reason, replyTo: 1 }).events).toEqual([]);
    expect(s.approve().events).toEqual([]);
    expect(report(s, { kind: 'ACCEPTED', orderId, venueOrderId: 'v' }).events).toMatchObject([
      { code: 'IMPOSSIBLE_REPORT' },
    ]);
  });

  it('refuses an account it does not know, without keeping anything', () => {
    const s = new OrdersScenario();
    s.when({
      type: 'PlaceOrder',
      accountId: 'B',
      clientOrderId: 'c1',
      terms: s.place().events[0]?.type === 'OrderPlaced' ? s.order().placed : (undefined as never),
      replyTo: 9,
    });
    expect(s.last).toMatchObject({
      events: [],
      replies: [{ to: 9, answer: { outcome: 'REFUSED', reason: { code: 'UNKNOWN_ACCOUNT' } } }],
    });
  });

  it('registers an account once', () => {
    const s = new OrdersScenario();
    expect(s.when({ type: 'RegisterAccount', accountId: 'B' }).events).toHaveLength(1);
    expect(s.when({ type: 'RegisterAccount', accountId: 'B' }).events).toEqual([]);
  });

  it('cancels an undecided order as soon as risk has decided, without sending it', () => {
    const s = new OrdersScenario();
    s.place();
    expect(s.cancel().sends).toEqual([]);
    expect(s.approve().sends).toMatchObject([{ to: 'risk-engine', message: { type: 'ReleaseHold' } }]);
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'CANCELED', pendingRequests: [] });
  });

  it('answers the cancel of an order that risk then denied', () => {
    const s = new OrdersScenario();
    s.place();
    s.cancel();
    const reason = { source: 'RISK', code: 'X', message: '', details: {} } as const;
    s.when({ type: 'OrderRefused', orderId, reason, replyTo: 1 });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'REJECTED', pendingRequests: [] });
  });

  it.each([
    ['LAST', 'BUY', { last: decimal('121') }],
    ['MARK', 'BUY', { mark: decimal('120') }],
    ['BID_ASK', 'BUY', { bestAsk: decimal('120'), bestBid: decimal('1') }],
    ['BID_ASK', 'SELL', { bestBid: decimal('120'), bestAsk: decimal('999') }],
  ] as const)('triggers a %s %s stop at once when the market is there already', (triggerSource, side, prices) => {
    const s = new OrdersScenario();
    s.market.set('BTC-USD', prices);
    s.place({ ...stop, triggerSource, side });
    expect(s.approve(orderId, decimal('130')).sends).toMatchObject([
      { message: { type: 'VenuePlace', terms: { type: 'MARKET' } } },
    ]);
    expect(s.reports.map((each) => each.execType)).toEqual(['PENDING_NEW', 'NEW', 'TRIGGERED']);
  });

  it('holds a stop until it is triggered, once', () => {
    const s = new OrdersScenario();
    s.market.set('BTC-USD', { last: decimal('119.99') });
    s.place({ ...stop, type: 'STOP_LIMIT', price: decimal('125') });
    expect(s.approve().sends).toEqual([]);
    expect(projectStatus(s.order())).toBe('NEW');
    const trigger = { type: 'TriggerStop', orderId, triggerPrice: decimal('120') } as const;
    expect(s.when(trigger).sends).toMatchObject([{ message: { terms: { type: 'LIMIT', price: decimal('125') } } }]);
    expect(s.when(trigger).events).toEqual([]);
    report(s, { kind: 'ACCEPTED', orderId, venueOrderId: 'v' });
    expect(s.reports.map((each) => each.execType)).toEqual(['PENDING_NEW', 'NEW', 'TRIGGERED']);
    expect(s.order()).toMatchObject({ core: 'WORKING', venueOrderId: 'v', triggeredAt: s.now });
  });

  it('never sends more orders than were approved: a count that does not agree stops the decision', () => {
    const s = new OrdersScenario();
    s.place(stop);
    s.approve();
    s.state.approvedCount = 0;
    expect(() => s.when({ type: 'TriggerStop', orderId, triggerPrice: 1n })).toThrow(InvariantError);
  });
});

describe('orders by quoteQuantity', () => {
  const buy = {
    type: 'MARKET',
    quantity: null,
    quoteQuantity: decimal('100'),
    price: null,
    timeInForce: 'IOC',
  } as const;

  it('is filled when what is left buys no further increment, and its quantity is what it bought', () => {
    const s = new OrdersScenario().working(buy);
    s.fill('0.5', 'e1', '100');
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'PARTIALLY_FILLED',
      quantity: null,
      quoteQuantity: '100',
      leavesQuantity: '0',
    });
    const last = s.fill('0.499999', 'e2', '100');
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'PARTIALLY_FILLED' });
    expect(last.sends).toMatchObject([{ message: { closes: false } }]);
    expect(s.fill('0.000001', 'e3', '100').sends).toMatchObject([{ message: { closes: true } }]);
    expect(viewOfOrder(s.order())).toMatchObject({
      status: 'FILLED',
      quantity: '1',
      filledQuantity: '1',
      overfilled: false,
    });
  });

  it('is overfilled when it spent more than asked', () => {
    const s = new OrdersScenario().working(buy);
    s.fill('1.5', 'e1', '100');
    expect(s.order()).toMatchObject({ core: 'FILLED', overfilled: true });
  });

  it('has no quantity to replace', () => {
    const s = new OrdersScenario().working(buy);
    s.replace('c2', '2');
    expect(s.last.replies[0]?.answer.reason?.code).toBe('REPLACE_NOT_ALLOWED');
  });
});

describe('replacing', () => {
  it.each([
    ['the price of a market order', { type: 'MARKET', price: null } as const, null, '101'],
    ['anything while it is being canceled', {}, '2', null],
  ])('refuses %s', (what, placed, quantity, price) => {
    const s = new OrdersScenario().working(placed);
    if (what.includes('canceled')) s.cancel();
    s.replace('c2', quantity, price);
    expect(s.last.replies[0]?.answer.reason?.code).toBe('REPLACE_NOT_ALLOWED');
    expect(s.order().pendingRequests.filter((request) => request.kind === 'REPLACE')).toEqual([]);
  });

  it('refuses a stop price once there is no stop to move, and before risk decided', () => {
    const s = new OrdersScenario();
    s.place();
    const move = {
      type: 'ReplaceOrder',
      orderId,
      quantity: null,
      price: null,
      stopPrice: decimal('1'),
      replyTo: 1,
    } as const;
    s.when({ ...move, clientOrderId: 'r1' });
    s.approve();
    s.when({ ...move, clientOrderId: 'r2' });
    expect(s.reports.filter((each) => each.execType === 'REPLACE_REJECTED').map((each) => each.reason?.code)).toEqual([
      'REPLACE_NOT_ALLOWED',
      'REPLACE_NOT_ALLOWED',
    ]);
  });

  it('refuses a closed order with ORDER_NOT_OPEN, also when it closed while risk was asked', () => {
    const s = new OrdersScenario().working();
    s.replace('c2', '2');
    s.cancel();
    report(s, { kind: 'CANCELED', orderId, requestId: 'x1', code: null, message: '' });
    const answer = s.when({ type: 'ReplaceApproved', orderId, requestId: 'c2', replyTo: 1 });
    expect(answer.replies[0]?.answer.reason?.code).toBe('ORDER_NOT_OPEN');
    expect(answer.sends.map((send) => send.message.type)).toEqual(['ReplaceAnswered', 'ReleaseHold']);
    expect(s.replace('c3', '3').replies[0]?.answer.reason?.code).toBe('ORDER_NOT_OPEN');
    expect(projectStatus(s.order())).toBe('CANCELED');
  });

  it('moves a held stop as soon as risk agrees', () => {
    const s = new OrdersScenario();
    s.place(stop);
    s.approve();
    s.when({
      type: 'ReplaceOrder',
      orderId,
      clientOrderId: 'c2',
      quantity: null,
      price: null,
      stopPrice: decimal('125'),
      replyTo: 1,
    });
    s.when({ type: 'ReplaceApproved', orderId, requestId: 'c2', replyTo: 1 });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'NEW', stopPrice: '125', clientOrderId: 'c2' });
  });

  it('tells what risk refused', () => {
    const s = new OrdersScenario().working();
    s.replace('c2', '2');
    const reason = { source: 'RISK', code: 'INSUFFICIENT_BALANCE', message: '', details: {} } as const;
    s.when({ type: 'ReplaceRefused', orderId, requestId: 'c2', reason, replyTo: 1 });
    expect(s.last.replies[0]?.answer).toMatchObject({ outcome: 'REFUSED', reason });
    expect(s.replace('c2', '2').replies[0]?.answer).toMatchObject({ outcome: 'REFUSED', reason });
    expect(s.when({ type: 'ReplaceRefused', orderId, requestId: 'c2', reason, replyTo: 1 }).events).toEqual([]);
  });

  it('keeps the hold of a filled order while a raise may still be accepted, and reopens it then', () => {
    const s = new OrdersScenario().working();
    s.replaceSent('c2', '2');
    expect(s.fill('1', 'e1').sends).toMatchObject([{ message: { closes: false } }]);
    expect(s.order().core).toBe('FILLED');
    report(s, { kind: 'REPLACED', orderId, requestId: 'c2' });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'PARTIALLY_FILLED', quantity: '2', leavesQuantity: '1' });
    expect(s.state.accounts.get('A')!.openOrders.has(numberOfOrderId(orderId))).toBe(true);
  });

  it('releases that hold when the venue refuses the raise', () => {
    const s = new OrdersScenario().working();
    s.replaceSent('c2', '2');
    s.fill('1', 'e1');
    const refused = report(s, { kind: 'REPLACE_REJECTED', orderId, requestId: 'c2', code: 'NO', message: '' });
    expect(refused.sends.map((send) => send.message.type)).toEqual(['ReplaceAnswered', 'ReleaseHold']);
    expect(projectStatus(s.order())).toBe('FILLED');
  });

  it('keeps the hold through an accepted replace to what is filled, while a later raise may reopen the order', () => {
    const s = new OrdersScenario().working();
    s.fill('0.4', 'e1');
    s.replaceSent('c2', '0.4');
    s.replaceSent('c3', '3');
    const done = report(s, { kind: 'REPLACED', orderId, requestId: 'c2' });
    expect([s.order().core, done.sends.map((send) => send.message.type)]).toEqual(['FILLED', ['ReplaceAnswered']]);
    report(s, { kind: 'REPLACED', orderId, requestId: 'c3' });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'PARTIALLY_FILLED', leavesQuantity: '2.6' });
  });

  it('releases the hold once, when the last raise of a filled order is refused', () => {
    const s = new OrdersScenario().working();
    s.replaceSent('c2', '2');
    s.replaceSent('c3', '3');
    s.fill('1', 'e1');
    const refuse = (requestId: string) =>
      report(s, { kind: 'REPLACE_REJECTED', orderId, requestId, code: 'NO', message: '' });
    expect(refuse('c2').sends.map((send) => send.message.type)).toEqual(['ReplaceAnswered']);
    expect(refuse('c3').sends.map((send) => send.message.type)).toEqual(['ReplaceAnswered', 'ReleaseHold']);
  });

  it('turns a replace that the venue accepts on a canceled order into a refusal', () => {
    const s = new OrdersScenario().working();
    s.replaceSent('c2', '2');
    report(s, { kind: 'CANCELED', orderId, requestId: null, code: 'VENUE_CANCELED', message: '' });
    report(s, { kind: 'REPLACED', orderId, requestId: 'c2' });
    expect(viewOfOrder(s.order())).toMatchObject({ status: 'CANCELED', quantity: '1', pendingRequests: [] });
  });
});
