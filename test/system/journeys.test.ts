/** What a desk does in a day, over HTTP, against the simulated venue and market. */
import { describe, expect, it } from 'vitest';
import { eventually } from './support/api.ts';
import { inProcess } from './support/server.ts';

const server = inProcess();

describe('instruments and market data', () => {
  it('When I list the instruments, then the four spot pairs and two perpetuals are there with their increments', async () => {
    const { status, body } = await server.api.call('GET', '/v1/instruments');
    expect(status).toBe(200);
    expect(body.items.map((item: { symbol: string }) => item.symbol)).toEqual(
      expect.arrayContaining(['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD', 'BTC-PERP', 'ETH-PERP']),
    );
    expect(body.items.find((item: { symbol: string }) => item.symbol === 'BTC-USD')).toMatchObject({
      kind: 'SPOT',
      priceIncrement: '0.01',
      quantityIncrement: '0.000001',
    });
  });

  it('When I read book, ticker, trades and candles, then they agree on the market', async () => {
    await eventually(async () => {
      const book = (await server.api.call('GET', '/v1/market-data/BTC-USD/book?depth=5')).body;
      expect(book.bids).toHaveLength(5);
      expect(Number(book.bids[0][0])).toBeLessThan(Number(book.asks[0][0]));
      const ticker = (await server.api.call('GET', '/v1/market-data/BTC-USD/ticker')).body;
      expect(Math.abs(Number(ticker.last) / Number(book.asks[0][0]) - 1)).toBeLessThan(0.05);
      expect(
        (await server.api.call('GET', '/v1/market-data/BTC-USD/trades?limit=3')).body.items.length,
      ).toBeGreaterThan(0);
      expect(
        (await server.api.call('GET', '/v1/market-data/BTC-USD/candles?interval=1m&limit=2')).body.items.length,
      ).toBeGreaterThan(0);
    });
  });
});

describe('one order', () => {
  it('When I buy at the market, then fill, position, balances, events and executions tell the same', async () => {
    const { api } = server;
    const accountId = 'BENCH-0001';
    const order = await api.placed({ clientOrderId: 'm', accountId, type: 'MARKET', quantity: '0.5' });
    expect(order).toMatchObject({ status: 'FILLED', filledQuantity: '0.5', leavesQuantity: '0', timeInForce: 'IOC' });
    const cost = Number(order.averagePrice) * 0.5;
    const fee = Number(order.fees[0]!.amount);
    expect(fee).toBeCloseTo(cost * 0.001, 2);
    expect(await api.position(accountId)).toMatchObject({ quantity: '0.5', averagePrice: order.averagePrice });
    expect(await api.balance(accountId, 'BTC')).toMatchObject({ total: '10000000000.5', held: '0' });
    const usd = await api.balance(accountId);
    expect(10_000_000_000 - Number(usd.total)).toBeCloseTo(cost + fee, 2);
    expect(usd.held).toBe('0');
    const events = await api.events(order.orderId);
    expect(events.map((event) => event.execType).slice(0, 2)).toEqual(['PENDING_NEW', 'NEW']);
    const trades = events.filter((event) => event.execType === 'TRADE');
    expect(trades.reduce((sum, trade) => sum + Number(trade.lastQuantity), 0)).toBeCloseTo(0.5, 8);
    const executions = (await api.call('GET', `/v1/executions?accountId=${accountId}&orderId=${order.orderId}`)).body
      .items;
    expect(executions.map((each: { executionId: string }) => each.executionId).sort()).toEqual(
      trades.map((trade) => trade.executionId).sort(),
    );
  });

  it('When I rest a limit, replace it and cancel it, then the hold follows and comes back whole', async () => {
    const { api } = server;
    const accountId = 'BENCH-0002';
    const order = await api.placed({ clientOrderId: 'l', accountId, quantity: '2', price: '30000' });
    expect(order).toMatchObject({ status: 'NEW', leavesQuantity: '2' });
    expect((await api.balance(accountId)).held).toBe('60060');
    const replaced = await api.call('PATCH', `/v1/orders/${order.orderId}`, {
      clientOrderId: 'l-2',
      quantity: '3',
      price: '29000',
    });
    expect([replaced.status, replaced.body.status]).toEqual([202, 'PENDING_REPLACE']);
    expect(await api.order(order.orderId)).toMatchObject({
      status: 'NEW',
      clientOrderId: 'l-2',
      quantity: '3',
      price: '29000',
    });
    expect((await api.balance(accountId)).held).toBe('87087');
    const canceled = await api.call('DELETE', `/v1/orders/${order.orderId}?clientOrderId=l-3`);
    expect([canceled.status, canceled.body.status]).toEqual([202, 'PENDING_CANCEL']);
    expect(await api.order(order.orderId)).toMatchObject({ status: 'CANCELED', leavesQuantity: '0', reason: null });
    expect(await api.balance(accountId)).toMatchObject({ held: '0', total: '10000000000' });
    const again = await api.call('DELETE', `/v1/orders/${order.orderId}`);
    expect([again.status, again.body.code]).toEqual([409, 'ORDER_NOT_OPEN']);
  });

  it('When the replace chain grows, then every id of it finds the order', async () => {
    const { api } = server;
    const accountId = 'BENCH-0003';
    const { orderId } = await api.placed({ clientOrderId: 'chain-0', accountId, quantity: '1', price: '30000' });
    for (const [i, price] of ['30001', '30002', '30003'].entries()) {
      const { status } = await api.call('PATCH', `/v1/orders/${orderId}`, { clientOrderId: `chain-${i + 1}`, price });
      expect(status).toBe(202);
    }
    await api.call('DELETE', `/v1/orders/${orderId}?clientOrderId=chain-cancel`);
    for (const id of ['chain-0', 'chain-1', 'chain-2', 'chain-3', 'chain-cancel']) {
      const { status, body } = await api.call('GET', `/v1/orders/by-client-order-id/${id}?accountId=${accountId}`);
      expect([status, body.orderId, body.clientOrderId], id).toEqual([200, orderId, 'chain-3']);
    }
    expect((await api.call('GET', `/v1/orders/by-client-order-id/chain-9?accountId=${accountId}`)).status).toBe(404);
    const events = await api.events(orderId);
    expect(events.filter((event) => event.execType === 'REPLACED').map((event) => event.originalClientOrderId)).toEqual(
      ['chain-0', 'chain-1', 'chain-2'],
    );
  });

  it('When I spend a quote amount, then what is bought costs no more', async () => {
    const { api } = server;
    const order = await api.placed({
      clientOrderId: 'q',
      accountId: 'BENCH-0004',
      type: 'MARKET',
      quoteQuantity: '1000',
    });
    expect(order.status).toBe('FILLED');
    const spent = Number(order.averagePrice) * Number(order.filledQuantity);
    expect(spent).toBeLessThanOrEqual(1000.000001);
    expect(spent).toBeGreaterThan(999);
    expect((await api.balance('BENCH-0004')).held).toBe('0');
  });
});

describe('instructions', () => {
  it('postOnly that would take is rejected by the venue, and stays rejected on a repeat', async () => {
    const { api } = server;
    const { ask } = await api.top();
    const body = {
      clientOrderId: 'po',
      accountId: 'BENCH-0005',
      quantity: '0.1',
      price: (ask * 1.05).toFixed(2),
      postOnly: true,
    };
    for (let i = 0; i < 2; i++) {
      const refused = await api.place(body);
      expect([refused.status, refused.body.code]).toEqual([422, 'WOULD_TAKE']);
      expect(refused.body.order).toMatchObject({ status: 'REJECTED', reason: { source: 'VENUE', code: 'WOULD_TAKE' } });
    }
    expect((await api.balance('BENCH-0005')).held).toBe('0');
  });

  it('IOC fills what it can and cancels the rest; FOK fills all or nothing', async () => {
    const { api } = server;
    const accountId = 'BENCH-0006';
    const { ask, bid } = await api.top();
    const ioc = await api.placed({
      clientOrderId: 'ioc',
      accountId,
      quantity: '900',
      price: (ask * 1.001).toFixed(2),
      timeInForce: 'IOC',
    });
    expect(ioc).toMatchObject({
      status: 'CANCELED',
      leavesQuantity: '0',
      reason: { code: 'IMMEDIATE_OR_CANCEL_REMAINDER' },
    });
    expect(Number(ioc.filledQuantity)).toBeGreaterThan(0);
    const killed = await api.placed({
      clientOrderId: 'fok-1',
      accountId,
      quantity: '900',
      price: (ask * 1.001).toFixed(2),
      timeInForce: 'FOK',
    });
    expect(killed).toMatchObject({
      status: 'CANCELED',
      filledQuantity: '0',
      reason: { code: 'FILL_OR_KILL_NOT_FILLED' },
    });
    const filled = await api.placed({
      clientOrderId: 'fok-2',
      accountId,
      side: 'SELL',
      quantity: '0.01',
      price: (bid * 0.99).toFixed(2),
      timeInForce: 'FOK',
    });
    expect(filled).toMatchObject({ status: 'FILLED', filledQuantity: '0.01' });
  });

  it('GTD expires at its time, DAY is accepted, a past time is refused', async () => {
    const { api } = server;
    const accountId = 'BENCH-0007';
    const resting = { accountId, quantity: '0.1', price: '30000' };
    const gtd = await api.placed({
      ...resting,
      clientOrderId: 'gtd',
      timeInForce: 'GTD',
      expireTime: new Date(Date.now() + 150).toISOString(),
    });
    expect(gtd.status).toBe('NEW');
    const day = await api.placed({ ...resting, clientOrderId: 'day', timeInForce: 'DAY' });
    const past = await api.place({
      ...resting,
      clientOrderId: 'past',
      timeInForce: 'GTD',
      expireTime: '2020-01-01T00:00:00Z',
    });
    expect([past.status, past.body.code]).toEqual([422, 'EXPIRE_TIME_IN_PAST']);
    await eventually(async () =>
      expect(await api.order(gtd.orderId)).toMatchObject({ status: 'EXPIRED', reason: { code: 'TIME_EXPIRED' } }),
    );
    expect(await api.order(day.orderId)).toMatchObject({ status: 'NEW', timeInForce: 'DAY' });
    await api.call('DELETE', `/v1/orders?accountId=${accountId}`);
    expect((await api.balance(accountId)).held).toBe('0');
  });

  it('a stop close to the market is held by us, triggered by it, and filled', async () => {
    const { api } = server;
    const accountId = 'BENCH-0008';
    const { bid } = await api.top();
    // The ask is above this at once or soon: the order is triggered by whatever comes first.
    const stop = await api.placed({
      clientOrderId: 'stop',
      accountId,
      type: 'STOP',
      quantity: '0.01',
      stopPrice: bid.toFixed(2),
      triggerSource: 'BID_ASK',
    });
    await eventually(async () => expect(await api.order(stop.orderId)).toMatchObject({ status: 'FILLED' }));
    const far = await api.placed({
      clientOrderId: 'far',
      accountId,
      type: 'STOP_LIMIT',
      quantity: '0.01',
      stopPrice: '60000',
      price: '61000',
    });
    expect(far).toMatchObject({ status: 'NEW', venueOrderId: null });
    expect((await api.events(stop.orderId)).map((event) => event.execType)).toContain('TRIGGERED');
    await api.call('DELETE', `/v1/orders/${far.orderId}`);
    expect(await api.order(far.orderId)).toMatchObject({ status: 'CANCELED' });
  });

  it('reduceOnly never opens a position and shrinks with it', async () => {
    const { api } = server;
    const accountId = 'BENCH-0009';
    const reducing = { accountId, symbol: 'BTC-PERP', side: 'SELL', reduceOnly: true, price: '60000' } as const;
    const refused = await api.place({ ...reducing, clientOrderId: 'r0', quantity: '0.5' });
    expect([refused.status, refused.body.code]).toEqual([422, 'REDUCING_ONLY']);
    await api.placed({ clientOrderId: 'open', accountId, symbol: 'BTC-PERP', type: 'MARKET', quantity: '1' });
    const order = await api.placed({ ...reducing, clientOrderId: 'r1', quantity: '0.8' });
    const beyond = await api.place({ ...reducing, clientOrderId: 'r2', quantity: '0.3' });
    expect(beyond.body.code).toBe('REDUCING_ONLY');
    await api.placed({
      clientOrderId: 'close',
      accountId,
      symbol: 'BTC-PERP',
      side: 'SELL',
      type: 'MARKET',
      quantity: '0.7',
    });
    expect((await api.position(accountId, 'BTC-PERP'))!.quantity).toBe('0.3');
    await eventually(async () =>
      expect(await api.order(order.orderId)).toMatchObject({ status: 'NEW', leavesQuantity: '0.3' }),
    );
  });
});
