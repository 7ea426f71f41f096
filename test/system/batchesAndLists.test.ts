/** Many at once: batches in order, cancel all, and lists that page through a moving set without loss or double. */
import { describe, expect, it } from 'vitest';
import { eventually } from './support/api.ts';
import { inProcess } from './support/server.ts';
import type { Order } from './support/wire.ts';

const server = inProcess();
const resting = { symbol: 'BTC-USD', side: 'BUY', type: 'LIMIT', quantity: '0.1', price: '30000' } as const;

describe('a batch', () => {
  it('of 1,000 is answered in its order, each on its own', async () => {
    const { api } = server;
    const accountId = 'BENCH-0301';
    const orders = Array.from({ length: 1_000 }, (_, i) => ({
      ...resting,
      accountId,
      clientOrderId: `b-${i}`,
      ...(i % 5 === 1 ? { quantity: 'many' } : {}),
      ...(i % 5 === 2 ? { price: '30000.001' } : {}),
      ...(i % 5 === 3 ? { clientOrderId: `b-${i - 3}` } : {}),
      ...(i % 5 === 4 ? { clientOrderId: `b-${i - 4}`, quantity: '0.2' } : {}),
    }));
    const { status, body } = await api.call('POST', '/v1/orders/batch', { orders });
    expect(status).toBe(200);
    expect(body.results).toHaveLength(1_000);
    const codes = body.results.map(
      (result: { order?: Order; error?: { code: string } }) => result.error?.code ?? result.order?.clientOrderId,
    );
    codes.forEach((code: string, i: number) => {
      expect(code).toBe(
        [`b-${i}`, 'VALIDATION_FAILED', 'PRICE_INCREMENT', `b-${i - 3}`, 'IDEMPOTENCY_CONFLICT'][i % 5],
      );
    });
    for (let i = 0; i < 1_000; i += 5) expect(body.results[i + 3].order.orderId).toBe(body.results[i].order.orderId);
    expect((await api.balance(accountId)).held).toBe('600600');
    const tooMany = await api.call('POST', '/v1/orders/batch', { orders: [...orders, orders[0]] });
    expect(tooMany.status).toBe(400);
  });
});

describe('cancel all', () => {
  it('cancels by symbol and side, and leaves the rest', async () => {
    const { api } = server;
    const accountId = 'BENCH-0302';
    const place = (clientOrderId: string, members: object) =>
      api.placed({ ...resting, accountId, clientOrderId, ...members });
    const buy = await place('buy', {});
    const sell = await place('sell', { side: 'SELL', price: '60000' });
    const eth = await place('eth', { symbol: 'ETH-USD', quantity: '1', price: '2000' });
    const first = await api.call('DELETE', `/v1/orders?accountId=${accountId}&symbol=BTC-USD&side=BUY`);
    expect([first.status, first.body.count]).toEqual([202, 1]);
    expect((await api.order(buy.orderId)).status).toBe('CANCELED');
    expect((await api.order(sell.orderId)).status).toBe('NEW');
    expect((await api.call('DELETE', `/v1/orders?accountId=${accountId}`)).body.count).toBe(2);
    expect((await api.order(eth.orderId)).status).toBe('CANCELED');
    expect((await api.call('DELETE', `/v1/orders?accountId=${accountId}`)).body.count).toBe(0);
  });
});

describe('lists', () => {
  it('page through 500 orders while new ones arrive: each once, newest first', async () => {
    const { api } = server;
    const accountId = 'BENCH-0303';
    const orders = Array.from({ length: 500 }, (_, i) => ({ ...resting, accountId, clientOrderId: `p-${i}` }));
    await api.call('POST', '/v1/orders/batch', { orders });
    await eventually(async () => {
      const { body, headers } = await api.call('GET', `/v1/orders?accountId=${accountId}&limit=1`);
      expect(body.items[0]?.clientOrderId).toBe('p-499');
      expect(Number(headers.get('x-staleness-ms'))).toBeGreaterThanOrEqual(0);
    });
    let arriving = true;
    const arrivals = (async () => {
      for (let i = 0; arriving; i++) await api.placed({ ...resting, accountId, clientOrderId: `new-${i}` });
    })();
    const seen = (await api.all<Order>(`/v1/orders?accountId=${accountId}`, 37)).map((order) => order.clientOrderId);
    arriving = false;
    await arrivals;
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id.startsWith('p-'))).toEqual(Array.from({ length: 500 }, (_, i) => `p-${499 - i}`));
  });

  it('filter by symbol and status', async () => {
    const { api } = server;
    const accountId = 'BENCH-0304';
    const open = await api.placed({ ...resting, accountId, clientOrderId: 'open' });
    const canceled = await api.placed({ ...resting, accountId, clientOrderId: 'gone' });
    const eth = await api.placed({
      ...resting,
      accountId,
      clientOrderId: 'eth',
      symbol: 'ETH-USD',
      quantity: '1',
      price: '2000',
    });
    await api.call('DELETE', `/v1/orders/${canceled.orderId}`);
    const idsOf = async (query: string) =>
      (await api.all<Order>(`/v1/orders?accountId=${accountId}&${query}`)).map((order) => order.orderId);
    await eventually(async () => {
      expect(await idsOf('status=open')).toEqual([eth.orderId, open.orderId]);
      expect(await idsOf('status=closed')).toEqual([canceled.orderId]);
      expect(await idsOf('status=CANCELED')).toEqual([canceled.orderId]);
      expect(await idsOf('symbol=ETH-USD')).toEqual([eth.orderId]);
      expect(await idsOf('symbol=BTC-USD&status=NEW')).toEqual([open.orderId]);
    });
    for (const query of ['status=half-open', 'limit=0', 'limit=1001', 'cursor=rubbish', 'colour=red']) {
      expect((await api.call('GET', `/v1/orders?accountId=${accountId}&${query}`)).status, query).toBe(400);
    }
  });

  it('executions come newest first, by account, symbol and order', async () => {
    const { api } = server;
    const accountId = 'BENCH-0305';
    for (let i = 0; i < 30; i++)
      await api.placed({ accountId, clientOrderId: `x-${i}`, type: 'MARKET', quantity: '0.001' });
    await eventually(async () => {
      const items = await api.all<{ executionId: string; sequence: number }>(
        `/v1/executions?accountId=${accountId}&symbol=BTC-USD`,
        7,
      );
      expect(items.length).toBeGreaterThanOrEqual(30);
      expect(new Set(items.map((item) => item.executionId)).size).toBe(items.length);
      const sequences = items.map((item) => item.sequence);
      expect(sequences).toEqual([...sequences].sort((a, b) => b - a));
    });
  });
});
