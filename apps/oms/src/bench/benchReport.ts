/** What a benchmark run found, as plain data: the JSON output, and what the tables and charts are made from. */
import type { MixShares, Transport } from './benchOptions.ts';
import type { RoundResult } from './generator/generatorMessages.ts';
import type { LatencyReport, PercentilePoint } from './generator/latency.ts';
import type { FsyncTimes, Machine } from './machine.ts';

/** The bound the highest sustained rate is reported against. */
export const P99_BOUND_MS = 100;
/** Share of the offered rate that must be answered for the rate to count as sustained. */
const ACHIEVED_SHARE = 0.98;

export interface RoundReport {
  readonly offeredRate: number;
  readonly achievedRate: number;
  readonly seconds: number;
  readonly sent: number;
  /** By kind. */
  readonly acknowledged: { readonly new: number; readonly replace: number; readonly cancel: number };
  /** Of the new orders; null on the bare server, where nothing trades. */
  readonly tradedShare: number | null;
  /** Replaces and cancels of orders that had traded meanwhile: answered rightly, with ORDER_NOT_OPEN. */
  readonly tooLate: number;
  readonly unanswered: number;
  readonly errors: Readonly<Record<string, number>>;
  /** From the planned send time. */
  readonly latency: LatencyReport;
  readonly curve: readonly PercentilePoint[];
  /** How late the generator itself was. */
  readonly generatorLag: LatencyReport;
  /** CPU seconds per second. */
  readonly generatorCpu: number;
  readonly serverCpu: number | null;
  /** CPU time per request, all threads of the process. */
  readonly generatorMicroseconds: number;
  readonly serverMicroseconds: number | null;
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
  /** Of all groups from the first order on. */
  readonly payloadBytes: number;
}

/** A bare server on the same transport. */
export interface BareReport {
  /** In a closed loop. */
  readonly bestRate: number;
  /** At the rate of the headline. */
  readonly atRate: RoundReport;
}

/** Append and fdatasync, and nothing else. */
export interface RawDisk {
  readonly bytesPerOrder: number;
  readonly groupOrders: number;
  readonly ordersPerSecond: number;
}

export interface ControlReport {
  readonly cancels: LatencyReport;
  readonly switches: LatencyReport;
  readonly errors: Readonly<Record<string, number>>;
}

export interface LoadedReport {
  readonly round: RoundReport;
  readonly controls: ControlReport;
}

export interface OverloadReport {
  readonly kneeRate: number;
  readonly atKnee: LoadedReport;
  readonly atTwice: LoadedReport;
  /** What is acknowledged at twice the knee, against what is at the knee. */
  readonly goodputShare: number;
}

export interface BenchSettings {
  readonly transport: Transport;
  readonly connections: number;
  /** Orders per request. */
  readonly batch: number;
  readonly accounts: number;
  readonly symbols: number;
  readonly mix: MixShares;
  readonly trades: number;
  readonly skew: number;
  readonly seed: number;
  /** What the clientOrderIds of this run begin with. */
  readonly idPrefix: string;
  readonly warmupSeconds: number;
  readonly durability: string;
  /** Of one order in a request, and of its answer. */
  readonly payloadBytes: number;
  readonly answerBytes: number;
}

export interface BenchReport {
  readonly startedAt: string;
  readonly settings: BenchSettings;
  readonly machine: Machine;
  readonly fsync: FsyncTimes | null;
  readonly rounds: readonly RoundReport[];
  /** With one rate: whether P99 stayed below the bound without an error. */
  readonly gate: { readonly held: boolean } | null;
  readonly overload: OverloadReport | null;
  readonly bare: BareReport | null;
  readonly disk: RawDisk | null;
  /** null when the server was not ours to stop. */
  readonly journal: JournalCheck | null;
  readonly dataDirectory: string | null;
}

/** @param serverCpuSeconds null when the server is not ours */
export function roundReportOf(result: RoundResult, serverCpuSeconds: number | null): RoundReport {
  const { latency, errors, unanswered, sent, elapsedSeconds } = result;
  const clean = unanswered === 0 && Object.keys(errors).length === 0;
  const kept = result.achievedRate >= result.rate * ACHIEVED_SHARE;
  const perRequest = (seconds: number) => (sent === 0 ? 0 : (seconds * 1e6) / sent);
  return {
    offeredRate: result.rate,
    achievedRate: result.achievedRate,
    seconds: result.seconds,
    sent,
    acknowledged: { new: result.newOrders, replace: result.replaces, cancel: result.cancels },
    tradedShare: result.newOrders === 0 ? 0 : result.traded / result.newOrders,
    tooLate: result.tooLate,
    unanswered,
    errors,
    latency,
    curve: result.curve,
    generatorLag: result.lag,
    generatorCpu: result.cpuSeconds / elapsedSeconds,
    serverCpu: serverCpuSeconds === null ? null : serverCpuSeconds / elapsedSeconds,
    generatorMicroseconds: perRequest(result.cpuSeconds),
    serverMicroseconds: serverCpuSeconds === null ? null : perRequest(serverCpuSeconds),
    sustained: clean && kept && latency.p99Ms < P99_BOUND_MS,
  };
}

export const failuresOf = ({ unanswered, errors }: RoundReport): number =>
  Object.values(errors).reduce((sum, count) => sum + count, unanswered);

/** The highest offered rate that was sustained; null when none was. */
export function highestSustained(rounds: readonly RoundReport[]): RoundReport | null {
  const sustained = rounds.filter((round) => round.sustained);
  return sustained.reduce<RoundReport | null>(
    (best, round) => (best === null || round.offeredRate > best.offeredRate ? round : best),
    null,
  );
}

/** The round that ratios are given for: the highest sustained one, else the one that achieved most. */
export const headlineRound = (rounds: readonly RoundReport[]): RoundReport =>
  highestSustained(rounds) ?? rounds.reduce((best, round) => (round.achievedRate > best.achievedRate ? round : best));
