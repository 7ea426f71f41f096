/** What all answers share: request ids, problems, rate limits, readiness; and the documents and metrics served. */
import { describe, expect, it } from 'vitest';
import { MemoryRateLimiter } from '../src/index.ts';
import { type ApiUnderTest, apiUnderTest, PLACE } from './support/apiUnderTest.ts';
import { READY } from './support/houseDouble.ts';

const place = (test: ApiUnderTest, body: unknown = PLACE) =>
  test.api.app.inject({ method: 'POST', url: '/v1/orders', payload: body as object });

describe('every answer', () => {
  it('echoes a harmless request id and makes one otherwise', async () => {
    const { api } = apiUnderTest();
    const ask = async (id: string) =>
      (await api.app.inject({ url: '/nowhere', headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await ask('my-request:1')).toBe('my-request:1');
    expect(await ask('bad id"\\')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ask('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['GET', '/nowhere', 404, 'NOT_FOUND'],
    ['PUT', '/v1/orders', 405, 'METHOD_NOT_ALLOWED'],
    ['POST', '/v1/orders/o-0-1', 405, 'METHOD_NOT_ALLOWED'],
    ['OPTIONS', '/v1/orders', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/v1/ws', 426, 'UPGRADE_REQUIRED'],
    ['GET', '/%', 400, 'MALFORMED_REQUEST'],
  ] as const)('%s %s is a problem with status %i', async (method, url, status, code) => {
    const answer = await apiUnderTest().api.app.inject({ method, url });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code, requestId: answer.headers['x-request-id'] });
    if (status === 405) expect(answer.headers.allow).toMatch(/[A-Z]+/);
  });

  it('says what is left of the rate limit, refuses with 429 beyond it, and still lets cancels pass', async () => {
    const rates = { requests: { quota: 2, windowSeconds: 10 }, cancels: { quota: 2, windowSeconds: 10 } };
    const test: ApiUnderTest = apiUnderTest({
      rateLimiter: new MemoryRateLimiter({ now: () => test.time.now() }, rates),
    });
    const first = await test.api.app.inject('/v1/accounts');
    expect(first.headers['ratelimit-policy']).toBe('"requests";q=2;w=10, "cancels";q=2;w=10');
    expect(first.headers.ratelimit).toBe('"requests";r=1;t=5');
    await test.api.app.inject('/nowhere');
    const refused = await place(test);
    expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([
      429,
      'RATE_LIMITED',
      '5',
    ]);
    expect(test.house.submitted).toEqual([]);
    expect((await test.api.app.inject({ method: 'DELETE', url: '/v1/orders/o-0-1' })).statusCode).toBe(202);
    expect((await test.api.app.inject('/healthz')).statusCode).toBe(200);
    test.time.advance(5_000);
    expect((await place(test)).statusCode).toBe(201);
  });

  it('turns everything but probes away until the house is ready', async () => {
    const test = apiUnderTest();
    test.status = { ...READY, ready: false };
    expect((await test.api.app.inject('/v1/accounts')).json().code).toBe('NOT_READY');
    expect((await test.api.app.inject('/readyz')).statusCode).toBe(503);
    expect((await test.api.app.inject('/healthz')).statusCode).toBe(200);
    test.status = READY;
    expect((await test.api.app.inject('/v1/accounts')).statusCode).toBe(200);
    expect((await test.api.app.inject('/readyz')).statusCode).toBe(200);
  });
});

describe('documents', () => {
  it('the routes served under /v1 are the routes documented, besides the WebSocket', async () => {
    const { api } = apiUnderTest();
    const served: string[] = [];
    api.app.addHook('onRoute', ({ method, url }) => {
      if (url.startsWith('/v1/') && method !== 'HEAD') served.push(`${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    });
    const { paths } = (await api.app.inject('/openapi.json')).json();
    const documented = Object.entries<object>(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(served.sort()).toEqual([...documented.filter((route) => route.includes(' /v1/')), 'GET /v1/ws'].sort());
  });

  it.each([
    ['/', 'text/html', 'crypto-oms'],
    ['/docs/errors', 'text/html', 'INSUFFICIENT_BALANCE'],
    ['/docs/api', 'text/html', 'Swagger UI'],
    ['/openapi.json', 'application/json', '"openapi":"3.1.0"'],
    ['/asyncapi.json', 'application/json', '"asyncapi":"3.0.0"'],
    ['/metrics', 'text/plain', 'oms_queue_depth 3'],
  ])('serves %s', async (url, type, text) => {
    const answer = await apiUnderTest().api.app.inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.body).toContain(text);
  });

  it('counts requests and outcomes', async () => {
    const test = apiUnderTest();
    await place(test);
    await place(test, {});
    const { body } = await test.api.app.inject('/metrics');
    expect(body).toContain('oms_http_requests_total{operation="placeOrder",status="201"} 1');
    expect(body).toContain('oms_order_outcomes_total{outcome="NEW"} 1');
    expect(body).toContain('oms_order_outcomes_total{outcome="VALIDATION_FAILED"} 1');
    expect(body).toMatch(/oms_event_loop_delay_seconds\{quantile="0.99"\} [0-9.e-]+/);
  });
});
