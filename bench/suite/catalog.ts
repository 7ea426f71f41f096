/** Every benchmark that `npm run bench` runs: its name, its script, and what it tells. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Figure, readFigures } from './figure.ts';
import { apiFigures, projectionFigures, riskFigures, venueFigures } from './ownReports.ts';

export interface Benchmark {
  readonly name: string;
  /** In bench/. */
  readonly script: string;
  readonly arguments?: readonly string[];
  /** What makes it small; `--quick` by default. */
  readonly quickArguments?: readonly string[];
  /** Finds the figures in its output, where it does not print them as {@link readFigures} reads them. */
  readonly read?: (output: string) => Figure[];
  readonly tells: string;
}

const CATALOG: readonly Benchmark[] = [
  { name: 'core-all', script: 'core.ts', arguments: ['--mix', 'all'], tells: 'the core alone, every order trades' },
  { name: 'core-third', script: 'core.ts', arguments: ['--mix', 'third'], tells: 'the core alone, a third trades' },
  { name: 'core-none', script: 'core.ts', arguments: ['--mix', 'none'], tells: 'the core alone, all orders rest' },
  {
    name: 'core-refused',
    script: 'core.ts',
    arguments: ['--mix', 'refused'],
    tells: 'the core alone, risk refuses all',
  },
  {
    name: 'risk',
    script: 'risk.ts',
    quickArguments: ['30000'],
    read: riskFigures,
    tells: 'the risk engine alone',
  },
  {
    name: 'venue',
    script: 'venue.ts',
    quickArguments: ['20000', '1000', '50000'],
    read: venueFigures,
    tells: 'the simulated venue alone, on a deep book against a shallow one',
  },
  {
    name: 'api',
    script: 'api.ts',
    quickArguments: ['all', '10000', '2'],
    read: apiFigures,
    tells: 'the order API alone, against a bare server',
  },
  { name: 'codec', script: 'codec.ts', tells: 'events to bytes and back, against JSON' },
  { name: 'journal-append', script: 'journalAppend.ts', tells: 'records made durable, against a raw write and sync' },
  { name: 'journal-replay', script: 'journalReplay.ts', tells: 'read, checksum, decode and fold, against reading' },
  {
    name: 'projection',
    script: 'projection.ts',
    quickArguments: ['10000'],
    read: projectionFigures,
    tells: 'the read model following the journal, against bare rows',
  },
  { name: 'memory', script: 'memory.ts', tells: 'bytes kept per open and per closed order' },
  { name: 'skew', script: 'skew.ts', tells: 'half the flow on one account, against an even spread' },
  { name: 'growth', script: 'growth.ts', tells: 'a million open orders or many accounts, against a thousand' },
  { name: 'restart', script: 'restart.ts', tells: 'snapshot of a million open orders, and the start from it' },
];

export const scriptPath = (script: string): string => fileURLToPath(new URL(`../${script}`, import.meta.url));

export const BENCHMARKS: readonly Benchmark[] = CATALOG.filter(({ script }) => existsSync(scriptPath(script)));

/**
 * The benchmarks whose name is one of `names` or begins with one ("core" means all four); all without names.
 * @throws Error for a name that fits none
 */
export function select(names: readonly string[], benchmarks: readonly Benchmark[] = BENCHMARKS): Benchmark[] {
  const fits = (name: string) => (benchmark: Benchmark) =>
    benchmark.name === name || benchmark.name.startsWith(`${name}-`);
  const unknown = names.find((name) => !benchmarks.some(fits(name)));
  if (unknown !== undefined) {
    throw new Error(`there is no benchmark "${unknown}"; there are: ${benchmarks.map(({ name }) => name).join(', ')}`);
  }
  return benchmarks.filter((benchmark) => names.length === 0 || names.some((name) => fits(name)(benchmark)));
}

/** The command line of one run of it. */
export const commandOf = (
  { script, arguments: always = [], quickArguments = ['--quick'] }: Benchmark,
  quick: boolean,
) => [scriptPath(script), ...always, ...(quick ? quickArguments : [])];

/** @throws Error when its output has no whole figure */
export function figuresOf(benchmark: Benchmark, output: string): Figure[] {
  const figures = readFigures(output);
  const found = figures.length === 0 && benchmark.read !== undefined ? benchmark.read(output) : figures;
  if (found.length === 0) throw new Error(`${benchmark.script} printed no figure`);
  return found;
}
