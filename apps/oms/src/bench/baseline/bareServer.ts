/**
 * What a transport costs when nothing is decided and nothing is kept: answers every request with the same order, over
 * the library or framework that our server uses, with its settings. It is what figures are compared with.
 */
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { WebSocketServer } from 'ws';
import { NUMBER_DIGITS } from '../acknowledged.ts';
import type { Transport } from '../benchOptions.ts';

export interface BareServer {
  readonly port: number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const NUMBER_AT = '{"id":'.length;

/** @param order as JSON, answered to every request */
export const startBareServer = (transport: Transport, order: string): Promise<BareServer> =>
  transport === 'ws' ? startBareSocket(order) : startBareRest(order);

/** ws: no parsing; the id is copied from the request into an answer of the real one's length. */
async function startBareSocket(order: string): Promise<BareServer> {
  const server = new WebSocketServer({ host: HOST, port: 0, perMessageDeflate: false, clientTracking: false });
  const answer = Buffer.from(`{"id":${'0'.repeat(NUMBER_DIGITS)},"result":${order}}`);
  server.on('connection', (socket, request) => {
    let corked = false;
    socket.on('message', (data: Buffer) => {
      const frame = Buffer.from(answer);
      data.copy(frame, NUMBER_AT, NUMBER_AT, NUMBER_AT + NUMBER_DIGITS);
      // As our server does: all answers of a turn of the event loop leave in one write.
      if (!corked) {
        corked = true;
        request.socket.cork();
        process.nextTick(() => {
          corked = false;
          request.socket.uncork();
        });
      }
      socket.send(frame, { binary: false });
    });
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

/** Fastify: parses the body as JSON, writes the answer as JSON. */
async function startBareRest(order: string): Promise<BareServer> {
  const app = fastify({ logger: false, bodyLimit: 1 << 20 });
  const answer: unknown = JSON.parse(order);
  app.post('/v1/orders', async (_request, reply) => reply.code(201).send(answer));
  app.post('/v1/orders/batch', async (request) => {
    const { orders } = request.body as { orders: readonly unknown[] };
    return { results: orders.map(() => ({ order: answer })) };
  });
  await app.listen({ host: HOST, port: 0 });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}
