/** Checks the options of `oms bench` and lays out the rounds: one rate for the whole time, or a ladder of rates. */
import { usageError } from '../commandError.ts';
import type { BenchFlags } from '../commands/benchCommand.ts';
import { FIRST_NUMBER, LAST_NUMBER } from './acknowledged.ts';

/** Requests per second; the last ones are meant to be too much. */
export const LADDER = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000] as const;
export const TRANSPORTS = ['ws', 'rest', 'rest-batch'] as const;
export type Transport = (typeof TRANSPORTS)[number];

const ACCOUNTS_MAX = 100_000;
const BATCH_DEFAULT = 100;
const BATCH_MAX = 1_000;
/** A pipelined WebSocket carries any load; HTTP/1.1 answers in order, so that one late answer holds up its connection. */
const CONNECTIONS_DEFAULT: Readonly<Record<Transport, number>> = { ws: 4, rest: 16, 'rest-batch': 4 };
/** Most of the requests may be replaces and cancels, but there must be orders for them. */
const NEW_SHARE_MIN = 0.34;

export interface Round {
  /** Requests per second; at the end of the round, when it is rising. */
  readonly rate: number;
  readonly seconds: number;
  /** The rate rises evenly from nothing. */
  readonly rising?: boolean;
  /** A closed loop instead of a rate: so many requests are under way at any time. */
  readonly window?: number;
}

/** Shares of all requests, together 1. */
export interface MixShares {
  readonly new: number;
  readonly replace: number;
  readonly cancel: number;
}

export interface BenchOptions {
  readonly transport: Transport;
  readonly rounds: readonly Round[];
  /** One rate was asked for, and the gate is judged at it. */
  readonly oneRate: boolean;
  readonly warmup: Round;
  readonly overload: boolean;
  readonly connections: number;
  /** Orders per request. */
  readonly batch: number;
  readonly accounts: number;
  /** The first so many instruments; null for all. */
  readonly symbols: number | null;
  readonly mix: MixShares;
  readonly trades: number;
  readonly skew: number;
  readonly seed: number;
  readonly baseline: boolean;
  readonly url: string | null;
  readonly keep: boolean;
  readonly html: string | null;
}

/** @throws CommandError with exit code 2. */
export function readBenchOptions(flags: BenchFlags): BenchOptions {
  const transport = TRANSPORTS.find((name) => name === flags.transport);
  if (transport === undefined) {
    throw usageError(`--transport must be one of ${TRANSPORTS.join(', ')}, not "${flags.transport}".`);
  }
  const rounds = readRounds(flags);
  const warmup = { rate: rounds[0]!.rate, seconds: wholeNumber('--warmup', flags.warmup, 0, 3_600), rising: true };
  requireNumbers([...rounds, warmup]);
  return {
    transport,
    rounds,
    oneRate: flags.rate !== undefined,
    warmup,
    overload: flags.overload === true,
    connections:
      flags.connections === undefined
        ? CONNECTIONS_DEFAULT[transport]
        : wholeNumber('--connections', flags.connections, 1, 1_000),
    batch: readBatch(flags.batch, transport),
    accounts: wholeNumber('--accounts', flags.accounts, 1, ACCOUNTS_MAX),
    symbols: flags.symbols === undefined ? null : wholeNumber('--symbols', flags.symbols, 1, 1_000),
    mix: readMix(flags.mix, transport),
    trades: share('--trades', flags.trades),
    skew: share('--skew', flags.skew),
    seed: wholeNumber('--seed', flags.seed, 0, 4_294_967_295),
    baseline: flags.baseline,
    url: readUrl(flags.url),
    keep: flags.keep === true,
    html: flags.html ?? null,
  };
}

function readRounds({ rate, ladder, duration }: BenchFlags): Round[] {
  if (rate !== undefined && ladder !== undefined) throw usageError('Give either --rate or --ladder, not both.');
  const seconds = wholeNumber('--duration', duration, 1, 86_400);
  if (rate !== undefined) return [{ rate: wholeNumber('--rate', rate, 1, 10_000_000), seconds }];
  const rates = ladder?.split(',').map((text) => wholeNumber('--ladder', text, 1, 10_000_000)) ?? [...LADDER];
  if (rates.some((step, i) => i > 0 && step <= rates[i - 1]!)) throw usageError('--ladder must be rising rates.');
  return rates.map((step) => ({ rate: step, seconds: seconds / rates.length }));
}

/** Requests are told by numbers of a fixed length; overload doubles the last round. */
function requireNumbers(rounds: readonly Round[]): void {
  const requests = rounds.reduce((sum, { rate, seconds }) => sum + rate * seconds, 0);
  const most = Math.trunc((LAST_NUMBER - FIRST_NUMBER) / 4);
  if (requests <= most) return;
  throw usageError(`That would be ${requests} requests; a run has at most ${most}.`, 'Choose a shorter --duration.');
}

function readBatch(flag: string | undefined, transport: Transport): number {
  if (transport === 'rest-batch') return wholeNumber('--batch', flag ?? String(BATCH_DEFAULT), 1, BATCH_MAX);
  if (flag !== undefined) throw usageError('--batch goes with --transport rest-batch only.');
  return 1;
}

function readMix(text: string, transport: Transport): MixShares {
  const parts = { new: 0, replace: 0, cancel: 0 };
  for (const part of text.split(',')) {
    const match = /^(new|replace|cancel):(\d{1,6})$/.exec(part);
    if (match === null) {
      throw usageError(`--mix cannot be "${text}".`, 'Give parts, such as new:80,replace:10,cancel:10.');
    }
    parts[match[1] as keyof MixShares] = Number(match[2]);
  }
  const total = parts.new + parts.replace + parts.cancel;
  const mix = { new: parts.new / total, replace: parts.replace / total, cancel: parts.cancel / total };
  if (!(mix.new >= NEW_SHARE_MIN)) {
    throw usageError('--mix needs at least as many new orders as half of the rest: something must be replaced.');
  }
  if (transport === 'rest-batch' && mix.new < 1) {
    throw usageError('--transport rest-batch places new orders only.', 'Leave --mix out.');
  }
  return mix;
}

/** Plain HTTP: without sign-in, a server listens on this machine only. */
function readUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (URL.canParse(text) && new URL(text).protocol === 'http:') return text.replace(/\/+$/, '');
  throw usageError(`--url must be an address such as http://127.0.0.1:8080, not "${text}".`);
}

function share(option: string, text: string): number {
  const value = /^(0|1|0?\.\d{1,6}|1\.0+)$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw usageError(`${option} must be a share from 0 to 1, such as 0.5, not "${text}".`);
}

function wholeNumber(option: string, text: string, low: number, high: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw usageError(`${option} must be a whole number from ${low} to ${high}, not "${text}".`);
}
