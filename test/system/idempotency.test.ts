/** One acceptance per account and clientOrderId, whatever is repeated, over whatever connection. */
import { describe, expect, it } from 'vitest';
import { inProcess, removeDirectory, startProcess, temporaryDirectory } from './support/server.ts';
import { Socket } from './support/socket.ts';

const server = inProcess();
const ORDER = { symbol: 'BTC-USD', side: 'BUY', type: 'LIMIT', quantity: '0.1', price: '30000' } as const;

const tally = <T>(items: readonly T[]): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
};

describe('the same order', () => {
  it('When 100 connections send it at once, then there is one order, one 201 and one orderId', async () => {
    const { api } = server;
    const body = { ...ORDER, accountId: 'BENCH-0401', clientOrderId: 'same' };
    const answers = await Promise.all(Array.from({ length: 100 }, () => api.call('POST', '/v1/orders', body)));
    expect(tally(answers.map(({ status }) => status))).toEqual(
      new Map([
        [201, 1],
        [200, 99],
      ]),
    );
    expect(new Set(answers.map(({ body: order }) => order.orderId)).size).toBe(1);
    for (const { status, headers } of answers) {
      expect(headers.get('idempotent-replayed')).toBe(status === 200 ? 'true' : null);
    }
    expect((await api.balance('BENCH-0401')).held).toBe('3003');
  });

  it('When sockets and REST send it mixed, then all are told the same order', async () => {
    const { api } = server;
    const body = { ...ORDER, accountId: 'BENCH-0402', clientOrderId: 'mixed' };
    const sockets = await Promise.all(Array.from({ length: 4 }, () => Socket.open(api.address)));
    const overSockets = sockets.flatMap((socket) =>
      Array.from({ length: 10 }, () => socket.request('order.place', body)),
    );
    const overRest = Array.from({ length: 40 }, () => api.call('POST', '/v1/orders', body));
    const [frames, answers] = [await Promise.all(overSockets), await Promise.all(overRest)];
    const orderIds = [...frames.map((frame) => frame.result.orderId), ...answers.map((answer) => answer.body.orderId)];
    expect(new Set(orderIds).size).toBe(1);
    const fresh =
      frames.filter((frame) => frame.replayed !== true).length + answers.filter(({ status }) => status === 201).length;
    expect(fresh).toBe(1);
    expect((await api.balance('BENCH-0402')).held).toBe('3003');
  });

  it('When the content differs in any member, then it is a conflict and nothing happens', async () => {
    const { api } = server;
    const body = { ...ORDER, accountId: 'BENCH-0403', clientOrderId: 'taken' };
    const { orderId } = await api.placed(body);
    const others = [
      { quantity: '0.2' },
      { price: '30001' },
      { side: 'SELL', price: '60000' },
      { timeInForce: 'DAY' },
      { tags: ['x'] },
      { postOnly: true },
    ];
    for (const change of others) {
      const { status, body: problem } = await api.call('POST', '/v1/orders', { ...body, ...change });
      expect([status, problem.code], JSON.stringify(change)).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    }
    // The same in other words is the same.
    expect((await api.place({ ...body, quantity: '0.10', timeInForce: 'GTC' })).status).toBe(200);
    await api.call('DELETE', `/v1/orders/${orderId}`);
    expect((await api.place(body)).body).toMatchObject({ orderId, status: 'CANCELED' });
    // In another account the id is free.
    expect((await api.place({ ...body, accountId: 'BENCH-0404' })).status).toBe(201);
  });

  it('When a refused order is repeated, then it is refused again with the same order', async () => {
    const { api } = server;
    const body = { ...ORDER, accountId: 'BENCH-0405', clientOrderId: 'no', price: '30000.001' };
    const [first, ...others] = await Promise.all(
      Array.from({ length: 10 }, () => api.call('POST', '/v1/orders', body)),
    );
    for (const other of others) expect([other.status, other.body.order]).toEqual([422, first!.body.order]);
  });
});

describe('requests about an order', () => {
  it('When replace and cancel are repeated, then they count once', async () => {
    const { api } = server;
    const accountId = 'BENCH-0406';
    const { orderId } = await api.placed({ ...ORDER, accountId, clientOrderId: 'o' });
    const replace = () => api.call('PATCH', `/v1/orders/${orderId}`, { clientOrderId: 'r', price: '30100' });
    const answers = await Promise.all(Array.from({ length: 20 }, replace));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const other = await api.call('PATCH', `/v1/orders/${orderId}`, { clientOrderId: 'r', price: '30200' });
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    const cancels = await Promise.all(
      Array.from({ length: 20 }, () => api.call('DELETE', `/v1/orders/${orderId}?clientOrderId=x`)),
    );
    expect(new Set(cancels.map(({ status }) => status))).toEqual(new Set([202]));
    const taken = await api.call('DELETE', `/v1/orders/${orderId}?clientOrderId=r`);
    expect([taken.status, taken.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    const types = (await api.events(orderId)).map((event) => event.execType);
    expect(types).toEqual(['PENDING_NEW', 'NEW', 'PENDING_REPLACE', 'REPLACED', 'PENDING_CANCEL', 'CANCELED']);
  });
});

describe('after kill -9', () => {
  it('the same requests get the same outcomes from the next process', async () => {
    const dataDirectory = temporaryDirectory();
    const requests = async (api: typeof server.api) => {
      const placed = await api.call('POST', '/v1/orders', { ...ORDER, accountId: 'BENCH-0001', clientOrderId: 'a' });
      const refused = await api.call('POST', '/v1/orders', {
        ...ORDER,
        accountId: 'BENCH-0001',
        clientOrderId: 'b',
        price: '1.001',
      });
      const replaced = await api.call('PATCH', `/v1/orders/${placed.body.orderId}`, {
        clientOrderId: 'r',
        quantity: '0.2',
      });
      const canceled = await api.call('DELETE', `/v1/orders/${placed.body.orderId}?clientOrderId=x`);
      const conflict = await api.call('POST', '/v1/orders', { ...ORDER, accountId: 'BENCH-0001', clientOrderId: 'x' });
      return {
        orderIds: [placed.body.orderId, refused.body.order.orderId],
        statuses: [refused, replaced, canceled, conflict].map(({ status }) => status),
        first: placed.status,
      };
    };
    const before = await startProcess(dataDirectory, '--profile', 'bench');
    const told = await requests(before.api);
    expect(told).toMatchObject({ first: 201, statuses: [422, 202, 202, 409] });
    await before.process.kill('SIGKILL');
    const after = await startProcess(dataDirectory, '--profile', 'bench');
    const again = await requests(after.api);
    expect(again).toEqual({ ...told, first: 200 });
    await after.process.kill('SIGTERM');
    removeDirectory(dataDirectory);
  });
});
