/** The WebSocket as a client sees it: operations, framing, close codes, heartbeat, cancel on disconnect. */
import { describe, expect, it } from 'vitest';
import { MemoryRateLimiter } from '../src/index.ts';
import { apiUnderTest, PLACE, SocketClient } from './support/apiUnderTest.ts';
import { anOrder, READY } from './support/houseDouble.ts';

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

/** Lets the event loop run until something holds; the test's own time limit is the only one. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('operations', () => {
  it('place: an order is answered with the order, a repeat says so', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    expect(await client.request('order.place', PLACE, 1)).toEqual({ id: 1, result: anOrder() });
    test.house.reply = () => ({ outcome: 'REPEATED', order: anOrder() });
    expect(await client.request('order.place', PLACE, 2)).toEqual({ id: 2, result: anOrder(), replayed: true });
    expect(test.house.submitted).toHaveLength(2);
  });

  it('place: refusals carry the code, the members and the stored order', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    const malformed = await client.request('order.place', { ...PLACE, price: '1e5' });
    expect(malformed.error).toMatchObject({ code: 'VALIDATION_FAILED', status: 400, errors: [{ path: 'price' }] });
    const order = anOrder({
      status: 'REJECTED',
      reason: { source: 'RISK', code: 'REDUCING_ONLY', message: 'no', details: {} },
    });
    test.house.reply = () => ({ outcome: 'REFUSED', reason: order.reason, order });
    const refused = await client.request('order.place', PLACE);
    expect(refused.error).toEqual({ code: 'REDUCING_ONLY', status: 422, message: 'no', errors: [], order });
    test.house.occupancy = 1;
    expect((await client.request('order.place', PLACE)).error).toMatchObject({
      code: 'OVERLOADED',
      retryAfterMs: 1000,
    });
  });

  it('place: an array is answered with an array in its order, whatever order they are decided in', async () => {
    const test = apiUnderTest();
    test.house.reply = (message) =>
      message.type === 'PlaceOrder' ? { order: anOrder({ clientOrderId: message.clientOrderId }) } : null;
    const client = await SocketClient.open(await test.listen());
    const { result } = await client.request('order.place', [
      { ...PLACE, clientOrderId: 'x' },
      { ...PLACE, side: 'UP' },
      { ...PLACE, clientOrderId: 'z' },
    ]);
    expect(result[0].order.clientOrderId).toBe('x');
    expect(result[1].error.code).toBe('VALIDATION_FAILED');
    expect(result[2].order.clientOrderId).toBe('z');
    expect((await client.request('order.place', [])).error.code).toBe('VALIDATION_FAILED');
  });

  it('answers come as they are decided, matched by id', async () => {
    const test = apiUnderTest();
    test.house.reply = (message) =>
      message.type === 'PlaceOrder' && message.clientOrderId === 'slow' ? null : { order: anOrder() };
    const client = await SocketClient.open(await test.listen());
    client.send({ id: 'first', op: 'order.place', params: { ...PLACE, clientOrderId: 'slow' } });
    await client.request('order.place', PLACE, 'second');
    expect(client.frames.map(({ id }) => id)).toEqual(['second']);
    test.time.advance(3_000);
    expect((await client.find(({ id }) => id === 'first')).error.code).toBe('OUTCOME_UNKNOWN');
  });

  it('replace, cancel, cancelAll, ping and auth', async () => {
    const test = apiUnderTest();
    test.house.reply = () => ({ order: anOrder(), count: 3 });
    const client = await SocketClient.open(await test.listen());
    const replace = await client.request('order.replace', { orderId: 'o-0-1', clientOrderId: 'r', price: '5' });
    expect(replace.result.orderId).toBe('o-0-1');
    expect((await client.request('order.cancel', { orderId: 'o-0-1' })).result.orderId).toBe('o-0-1');
    expect((await client.request('order.cancel', { orderId: 'o-9-1' })).error.code).toBe('UNKNOWN_ORDER');
    expect((await client.request('order.cancelAll', { accountId: 'A' })).result).toEqual({ count: 3 });
    expect((await client.request('order.cancelAll', { accountId: 'nobody' })).error.code).toBe('UNKNOWN_ACCOUNT');
    expect((await client.request('ping')).result).toEqual({ time: '2026-01-05T12:00:00.000Z' });
    expect((await client.request('auth', { token: 'any' })).result).toEqual({ actor: null, expiresAt: null });
    expect(test.house.submitted.map(({ message, urgency }) => [message.type, urgency])).toEqual([
      ['ReplaceOrder', 'ordinary'],
      ['CancelOrder', 'urgent'],
      ['CancelMatching', 'urgent'],
    ]);
  });

  it('are refused while the house is not ready, but for pings', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    test.status = { ...READY, ready: false };
    test.time.advance(1_000);
    expect((await client.request('order.place', PLACE)).error.code).toBe('NOT_READY');
    expect((await client.request('ping')).result).toBeDefined();
  });

  it('are counted against the rate limit, cancels apart', async () => {
    const rate = { quota: 2, windowSeconds: 10 };
    const limiter = new MemoryRateLimiter({ now: () => 0 }, { requests: rate, cancels: rate });
    const test = apiUnderTest({ rateLimiter: limiter });
    const client = await SocketClient.open(await test.listen());
    expect((await client.request('order.place', [PLACE, PLACE])).error).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 5000,
    });
    expect((await client.request('order.place', PLACE)).result).toBeDefined();
    expect((await client.request('order.place', PLACE)).error.code).toBe('RATE_LIMITED');
    expect((await client.request('order.cancel', { orderId: 'o-0-1' })).result).toBeDefined();
  });
});

describe('a full house', () => {
  const stop = { ...PLACE, type: 'STOP_LIMIT', stopPrice: '90' };

  it.each([
    ['a plain order', PLACE],
    ['an unusual order', stop],
  ])('lets the connection of %s rest until there is room, and no other', async (_name, order) => {
    const test = apiUnderTest();
    const port = await test.listen();
    const flooding = await SocketClient.open(port);
    const other = await SocketClient.open(port);
    test.house.occupancy = 1;
    const refused = await flooding.request('order.place', order, 1);
    expect(refused.error).toMatchObject({ code: 'OVERLOADED', status: 503, retryAfterMs: 1000 });
    flooding.send({ id: 2, op: 'order.place', params: PLACE });
    test.time.advance(5);
    expect((await other.request('order.cancel', { orderId: 'o-0-1' })).result).toBeDefined();
    await turns(50);
    expect(flooding.frames.map(({ id }) => id)).toEqual([1]);
    test.house.occupancy = 0.5;
    test.time.advance(5);
    expect((await flooding.find(({ id }) => id === 2)).result).toBeDefined();
  });

  it('keeps no connection from its cancels for longer than 50 ms', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    test.house.occupancy = 1;
    await client.request('order.place', PLACE);
    client.send({ id: 'cancel', op: 'order.cancel', params: { orderId: 'o-0-1' } });
    test.time.advance(50);
    expect((await client.find(({ id }) => id === 'cancel')).result).toBeDefined();
  });

  it('says goodbye also to a connection that rests', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    test.house.occupancy = 1;
    await client.request('order.place', PLACE);
    const closing = test.api.close();
    expect(await client.closed()).toBe(1001);
    await closing;
  });
});

describe('framing', () => {
  it.each([
    ['no JSON', 'hello', null, 'MALFORMED_JSON'],
    ['a repeated member', '{"id":1,"id":2,"op":"ping"}', null, 'MALFORMED_JSON'],
    ['depth', `{"id":1,"op":"ping","params":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, null, 'MALFORMED_JSON'],
    ['an array', '[]', null, 'VALIDATION_FAILED'],
    ['no id', '{"op":"ping"}', null, 'VALIDATION_FAILED'],
    ['an id that is no id', '{"id":{},"op":"ping"}', null, 'VALIDATION_FAILED'],
    ['a long id', `{"id":"${'x'.repeat(65)}","op":"ping"}`, null, 'VALIDATION_FAILED'],
    ['no op', '{"id":7}', 7, 'VALIDATION_FAILED'],
    ['an unknown member', '{"id":7,"op":"ping","extra":1}', 7, 'VALIDATION_FAILED'],
    ['an unknown op', '{"id":7,"op":"order.sing"}', 7, 'UNKNOWN_OPERATION'],
    ['an inherited op', '{"id":7,"op":"constructor"}', 7, 'UNKNOWN_OPERATION'],
    ['__proto__', '{"id":7,"op":"order.place","params":{"__proto__":{}}}', 7, 'VALIDATION_FAILED'],
    ['no params', '{"id":7,"op":"subscribe"}', 7, 'VALIDATION_FAILED'],
  ])('%s is answered and the connection kept', async (_name, text, id, code) => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    client.send(text);
    const answer = await client.find((frame) => frame.error !== undefined);
    expect([answer.id, answer.error.code]).toEqual([id, code]);
    expect((await client.request('ping')).result).toBeDefined();
    expect(test.faults).toEqual([]);
  });

  it.each([
    ['binary', Buffer.from('{}'), 1003],
    ['oversized', `"${'x'.repeat(1024 * 1024)}"`, 1009],
  ])('a %s frame closes with %s', async (_name, frame, code) => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    client.socket.send(frame, { binary: Buffer.isBuffer(frame) });
    expect(await client.closed()).toBe(code);
  });

  it('invalid UTF-8 closes with 1007', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await client.closed()).toBe(1007);
    expect(test.faults).toEqual([]);
  });

  it.each([
    ['https://evil.example', 403],
    ['http://dashboard.test', 101],
    ['null', 403],
    ['http://127.0.0.1:PORT', 101],
  ])('an upgrade from origin %s answers %s', async (origin, status) => {
    const test = apiUnderTest({ allowedOrigins: ['http://dashboard.test'] });
    const port = await test.listen();
    const opening = SocketClient.open(port, { origin: origin.replace('PORT', String(port)) });
    if (status === 101) await opening;
    else await expect(opening).rejects.toThrow('403');
  });
});

describe('lost and clean ends', () => {
  const end = async (how: (client: SocketClient) => void, enabled = true) => {
    const test = apiUnderTest();
    test.house.reply = () => ({ count: 1 });
    const client = await SocketClient.open(await test.listen());
    const params = { enabled: true, accountId: 'A' };
    expect((await client.request('session.cancelOnDisconnect', params)).result).toEqual(params);
    if (!enabled) await client.request('session.cancelOnDisconnect', { ...params, enabled });
    how(client);
    await client.closed();
    return test;
  };

  it('a lost connection cancels, urgently, by the ordinary life cycle', async () => {
    const test = await end((client) => client.socket.terminate());
    await until(() => test.house.submitted.length > 0);
    expect(test.house.submitted).toEqual([
      {
        urgency: 'urgent',
        partition: 0,
        message: { type: 'CancelMatching', accountId: 'A', symbol: null, side: null, origin: 'DISCONNECT', replyTo: 0 },
      },
    ]);
  });

  it.each([
    ['a close with 1000', (client: SocketClient) => client.socket.close(1000), true],
    ['a close with 1001', (client: SocketClient) => client.socket.close(1001), true],
    ['a close without a code', (client: SocketClient) => client.socket.close(), true],
    ['a loss after switching it off', (client: SocketClient) => client.socket.terminate(), false],
  ])('%s cancels nothing', async (_name, how, enabled) => {
    const test = await end(how, enabled);
    await turns(50);
    expect(test.house.submitted).toEqual([]);
  });

  it('an error close cancels', async () => {
    const test = await end((client) => client.socket.close(4000));
    await until(() => test.house.submitted.length > 0);
  });

  it('a client that answers no ping is lost; one that does stays', async () => {
    const test = apiUnderTest();
    const port = await test.listen();
    const silent = await SocketClient.open(port, { autoPong: false });
    const living = await SocketClient.open(port);
    await silent.request('session.cancelOnDisconnect', { enabled: true, accountId: 'B' });
    let pinged = 0;
    living.socket.on('ping', () => pinged++);
    test.time.advance(15_000);
    await until(() => pinged === 1);
    await living.request('ping');
    test.time.advance(15_000);
    expect(await silent.closed()).toBe(1006);
    await until(() => test.house.submitted.length > 0);
    expect((await living.request('ping')).result).toBeDefined();
  });

  it('the server says 1001 when it stops, and cancels nothing', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    await client.request('session.cancelOnDisconnect', { enabled: true, accountId: 'A' });
    const closing = test.api.close();
    expect(await client.closed()).toBe(1001);
    await closing;
    expect(test.house.submitted).toEqual([]);
  });

  it('an unknown account cannot ask for it', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    const answer = await client.request('session.cancelOnDisconnect', { enabled: true, accountId: 'nobody' });
    expect(answer.error.code).toBe('UNKNOWN_ACCOUNT');
  });
});
