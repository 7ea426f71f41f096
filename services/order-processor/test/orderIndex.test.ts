/** What is due: stops by price, orders by time, requests by silence. The index is derived, so it is also rebuilt. */
import { decimal, type OrderEvent, type OrderProcessorMessage } from '@oms/domain';
import { OrderIndex } from '@oms/order-processor';
import { OrdersScenario } from '@oms/testkit';
import { describe, expect, it } from 'vitest';

/** A scenario whose folds the index follows, as the runtime would let it. */
class Indexed extends OrdersScenario {
  // Not there yet while the base class folds its first event.
  readonly index: OrderIndex | undefined = new OrderIndex(5_000);

  override fold(event: OrderEvent): void {
    super.fold(event);
    this.index?.applied(this.state, event);
  }

  due(): readonly OrderProcessorMessage[] {
    return this.index!.due(this.state, this.context);
  }

  stop(number: number, side: 'BUY' | 'SELL', stopPrice: string, triggerSource: 'LAST' | 'MARK' = 'LAST'): string {
    const orderId = `o-0-${number}`;
    this.place({ type: 'STOP', price: null, side, stopPrice: decimal(stopPrice), triggerSource }, `c${number}`);
    this.approve(orderId);
    return orderId;
  }
}

const ids = (messages: readonly OrderProcessorMessage[]) =>
  messages.map((message) => ('orderId' in message ? message.orderId : ''));

describe('stops', () => {
  it('triggers exactly those that the price reached, nearest first, each once', () => {
    const s = new Indexed();
    s.stop(1, 'BUY', '110');
    s.stop(2, 'BUY', '105');
    s.stop(3, 'BUY', '120');
    s.stop(4, 'SELL', '95');
    s.stop(5, 'SELL', '90');
    expect(s.due()).toEqual([]);
    s.market.set('BTC-USD', { last: decimal('111') });
    expect(s.due()).toMatchObject([
      { type: 'TriggerStop', orderId: 'o-0-2', triggerPrice: decimal('111') },
      { type: 'TriggerStop', orderId: 'o-0-1' },
    ]);
    expect(s.due()).toEqual([]);
    s.market.set('BTC-USD', { last: decimal('95') });
    expect(ids(s.due())).toEqual(['o-0-4']);
  });

  it('watches each source on its own', () => {
    const s = new Indexed();
    s.stop(1, 'BUY', '110', 'MARK');
    s.market.set('BTC-USD', { last: decimal('200') });
    expect(s.due()).toEqual([]);
    s.market.set('BTC-USD', { mark: decimal('110') });
    expect(ids(s.due())).toEqual(['o-0-1']);
  });

  it('forgets what was canceled, and follows a moved stop price', () => {
    const s = new Indexed();
    const first = s.stop(1, 'BUY', '110');
    const second = s.stop(2, 'BUY', '110');
    s.cancel();
    const move = {
      type: 'ReplaceOrder',
      orderId: second,
      clientOrderId: 'm',
      quantity: null,
      price: null,
      stopPrice: decimal('130'),
      replyTo: null,
    } as const;
    s.when(move);
    s.when({ type: 'ReplaceApproved', orderId: second, requestId: 'm', replyTo: null });
    s.market.set('BTC-USD', { last: decimal('115') });
    expect(s.due()).toEqual([]);
    s.market.set('BTC-USD', { last: decimal('130') });
    expect(ids(s.due())).toEqual([second]);
    expect(first).toBe('o-0-1');
  });
});

describe('time', () => {
  it('asks to expire what is due and still open', () => {
    const s = new Indexed();
    s.place({ timeInForce: 'GTD', expireTime: s.now + 1_000 });
    s.approve();
    s.place({ timeInForce: 'GTD', expireTime: s.now + 500 }, 'c2');
    s.when({
      type: 'OrderRefused',
      orderId: 'o-0-2',
      reason: { source: 'RISK', code: 'X', message: '', details: {} },
      replyTo: null,
    });
    s.place({ timeInForce: 'DAY' }, 'c3');
    s.approve('o-0-3');
    s.now += 1_000;
    expect(s.due()).toEqual([{ type: 'ExpireOrder', orderId: 'o-0-1' }]);
    s.now = Date.UTC(2026, 0, 6);
    expect(s.due()).toEqual([{ type: 'ExpireOrder', orderId: 'o-0-3' }]);
  });

  it('reports requests without an answer after the timeout, once', () => {
    const s = new Indexed();
    s.working();
    s.cancel('x1');
    s.now += 4_999;
    expect(s.due()).toEqual([]);
    s.now += 1;
    expect(s.due()).toEqual([{ type: 'RequestTimedOut', orderId: 'o-0-1', clientOrderId: 'x1' }]);
    expect(s.due()).toEqual([]);
  });

  it('does not report a request that was answered', () => {
    const s = new Indexed();
    s.working();
    s.cancel('x1');
    s.when({
      type: 'VenueReported',
      report: { kind: 'CANCELED', orderId: 'o-0-1', requestId: 'x1', code: null, message: '' },
    });
    s.now += 10_000;
    expect(s.due()).toEqual([]);
  });
});

describe('rebuilt from the state', () => {
  it('is due for the same', () => {
    const s = new Indexed();
    s.stop(1, 'BUY', '110');
    s.place({ timeInForce: 'DAY' }, 'c2');
    s.approve('o-0-2');
    s.when({ type: 'CancelOrder', orderId: 'o-0-2', clientOrderId: 'x1', origin: 'CLIENT', replyTo: null });
    s.when({ type: 'CancelOrder', orderId: 'o-0-2', clientOrderId: 'x2', origin: 'CLIENT', replyTo: null });
    s.when({ type: 'RequestTimedOut', orderId: 'o-0-2', clientOrderId: 'x1' });
    const rebuilt = new OrderIndex(5_000);
    rebuilt.rebuilt(s.state);
    s.market.set('BTC-USD', { last: decimal('110') });
    s.now = Date.UTC(2026, 0, 6);
    const due = rebuilt.due(s.state, s.context);
    expect(due).toEqual(s.due());
    expect(due.map((message) => message.type)).toEqual(['TriggerStop', 'ExpireOrder', 'RequestTimedOut']);
  });
});
