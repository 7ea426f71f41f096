/** Rules that span the services (12 to 14, 16), and the ordinary life of an order through all of them. */
import { decimal } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { TestHouse } from './testHouse.ts';

const BIDS = ['99 x 5', '98 x 5'];
const ASKS = ['101 x 2', '102 x 5'];
const open = async (options = {}) => {
  const house = await TestHouse.open(options);
  await house.draw('BTC-USD', BIDS, ASKS);
  await house.draw('BTC-PERP', BIDS, ASKS);
  return house;
};

describe('an order through all services', () => {
  it('fills a market order by walking the book, moves balances and position, and gives the rest of the hold back', async () => {
    const house = await open();
    const placed = await house.place('m1', { type: 'MARKET', price: null, quantity: decimal('3'), timeInForce: 'IOC' });
    expect(placed).toMatchObject({ outcome: 'ACCEPTED', order: { status: 'FILLED', filledQuantity: '3' } });
    // 2 × 101 + 1 × 102 = 304 quote; taker fee 0.001.
    expect(placed.order).toMatchObject({ averagePrice: '101.33333333', fees: [{ currency: 'USD', amount: '0.304' }] });
    expect(house.balance('USD')).toMatchObject({ total: '4999695.696', held: '0', available: '4999695.696' });
    expect(house.balance('BTC')).toMatchObject({ total: '23' });
    expect(house.position('BTC-USD')).toMatchObject({ quantity: '3', realizedPnl: '-0.304' });
  });

  it('rests a limit order with its hold, and fills it when the market trades through', async () => {
    const house = await open();
    const { order } = await house.place('l1', { price: decimal('98.5'), quantity: decimal('2') });
    expect(order).toMatchObject({ status: 'NEW', leavesQuantity: '2' });
    // 197 plus the taker fee on it, rounded up.
    expect(house.balance('USD')).toMatchObject({ held: '197.197' });
    await house.trade('BTC-USD', '98.4', '5', 'SELL');
    expect(house.order(order!.orderId)).toMatchObject({
      status: 'FILLED',
      averagePrice: '98.5',
      fees: [{ amount: '0.0985' }],
    });
    expect(house.balance('USD')).toMatchObject({ held: '0' });
  });

  it('cancels and releases exactly what was held', async () => {
    const house = await open();
    const before = house.balance('USD');
    const { order } = await house.place('l1', { price: decimal('90.01'), quantity: decimal('1.234567') });
    const canceled = await house.cancel(order!.orderId);
    expect(canceled.order).toMatchObject({ status: 'PENDING_CANCEL', pendingRequests: [{ kind: 'CANCEL' }] });
    expect(house.order(order!.orderId)).toMatchObject({ status: 'CANCELED', leavesQuantity: '0' });
    expect(house.balance('USD')).toMatchObject({ total: before.total, held: before.held, available: before.available });
  });

  it('triggers a stop by the last price and fills it at the market', async () => {
    const house = await open();
    const { order } = await house.place('s1', { type: 'STOP', price: null, stopPrice: decimal('103') });
    expect(order?.status).toBe('NEW');
    await house.trade('BTC-USD', '102.9', '1', 'BUY');
    expect(house.order(order!.orderId).status).toBe('NEW');
    await house.trade('BTC-USD', '103', '1', 'BUY');
    expect(house.order(order!.orderId)).toMatchObject({ status: 'FILLED', averagePrice: '101' });
  });

  it('replaces upward only as far as the balance allows, keeping the old terms when it does not', async () => {
    const house = await open();
    const { order } = await house.place('l1', { price: decimal('95') });
    const orderId = order!.orderId;
    const replace = (clientOrderId: string, quantity: string) =>
      house.send((replyTo) => ({
        to: 'order-processor',
        message: {
          type: 'ReplaceOrder',
          orderId,
          clientOrderId,
          quantity: decimal(quantity),
          price: null,
          stopPrice: null,
          replyTo,
        },
      }));
    expect(await replace('r1', '3')).toMatchObject({ outcome: 'ACCEPTED', order: { status: 'PENDING_REPLACE' } });
    expect(house.order(orderId)).toMatchObject({ status: 'NEW', quantity: '3', clientOrderId: 'r1' });
    expect(house.balance('USD').held).toBe('285.285');
    expect(await replace('r2', '1000')).toMatchObject({ outcome: 'ACCEPTED' });
    const refused = await replace('r3', '100000');
    expect(refused).toMatchObject({ outcome: 'REFUSED', reason: { source: 'RISK' } });
    expect(house.order(orderId)).toMatchObject({ quantity: '1000', pendingRequests: [] });
  });
});

describe('rules across services', () => {
  it('rule 12: reduce-only orders together never exceed the position, and shrink with it', async () => {
    const house = await open();
    await house.place('buy', { type: 'MARKET', price: null, quantity: decimal('2'), timeInForce: 'IOC' });
    const first = await house.place('r1', {
      side: 'SELL',
      price: decimal('105'),
      quantity: decimal('1'),
      reduceOnly: true,
    });
    const second = await house.place('r2', {
      side: 'SELL',
      price: decimal('106'),
      quantity: decimal('1'),
      reduceOnly: true,
    });
    const third = await house.place('r3', {
      side: 'SELL',
      price: decimal('106'),
      quantity: decimal('0.5'),
      reduceOnly: true,
    });
    expect(third).toMatchObject({ outcome: 'REFUSED', reason: { code: 'REDUCING_ONLY' } });
    await house.place('sell', {
      side: 'SELL',
      type: 'MARKET',
      price: null,
      quantity: decimal('1.4'),
      timeInForce: 'IOC',
    });
    expect(house.position('BTC-USD')?.quantity).toBe('0.6');
    const orders = [first, second].map((answer) => house.order(answer.order!.orderId));
    const leaves = orders.reduce((sum, order) => sum + decimal(order.leavesQuantity), 0n);
    expect(leaves).toBe(decimal('0.6'));
    expect(orders[0]).toMatchObject({ status: 'NEW', leavesQuantity: '0.6', clientOrderId: 'r1' });
    expect(orders[1]).toMatchObject({ status: 'CANCELED', reason: { code: 'REDUCE_ONLY_SHRINK' } });
  });

  it('rule 13: a flip realizes the closing part only; the opening part starts at the fill price', async () => {
    const house = await open();
    await house.place('b', {
      symbol: 'BTC-PERP',
      type: 'MARKET',
      price: null,
      quantity: decimal('2'),
      timeInForce: 'IOC',
    });
    await house.place('s', {
      symbol: 'BTC-PERP',
      side: 'SELL',
      type: 'MARKET',
      price: null,
      quantity: decimal('5'),
      timeInForce: 'IOC',
    });
    // Bought 2 at 101; sold 5 at 99: two of them close at −2 each, three open short at 99. Fees are taker's.
    const position = house.position('BTC-PERP')!;
    expect(position).toMatchObject({ quantity: '-3', averagePrice: '99' });
    const fees = decimal(house.order('o-0-1').fees[0]!.amount) + decimal(house.order('o-0-2').fees[0]!.amount);
    expect(decimal(position.realizedPnl)).toBe(decimal('-4') - fees);
  });

  it('rule 14: holds of buyers round up, and releases return exactly what was held', async () => {
    const house = await open();
    const { order } = await house.place('l1', { price: decimal('98.51'), quantity: decimal('0.123457') });
    // 98.51 × 0.123457 = 12.16174907 exactly; the fee 0.01216174907 rounds up to 0.01216175.
    expect(house.balance('USD').held).toBe('12.17391082');
    await house.cancel(order!.orderId);
    expect(house.balance('USD').held).toBe('0');
  });

  it('rule 16: cancels pass while trading is halted; the kill switch cancels everything open', async () => {
    const house = await open({ venue: 'manual' });
    const first = await house.place('l1', { price: decimal('95') });
    const halted = await house.send((replyTo) => ({
      to: 'risk-engine',
      message: {
        type: 'ChangeTradingState',
        scope: 'FIRM',
        id: null,
        state: 'HALTED',
        reason: 'test',
        actor: null,
        replyTo,
      },
    }));
    expect(halted.outcome).toBe('ACCEPTED');
    expect(house.order(first.order!.orderId).pendingRequests).toMatchObject([{ kind: 'CANCEL' }]);
    expect(await house.place('l2', { price: decimal('95') })).toMatchObject({
      outcome: 'REFUSED',
      reason: { code: 'TRADING_HALTED' },
    });
    expect(await house.cancel(first.order!.orderId, 'x1')).toMatchObject({ outcome: 'ACCEPTED' });
  });
});

describe('the fold', () => {
  it('gives the same state from the journal alone', async () => {
    const house = await open();
    await house.place('a', { type: 'MARKET', price: null, timeInForce: 'IOC' });
    await house.place('b', { price: decimal('95') });
    await house.place('c', { type: 'STOP', price: null, stopPrice: decimal('103') });
    expect(house.restarted().stateHash()).toBe(house.stateHash());
  });

  it('goes on after a restart as if nothing had happened', async () => {
    const house = await open();
    const { order } = await house.place('l1', { price: decimal('98.5') });
    const again = house.restarted();
    await again.draw('BTC-USD', BIDS, ASKS);
    expect(await again.place('l1', { price: decimal('98.5') })).toMatchObject({
      outcome: 'REPEATED',
      orderId: order!.orderId,
    });
    await again.trade('BTC-USD', '98', '5', 'SELL');
    expect(again.order(order!.orderId).status).toBe('FILLED');
  });
});
