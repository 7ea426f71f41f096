/**
 * Many seeds, side by side on as many threads as wanted. Reports come in the order of the seeds whichever is done
 * first, so that what is made of them is the same on every machine.
 */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { FaultFocus } from './faults/faultPlan.ts';
import type { SeedTask } from './seedWorker.ts';
import { type SeedReport, simulateSeed } from './simulate.ts';

export interface RangeOptions {
  readonly first: number;
  /** Included. */
  readonly last: number;
  readonly minutes: number;
  readonly focus?: FaultFocus | null;
  /** Threads; 1 runs them on this one. */
  readonly workers: number;
  /** Told of every seed as it is done, in any order. */
  readonly onDone?: (report: SeedReport) => void;
  /** Asked before every seed; the range ends when it says no. */
  readonly wantsMore?: () => boolean;
}

export interface RangeReport {
  readonly first: number;
  /** The last seed that was run, included. */
  readonly last: number;
  readonly minutes: number;
  readonly seeds: number;
  /** SHA-256 over all seeds' hashes, in order. */
  readonly hash: string;
  readonly failed: readonly { readonly seed: number; readonly breaches: readonly string[] }[];
  /** Of all seeds together. */
  readonly doses: Readonly<Record<string, number>>;
}

export async function runSeeds(options: RangeOptions): Promise<RangeReport> {
  const reports = new Map<number, SeedReport>();
  let next = options.first;
  const take = (): SeedTask | null => {
    if (next > options.last || options.wantsMore?.() === false) return null;
    return { seed: next++, minutes: options.minutes, focus: options.focus ?? null };
  };
  const done = (report: SeedReport): void => {
    reports.set(report.seed, report);
    options.onDone?.(report);
  };
  const count = Math.min(options.workers, options.last - options.first + 1);
  if (count <= 1) {
    for (let task = take(); task !== null; task = take()) done(await simulateSeed(task));
  } else {
    await Promise.all(Array.from({ length: count }, () => runWorker(take, done)));
  }
  return summaryOf(
    options,
    [...reports.values()].sort((a, b) => a.seed - b.seed),
  );
}

function runWorker(take: () => SeedTask | null, done: (report: SeedReport) => void): Promise<void> {
  const first = take();
  if (first === null) return Promise.resolve();
  const worker = new Worker(new URL('./seedWorker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
    worker.on('message', (report: SeedReport) => {
      done(report);
      worker.postMessage(take());
    });
    worker.postMessage(first);
  });
}

function summaryOf({ first, minutes }: RangeOptions, reports: readonly SeedReport[]): RangeReport {
  const hash = createHash('sha256');
  const doses = new Map<string, number>();
  for (const report of reports) {
    hash.update(`${report.seed} ${report.hash}\n`);
    for (const [name, count] of Object.entries(report.doses)) doses.set(name, (doses.get(name) ?? 0) + count);
  }
  return {
    first,
    last: reports.at(-1)?.seed ?? first - 1,
    minutes,
    seeds: reports.length,
    hash: hash.digest('hex'),
    failed: reports.flatMap(({ seed, breaches }) => (breaches.length > 0 ? [{ seed, breaches }] : [])),
    doses: Object.fromEntries([...doses].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The command that runs a seed again. */
export const rerunOf = (seed: number, minutes: number, focus: FaultFocus | null): string =>
  `npx oms simulate --seed ${seed} --minutes ${minutes}${focus === null ? '' : ` --focus ${focus}`}`;
