/** The REST client against a real server: what is retried, what is data and what is thrown. */
import { OmsClient, OmsError, type PlaceRequest } from '@oms/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedBackOff, TestServer } from './testServer.ts';

const request: PlaceRequest = {
  clientOrderId: 'mine-1',
  accountId: 'A1',
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '1',
  price: '50000',
};
const order = { orderId: 'o-0-1', clientOrderId: 'mine-1', status: 'NEW' };
const refused = { ...order, status: 'REJECTED', reason: { code: 'INSUFFICIENT_BALANCE' } };

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.stop());

const clientOf = (backOff = recordedBackOff()) => new OmsClient({ url: `${server.url}/`, token: 'secret', backOff });

async function thrownBy(promise: Promise<unknown>): Promise<OmsError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OmsError);
  return error as OmsError;
}

describe('place', () => {
  it.each([
    ['accepted', { status: 201, body: order }, { outcome: 'ACCEPTED', order, replayed: false }],
    ['undecided', { status: 202, body: order }, { outcome: 'UNDECIDED', order, replayed: false }],
    [
      'repeated',
      { status: 200, body: order, headers: { 'idempotent-replayed': 'true' } },
      { outcome: 'ACCEPTED', order, replayed: true },
    ],
    [
      'refused by risk',
      { status: 422, body: { code: 'INSUFFICIENT_BALANCE', order: refused } },
      { outcome: 'REFUSED', order: refused, replayed: false },
    ],
  ])('tells that the order was %s', async (_, answer, outcome) => {
    server.answers.push(answer);
    expect(await clientOf().place(request)).toEqual(outcome);
    expect(server.seen).toEqual([{ method: 'POST', url: '/v1/orders', authorization: 'Bearer secret', body: request }]);
  });

  it('sends the very same request again after a lost answer and after 503', async () => {
    server.answers.push('DROP', { status: 503, body: { code: 'OVERLOADED' } }, { status: 201, body: order });
    const backOff = recordedBackOff();
    expect((await clientOf(backOff).place(request)).outcome).toBe('ACCEPTED');
    expect(server.seen.map((seen) => seen.body)).toEqual([request, request, request]);
    expect(backOff.waits).toEqual([50, 100]);
  });

  it('waits as long as the server says', async () => {
    server.answers.push({ status: 429, headers: { 'retry-after': '2' } }, { status: 201, body: order });
    const backOff = recordedBackOff(0);
    await clientOf(backOff).place(request);
    expect(backOff.waits).toEqual([2000]);
  });

  it('gives up after the attempts it was allowed', async () => {
    server.answers.push('DROP', 'DROP', 'DROP', 'DROP', 'DROP', { status: 201, body: order });
    const error = await thrownBy(clientOf().place(request));
    expect(error.code).toBe('NO_ANSWER');
    expect(server.seen).toHaveLength(5);
  });

  it('throws a conflict at once, with all that was said', async () => {
    const problem = {
      code: 'IDEMPOTENCY_CONFLICT',
      detail: 'used before',
      requestId: 'r1',
      errors: [{ path: 'price', message: 'differs' }],
    };
    server.answers.push({ status: 409, body: problem });
    const error = await thrownBy(clientOf().place(request));
    expect(error).toMatchObject({ status: 409, ...problem, retryAfterMs: null, order: null, retryable: false });
    expect(server.seen).toHaveLength(1);
  });

  it('throws a 422 that stored no order', async () => {
    server.answers.push({ status: 422, body: { code: 'EXPIRE_TIME_IN_PAST', detail: 'gone by' } });
    expect((await thrownBy(clientOf().place(request))).code).toBe('EXPIRE_TIME_IN_PAST');
  });
});

describe('other requests', () => {
  it('does not repeat a replace whose answer was lost, for it could act twice', async () => {
    server.answers.push('DROP', { status: 202, body: order });
    const error = await thrownBy(clientOf().replace('o-0-1', { clientOrderId: 'r', quantity: '2' }));
    expect(error.code).toBe('NO_ANSWER');
    expect(server.seen).toHaveLength(1);
  });

  it('repeats a cancel that was not accepted', async () => {
    server.answers.push({ status: 503 }, { status: 202, body: order });
    expect(await clientOf().cancel('o-0-1', 'c1')).toEqual(order);
    expect(server.seen.map((seen) => `${seen.method} ${seen.url}`)).toEqual([
      'DELETE /v1/orders/o-0-1?clientOrderId=c1',
      'DELETE /v1/orders/o-0-1?clientOrderId=c1',
    ]);
  });

  it('tells an error page from an answer', async () => {
    server.answers.push({ status: 500, body: '<html>' });
    expect(await thrownBy(clientOf().order('o-0-1'))).toMatchObject({ status: 500, code: 'HTTP_500' });
    server.answers.push({ status: 200, body: 'not json' });
    expect(await thrownBy(clientOf().order('o-0-1'))).toMatchObject({ code: 'MALFORMED_ANSWER' });
  });

  it('gives batch results in order, errors in their place', async () => {
    server.answers.push({
      status: 200,
      body: { results: [{ order }, { error: { status: 404, code: 'UNKNOWN_ACCOUNT' } }] },
    });
    const [first, second] = await clientOf().placeBatch([request, request]);
    expect(first).toEqual(order);
    expect(second).toBeInstanceOf(OmsError);
    expect(second).toMatchObject({ status: 404, code: 'UNKNOWN_ACCOUNT' });
  });

  it('walks all pages', async () => {
    server.answers.push(
      { status: 200, body: { items: [1, 2], nextCursor: 'c+1' } },
      { status: 200, body: { items: [3], nextCursor: null } },
    );
    const walked: unknown[] = [];
    for await (const one of clientOf().allOrders({ status: 'open', limit: 2 })) walked.push(one);
    expect(walked).toEqual([1, 2, 3]);
    expect(server.seen.map((seen) => seen.url)).toEqual([
      '/v1/orders?status=open&limit=2',
      '/v1/orders?status=open&limit=2&cursor=c%2B1',
    ]);
  });

  it('keeps ids from leaving their place in the path', async () => {
    server.answers.push({ status: 404, body: { code: 'UNKNOWN_ORDER' } });
    await thrownBy(clientOf().order('../admin?x'));
    expect(server.seen[0]?.url).toBe('/v1/orders/..%2Fadmin%3Fx');
  });

  it.each([
    [200, true],
    [503, false],
  ])('is ready by %i: %s, asked once', async (status, ready) => {
    server.answers.push({ status });
    expect(await clientOf().isReady()).toBe(ready);
    expect(server.seen).toHaveLength(1);
  });
});

const routes: readonly [string, (client: OmsClient) => Promise<unknown>][] = [
  ['GET /v1/orders', (client) => client.orders()],
  ['GET /v1/orders/by-client-order-id/mine?accountId=A1', (client) => client.orderByClientOrderId('A1', 'mine')],
  ['GET /v1/orders/o/events', (client) => client.orderEvents('o')],
  ['DELETE /v1/orders?accountId=A1&side=BUY', (client) => client.cancelAll({ accountId: 'A1', side: 'BUY' })],
  ['GET /v1/executions?orderId=o', (client) => client.executions({ orderId: 'o' })],
  ['GET /v1/accounts', (client) => client.accounts()],
  ['GET /v1/positions', (client) => client.positions()],
  ['GET /v1/balances?accountId=A1', (client) => client.balances('A1')],
  ['GET /v1/accounts/A1/limits', (client) => client.limits('A1')],
  ['PUT /v1/accounts/A1/limits', (client) => client.setLimits('A1', { openOrdersMax: 3 })],
  ['GET /v1/trading-state', (client) => client.tradingStates()],
  ['PUT /v1/trading-state', (client) => client.setTradingState({ scope: 'FIRM', state: 'HALTED', reason: 'x' })],
  ['GET /v1/audit?action=X', (client) => client.audit({ action: 'X' })],
  ['GET /v1/instruments', (client) => client.instruments()],
  ['GET /v1/market-data/BTC-USD/book?depth=5', (client) => client.book('BTC-USD', 5)],
  ['GET /v1/market-data/BTC-USD/trades', (client) => client.trades('BTC-USD')],
  ['GET /v1/market-data/BTC-USD/ticker', (client) => client.ticker('BTC-USD')],
  ['GET /v1/market-data/BTC-USD/candles?interval=1m&limit=3', (client) => client.candles('BTC-USD', '1m', 3)],
  ['POST /v1/simulation/venue/orders/o/fill', (client) => client.instructVenue('o', 'fill', { quantity: '1' })],
];

describe('every call', () => {
  it.each(routes)('asks %s', async (line, call) => {
    server.answers.push({ status: 200, body: { items: [], nextCursor: null } });
    await call(clientOf());
    expect(server.seen.map((seen) => `${seen.method} ${seen.url}`)).toEqual([line]);
  });
});
