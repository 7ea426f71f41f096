/** What a benchmark run found, as plain numbers: the JSON output, and what the tables are printed from. */
import type { Histogram } from 'hdr-histogram-js';
import type { RoundResult } from './loadGenerator.ts';
import type { FsyncTimes, Machine } from './machine.ts';

/** The bound the highest sustained rate is reported against. */
export const P99_BOUND_MS = 100;
/** Share of the offered rate that must be acknowledged for the rate to count as sustained. */
const ACHIEVED_SHARE = 0.98;

export interface LatencyReport {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

export interface RoundReport {
  readonly offeredRate: number;
  readonly achievedRate: number;
  readonly seconds: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly tradedShare: number;
  readonly unanswered: number;
  readonly errors: Readonly<Record<string, number>>;
  /** From the planned send time. */
  readonly latency: LatencyReport;
  /** How late the generator itself was. */
  readonly generatorLag: LatencyReport;
  /** CPU seconds per second. */
  readonly generatorCpu: number;
  readonly serverCpu: number | null;
  /** Nothing failed or was lost, the rate was kept, and P99 stayed under the bound. */
  readonly sustained: boolean;
}

export interface JournalCheck {
  readonly ok: boolean;
  readonly acknowledged: number;
  /** Acknowledged, but not in the journal. */
  readonly missing: number;
  /** In the journal more than once. */
  readonly doubled: number;
  /** Failed checks of oms verify. */
  readonly failedChecks: readonly string[];
}

export interface BenchReport {
  readonly rounds: readonly RoundReport[];
  readonly connections: number;
  readonly accounts: number;
  readonly symbols: number;
  readonly seed: number;
  readonly durability: string;
  readonly payloadBytes: number;
  readonly fsync: FsyncTimes | null;
  readonly machine: Machine;
  /** null when the server was not ours to stop. */
  readonly journal: JournalCheck | null;
  readonly dataDirectory: string | null;
}

export function roundReportOf(result: RoundResult, serverCpu: number | null): RoundReport {
  const latency = latencyReportOf(result.latency);
  const clean = result.unanswered === 0 && Object.keys(result.errors).length === 0;
  const kept = result.achievedRate >= result.rate * ACHIEVED_SHARE;
  return {
    offeredRate: result.rate,
    achievedRate: result.achievedRate,
    seconds: result.seconds,
    sent: result.sent,
    acknowledged: result.acknowledged,
    tradedShare: result.acknowledged === 0 ? 0 : result.traded / result.acknowledged,
    unanswered: result.unanswered,
    errors: result.errors,
    latency,
    generatorLag: latencyReportOf(result.lag),
    generatorCpu: result.generatorCpu,
    serverCpu,
    sustained: clean && kept && latency.p99Ms < P99_BOUND_MS,
  };
}

/** @param histogram of microseconds */
export function latencyReportOf(histogram: Histogram): LatencyReport {
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    count: histogram.totalCount,
    p50Ms: at(50),
    p90Ms: at(90),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: histogram.maxValue / 1000,
  };
}

/** The highest offered rate that was sustained; null when none was. */
export function highestSustained(rounds: readonly RoundReport[]): RoundReport | null {
  const sustained = rounds.filter((round) => round.sustained);
  return sustained.reduce<RoundReport | null>(
    (best, round) => (best === null || round.offeredRate > best.offeredRate ? round : best),
    null,
  );
}
