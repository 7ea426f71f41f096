/** One figure over all rounds of a run: its median, its spread, and whether it reached its gate. */
import { ratioOf } from './figure.ts';
import { type Gate, type GateVerdict, gateOf, judge } from './gates.ts';
import type { Measured, Results } from './results.ts';
import { best, median, spread } from './statistics.ts';

export interface Summary {
  readonly figure: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** By round. */
  readonly values: readonly number[];
  /** Value over baseline, by round; empty without a baseline. */
  readonly ratios: readonly number[];
  readonly median: number;
  readonly best: number;
  /** From the lowest to the highest, as a share of the median. */
  readonly spread: number;
  readonly ratio: number | null;
  /** What the ratio is over. */
  readonly baseline: string | null;
  readonly gate: Gate | null;
  /** Null without a gate, and in a quick run. */
  readonly verdict: GateVerdict | null;
}

/** In the order in which the figures were measured first. */
export function summarize(results: Pick<Results, 'measured' | 'quick'>): Summary[] {
  const byFigure = Map.groupBy(results.measured, ({ figure }) => figure);
  return [...byFigure.values()].map((measured) => summaryOf(measured, results.quick));
}

function summaryOf(measured: readonly Measured[], quick: boolean): Summary {
  const { figure, unit, better, baseline } = measured[0]!;
  const values = measured.map(({ value }) => value);
  const ratios = measured.map(ratioOf).filter((ratio) => ratio !== null);
  const middle = median(values);
  const ratio = ratios.length === 0 ? null : median(ratios);
  const gate = gateOf(figure);
  const judged = gate?.of === 'ratio' ? ratio : middle;
  return {
    figure,
    unit,
    better,
    values,
    ratios,
    median: middle,
    best: best(values, better),
    spread: spread(values),
    ratio,
    baseline: baseline?.what ?? null,
    gate,
    verdict: gate === null || judged === null || quick ? null : judge(gate, judged),
  };
}
