/** What `oms bench` accepts, and which rounds come of it. */
import { describe, expect, it } from 'vitest';
import { LADDER, readBenchOptions } from '../../src/bench/benchOptions.ts';
import type { CommandError } from '../../src/commandError.ts';
import type { BenchFlags } from '../../src/commands/benchCommand.ts';

const FLAGS: BenchFlags = {
  transport: 'ws',
  duration: '12',
  warmup: '10',
  accounts: '100',
  mix: 'new:100',
  trades: '0.33',
  skew: '0',
  seed: '1',
  baseline: true,
};

describe('rounds', () => {
  it('share the time out over the ladder, after a warm-up that rises to its first rate', () => {
    const { rounds, warmup, oneRate } = readBenchOptions(FLAGS);
    expect(rounds).toEqual(LADDER.map((rate) => ({ rate, seconds: 2 })));
    expect(warmup).toEqual({ rate: LADDER[0], seconds: 10, rising: true });
    expect(oneRate).toBe(false);
  });

  it('are those asked for', () => {
    expect(readBenchOptions({ ...FLAGS, ladder: '100,200,400' }).rounds).toEqual([
      { rate: 100, seconds: 4 },
      { rate: 200, seconds: 4 },
      { rate: 400, seconds: 4 },
    ]);
    const one = readBenchOptions({ ...FLAGS, rate: '500' });
    expect(one).toMatchObject({ rounds: [{ rate: 500, seconds: 12 }], oneRate: true });
  });
});

describe('defaults', () => {
  it.each([
    ['ws', 4, 1],
    ['rest', 16, 1],
    ['rest-batch', 4, 100],
  ])('of %s: %i connections, %i orders per request', (transport, connections, batch) => {
    expect(readBenchOptions({ ...FLAGS, transport })).toMatchObject({ transport, connections, batch });
  });
});

describe('the mix', () => {
  it('is in parts of their sum', () => {
    expect(readBenchOptions({ ...FLAGS, mix: 'new:6,replace:1,cancel:1' }).mix).toEqual({
      new: 0.75,
      replace: 0.125,
      cancel: 0.125,
    });
    expect(readBenchOptions({ ...FLAGS, mix: 'cancel:20,new:80' }).mix).toEqual({ new: 0.8, replace: 0, cancel: 0.2 });
  });
});

describe('refusals', () => {
  it.each<[Partial<BenchFlags>, string]>([
    [{ transport: 'grpc' }, 'ws, rest, rest-batch'],
    [{ rate: 'fast' }, '--rate must be'],
    [{ rate: '1', ladder: '1,2' }, 'not both'],
    [{ ladder: '2,1' }, 'rising'],
    [{ ladder: '1,,2' }, '--ladder must be'],
    [{ accounts: '100001' }, '--accounts must be'],
    [{ mix: 'new:80,amend:20' }, '--mix cannot be'],
    [{ mix: 'new:0' }, '--mix needs'],
    [{ mix: 'new:10,cancel:90' }, '--mix needs'],
    [{ mix: 'new:80,cancel:20', transport: 'rest-batch' }, 'new orders only'],
    [{ batch: '10' }, 'rest-batch only'],
    [{ batch: '1001', transport: 'rest-batch' }, '--batch must be'],
    [{ trades: '33' }, '--trades must be'],
    [{ skew: '-1' }, '--skew must be'],
    [{ url: 'https://example.com' }, '--url must be'],
    [{ rate: '1000000', duration: '3600' }, 'requests; a run has at most'],
  ])('%j', (flags, part) => {
    let refused: CommandError | null = null;
    try {
      readBenchOptions({ ...FLAGS, ...flags });
    } catch (error) {
      refused = error as CommandError;
    }
    expect(refused?.exitCode).toBe(2);
    expect(refused?.message).toContain(part);
  });
});
