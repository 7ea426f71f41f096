/** Runs simulation seeds, shows how far they are, and prints what was dosed and what did not hold. */
import { availableParallelism } from 'node:os';
import { FAULT_FOCUSES, type FaultFocus, type RangeReport, rerunOf, runSeeds, simulateSeed } from '@oms/simulation';
import { usageError } from '../commandError.ts';
import type { CommandContext } from '../main.ts';
import { createOutput, type Output } from '../printing/output.ts';
import { printSimulationReport, SimulationProgress } from '../printing/simulationReport.ts';
import type { SimulateFlags } from './simulateCommand.ts';

const SEEDS_DEFAULT = { first: 1, last: 20 };
const SEED_MAX = 2 ** 31;
const MINUTES_MAX = 1_440;

export async function simulate(flags: SimulateFlags, context: CommandContext): Promise<number> {
  const output = createOutput(context.streams, flags.json === true);
  const { first, last } = seedsOf(flags);
  const minutes = numberOf(flags.minutes, '--minutes', MINUTES_MAX);
  const focus = focusOf(flags.focus);
  if (flags.trace === true) return trace(first, last, minutes, focus, output);
  const workers =
    flags.workers === undefined ? availableParallelism() : wholeNumberOf(flags.workers, '--workers', 1_024);
  const progress = new SimulationProgress(output, last - first + 1);
  const report = await runSeeds({ first, last, minutes, focus, workers, onDone: (seed) => progress.done(seed) });
  progress.end();
  if (output.json) output.jsonLine({ ...report, failed: failuresOf(report, focus) });
  else printSimulationReport(report, focus, output);
  return report.failed.length === 0 ? 0 : 1;
}

async function trace(first: number, last: number, minutes: number, focus: FaultFocus | null, output: Output) {
  if (first !== last) throw usageError('--trace goes with one --seed.');
  const { breaches } = await simulateSeed({ seed: first, minutes, focus, onLine: (line) => output.line(line) });
  return breaches.length === 0 ? 0 : 1;
}

const failuresOf = ({ failed, minutes }: RangeReport, focus: FaultFocus | null) =>
  failed.map((failure) => ({ ...failure, rerun: rerunOf(failure.seed, minutes, focus) }));

function seedsOf({ seed, seeds }: SimulateFlags): { readonly first: number; readonly last: number } {
  if (seed !== undefined && seeds !== undefined) throw usageError('Either --seed or --seeds, not both.');
  if (seed !== undefined) {
    const one = wholeNumberOf(seed, '--seed', SEED_MAX);
    return { first: one, last: one };
  }
  if (seeds === undefined) return SEEDS_DEFAULT;
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(seeds) ?? [];
  const first = Number(from);
  const last = Number(to);
  if (from === undefined || first > last || last > SEED_MAX) {
    throw usageError(`--seeds ${seeds}: expected a range such as 1..100.`);
  }
  return { first, last };
}

function focusOf(text: string | undefined): FaultFocus | null {
  if (text === undefined) return null;
  const focus = FAULT_FOCUSES.find((each) => each === text);
  if (focus === undefined) throw usageError(`--focus ${text}: expected ${FAULT_FOCUSES.join(', ')}.`);
  return focus;
}

function numberOf(text: string, option: string, most: number): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number <= most) return number;
  throw usageError(`${option} ${text}: expected a number up to ${most}.`);
}

function wholeNumberOf(text: string, option: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw usageError(`${option} ${text}: expected a whole number up to ${most}.`);
}
