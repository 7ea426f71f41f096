/** The verdict on a round, and that the report says it on the terminal and in HTML. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { measureRawDisk } from '../../src/bench/baseline/rawDisk.ts';
import { type BenchReport, headlineRound, highestSustained, roundReportOf } from '../../src/bench/benchReport.ts';
import type { RoundResult } from '../../src/bench/generator/generatorMessages.ts';
import { LatencyRecorder } from '../../src/bench/generator/latency.ts';
import { htmlReportOf } from '../../src/bench/html/htmlReport.ts';
import { linearScale, logScale } from '../../src/bench/html/svg.ts';
import { cpuSecondsOf, describeMachine, measureFsync } from '../../src/bench/machine.ts';
import { printBenchReport } from '../../src/printing/benchReport.ts';
import { createOutput } from '../../src/printing/output.ts';

const latency = { count: 1_000, p50Ms: 1, p90Ms: 2, p99Ms: 9, p999Ms: 20, maxMs: 31 };
const result: RoundResult = {
  rate: 1_000,
  seconds: 1,
  sent: 1_000,
  newOrders: 1_000,
  replaces: 0,
  cancels: 0,
  traded: 333,
  tooLate: 0,
  unanswered: 0,
  errors: {},
  achievedRate: 1_000,
  latency,
  curve: [
    { percentile: 0, ms: 0.5 },
    { percentile: 90, ms: 2 },
    { percentile: 99, ms: 9 },
  ],
  lag: latency,
  cpuSeconds: 0.004,
  elapsedSeconds: 1,
  sampleAnswer: null,
  lostConnections: 0,
};

const report: BenchReport = {
  startedAt: '2026-11-23T10:00:00.000Z',
  settings: {
    transport: 'ws',
    connections: 4,
    batch: 1,
    accounts: 100,
    symbols: 6,
    mix: { new: 0.8, replace: 0.1, cancel: 0.1 },
    trades: 0.33,
    skew: 0.5,
    seed: 1,
    idPrefix: 'b-',
    warmupSeconds: 10,
    durability: 'fsynced',
    payloadBytes: 150,
    answerBytes: 570,
  },
  machine: { ...describeMachine(), cpu: 'CPU <of> "mine" & yours' },
  fsync: { p50Ms: 0.2, p99Ms: 1 },
  rounds: [
    roundReportOf(result, 0.02),
    roundReportOf({ ...result, rate: 2_000, errors: { OVERLOADED: 7 }, unanswered: 2 }, 0.02),
  ],
  gate: { held: true },
  overload: null,
  bare: { bestRate: 4_000, atRate: roundReportOf({ ...result, latency: { ...latency, p99Ms: 3 } }, null) },
  disk: { bytesPerOrder: 455, groupOrders: 256, ordersPerSecond: 8_000 },
  journal: { ok: false, acknowledged: 2_000, missing: 1, doubled: 0, failedChecks: ['I9'], payloadBytes: 1 },
  dataDirectory: null,
};

describe('the verdict', () => {
  it.each<[string, Partial<RoundResult>, boolean]>([
    ['a clean round', {}, true],
    ['replaces that came too late', { tooLate: 3 }, true],
    ['a refusal', { errors: { OVERLOADED: 1 } }, false],
    ['a lost answer', { unanswered: 1 }, false],
    ['falling behind', { achievedRate: 900 }, false],
    ['a P99 above the bound', { latency: { ...latency, p99Ms: 100 } }, false],
  ])('on %s', (_, change, sustained) => {
    expect(roundReportOf({ ...result, ...change }, null).sustained).toBe(sustained);
  });

  it('is the highest rate that was sustained, or the most that was achieved', () => {
    const rounds = [1, 2, 3].map((factor) =>
      roundReportOf({ ...result, rate: 1_000 * factor, achievedRate: factor === 3 ? 2_500 : 1_000 * factor }, null),
    );
    expect(highestSustained(rounds)?.offeredRate).toBe(2_000);
    expect(headlineRound(rounds).offeredRate).toBe(2_000);
    expect(highestSustained(rounds.slice(2))).toBeNull();
    expect(headlineRound(rounds.slice(2)).offeredRate).toBe(3_000);
  });

  it('has processor time per request', () => {
    expect(roundReportOf(result, 0.015)).toMatchObject({ generatorMicroseconds: 4, serverMicroseconds: 15 });
    expect(roundReportOf(result, null).serverMicroseconds).toBeNull();
  });
});

describe('the report', () => {
  it('says on the terminal what was found, against what, and on what', () => {
    let text = '';
    const streams = { out: { write: (line: string) => (text += line) }, error: { write: () => undefined } };
    printBenchReport(report, createOutput(streams, false));
    for (const part of [
      '1,000 orders/s sustained, P99 9.00 ms',
      'at 2,000/s: OVERLOADED × 7, unanswered × 2',
      '0.25 of its best rate (4,000/s); P99 3.00 times its 3.00 ms',
      '0.13 of an append + fdatasync loop (8,000 orders/s',
      '80 % new LIMIT orders',
      '100 accounts (50 % of the orders on one)',
      '✓ held: P99 < 100 ms and 0 errors',
      '✗ 2,000 acknowledged: 1 missing from the journal, 0 twice in it; failed: I9',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('is one HTML file that asks the network for nothing', () => {
    const html = htmlReportOf(report);
    expect(html).toContain('CPU &lt;of&gt; &quot;mine&quot; &amp; yours');
    expect(html).toContain('OVERLOADED × 7');
    expect(html.match(/<svg viewBox="0 0 \d{3,4}/g)).toHaveLength(3);
    expect(html).not.toMatch(/https?:|<script|<link|@import|url\(|NaN|Infinity|undefined/);
    const stack: string[] = [];
    for (const [, closing, name, empty] of html.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/g)) {
      if (empty === '/' || name === 'meta') continue;
      if (closing === '') stack.push(name!);
      else expect(stack.pop()).toBe(name);
    }
    expect(stack).toEqual([]);
  });

  it('needs no ladder', () => {
    const html = htmlReportOf({ ...report, rounds: report.rounds.slice(0, 1), bare: null, disk: null, journal: null });
    expect(html).not.toContain('Ladder');
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('scales', () => {
  it('end at a round number', () => {
    const label = String;
    expect(linearScale(60, 0, 100, label).ticks.map(({ value }) => value)).toEqual([0, 20, 40, 60]);
    expect(linearScale(61, 0, 100, label).ticks.at(-1)!.value).toBe(80);
    const log = logScale(0.3, 100, 0, 90, label);
    expect(log.ticks.map(({ value }) => value)).toEqual([0.1, 1, 10, 100]);
    expect(log.at(10)).toBeCloseTo(60);
    expect(log.at(0)).toBe(0);
  });
});

describe('latencies', () => {
  it('are told to three digits, and the curve up to the last value', async () => {
    const recorder = await LatencyRecorder.create();
    expect(recorder.report()).toMatchObject({ count: 0, p99Ms: 0 });
    for (let i = 1; i <= 1_000; i++) recorder.record(i);
    const { count, p50Ms, p99Ms, p999Ms, maxMs } = recorder.report();
    expect(count).toBe(1_000);
    for (const [found, expected] of [
      [p50Ms, 500],
      [p99Ms, 990],
      [p999Ms, 999],
      [maxMs, 1_000],
    ] as const) {
      expect(Math.abs(found - expected) / expected).toBeLessThan(0.002);
    }
    expect(recorder.curve().at(-1)!.percentile).toBeCloseTo(99.9);
    recorder.reset();
    expect(recorder.report().count).toBe(0);
  });
});

describe('the machine', () => {
  it('has a disk that takes time to sync, and processes that use time', () => {
    const { p50Ms, p99Ms } = measureFsync(tmpdir());
    expect(p50Ms).toBeGreaterThan(0);
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    expect(measureRawDisk(tmpdir(), 455)).toMatchObject({ bytesPerOrder: 455, ordersPerSecond: expect.any(Number) });
    expect(cpuSecondsOf(0)).toBeNull();
    if (process.platform === 'linux') expect(cpuSecondsOf(process.pid)).toBeGreaterThan(0);
  });
});
