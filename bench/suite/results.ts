/** The result file of a run: every value of every round as it was measured, and what is needed to judge them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import type { Yardstick } from './yardstick.ts';

export const FORMAT = 1;

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
}

/** What else was the case while a round ran. */
export interface RoundFacts {
  readonly startedAt: string;
  /** Of the last minute, at the beginning. */
  readonly loadAverage: number;
  readonly yardstick: Yardstick;
}

export interface Measured extends Figure {
  readonly benchmark: string;
  /** From 1. */
  readonly round: number;
}

export interface Failure {
  readonly benchmark: string;
  readonly round: number;
  readonly message: string;
}

export interface Results {
  readonly format: typeof FORMAT;
  readonly startedAt: string;
  readonly commit: string;
  /** Whether the files differed from the commit. */
  readonly changed: boolean;
  /** A quick run is smaller and judges no gate. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly rounds: readonly RoundFacts[];
  readonly measured: readonly Measured[];
  readonly failures: readonly Failure[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RESULTS = join(ROOT, 'bench', 'results');

export const describeMachine = (): Machine => ({
  cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
  cores: os.availableParallelism(),
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  platform: `${os.type()} ${os.release()} ${os.arch()}`,
  node: process.version,
});

export function describeCommit(): Pick<Results, 'commit' | 'changed'> {
  const git = (...arguments_: string[]) => execFileSync('git', arguments_, { cwd: ROOT, encoding: 'utf8' }).trim();
  try {
    return { commit: git('rev-parse', '--short', 'HEAD'), changed: git('status', '--porcelain') !== '' };
  } catch {
    // A copy without git can be measured too.
    return { commit: 'unknown', changed: false };
  }
}

/** `bench/results/<date and minute>-<commit>.json`; "-changed" when the files differed from the commit. */
export function resultFileOf({
  startedAt,
  commit,
  changed,
}: Pick<Results, 'startedAt' | 'commit' | 'changed'>): string {
  const minute = startedAt.slice(0, 16).replace(':', '');
  return join(RESULTS, `${minute}-${commit}${changed ? '-changed' : ''}.json`);
}

export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

export const writeResults = (file: string, results: Results): void => writeJson(file, results);

/** @throws Error when it is no result file of this format */
export function readResults(file: string): Results {
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  if (results.format !== FORMAT || !Array.isArray(results.measured)) throw new Error(`${file} is no benchmark result`);
  return results;
}
