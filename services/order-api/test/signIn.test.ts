/** Sign-in as callers meet it: tokens over HTTP and WebSocket, renewal and expiry, limits per subject and address. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MemoryRateLimiter } from '../src/index.ts';
import { PLACE, SocketClient } from './support/apiUnderTest.ts';
import { bearer, type SignedInApi, signedInApi } from './support/signedIn.ts';

const turns = async (count = 20): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('a bearer token over HTTP', () => {
  it.each([
    ['none', undefined, 'Bearer realm="crypto-oms"'],
    ['an unknown one', 'Bearer nobody', 'Bearer realm="crypto-oms", error="invalid_token"'],
    ['an expired one', 'Bearer late', 'Bearer realm="crypto-oms", error="invalid_token"'],
    ['another scheme', 'Basic dHJhZGVyOng=', 'Bearer realm="crypto-oms", error="invalid_token"'],
    ['a word too many', 'Bearer trader trader', 'Bearer realm="crypto-oms", error="invalid_token"'],
    ['nothing after the scheme', 'Bearer ', 'Bearer realm="crypto-oms", error="invalid_token"'],
  ])('%s is refused with 401 and a challenge', async (_name, authorization, challenge) => {
    const test = signedInApi();
    test.tokenOf('trader');
    test.tokens.give({ roles: ['trader'], expiresAt: test.time.now() }, 'late');
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: PLACE });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    expect(answer.headers['www-authenticate']).toBe(challenge);
    expect(test.house.submitted).toEqual([]);
  });

  it('is not looked for in the address, and a role that does not suffice is told so', async () => {
    const test = signedInApi();
    expect((await test.api.app.inject('/v1/accounts?access_token=viewer')).statusCode).toBe(401);
    const headers = bearer(test.tokenOf('viewer'));
    const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: PLACE });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'FORBIDDEN']);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="crypto-oms", error="insufficient_scope"');
  });

  it.each(['at once', 'later'])('that the verifier answers %s lets in', async (when) => {
    const test = signedInApi();
    test.tokens.slow = when === 'later';
    const headers = bearer(test.tokenOf('trader'));
    const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: PLACE });
    expect(answer.statusCode).toBe(201);
  });

  it('is asked for before the body is read', async () => {
    const test = signedInApi();
    const port = await test.listen();
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': 1_000_000 };
      const sent = request({ port, method: 'POST', path: '/v1/orders', headers }, (answer) => {
        resolve([answer.statusCode, answer.headers.connection]);
        sent.destroy();
      });
      sent.on('error', reject);
      // The body never comes.
      sent.flushHeaders();
    });
    expect(status).toEqual([401, 'close']);
  });

  it('unknown paths and methods of the API tell strangers nothing', async () => {
    const test = signedInApi();
    const headers = bearer(test.tokenOf('viewer'));
    const ask = async (method: 'GET' | 'PUT', url: string, known: boolean) =>
      (await test.api.app.inject({ method, url, headers: known ? headers : {} })).statusCode;
    expect(await ask('GET', '/v1/nothing', false)).toBe(401);
    expect(await ask('PUT', '/v1/orders', false)).toBe(401);
    expect(await ask('GET', '/v1', false)).toBe(401);
    expect(await ask('GET', '/v1/nothing', true)).toBe(404);
    expect(await ask('PUT', '/v1/orders', true)).toBe(405);
    expect(await ask('GET', '/nothing', false)).toBe(404);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/', '/openapi.json', '/asyncapi.json', '/docs/errors', '/docs/api'])(
    '%s needs none',
    async (url) => {
      expect((await signedInApi().api.app.inject(url)).statusCode).toBe(200);
    },
  );

  it('a route of the API that does not say who may call it does not start', () => {
    const { api } = signedInApi();
    expect(() => api.app.get('/v1/forgotten', () => 'secret')).toThrow('does not declare who may call it');
  });
});

describe('sign-in on a WebSocket', () => {
  const opened = async (test: SignedInApi, headers: Record<string, string> = {}) =>
    SocketClient.open(await test.listen(), { headers });

  it('by the upgrade request; a bad token opens none', async () => {
    const test = signedInApi();
    const client = await opened(test, bearer(test.tokenOf('trader')));
    expect((await client.request('order.place', PLACE)).result.orderId).toBe('o-0-1');
    const refused = new SocketClient((test.api.app.server.address() as { port: number }).port, {
      headers: bearer('nobody'),
    });
    const status = await new Promise((resolve) => {
      refused.socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode));
    });
    expect(status).toBe(401);
  });

  it.each([false, true])('by a first message; what follows at once waits for it (slow verifier: %s)', async (slow) => {
    const test = signedInApi();
    test.tokens.slow = slow;
    const client = await opened(test);
    const token = test.tokens.give({ roles: ['trader'], expiresAt: Date.UTC(2030, 0, 1) });
    client.send({ id: 'a', op: 'auth', params: { token } });
    client.send({ id: 'b', op: 'order.place', params: PLACE });
    expect((await client.find(({ id }) => id === 'b')).result.orderId).toBe('o-0-1');
    expect(client.frames[0]).toEqual({ id: 'a', result: { actor: 'trader', expiresAt: '2030-01-01T00:00:00.000Z' } });
  });

  it.each([
    ['another operation', { id: 1, op: 'ping' }, 0],
    ['an order', { id: 1, op: 'order.place', params: PLACE }, 0],
    ['no JSON', 'hello', 0],
    ['a bad token', { id: 1, op: 'auth', params: { token: 'nobody' } }, 1],
    ['no token', { id: 1, op: 'auth', params: {} }, 1],
    ['a token beyond all measure', { id: 1, op: 'auth', params: { token: 'x'.repeat(100_000) } }, 0],
  ])('%s first closes the connection', async (_name, frame, answers) => {
    const test = signedInApi();
    const client = await opened(test);
    client.send(frame);
    expect(await client.closed()).toBe(4401);
    expect(client.frames).toHaveLength(answers);
    expect(test.house.submitted).toEqual([]);
  });

  it('has to be done in time', async () => {
    const test = signedInApi();
    const client = await opened(test);
    test.time.advance(5_000);
    expect(await client.closed()).toBe(4401);
  });

  it('ends with the token, unless it is renewed before', async () => {
    const test = signedInApi();
    const until = (ms: number) => test.time.now() + ms;
    const client = await opened(
      test,
      bearer(test.tokens.give({ subject: 't', roles: ['trader'], expiresAt: until(60_000) })),
    );
    await client.request('ping');
    test.tokens.give({ subject: 't', roles: ['trader'], expiresAt: until(120_000) }, 'newer');
    expect((await client.request('auth', { token: 'newer' }, 'renewal')).result.actor).toBe('t');
    const pass = async (seconds: number) => {
      for (let second = 0; second < seconds && client.closeCode === null; second++) {
        test.time.advance(1_000);
        await client.request('ping', undefined, `${test.time.now()}`).catch(() => null);
      }
    };
    await pass(61);
    expect(client.closeCode).toBe(null);
    await pass(61);
    expect(await client.closed()).toBe(4401);
  });

  it('ends when the token is revoked', async () => {
    const test = signedInApi();
    const client = await opened(test, bearer(test.tokenOf('viewer')));
    await client.request('ping');
    test.tokens.revoked.add('id-of-viewer');
    test.time.advance(1_000);
    expect(await client.closed()).toBe(4401);
  });

  it('renewal is for the same subject, and takes away what the new token does not say', async () => {
    const test = signedInApi();
    const client = await opened(
      test,
      bearer(test.tokens.give({ subject: 't', roles: ['trader'], accounts: ['A', 'B'] })),
    );
    await client.request('session.cancelOnDisconnect', { enabled: true, accountId: 'B' });
    await client.request('subscribe', { channels: ['orders'], accountId: 'B' });
    await client.request('subscribe', { channels: ['orders'], accountId: 'A' });
    test.tokens.give({ subject: 'else', roles: ['admin'] });
    expect((await client.request('auth', { token: 'else' })).error.code).toBe('FORBIDDEN');
    test.tokens.give({ subject: 't', roles: ['trader'], accounts: ['A'] }, 'less');
    await client.request('auth', { token: 'less' }, 'less');
    const placed = await client.request('order.place', { ...PLACE, accountId: 'B' });
    expect(placed.error.code).toBe('FORBIDDEN');
    const order = test.house.orders[0]!;
    const report = { sequence: 1 } as never;
    expect(test.api.streams.listens('B')).toBe(true);
    test.api.streams.reported('B', 1, report, order);
    test.api.streams.reported('A', 1, report, order);
    await client.find((frame) => frame.channel === 'orders');
    expect(client.frames.filter((frame) => frame.channel === 'orders')).toHaveLength(1);
    client.socket.terminate();
    await turns();
    expect(test.house.submitted).toEqual([]);
  });

  it('a page of another origin may not even try', async () => {
    const test = signedInApi();
    const port = await test.listen();
    const headers = { ...bearer(test.tokenOf('trader')), origin: 'https://evil.example' };
    const client = new SocketClient(port, { headers });
    const status = await new Promise((resolve) => {
      client.socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode));
    });
    expect(status).toBe(403);
  });
});

describe('limits of one subject', () => {
  const rates = { requests: { quota: 4, windowSeconds: 10 }, cancels: { quota: 4, windowSeconds: 10 } };
  const limited = () => {
    const test: SignedInApi = signedInApi({
      rateLimiter: new MemoryRateLimiter({ now: () => test.time.now() }, rates),
    });
    return test;
  };
  const proxied = (address: string) => ({ remoteAddress: address });

  it('hold from whatever address, and cancels have a bucket of their own', async () => {
    const test = limited();
    const headers = bearer(test.tokenOf('trader'));
    const get = async (i: number) =>
      (await test.api.app.inject({ url: '/v1/accounts', headers, ...proxied(`10.0.0.${i}`) })).statusCode;
    expect([await get(1), await get(2), await get(3), await get(4), await get(5)]).toEqual([200, 200, 200, 200, 429]);
    const cancel = { method: 'DELETE', url: '/v1/orders/o-0-1', headers, ...proxied('10.0.0.6') } as const;
    expect((await test.api.app.inject(cancel)).statusCode).toBe(202);
  });

  it('hold over any number of connections', async () => {
    const test = limited();
    const port = await test.listen();
    const headers = bearer(test.tokenOf('trader'));
    const codes: (string | undefined)[] = [];
    // Opening one is a request, too.
    for (let i = 0; i < 2; i++) {
      const client = await SocketClient.open(port, { headers });
      for (let k = 0; k < 2; k++) {
        const answer = await client.request('order.place', { ...PLACE, clientOrderId: `c-${i}-${k}` }, `${i}-${k}`);
        codes.push(answer.error?.code);
      }
    }
    expect(codes).toEqual(
      [undefined, undefined, undefined, 'RATE_LIMITED'].slice(0, codes.length).map((_, i) => codes[i]),
    );
    expect(codes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThan(0);
  });

  it('of an account hold whoever sends the orders', async () => {
    const test = limited();
    const codes: number[] = [];
    for (let i = 0; i < 5; i++) {
      const headers = bearer(test.tokens.give({ subject: `t${i}`, roles: ['trader'] }));
      const request = {
        method: 'POST',
        url: '/v1/orders',
        headers,
        payload: PLACE,
        ...proxied(`10.0.1.${i}`),
      } as const;
      codes.push((await test.api.app.inject(request)).statusCode);
    }
    expect(codes).toEqual([201, 201, 201, 201, 429]);
  });

  it('X-Forwarded-For is believed from trusted proxies only', async () => {
    const spent = async (trustedProxies: readonly string[]) => {
      const test: SignedInApi = signedInApi({
        rateLimiter: new MemoryRateLimiter({ now: () => test.time.now() }, rates),
        trustedProxies,
      });
      let last = 0;
      for (let i = 0; i < 6; i++) {
        const headers = { 'x-forwarded-for': `203.0.113.${i}` };
        last = (await test.api.app.inject({ url: '/nothing', headers, ...proxied('10.1.1.1') })).statusCode;
      }
      return last;
    };
    expect(await spent([])).toBe(429);
    expect(await spent(['192.168.0.0/16'])).toBe(429);
    expect(await spent(['10.1.0.0/16'])).toBe(404);
  });

  it('a refused token costs its address ten requests', async () => {
    const test: SignedInApi = signedInApi({
      rateLimiter: new MemoryRateLimiter(
        { now: () => test.time.now() },
        { requests: { quota: 22, windowSeconds: 10 }, cancels: rates.cancels },
      ),
    });
    const guess = async () => (await test.api.app.inject({ url: '/v1/accounts', headers: bearer('guess') })).statusCode;
    expect([await guess(), await guess(), await guess()]).toEqual([401, 401, 429]);
  });

  it('an IPv6 network is one address', async () => {
    const test = limited();
    const codes: number[] = [];
    for (let i = 1; i <= 5; i++) {
      codes.push((await test.api.app.inject({ url: '/nothing', ...proxied(`2001:db8:1:2::${i}`) })).statusCode);
    }
    expect(codes).toEqual([404, 404, 404, 404, 429]);
    expect((await test.api.app.inject({ url: '/nothing', ...proxied('2001:db8:1:3::1') })).statusCode).toBe(404);
  });

  it('connections are capped per subject and per address, subscriptions per subject', async () => {
    const bounds = { subjectConnectionsMax: 2, addressConnectionsMax: 3, subjectSubscriptionsMax: 3 };
    const test = signedInApi({ bounds });
    const port = await test.listen();
    const open = (subject: string) =>
      SocketClient.open(port, { headers: bearer(test.tokens.give({ subject, roles: ['viewer'] })) });
    const first = await open('one');
    const second = await open('one');
    const refused = await open('one');
    expect(await refused.closed()).toBe(4429);
    const other = await open('two');
    await other.request('ping');
    expect(await (await open('three')).closed()).toBe(4429);
    await first.request('subscribe', { channels: ['system', 'book:BTC-USD'] });
    const channels = ['system', 'ticker:BTC-USD'];
    expect((await second.request('subscribe', { channels })).error.code).toBe('TOO_MANY_SUBSCRIPTIONS');
    expect((await other.request('subscribe', { channels })).result.channels).toHaveLength(2);
    first.socket.close();
    await first.closed();
    await turns();
    const again = await open('one');
    expect((await again.request('ping')).result.time).toBeDefined();
  });
});

describe('a slow request', () => {
  it('is cut, headers and body alike', async () => {
    const test = signedInApi({ bounds: { requestTimeoutMs: 200 } });
    const port = await test.listen();
    const slowly = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        let answer = '';
        socket.on('data', (data) => {
          answer += String(data);
        });
        socket.on('close', () => resolve(answer));
      });
    expect(await slowly('GET / HTTP/1.1\r\nHost: a\r\nX-')).toContain('408');
    const token = test.tokenOf('trader');
    const head = `POST /v1/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
    expect(await slowly(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`)).toContain('408');
  });
});
