/**
 * "Every change": two hundred short seeds that lose power, and some of every other kind. Longer ones are run by
 * `oms simulate` and the deep run. Seeds that once failed are in regressions.test.ts.
 */
import { expect, it } from 'vitest';
import { type FaultFocus, runSeeds } from '../src/index.ts';

interface Row {
  readonly focus: FaultFocus | null;
  readonly seeds: number;
  readonly minutes: number;
  /** What they must have been given, and how often at least. */
  readonly given: string;
  readonly times: number;
}

const ROWS: readonly Row[] = [
  { focus: 'disk', seeds: 200, minutes: 0.1, given: 'power losses', times: 60 },
  { focus: 'messages', seeds: 10, minutes: 0.2, given: 'messages lost', times: 20 },
  { focus: 'clock', seeds: 10, minutes: 0.2, given: 'clock jumps back', times: 3 },
  { focus: 'venue', seeds: 10, minutes: 0.2, given: 'venue settings', times: 5 },
];

it.each(ROWS)(
  '$seeds seeds of $focus: nothing lost, nothing twice',
  async ({ focus, seeds, minutes, given, times }) => {
    const report = await runSeeds({ first: 1, last: seeds, minutes, focus, workers: 1 });
    expect(report.failed).toEqual([]);
    expect(report.doses[given]).toBeGreaterThanOrEqual(times);
  },
  240_000,
);
