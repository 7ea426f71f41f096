/** The generator against servers that behave in known ways: what is counted, and what is booked as latency. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Acknowledged, FIRST_NUMBER } from '../../src/bench/acknowledged.ts';
import { startBareServer } from '../../src/bench/baseline/bareServer.ts';
import type { Transport } from '../../src/bench/benchOptions.ts';
import type { GeneratorOptions } from '../../src/bench/generator/generatorMessages.ts';
import { GeneratorProcess } from '../../src/bench/generator/generatorProcess.ts';
import { LoadGenerator } from '../../src/bench/generator/loadGenerator.ts';
import { ID_PREFIX, MIX, orderJson, terms } from './parts.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const optionsOf = (port: number, options: Partial<GeneratorOptions> = {}): GeneratorOptions => ({
  host: '127.0.0.1',
  port,
  transport: 'ws',
  connections: 3,
  batch: 1,
  mix: MIX,
  idPrefix: ID_PREFIX,
  ...options,
});

async function connect(port: number, options: Partial<GeneratorOptions> = {}): Promise<LoadGenerator> {
  const generator = await LoadGenerator.connect(optionsOf(port, options));
  closers.push(() => generator.close());
  generator.price(terms);
  return generator;
}

/** A server that answers every request after `delayMs`. */
async function serve(delayMs: number, answer: (params: Record<string, string>, op: string) => object): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  closers.push(() => server.close());
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id, op, params } = JSON.parse(data.toString());
      setTimeout(() => socket.send(JSON.stringify({ id, ...answer(params, op) })), delayMs);
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const resultOf = (status: string) => ({ result: JSON.parse(orderJson('o-0-1', status)) });

describe('the generator', () => {
  it('sends the whole plan, counts every answer, and books waiting as latency', async () => {
    const port = await serve(30, ({ clientOrderId }) =>
      clientOrderId!.endsWith('0') ? { error: { code: 'TRADING_HALTED' } } : resultOf('FILLED'),
    );
    const generator = await connect(port);
    const result = await generator.run({ rate: 500, seconds: 0.4 });
    expect(result).toMatchObject({
      sent: 200,
      newOrders: 180,
      traded: 180,
      unanswered: 0,
      errors: { TRADING_HALTED: 20 },
      latency: { count: 200 },
    });
    expect(result.curve[0]!.ms).toBeGreaterThanOrEqual(29);
    expect(generator.acknowledged.count).toBe(180);
    expect([0, 1].map((i) => generator.acknowledged.has(FIRST_NUMBER + i))).toEqual([false, true]);
  });

  it('charges a stall of its own sending to the requests that were due meanwhile', async () => {
    const generator = await connect(await serve(0, () => resultOf('NEW')));
    let stalled = false;
    const result = await generator.run({ rate: 1_000, seconds: 0.3 }, (sent) => {
      if (stalled || sent < 50) return;
      stalled = true;
      const end = performance.now() + 120;
      while (performance.now() < end);
    });
    expect(result.sent).toBe(300);
    expect(result.lag.maxMs).toBeGreaterThan(100);
    expect(result.latency.maxMs).toBeGreaterThan(100);
  });

  it('replaces and cancels what rests, and does not count a lost race as an error', async () => {
    const operations = new Map<string, number>();
    const port = await serve(1, (params, op) => {
      operations.set(op, (operations.get(op) ?? 0) + 1);
      if (op === 'order.place') return resultOf('NEW');
      expect(params).toMatchObject({ orderId: 'o-0-1', clientOrderId: expect.stringMatching(/^b-\d{8}$/) });
      return op === 'order.cancel' ? { error: { code: 'ORDER_NOT_OPEN' } } : resultOf('PENDING_REPLACE');
    });
    const generator = await connect(port, { mix: { ...MIX, replaceShare: 0.2, cancelShare: 0.2 } });
    const result = await generator.run({ rate: 1_000, seconds: 0.5 });
    expect(result).toMatchObject({ sent: 500, unanswered: 0, errors: {} });
    expect(result.newOrders).toBe(operations.get('order.place'));
    expect(result.replaces).toBe(operations.get('order.replace'));
    expect(result.tooLate).toBe(operations.get('order.cancel'));
    expect(result.replaces).toBeGreaterThan(40);
    expect(result.tooLate).toBeGreaterThan(40);
    expect(generator.acknowledged.count).toBe(result.newOrders + result.replaces);
  });

  it('goes on without a connection that was cut, and calls what it lost unanswered', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    closers.push(() => server.close());
    server.on('connection', (socket) => socket.once('message', () => socket.terminate()));
    await once(server, 'listening');
    const generator = await connect((server.address() as AddressInfo).port, { connections: 1 });
    const running = generator.run({ rate: 100, seconds: 0.2 });
    await expect(running).resolves.toMatchObject({ sent: 20, unanswered: 20, lostConnections: 1, achievedRate: 0 });
  });
});

describe.each<[Transport, number]>([
  ['ws', 1],
  ['rest', 1],
  ['rest-batch', 40],
])('against the bare server over %s', (transport, batch) => {
  it('gets an answer to everything, in an open loop and in a closed one', async () => {
    const bare = await startBareServer(transport, orderJson('o-0-1', 'FILLED'));
    closers.push(() => bare.close());
    const generator = await connect(bare.port, { transport, batch });
    const open = await generator.run({ rate: 1_010, seconds: 0.5 });
    expect(open).toMatchObject({ sent: 505, newOrders: 505, traded: 505, unanswered: 0, errors: {} });
    // Nothing is planned later than it was sent: a batch is due as a whole.
    expect(open.curve[0]!.ms).toBeGreaterThan(0.01);
    const closed = await generator.run({ rate: 1, seconds: 0.3, window: 80 });
    expect(closed.unanswered).toBe(0);
    expect(closed.newOrders).toBeGreaterThan(80);
    expect(JSON.parse(open.sampleAnswer!)).toMatchObject({ orderId: 'o-0-1' });
    expect(generator.acknowledged.count).toBe(open.newOrders + closed.newOrders);
  });
});

describe('the generator as a process', () => {
  it('tells how it goes, and what was acknowledged', async () => {
    const bare = await startBareServer('ws', orderJson('o-0-1', 'NEW'));
    closers.push(() => bare.close());
    const generator = await GeneratorProcess.start(optionsOf(bare.port));
    closers.push(() => generator.stop());
    generator.price(terms);
    const told: number[] = [];
    const result = await generator.run({ rate: 200, seconds: 0.7, rising: true }, (sent) => told.push(sent));
    expect(result).toMatchObject({ sent: 70, newOrders: 70 });
    expect(told.length).toBeGreaterThan(0);
    const acknowledged = await generator.finish();
    expect(acknowledged.count).toBe(70);
    expect(acknowledged.has(FIRST_NUMBER + 69)).toBe(true);
    expect(acknowledged.has(FIRST_NUMBER + 70)).toBe(false);
  });

  it('says so when nobody listens', async () => {
    const bare = await startBareServer('ws', orderJson('o-0-1', 'NEW'));
    await bare.close();
    await expect(GeneratorProcess.start(optionsOf(bare.port))).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the record of acknowledgements', () => {
  it('grows, and counts each number once', () => {
    const acknowledged = new Acknowledged();
    const indexes = [0, 70_000, 70_000, 500_000];
    expect(indexes.map((index) => acknowledged.add(FIRST_NUMBER + index))).toEqual([true, true, false, true]);
    expect(acknowledged.count).toBe(3);
    const asked = [0, 1, 70_000, 499_999, 500_000, 9_999_999].map((index) => acknowledged.has(FIRST_NUMBER + index));
    expect(asked).toEqual([true, false, true, false, true, false]);
  });
});
