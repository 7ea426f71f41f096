/**
 * Whether a figure changed between two runs. The rule: it did when the rounds of the one run lie all above or all below
 * those of the other, both as measured and relative to the baseline of each round, and the medians differ by 3 % at
 * least. So neither a faster hour of the machine nor one lucky round counts. It takes three rounds of each.
 */
import type { Results } from './results.ts';
import { median } from './statistics.ts';
import { type Summary, summarize } from './summary.ts';

export const ROUNDS_MIN = 3;
export const CHANGE_MIN = 0.03;

/** `too few rounds` to tell. */
export type Change = 'better' | 'worse' | 'same' | 'too few rounds';

export interface Compared {
  readonly figure: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly before: number;
  readonly after: number;
  /** Of the medians, after over before. */
  readonly ratio: number;
  /** The same of what was measured relative to the baselines; null without one. */
  readonly relativeRatio: number | null;
  readonly change: Change;
}

/** The figures that both runs have. */
export function compareResults(before: Results, after: Results): Compared[] {
  const earlier = new Map(summarize(before).map((summary) => [summary.figure, summary]));
  return summarize(after).flatMap((summary) => {
    const other = earlier.get(summary.figure);
    return other === undefined ? [] : [compare(other, summary)];
  });
}

function compare(before: Summary, after: Summary): Compared {
  const { figure, unit, better } = after;
  const relative = before.ratios.length > 0 && after.ratios.length > 0 && before.baseline === after.baseline;
  return {
    figure,
    unit,
    better,
    before: before.median,
    after: after.median,
    ratio: after.median / before.median,
    relativeRatio: relative ? median(after.ratios) / median(before.ratios) : null,
    change: changeOf(before, after, relative),
  };
}

function changeOf(before: Summary, after: Summary, relative: boolean): Change {
  if (Math.min(before.values.length, after.values.length) < ROUNDS_MIN) return 'too few rounds';
  const direction = directionOf(before.values, after.values);
  if (direction === 'neither') return 'same';
  if (relative && directionOf(before.ratios, after.ratios) !== direction) return 'same';
  return direction === after.better ? 'better' : 'worse';
}

function directionOf(before: readonly number[], after: readonly number[]): 'higher' | 'lower' | 'neither' {
  const ratio = median(after) / median(before);
  if (Math.abs(ratio - 1) < CHANGE_MIN) return 'neither';
  if (Math.min(...after) > Math.max(...before)) return 'higher';
  return Math.max(...after) < Math.min(...before) ? 'lower' : 'neither';
}

/** Why the two should not be held against each other; empty when nothing speaks against it. */
export function objections(before: Results, after: Results): string[] {
  const differing = (['cpu', 'cores', 'node'] as const).filter((fact) => before.machine[fact] !== after.machine[fact]);
  const machines = differing.map((fact) => `${fact}: ${before.machine[fact]} and ${after.machine[fact]}`);
  return before.quick === after.quick ? machines : [...machines, 'one of the runs was quick'];
}
