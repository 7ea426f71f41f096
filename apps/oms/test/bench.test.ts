/** The benchmark's own parts: what it sends, how it reads answers, how it counts late ones, and what it calls sustained. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { PlaceOrderBody, shapeOf } from '@oms/api-contract';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Acknowledged } from '../src/bench/acknowledged.ts';
import { LADDER, readBenchOptions } from '../src/bench/benchOptions.ts';
import { highestSustained, roundReportOf } from '../src/bench/benchReport.ts';
import { LoadGenerator, type RoundResult } from '../src/bench/loadGenerator.ts';
import { cpuSecondsOf, measureFsync } from '../src/bench/machine.ts';
import { OrderMix } from '../src/bench/orderMix.ts';
import { readAnswer } from '../src/bench/readAnswer.ts';

const FLAGS = { duration: '10', connections: '4', accounts: '100', warmup: '2', seed: '1' };
const instrument = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: '0.01',
  quantityIncrement: '0.000001',
  minQuantity: '0.00001',
  maxQuantity: '1000',
  minNotional: '5',
  makerFeeRate: '0',
  takerFeeRate: '0',
  initialMarginRate: '0',
  status: 'TRADING',
} as const;
const book = { symbol: 'BTC-USD', sequence: 1, time: '', bids: [['50000', '1']], asks: [['50010', '1']] };

function mixOf(seed = 1): OrderMix {
  const mix = new OrderMix(seed, 3, 'b-');
  mix.quote(instrument, book);
  return mix;
}

describe('options', () => {
  it('share the time out over the ladder', () => {
    const { rounds, warmup } = readBenchOptions(FLAGS);
    expect(rounds).toEqual(LADDER.map((rate) => ({ rate, seconds: 2 })));
    expect(warmup).toEqual({ rate: LADDER[0], seconds: 2 });
  });

  it('give one rate all of it', () => {
    expect(readBenchOptions({ ...FLAGS, rate: '500', warmup: '0' })).toMatchObject({
      rounds: [{ rate: 500, seconds: 10 }],
      warmup: { rate: 500, seconds: 0 },
      url: null,
    });
  });
});

describe('the order mix', () => {
  const orders = (seed: number, count: number) => {
    const mix = mixOf(seed);
    return Array.from({ length: count }, (_, i) => JSON.parse(mix.request(i)));
  };

  it('sends what the contract takes, from the accounts it was told', () => {
    const shape = shapeOf(PlaceOrderBody);
    for (const [i, request] of orders(1, 200).entries()) {
      expect(request).toMatchObject({ id: i, op: 'order.place', params: { clientOrderId: `b-${i}` } });
      expect(shape.matches(request.params)).toBe(true);
      expect(request.params.accountId).toMatch(/^BENCH-000[123]$/);
    }
  });

  it('prices about a third through the market, both sides alike', () => {
    const all = orders(7, 6_000).map(({ params }) => params);
    const crosses = all.filter(({ side, price }) => (side === 'BUY' ? +price > 50010 : +price < 50000));
    expect(crosses.length / all.length).toBeGreaterThan(0.3);
    expect(crosses.length / all.length).toBeLessThan(0.37);
    expect(all.filter(({ side }) => side === 'BUY')).toHaveLength(3_000);
  });

  it('is the same for the same seed', () => {
    expect(orders(3, 50)).toEqual(orders(3, 50));
    expect(orders(3, 50)).not.toEqual(orders(4, 50));
  });

  it('leaves out an instrument without a market', () => {
    const mix = new OrderMix(1, 1, '');
    mix.quote(instrument, { ...book, bids: [] });
    expect(mix.symbols).toBe(0);
  });
});

describe('reading answers', () => {
  it.each([
    ['{"id":17,"result":{"status":"NEW"}}', { id: 17, errorCode: null, traded: false }],
    ['{"id":0,"result":{"a":1,"status":"FILLED"}}', { id: 0, errorCode: null, traded: true }],
    ['{"id":5,"result":{"status":"PARTIALLY_FILLED"}}', { id: 5, errorCode: null, traded: true }],
    ['{"id":6,"error":{"code":"OVERLOADED"}}', { id: 6, errorCode: 'OVERLOADED', traded: false }],
    ['{"result":{"status":"FILLED"},"id":9}', { id: 9, errorCode: null, traded: true }],
    ['{"channel":"system","sequence":1,"data":{}}', null],
  ])('%s', (text, answer) => {
    expect(readAnswer(Buffer.from(text))).toEqual(answer);
  });
});

describe('the generator', () => {
  let server: WebSocketServer;
  afterEach(() => server.close());

  /** A server that answers every order after `delayMs`, or refuses some. */
  async function serve(delayMs: number, answer: (id: number) => object): Promise<string> {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const { id } = JSON.parse(data.toString());
        setTimeout(() => socket.send(JSON.stringify({ id, ...answer(id) })), delayMs);
      });
    });
    await once(server, 'listening');
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('sends the whole plan, counts every answer, and books waiting as latency', async () => {
    const url = await serve(30, (id) =>
      id % 10 === 0 ? { error: { code: 'TRADING_HALTED' } } : { result: { status: 'FILLED' } },
    );
    const generator = await LoadGenerator.connect(url, 3, mixOf());
    const result = await generator.run({ rate: 500, seconds: 0.4 }, () => undefined);
    generator.close();
    expect(result).toMatchObject({
      sent: 200,
      acknowledged: 180,
      traded: 180,
      unanswered: 0,
      errors: { TRADING_HALTED: 20 },
    });
    expect(result.latency.totalCount).toBe(200);
    expect(result.latency.minNonZeroValue).toBeGreaterThanOrEqual(29_000);
  });

  it('charges a stall of its own sending to the orders that were due meanwhile', async () => {
    const url = await serve(0, () => ({ result: { status: 'NEW' } }));
    const generator = await LoadGenerator.connect(url, 1, mixOf());
    let stalled = false;
    const result = await generator.run({ rate: 1_000, seconds: 0.3 }, (sent) => {
      if (stalled || sent < 50) return;
      stalled = true;
      const end = performance.now() + 120;
      while (performance.now() < end);
    });
    generator.close();
    expect(result.sent).toBe(300);
    expect(result.lag.maxValue).toBeGreaterThan(100_000);
    expect(result.latency.maxValue).toBeGreaterThan(100_000);
  });
});

describe('the record of acknowledgements', () => {
  it('grows, and counts each number once', () => {
    const acknowledged = new Acknowledged();
    for (const number of [0, 70_000, 70_000, 500_000]) acknowledged.add(number);
    expect(acknowledged.count).toBe(3);
    expect([0, 1, 70_000, 499_999, 500_000, 9_999_999].map((number) => acknowledged.has(number))).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('the verdict', () => {
  const histogram = {
    totalCount: 100,
    maxValue: 9_000,
    getValueAtPercentile: (p: number) => p * 100,
  } as RoundResult['latency'];
  const result: RoundResult = {
    rate: 1_000,
    seconds: 1,
    sent: 1_000,
    acknowledged: 1_000,
    traded: 333,
    unanswered: 0,
    errors: {},
    achievedRate: 1_000,
    latency: histogram,
    lag: histogram,
    generatorCpu: 0.2,
  };
  const slow = { ...histogram, getValueAtPercentile: () => 150_000 } as RoundResult['latency'];

  it.each([
    ['a clean round', {}, true],
    ['a refusal', { errors: { OVERLOADED: 1 } }, false],
    ['a lost answer', { unanswered: 1 }, false],
    ['falling behind', { achievedRate: 900 }, false],
    ['a P99 above the bound', { latency: slow }, false],
  ])('of %s', (_, change, sustained) => {
    expect(roundReportOf({ ...result, ...change }, 0.5).sustained).toBe(sustained);
  });

  it('is the highest rate that was sustained', () => {
    const rounds = [1, 2, 3].map((factor) =>
      roundReportOf({ ...result, rate: 1_000 * factor, achievedRate: factor === 3 ? 0 : 1_000 * factor }, null),
    );
    expect(highestSustained(rounds)?.offeredRate).toBe(2_000);
    expect(highestSustained([])).toBeNull();
  });
});

describe('the machine', () => {
  it('has a disk that takes time to sync, and processes that use time', () => {
    const { p50Ms, p99Ms } = measureFsync(tmpdir());
    expect(p50Ms).toBeGreaterThan(0);
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    expect(cpuSecondsOf(0)).toBeNull();
    if (process.platform === 'linux') expect(cpuSecondsOf(process.pid)).toBeGreaterThan(0);
  });
});
