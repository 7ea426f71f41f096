/**
 * Runs the benchmarks, each in a fresh process, in interleaved rounds: the first round of all, then the second of all, so
 * that a slow minute of the machine hits every one. Prints a table and keeps every value in a dated file.
 *   npm run bench -- [names …] [--rounds 5] [--json FILE] [--quick] [--list]
 */
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHMARKS, type Benchmark, commandOf, figuresOf, scriptPath, select } from './suite/catalog.ts';
import type { Figure } from './suite/figure.ts';
import { runFresh } from './suite/freshProcess.ts';
import {
  describeCommit,
  describeMachine,
  type Failure,
  FORMAT,
  type Measured,
  type Results,
  type RoundFacts,
  resultFileOf,
  writeResults,
} from './suite/results.ts';
import { formatNumber, machineText, resultTable } from './suite/table.ts';
import type { Yardstick } from './suite/yardstick.ts';

const ROUNDS_MAX = 1_000;

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const note = (text: string): void => void process.stderr.write(`${text}\n`);

const runBenchmark = async (benchmark: Benchmark, quick: boolean): Promise<Figure[]> =>
  figuresOf(benchmark, await runFresh(commandOf(benchmark, quick)));

async function roundFacts(): Promise<RoundFacts> {
  const startedAt = new Date().toISOString();
  const loadAverage = os.loadavg()[0]!;
  const yardstick = JSON.parse(await runFresh([scriptPath('yardstick.ts')])) as Yardstick;
  return { startedAt, loadAverage, yardstick };
}

async function runAll(benchmarks: readonly Benchmark[], rounds: number, quick: boolean): Promise<Results> {
  const startedAt = new Date().toISOString();
  const facts: RoundFacts[] = [];
  const measured: Measured[] = [];
  const failures: Failure[] = [];
  for (let round = 1; round <= rounds; round++) {
    facts.push(await roundFacts());
    for (const [i, benchmark] of benchmarks.entries()) {
      const place = `round ${round}/${rounds}, ${i + 1}/${benchmarks.length}  ${benchmark.name}`;
      const began = performance.now();
      try {
        const figures = await runBenchmark(benchmark, quick);
        measured.push(...figures.map((figure) => ({ ...figure, benchmark: benchmark.name, round })));
        const told = figures.map(({ value, unit }) => `${formatNumber(value)} ${unit}`).join(', ');
        note(`${place}: ${told}  (${((performance.now() - began) / 1_000).toFixed(0)} s)`);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failures.push({ benchmark: benchmark.name, round, message });
        note(`${place}: FAILED\n${message}`);
      }
    }
  }
  return {
    format: FORMAT,
    startedAt,
    ...describeCommit(),
    quick,
    machine: describeMachine(),
    rounds: facts,
    measured,
    failures,
  };
}

async function main(): Promise<number> {
  if (values.list) {
    for (const { name, tells } of BENCHMARKS) process.stdout.write(`${name.padEnd(16)}${tells}\n`);
    return 0;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > ROUNDS_MAX) {
    throw new Error(`--rounds is a whole number from 1 to ${ROUNDS_MAX}`);
  }
  const results = await runAll(select(positionals), rounds, values.quick);
  const file = path.resolve(values.json ?? resultFileOf(results));
  writeResults(file, results);
  process.stdout.write(`\n${resultTable(results)}\n\n${machineText(results)}\n`);
  for (const { benchmark, round, message } of results.failures) {
    process.stdout.write(`FAILED: ${benchmark} in round ${round}: ${message.split('\n')[0]}\n`);
  }
  note(`kept in ${path.relative('', file)}`);
  return results.failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
