/** Nothing malformed is a 5xx, changes anything, or ends the server: bodies, paths and frames against the whole system. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { inProcess } from './support/server.ts';
import { Socket } from './support/socket.ts';

const server = inProcess();
const ACCOUNT = 'BENCH-0701';
const ORDER = {
  clientOrderId: 'bad',
  accountId: ACCOUNT,
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '1',
  price: '30000',
};
const withPrice = (json: string): string => JSON.stringify(ORDER).replace('"30000"', json);

const BODIES: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, number])[] = [
  ['nothing', '', 400],
  ['half an object', JSON.stringify(ORDER).slice(0, -5), 400],
  ['an array', '[]', 400],
  ['NaN', withPrice('NaN'), 400],
  ['1e309', withPrice('1e309'), 400],
  ['a number', withPrice('30000'), 400],
  ['-0', withPrice('"-0"'), 400],
  ['a hundred digits', withPrice(`"${'9'.repeat(100)}"`), 400],
  ['beyond 64 bits', withPrice('"92233720368.54775808"'), 400],
  ['nine decimals', withPrice('"1.000000001"'), 400],
  ['an unknown member', JSON.stringify({ ...ORDER, leverage: '100' }), 400],
  ['a member twice', withPrice('"30000","price":"1"'), 400],
  ['__proto__', '{"__proto__":{"price":"1"}}', 400],
  ['an id of 65 characters', JSON.stringify({ ...ORDER, clientOrderId: 'x'.repeat(65) }), 400],
  ['an id of the house', JSON.stringify({ ...ORDER, clientOrderId: '~c-o-0-1-1' }), 400],
  ['a foreign side', JSON.stringify({ ...ORDER, side: 'HODL' }), 400],
  [
    'types all wrong',
    JSON.stringify({ clientOrderId: 1, accountId: [], symbol: {}, side: null, type: true, quantity: 1, price: -1 }),
    400,
  ],
  ['depth 10,000', '['.repeat(10_000) + ']'.repeat(10_000), 400],
  ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
  ['2 MiB', `{"a":"${'x'.repeat(2 * 1024 * 1024)}"}`, 413],
];

/** What would show it if anything had happened. */
async function state(): Promise<string> {
  const { durablePosition } = server.oms.house;
  const balances = (await server.api.call('GET', `/v1/balances?accountId=${ACCOUNT}`)).body;
  return JSON.stringify([
    durablePosition,
    balances,
    server.oms.house.openOrders(ACCOUNT),
    server.oms.house.runtime.status.quarantinedTotal,
  ]);
}

async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await state();
  await work();
  expect(await state()).toBe(before);
  expect((await server.api.call('GET', '/healthz')).status).toBe(200);
}

describe('malformed requests', () => {
  it.each(BODIES)('%s is refused and changes nothing', (_name, body, status) =>
    unchanged(async () => {
      for (const [method, path] of [
        ['POST', '/v1/orders'],
        ['PATCH', '/v1/orders/o-0-1'],
        ['PUT', '/v1/trading-state'],
        ['PUT', `/v1/accounts/${ACCOUNT}/limits`],
      ] as const) {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${server.api.address}${path}`, { method, body, headers });
        expect(answer.status, `${method} ${path}`).toBe(status);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        await answer.arrayBuffer();
      }
    }),
  );

  it('other content types are 415', () =>
    unchanged(async () => {
      const answer = await fetch(`${server.api.address}/v1/orders`, {
        method: 'POST',
        body: JSON.stringify(ORDER),
        headers: { 'content-type': 'text/plain' },
      });
      expect(answer.status).toBe(415);
    }));

  it('paths that name nothing are 4xx', () =>
    unchanged(async () => {
      const paths = [
        '/v1/orders/o-0-999999',
        '/v1/orders/o-9-1',
        '/v1/orders/%00',
        '/v1/orders/..%2f..%2fetc%2fpasswd',
        '/v1/nothing',
        `/v1/orders/${'x'.repeat(3_000)}`,
        '/v1/market-data/DOGE-USD/book',
      ];
      for (const path of paths) {
        const { status } = await fetch(`${server.api.address}${path}`);
        expect(status, path).toBeGreaterThanOrEqual(400);
        expect(status, path).toBeLessThan(500);
      }
      for (const method of ['TRACE', 'PROPFIND']) {
        expect(await raw(`${method} /v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
          /^HTTP\/1.1 4/,
        );
      }
      expect(await raw('\x16\x03\x01\x02\x00\x01\x00\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    }));
});

/** Writes bytes to the port; what came back until either side closed. */
const raw = (bytes: string | Buffer): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(server.api.address).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      socket.end();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });

describe('malformed frames', () => {
  it.each([
    ['no JSON', 'buy!'],
    ['an array', '[]'],
    ['no id', '{"op":"ping"}'],
    ['an unknown operation', '{"id":1,"op":"order.steal"}'],
    ['params all wrong', '{"id":1,"op":"order.place","params":{"price":1e309}}'],
    ['depth', `{"id":1,"op":"order.place","params":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['a member twice', '{"id":1,"id":2,"op":"ping"}'],
  ])('%s is answered with an error and the connection lives', (_name, text) =>
    unchanged(async () => {
      const socket = await Socket.open(server.api.address);
      socket.socket.send(text);
      await socket.until(() => socket.frames.some((frame) => frame.error !== undefined));
      expect(socket.frames[0].error.status).toBeLessThan(500);
      expect((await socket.request('ping')).result).toBeDefined();
    }),
  );

  it.each([
    ['binary', Buffer.from('{}'), true, 1003],
    ['2 MiB', Buffer.alloc(2 * 1024 * 1024, 0x20), false, 1009],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe]), false, 1007],
  ])('%s closes the connection', (_name, bytes, binary, code) =>
    unchanged(async () => {
      const socket = await Socket.open(server.api.address);
      socket.socket.send(bytes, { binary });
      expect(await socket.closed()).toBe(code);
    }),
  );

  it('bytes that are no frames close the connection, and only that', () =>
    unchanged(async () => {
      const handshake =
        'GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
      for (const bytes of [Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from([0x81, 0x01, 0x41]), randomBytes(512)]) {
        const answer = await raw(Buffer.concat([Buffer.from(handshake), bytes]));
        expect(answer).toContain('101 Switching Protocols');
      }
    }));
});
