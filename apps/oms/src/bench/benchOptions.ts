/** Checks the options of `oms bench` and lays out the rounds: one rate for the whole time, or the ladder. */
import { usageError } from '../commandError.ts';
import type { BenchFlags } from '../commands/benchCommand.ts';

/** Orders per second; the last ones are meant to be too much. */
export const LADDER = [10_000, 20_000, 30_000, 40_000, 60_000] as const;
const ACCOUNTS_MAX = 1_000;

export interface Round {
  /** Orders per second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface BenchOptions {
  readonly rounds: readonly Round[];
  readonly warmup: Round;
  readonly connections: number;
  readonly accounts: number;
  readonly seed: number;
  readonly url: string | null;
  readonly keep: boolean;
}

/** @throws CommandError with exit code 2. */
export function readBenchOptions(flags: BenchFlags): BenchOptions {
  const duration = numberOf('--duration', flags.duration, 1, 86_400);
  const rate = flags.rate === undefined ? null : numberOf('--rate', flags.rate, 1, 10_000_000);
  const rounds =
    rate === null
      ? LADDER.map((step) => ({ rate: step, seconds: duration / LADDER.length }))
      : [{ rate, seconds: duration }];
  return {
    rounds,
    warmup: { rate: rounds[0]!.rate, seconds: numberOf('--warmup', flags.warmup, 0, 3_600) },
    connections: numberOf('--connections', flags.connections, 1, 1_000),
    accounts: numberOf('--accounts', flags.accounts, 1, ACCOUNTS_MAX),
    seed: numberOf('--seed', flags.seed, 0, 4_294_967_295),
    url: flags.url === undefined ? null : flags.url.replace(/\/+$/, ''),
    keep: flags.keep === true,
  };
}

function numberOf(option: string, text: string, low: number, high: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw usageError(`${option} must be a whole number from ${low} to ${high}, not "${text}".`);
}
