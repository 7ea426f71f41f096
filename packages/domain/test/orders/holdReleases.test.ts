/** What risk set aside for an order goes back once the order can trade no more, and not before. */
import { decimal, type OrderProcessorMessage } from '@oms/domain';
import { OrdersScenario } from '@oms/testkit';
import { describe, expect, it } from 'vitest';

type Report = Extract<OrderProcessorMessage, { type: 'VenueReported' }>['report'];

const orderId = 'o-0-1';
const RELEASE = { to: 'risk-engine', message: { type: 'ReleaseHold', accountId: 'A', orderId } };
const REJECTED: Report = { kind: 'REJECTED', orderId, code: 'VENUE_REJECTED', message: 'no' };
const CANCELED: Report = { kind: 'CANCELED', orderId, requestId: null, code: 'NO_LIQUIDITY', message: '' };
const EXPIRED: Report = { kind: 'EXPIRED', orderId, requestId: null };

const working = () => new OrdersScenario().working();
const report = (s: OrdersScenario, venueReport: Report) => s.when({ type: 'VenueReported', report: venueReport });

describe('a hold is released once', () => {
  it.each([
    ['rejects it', REJECTED],
    ['cancels it', CANCELED],
    ['lets it expire', EXPIRED],
  ])('when the venue %s, before and after a partial fill', (_, end) => {
    for (const filled of [false, true]) {
      const s = working();
      if (filled) s.fill('0.4', 'e1');
      expect(report(s, end).sends).toEqual([RELEASE]);
      for (const late of [REJECTED, CANCELED, EXPIRED]) expect(report(s, late).sends).toEqual([]);
    }
  });

  it('when the venue confirms the client’s cancel, not when the client asks for it', () => {
    const s = working();
    expect(s.cancel('x1').sends).toMatchObject([{ message: { type: 'VenueCancel' } }]);
    expect(report(s, { kind: 'CANCELED', orderId, requestId: 'x1', code: null, message: '' }).sends).toEqual([RELEASE]);
  });

  it('at once when a stop that we hold ourselves is canceled', () => {
    const s = new OrdersScenario();
    s.place({ type: 'STOP', price: null, stopPrice: decimal('120') });
    s.approve();
    expect(s.cancel('x1').sends).toEqual([RELEASE]);
  });

  it('when the approval finds the order canceled meanwhile', () => {
    const s = new OrdersScenario();
    s.place();
    expect(s.cancel('x1').sends).toEqual([]);
    expect(s.approve().sends).toEqual([RELEASE]);
  });
});

describe('a fill closes the hold', () => {
  const closes = (s: OrdersScenario, quantity: string, executionId: string) =>
    s.fill(quantity, executionId).sends.map(({ message }) => message.type === 'SettleFill' && message.closes);

  it('when it completes the order, and no earlier', () => {
    const s = working();
    expect(closes(s, '0.4', 'e1')).toEqual([false]);
    expect(closes(s, '0.599999', 'e2')).toEqual([false]);
    expect(closes(s, '0.000001', 'e3')).toEqual([true]);
    // An overfill settles, but there is no hold left to close.
    expect(closes(s, '0.1', 'e4')).toEqual([false]);
  });

  it('not while a replace may still make the order larger', () => {
    const s = working();
    s.replaceSent('c2', '2');
    expect(closes(s, '1', 'e1')).toEqual([false]);
    expect(report(s, { kind: 'REPLACED', orderId, requestId: 'c2' }).sends).not.toContainEqual(RELEASE);
    expect(closes(s, '1', 'e2')).toEqual([true]);
  });

  it('nor when the order is closed already', () => {
    const s = working();
    report(s, CANCELED);
    expect(closes(s, '1', 'e1')).toEqual([false]);
  });
});
