/**
 * The proof: the unmutated copy passes every check, then each mutant is applied alone and must be caught by one of its
 * own. Two are worked side by side, each in a copy of its own.
 */
import type { Mutant } from './mutant.ts';
import { type CheckResult, runCheck } from './runCheck.ts';
import { WorkCopy } from './workCopy.ts';

const WORKERS = 2;

export interface Verdict {
  readonly mutant: Mutant;
  /** `broken`: it does not apply, cannot be loaded or does not end, so it proves nothing. */
  readonly outcome: 'killed' | 'survived' | 'broken';
  /** The test that caught it; null when none did. */
  readonly by: { readonly file: string; readonly test: string } | null;
  /** What the failing test said, or why it is broken; empty for a survivor. */
  readonly why: string;
  readonly seconds: number;
}

/** The unmutated sources fail a check: nothing can be proved with it. */
export class UnsoundBaselineError extends Error {}

export interface ProofOptions {
  readonly signal: AbortSignal;
  /** Told of every verdict as it is reached. */
  onVerdict(verdict: Verdict): void;
}

/**
 * @returns a verdict for each mutant, in their order
 * @throws UnsoundBaselineError
 */
export async function proveMutants(mutants: readonly Mutant[], options: ProofOptions): Promise<Verdict[]> {
  const copies = Array.from({ length: Math.min(WORKERS, mutants.length) }, () => new WorkCopy());
  const removeCopies = (): void => {
    for (const copy of copies) copy.remove();
  };
  // Also when the process is told to end.
  process.once('exit', removeCopies);
  try {
    if (copies[0] !== undefined) await assertSound(copies[0], mutants, options.signal);
    const verdicts = new Map<Mutant, Verdict>();
    const queue = mutants.values();
    const work = async (copy: WorkCopy): Promise<void> => {
      for (const mutant of queue) {
        const verdict = await judge(copy, mutant, options.signal);
        verdicts.set(mutant, verdict);
        options.onVerdict(verdict);
      }
    };
    await Promise.all(copies.map(work));
    return mutants.map((mutant) => verdicts.get(mutant)!);
  } finally {
    process.off('exit', removeCopies);
    removeCopies();
  }
}

async function assertSound(copy: WorkCopy, mutants: readonly Mutant[], signal: AbortSignal): Promise<void> {
  const files = [...new Set(mutants.flatMap(({ checks }) => checks))];
  const result = await runCheck(copy.directory, files, WORKERS, signal);
  if (result.kind === 'passed') return;
  const what = result.kind === 'failed' ? `${result.file}: ${result.test}: ${result.message}` : result.why;
  throw new UnsoundBaselineError(`the checks fail without any mutant: ${what}`);
}

async function judge(copy: WorkCopy, mutant: Mutant, signal: AbortSignal): Promise<Verdict> {
  const startedAt = performance.now();
  const verdict = (outcome: Verdict['outcome'], by: Verdict['by'], why: string): Verdict => {
    return { mutant, outcome, by, why, seconds: (performance.now() - startedAt) / 1_000 };
  };
  try {
    const result = await copy.with(mutant, () => firstFailure(copy.directory, mutant.checks, signal));
    if (result.kind === 'passed') return verdict('survived', null, '');
    if (result.kind === 'broken') return verdict('broken', null, result.why);
    return verdict('killed', { file: result.file, test: result.test }, result.message);
  } catch (error) {
    signal.throwIfAborted();
    return verdict('broken', null, error instanceof Error ? error.message : String(error));
  }
}

async function firstFailure(directory: string, checks: readonly string[], signal: AbortSignal): Promise<CheckResult> {
  for (const check of checks) {
    const result = await runCheck(directory, [check], 1, signal);
    if (result.kind !== 'passed') return result;
  }
  return { kind: 'passed' };
}
