/**
 * Every cell of docs/reference/access.md against the real server: route, operation or channel × role × own, other or
 * no account. A cell that is refused must also have changed nothing.
 */
import {
  ACCOUNT_CASES,
  type Access,
  type AccountCase,
  CALLER_ROLES,
  CHANNEL_ACCESS,
  type OperationId,
  ROUTES,
  type RouteDefinition,
  SOCKET_OPERATIONS,
  type SocketOperationName,
  verdictOf,
} from '@oms/api-contract';
import { describe, expect, it } from 'vitest';
import { type Frame, PLACE, SocketClient } from './support/apiUnderTest.ts';
import { anOrder, aReport } from './support/houseDouble.ts';
import { bearer, OTHER_ORDER, OWN_ORDER, type SignedInApi, signedInApi } from './support/signedIn.ts';

const STRANGER = 'no token';
const WHO = [STRANGER, ...CALLER_ROLES] as const;
const accountOf = (which: AccountCase): string | undefined => ({ own: 'A', other: 'B', none: undefined })[which];
const orderOf = (which: AccountCase): string => (which === 'other' ? OTHER_ORDER : OWN_ORDER);

const place = (which: AccountCase) => ({ ...PLACE, accountId: accountOf(which) });

/** Bodies that are right in every other respect. */
const BODIES: { readonly [Id in OperationId]?: (which: AccountCase) => unknown } = {
  placeOrder: place,
  placeBatch: (which) => ({ orders: [place(which)] }),
  replaceOrder: () => ({ clientOrderId: 'r-1', price: '5' }),
  changeLimits: () => ({ openOrdersMax: 1 }),
  changeTradingState: () => ({ scope: 'FIRM', state: 'HALTED', reason: 'test' }),
  instructVenue: () => ({}),
  setVenueFaults: () => ({ latencyMs: 1 }),
  resolveRequest: () => ({ outcome: 'REJECTED', reason: 'test' }),
};

const PATH_VALUES = { symbol: 'BTC-USD', clientOrderId: 'c-1', action: 'ack', approvalId: 'p-1' };

function requestOf(id: OperationId, route: RouteDefinition, which: AccountCase) {
  const values: Record<string, string> = { ...PATH_VALUES, orderId: orderOf(which), accountId: accountOf(which) ?? '' };
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => values[name]!);
  const asks = 'accountId' in route.query.properties && accountOf(which) !== undefined;
  const body = BODIES[id]?.(which);
  return {
    path: asks ? `${path}?accountId=${accountOf(which)}` : path,
    init: {
      method: route.method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    },
  };
}

/** Of an answer: refused as the table may say, or allowed, whatever came of it. */
const verdictOfStatus = (status: number, code: string | undefined, access: Access): string => {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404 && code === 'UNKNOWN_ORDER' && access !== 'anybody' && access.account === 'order')
    return 'unknown';
  return status === 400 ? 'malformed' : 'allowed';
};

const expectedOf = (access: Access, who: (typeof WHO)[number], which: AccountCase): string | null => {
  if (who !== STRANGER) return verdictOf(access, who, which);
  if (verdictOf(access, 'admin', which) === null) return null;
  return access === 'anybody' ? 'allowed' : 'unauthenticated';
};

/** A house in which everything the cells ask for is there. */
function preparedApi(): SignedInApi {
  const test = signedInApi({ rateLimiter: null });
  test.house.reply = () => ({ order: anOrder() });
  test.house.states = [
    { scope: 'FIRM', id: null, state: 'ACTIVE', reason: '', actor: null, changedAt: '2026-01-05T12:00:00.000Z' },
  ];
  test.readModel.reports = [aReport(1), aReport(2, { orderId: OTHER_ORDER, accountId: 'B' })];
  return test;
}

describe('REST', () => {
  it.each(Object.entries<RouteDefinition>(ROUTES))('%s', async (id, route) => {
    const test = preparedApi();
    const port = await test.listen();
    const expected: Record<string, string> = {};
    const actual: Record<string, string> = {};
    for (const who of WHO) {
      for (const which of ACCOUNT_CASES) {
        const verdict = expectedOf(route.access, who, which);
        if (verdict === null) continue;
        const { path, init } = requestOf(id as OperationId, route, which);
        const headers = { ...init.headers, ...(who === STRANGER ? {} : bearer(test.tokenOf(who))) };
        const before = test.house.submitted.length;
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
        const body = (await answer.json()) as Frame;
        // A batch is answered order by order.
        const { status, code } = body.results?.[0].error ?? { status: answer.status, code: body.code };
        expected[`${who}, ${which}`] = verdict;
        actual[`${who}, ${which}`] = verdictOfStatus(status, code, route.access);
        if (verdict !== 'allowed') expect(test.house.submitted.length, `${who}, ${which}`).toBe(before);
      }
    }
    expect(actual).toEqual(expected);
    expect(test.faults).toEqual([]);
  });
});

const PARAMS: { readonly [Op in SocketOperationName]: (which: AccountCase) => unknown } = {
  'order.place': place,
  'order.replace': (which) => ({ orderId: orderOf(which), clientOrderId: 'r-1', price: '5' }),
  'order.cancel': (which) => ({ orderId: orderOf(which) }),
  'order.cancelAll': (which) => (which === 'none' ? {} : { accountId: accountOf(which) }),
  subscribe: (which) =>
    which === 'none' ? { channels: ['system'] } : { channels: ['orders'], accountId: accountOf(which) },
  unsubscribe: () => ({ channels: ['system'] }),
  ping: () => ({}),
  'session.cancelOnDisconnect': (which) => ({ enabled: true, accountId: accountOf(which) }),
  auth: () => ({ token: 'viewer' }),
};

/** One frame on a connection of its own; a stranger's connection is closed without an answer. */
async function socketVerdict(
  test: SignedInApi,
  port: number,
  who: (typeof WHO)[number],
  frame: object,
  access: Access,
) {
  const headers = who === STRANGER ? {} : bearer(test.tokenOf(who));
  const client = await SocketClient.open(port, { headers });
  client.send({ id: 1, ...frame });
  const answer = await client.find(({ id }) => id === 1).catch(() => null);
  if (answer === null) return client.closeCode === 4401 ? 'unauthenticated' : `closed ${client.closeCode}`;
  client.socket.close();
  return answer.error === undefined ? 'allowed' : verdictOfStatus(answer.error.status, answer.error.code, access);
}

describe('WebSocket', () => {
  const operations = Object.entries<{ readonly access: Access }>(SOCKET_OPERATIONS).filter(([op]) => op !== 'auth');
  it.each(operations)('%s', async (op, { access }) => {
    const test = preparedApi();
    const port = await test.listen();
    for (const who of WHO) {
      for (const which of ACCOUNT_CASES) {
        const verdict = expectedOf(access, who, which);
        if (verdict === null) continue;
        const before = test.house.submitted.length;
        const frame = { op, params: PARAMS[op as SocketOperationName](which) };
        expect(await socketVerdict(test, port, who, frame, access), `${who}, ${which}`).toBe(verdict);
        if (verdict !== 'allowed') expect(test.house.submitted.length, `${who}, ${which}`).toBe(before);
      }
    }
  });

  it.each(Object.entries<Access>(CHANNEL_ACCESS))('channel %s', async (name, access) => {
    const test = preparedApi();
    const port = await test.listen();
    const channel = ['book', 'trades', 'ticker'].includes(name) ? `${name}:BTC-USD` : name;
    for (const who of WHO) {
      for (const which of ACCOUNT_CASES) {
        const verdict = expectedOf(access, who, which);
        if (verdict === null) continue;
        const frame = { op: 'subscribe', params: { channels: [channel], accountId: accountOf(which) } };
        expect(await socketVerdict(test, port, who, frame, access), `${who}, ${which}`).toBe(verdict);
      }
    }
  });
});

describe('what is within reach', () => {
  it('lists show no other account', async () => {
    const test = preparedApi();
    const headers = bearer(test.tokenOf('viewer'));
    const get = async (url: string) => (await test.api.app.inject({ url, headers })).json().items as Frame[];
    test.house.states = [
      ...test.house.states,
      ...['A', 'B'].map((id) => ({ ...test.house.states[0]!, scope: 'ACCOUNT' as const, id })),
    ];
    for (const url of ['/v1/accounts', '/v1/positions', '/v1/balances']) {
      expect(
        (await get(url)).map(({ accountId }) => accountId),
        url,
      ).toEqual(['A']);
    }
    expect((await get('/v1/trading-state')).map(({ scope, id }) => `${scope} ${id}`)).toEqual([
      'FIRM null',
      'ACCOUNT A',
    ]);
    await get('/v1/orders');
    await get('/v1/executions');
    expect(test.readModel.asked.map((query) => (query as Frame).accountIds)).toEqual([['A'], ['A']]);
  });

  it("cancel all of a trader touches nobody else's orders; a risk manager's touches everybody's", async () => {
    const test = preparedApi();
    test.tokens.give({ subject: 'two', roles: ['trader'], accounts: ['A', 'B', 'gone'] });
    for (const token of [test.tokenOf('trader'), 'two', test.tokenOf('risk-manager')]) {
      await test.api.app.inject({ method: 'DELETE', url: '/v1/orders', headers: bearer(token) });
    }
    expect(test.house.submitted.map(({ message }) => (message as Frame).accountId)).toEqual(['A', 'A', 'B', null]);
  });

  it('of several roles each allows only for the accounts it reaches', async () => {
    const test = preparedApi();
    const headers = bearer(test.tokens.give({ subject: 'both', roles: ['trader', 'risk-manager'] }));
    const submit = (accountId: string) =>
      test.api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: { ...PLACE, accountId } });
    expect((await submit('A')).statusCode).toBe(201);
    expect((await submit('B')).statusCode).toBe(403);
    expect((await test.api.app.inject({ url: '/v1/orders?accountId=B', headers })).statusCode).toBe(200);
  });

  it('an order of a batch that is not within reach is refused by itself', async () => {
    const test = preparedApi();
    const payload = { orders: [PLACE, { ...PLACE, accountId: 'B', clientOrderId: 'c-2' }] };
    const headers = bearer(test.tokenOf('trader'));
    const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders/batch', headers, payload });
    expect(answer.json().results.map((each: Frame) => each.error?.code ?? 'placed')).toEqual(['placed', 'FORBIDDEN']);
  });
});
