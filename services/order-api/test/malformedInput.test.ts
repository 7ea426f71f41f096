/** Nothing malformed is ever a 5xx, an acceptance, or the end of the server: bodies by table, raw bytes over TCP. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiUnderTest, PLACE } from './support/apiUnderTest.ts';

const withPrice = (json: string): string => JSON.stringify(PLACE).replace('"100"', json);
const json = { 'content-type': 'application/json' };

const BODIES: readonly (readonly [name: string, body: string | Buffer, status: number])[] = [
  ['nothing', '', 400],
  ['null', 'null', 400],
  ['a number', '1', 400],
  ['a string', '"order"', 400],
  ['an array', '[]', 400],
  ['no JSON', 'price=1', 400],
  ['NaN', withPrice('NaN'), 400],
  ['"NaN"', withPrice('"NaN"'), 400],
  ['a number where a decimal string belongs', withPrice('100'), 400],
  ['1e309', withPrice('1e309'), 400],
  ['"1e5"', withPrice('"1e5"'), 400],
  ['"-0"', withPrice('"-0"'), 400],
  ['"0"', withPrice('"0"'), 400],
  ['"-1"', withPrice('"-1"'), 400],
  ['"+1"', withPrice('"+1"'), 400],
  ['"01"', withPrice('"01"'), 400],
  ['" 1"', withPrice('" 1"'), 400],
  ['"1."', withPrice('"1."'), 400],
  ['".5"', withPrice('".5"'), 400],
  ['"0x10"', withPrice('"0x10"'), 400],
  ['"١"', withPrice('"١"'), 400],
  ['nine decimals', withPrice('"1.123456789"'), 400],
  ['2^53+1 as a number', withPrice('9007199254740993'), 400],
  ['beyond the range', withPrice('"92233720368.54775808"'), 400],
  ['a hundred digits', withPrice(`"${'9'.repeat(100)}"`), 400],
  ['a million digits', withPrice(`"${'9'.repeat(1_000_000)}"`), 400],
  ['__proto__', '{"__proto__":{"admin":true}}', 400],
  ['constructor', JSON.stringify({ ...PLACE, constructor: { prototype: {} } }), 400],
  ['a repeated member', withPrice('"100","price":"1"'), 400],
  ['an unknown member', JSON.stringify({ ...PLACE, colour: 'red' }), 400],
  ['ten thousand unknown members', `{${Array.from({ length: 10_000 }, (_, i) => `"m${i}":1`).join()}}`, 400],
  ['depth 10,000', '['.repeat(10_000) + ']'.repeat(10_000), 400],
  ['depth 10,000 in a member', withPrice(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), 400],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
  ['UTF-16', Buffer.from(JSON.stringify(PLACE), 'utf16le'), 400],
  ['a NUL in an id', JSON.stringify({ ...PLACE, clientOrderId: 'a\u0000b' }), 400],
  ['an id of 65 characters', JSON.stringify({ ...PLACE, clientOrderId: 'x'.repeat(65) }), 400],
  ['an empty id', JSON.stringify({ ...PLACE, clientOrderId: '' }), 400],
  ['eleven tags', JSON.stringify({ ...PLACE, tags: Array(11).fill('t') }), 400],
  ['2 MB', `{"a":"${'x'.repeat(2_000_000)}"}`, 413],
  ['10 MB', `{"a":"${'x'.repeat(10_000_000)}"}`, 413],
];

describe('malformed bodies', () => {
  it.each(BODIES)('%s', async (_name, payload, status) => {
    const test = apiUnderTest();
    const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders', payload, headers: json });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json().requestId).toBe(answer.headers['x-request-id']);
    expect(answer.body.length).toBeLessThan(5_000);
    expect(test.house.submitted).toEqual([]);
    expect(test.faults).toEqual([]);
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/jsonp'])(
    'as %s',
    async (type) => {
      const test = apiUnderTest();
      const headers = { 'content-type': type };
      const answer = await test.api.app.inject({
        method: 'POST',
        url: '/v1/orders',
        payload: JSON.stringify(PLACE),
        headers,
      });
      expect([answer.statusCode, answer.json().code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  it('any JSON at all is 4xx unless it is an order', async () => {
    const test = apiUnderTest();
    const routes = [
      ['POST', '/v1/orders'],
      ['POST', '/v1/orders/batch'],
      ['PATCH', '/v1/orders/o-0-1'],
      ['PUT', '/v1/trading-state'],
    ] as const;
    const member = fc.constantFrom(...Object.keys(PLACE), 'orders', 'scope', 'state', 'reason', 'tags', 'expireTime');
    const body = fc.oneof(fc.jsonValue(), fc.dictionary(member, fc.jsonValue({ maxDepth: 1 })));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), body, async ([method, url], value) => {
        const payload = JSON.stringify(value);
        const answer = await test.api.app.inject({ method, url, payload, headers: json });
        if (answer.statusCode === 200) {
          // A batch is answered as a whole; none of its members was an order.
          expect(answer.json().results.every((result: object) => 'error' in result)).toBe(true);
        } else expect(answer.statusCode).toBe(400);
      }),
    );
    expect(test.house.submitted).toEqual([]);
  });
});

/** Sends bytes and reads until the server closes or has answered. */
const talk = (port: number, bytes: string | Buffer): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => {
      answer += data;
      socket.end();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => {});
  });

describe('malformed HTTP', () => {
  it.each([
    ['garbage', 'ABCDEF\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['binary', Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10]), 400, 'MALFORMED_REQUEST'],
    ['a header without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [
      'two lengths',
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'length and chunks',
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a bad chunk',
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    ['no host', 'GET /v1/accounts HTTP/1.1\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
    ['a method that is not ours', 'QUERY /v1/accounts HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
    [
      'an unknown path, before its body is read',
      'POST /v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n',
      404,
      'NOT_FOUND',
    ],
    [
      'an unknown expectation',
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nExpect: rain\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
      400,
      'VALIDATION_FAILED',
    ],
    [
      'a WebSocket without a key',
      'GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a WebSocket of another version',
      'GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'another protocol where the WebSocket is',
      'GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      426,
      'UPGRADE_REQUIRED',
    ],
    ['a path that is no path', 'GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a long path', `GET /v1/orders/${'x'.repeat(5_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
  ] as const)('%s', async (_name, bytes, status, code) => {
    const test = apiUnderTest();
    const port = await test.listen();
    const answer = await talk(port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
    expect(await talk(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('200 OK');
    expect(test.faults).toEqual([]);
  });

  it('an offer of another protocol is passed over', async () => {
    const port = await apiUnderTest().listen();
    const offer = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    expect(await talk(port, offer)).toContain('200 OK');
  });

  it('what follows a whole request that is being decided is not answered in its place', async () => {
    const test = apiUnderTest();
    test.house.reply = () => null;
    const port = await test.listen();
    const body = JSON.stringify(PLACE);
    const request = `POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect(await talk(port, `${request}\x00 garbage\r\n\r\n`)).toBe('');
    expect(test.house.submitted).toHaveLength(1);
  });

  it.each([
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 44\r\n\r\n'],
    ['a length with a sign', 'Content-Length: +0\r\n\r\n'],
    ['a list of lengths', 'Content-Length: 0, 44\r\n\r\n'],
    ['a space before the colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['a coding after chunked', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['a folded header', 'Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n'],
    ['lines that end in LF', 'Content-Length: 0\nTransfer-Encoding: chunked\n\n0\n\n'],
  ])('smuggling behind %s: one refusal, and nothing of what follows', async (_name, framing) => {
    const test = apiUnderTest();
    const port = await test.listen();
    const body = JSON.stringify(PLACE);
    const smuggled = `POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answer = await talk(port, `POST /v1/orders HTTP/1.1\r\nHost: x\r\n${framing}${smuggled}`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    expect(test.house.submitted).toEqual([]);
  });

  it('a request that never ends is answered 408 and cut', async () => {
    const test = apiUnderTest({ bounds: { requestTimeoutMs: 500 } });
    const port = await test.listen();
    expect(await talk(port, 'POST /v1/orders HTTP/1.1\r\nHost: x\r\n')).toContain('"code":"REQUEST_TIMEOUT"');
  });
});
