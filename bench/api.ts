/**
 * The order API alone: over a house that accepts every order without deciding, driven over real loopback connections
 * from a child process, against the barest server of the same transport that moves messages of the same sizes (ws with
 * one cork per turn of the event loop; Fastify that parses the body and answers a text). Rounds of both alternate in
 * one process; `shed` is a house that is full. Prints the least processor time per order of each and their ratio, as one line of JSON per transport.
 *   node bench/api.ts [socket|shed|rest|batch|all] [orders per round] [rounds]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { WebSocketServer } from 'ws';
import type { Round, RoundDone } from './apiClient.ts';
import { startApi } from './apiHouse.ts';

interface Transport {
  readonly name: string;
  readonly protocol: Round['protocol'];
  readonly ordersPerRequest: number;
  readonly connections: number;
  readonly window: number;
  readonly requests: readonly string[];
  /** The house takes nothing: every order is refused. */
  readonly full?: true;
  readonly startBare: (answerBytes: number) => Promise<number>;
}

const BATCH_ORDERS = 100;
const REQUESTS = 4_096;
/** Bytes of a frame's header at the sizes used here. */
const FRAME_HEAD = 4;

const orderOf = (i: number): string =>
  JSON.stringify({
    clientOrderId: `bench-${process.pid}-${i}`,
    accountId: `BENCH-${String((i % 1000) + 1).padStart(4, '0')}`,
    symbol: 'BTC-USD',
    side: i % 2 === 0 ? 'BUY' : 'SELL',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: `0.0${(i % 9) + 1}`,
    price: `${49_000 + (i % 2000)}.${10 + (i % 90)}`,
  });
const postOf = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const numbered = (count: number, make: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => make(i));
const batchOf = (i: number): string => `{"orders":[${numbered(BATCH_ORDERS, (j) => orderOf(i * 100 + j)).join(',')}]}`;

const TRANSPORTS: readonly Transport[] = [
  {
    name: 'socket',
    protocol: 'socket',
    ordersPerRequest: 1,
    connections: 4,
    window: 128,
    requests: numbered(REQUESTS, (i) => `{"id":${i + 1},"op":"order.place","params":${orderOf(i)}}`),
    startBare: bareSocket,
  },
  {
    name: 'shed',
    protocol: 'socket',
    ordersPerRequest: 1,
    connections: 4,
    window: 128,
    requests: numbered(REQUESTS, (i) => `{"id":${i + 1},"op":"order.place","params":${orderOf(i)}}`),
    full: true,
    startBare: bareSocket,
  },
  {
    name: 'rest',
    protocol: 'http',
    ordersPerRequest: 1,
    connections: 64,
    window: 1,
    requests: numbered(REQUESTS, (i) => postOf('/v1/orders', orderOf(i))),
    startBare: bareFastify,
  },
  {
    name: 'batch',
    protocol: 'http',
    ordersPerRequest: BATCH_ORDERS,
    connections: 8,
    window: 1,
    requests: numbered(64, (i) => postOf('/v1/orders/batch', batchOf(i))),
    startBare: bareFastify,
  },
];

async function bareSocket(answerBytes: number): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, clientTracking: false });
  const answer = 'x'.repeat(Math.max(1, answerBytes - FRAME_HEAD));
  server.on('connection', (socket, request) => {
    let corked = false;
    socket.on('message', () => {
      if (!corked) {
        corked = true;
        request.socket.cork();
        process.nextTick(() => {
          corked = false;
          request.socket.uncork();
        });
      }
      socket.send(answer);
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function bareFastify(answerBytes: number): Promise<number> {
  const app = fastify();
  const answer = 'x'.repeat(answerBytes);
  for (const path of ['/v1/orders', '/v1/orders/batch']) {
    app.post(path, (_request, reply) => reply.code(201).type('application/json; charset=utf-8').send(answer));
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

const client = fork(new URL('./apiClient.ts', import.meta.url));

async function drive(transport: Transport, port: number, orders: number) {
  const { protocol, requests, connections, window, ordersPerRequest } = transport;
  const cpuBefore = process.cpuUsage();
  const total = Math.ceil(orders / ordersPerRequest);
  client.send({ port, protocol, requests, connections, window, total } satisfies Round);
  const [done] = (await once(client, 'message')) as [RoundDone];
  const cpu = process.cpuUsage(cpuBefore);
  const ordersDone = done.answers * ordersPerRequest;
  return {
    usPerOrder: (cpu.user + cpu.system) / ordersDone,
    ordersPerSecond: ordersDone / done.seconds,
    bytesPerAnswer: done.bytes / done.answers,
  };
}

const [, , which = 'all', ordersText = '100000', roundsText = '7'] = process.argv;
const rounded = (value: number): number => Math.round(value * 100) / 100;
for (const transport of TRANSPORTS) {
  if (which !== 'all' && which !== transport.name) continue;
  const apiPort = await startApi(transport.full === true);
  const orders = transport.name === 'rest' ? Number(ordersText) / 4 : Number(ordersText);
  const { bytesPerAnswer } = await drive(transport, apiPort, orders);
  const barePort = await transport.startBare(Math.round(bytesPerAnswer));
  await drive(transport, barePort, orders);
  const api: number[] = [];
  const bare: number[] = [];
  let ordersPerSecond = 0;
  for (let round = 0; round < Number(roundsText); round++) {
    const result = await drive(transport, apiPort, orders);
    ordersPerSecond = Math.max(ordersPerSecond, result.ordersPerSecond);
    api.push(result.usPerOrder);
    bare.push((await drive(transport, barePort, orders)).usPerOrder);
  }
  const least = { api: Math.min(...api), bare: Math.min(...bare) };
  console.log(
    JSON.stringify({
      transport: transport.name,
      ordersPerRequest: transport.ordersPerRequest,
      requestBytes: transport.requests[0]!.length,
      answerBytes: Math.round(bytesPerAnswer),
      apiUsPerOrder: rounded(least.api),
      bareUsPerOrder: rounded(least.bare),
      apiToBare: rounded(least.api / least.bare),
      apiOrdersPerSecond: Math.round(ordersPerSecond),
    }),
  );
}
client.kill();
process.exit(0);
