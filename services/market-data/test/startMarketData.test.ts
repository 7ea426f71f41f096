/** The option, and the service composed from it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decimal, ONE } from '@oms/domain';
import type { Scheduler } from '@oms/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultInstruments, parseMarketDataSource, startMarketData, type TapeStatus } from '../src/index.ts';

describe('the option --market-data', () => {
  // biome-ignore format: the table is meant to be read in columns
  it.each([
    ['simulated',                                  { kind: 'simulated', seed: '1' }],
    ['simulated:42',                               { kind: 'simulated', seed: '42' }],
    ['replay:a.csv',                               { kind: 'replay', file: 'a.csv', symbol: 'BTC-USD', speed: ONE }],
    ['replay:/x/a.csv,speed=0.5',                  { kind: 'replay', file: '/x/a.csv', symbol: 'BTC-USD', speed: decimal('0.5') }],
    ['replay:a.jsonl,symbol=XRP-USD,speed=10',     { kind: 'replay', file: 'a.jsonl', symbol: 'XRP-USD', speed: decimal('10') }],
  ])('%s', (text, expected) => {
    expect(parseMarketDataSource(text)).toEqual(expected);
  });

  // biome-ignore format: the table is meant to be read in columns
  it.each([
    ['',                       /expected "simulated"/],
    ['recorded:a',             /expected "simulated"/],
    ['simulated:',             /a seed of 1 to 64 characters/],
    ['replay:',                /a file after "replay:"/],
    ['replay:a,speed=0',       /a speed from 0.001 to 1000000/],
    ['replay:a,speed=fast',    /a speed from/],
    ['replay:a,symbol=',       /instead of "symbol="/],
    ['replay:a,loop=1',        /instead of "loop=1"/],
  ])('refuses "%s"', (text, complaint) => {
    expect(() => parseMarketDataSource(text)).toThrow(complaint);
    expect(() => parseMarketDataSource(text)).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }));
  });
});

describe('the service', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'market-data-'));
    writeFileSync(
      join(folder, 'trades.csv'),
      'timestamp_ms,trade_id,price,quantity,aggressor_side\n10,a,30000,1,BUY\n1010,b,30001,1,BUY\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function start(source: string) {
    let now = 1_000_000;
    let tick = (): void => {};
    let isCanceled = false;
    const scheduler: Scheduler = {
      soon: (task) => task(),
      after: () => ({ cancel: () => {} }),
      every: (_, task) => {
        tick = task;
        return {
          cancel: () => {
            isCanceled = true;
          },
        };
      },
    };
    const ended: TapeStatus[] = [];
    const running = startMarketData({
      source: parseMarketDataSource(source),
      instruments: defaultInstruments(),
      clock: { now: () => now },
      scheduler,
      onTapeEnded: (status) => ended.push(status),
    });
    const pass = (ms: number): void => {
      now += ms;
      tick();
    };
    return { running, pass, ended, isCanceled: () => isCanceled };
  }

  it('simulates every instrument from the first moment and stops its timer', () => {
    const { running, pass, isCanceled } = start('simulated:7');
    for (const { symbol } of defaultInstruments()) expect(running.feed.book(symbol)?.sequence).toBe(1);
    pass(1_000);
    expect(running.feed.book('BTC-USD')!.sequence).toBeGreaterThan(9);
    running.stop();
    expect(isCanceled()).toBe(true);
  });

  it('replays one instrument, simulates the others, and says once when the tape has ended', () => {
    const { running, pass, ended } = start(`replay:${folder}/trades.csv`);
    expect(running.feed.prices('BTC-USD')!.last).toBe(decimal('30000'));
    pass(999);
    expect(ended).toEqual([]);
    pass(1);
    pass(5_000);
    expect(ended).toHaveLength(1);
    expect(running.status().tape).toMatchObject({ ended: true, totalEvents: 2 });
    expect(running.feed.prices('BTC-USD')!.last).toBe(decimal('30001'));
    expect(running.feed.book('ETH-USD')!.sequence).toBeGreaterThan(50);
  });

  it('lets a perpetual follow the tape of its spot', () => {
    const { running, pass } = start(`replay:${folder}/trades.csv`);
    pass(2_000);
    const { bestBid } = running.feed.prices('BTC-PERP')!;
    expect(bestBid! > decimal('29800') && bestBid! < decimal('30200')).toBe(true);
  });

  it('refuses a tape for an instrument that is not listed', () => {
    expect(() => start(`replay:${folder}/trades.csv,symbol=DOGE-USD`)).toThrow(/no such instrument; there are BTC-USD/);
  });
});
