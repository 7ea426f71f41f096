/**
 * What a benchmark says: one line of JSON per figure on its output, nothing else that begins like it. A figure comes with
 * a baseline that was measured beside it, for the machine is shared and an absolute number alone means little.
 */

export interface Baseline {
  readonly what: string;
  /** In the figure's unit. */
  readonly value: number;
}

export interface Figure {
  /** Unique in the suite, for example "core third". */
  readonly figure: string;
  readonly value: number;
  /** Such as "orders/s" or "bytes". */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly baseline: Baseline | null;
  /** Further numbers of the same run, with their units in the names. */
  readonly details: Readonly<Record<string, number>>;
}

/** Writes the figure as the line that the runner reads. */
export function printFigure(figure: Figure): void {
  const { figure: name, ...rest } = figure;
  const line = { figure: name, ...rest };
  process.stdout.write(`${JSON.stringify(line, (_, value) => (typeof value === 'number' ? rounded(value) : value))}\n`);
}

const SIGNIFICANT_DIGITS = 6;

const rounded = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));

/**
 * The figures in a benchmark's output; other lines are passed over.
 * @throws Error when a line means to be a figure and is not a whole one
 */
export function readFigures(output: string): Figure[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{"figure":'))
    .map((line) => {
      const figure = JSON.parse(line) as Figure;
      const { value, unit, better, baseline, details } = figure;
      const whole =
        Number.isFinite(value) &&
        typeof unit === 'string' &&
        (better === 'higher' || better === 'lower') &&
        (baseline === null || Number.isFinite(baseline?.value)) &&
        typeof details === 'object';
      if (!whole) throw new Error(`not a whole figure: ${line}`);
      return figure;
    });
}

/** Value over baseline; null without one. */
export const ratioOf = ({ value, baseline }: Figure): number | null =>
  baseline === null || baseline.value === 0 ? null : value / baseline.value;
