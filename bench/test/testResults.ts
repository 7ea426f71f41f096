/** Results made up for the tests. */
import type { Measured, Results } from '../suite/results.ts';

interface MadeUp {
  readonly values: readonly number[];
  readonly better?: 'higher' | 'lower';
  /** By round; none without. */
  readonly baselines?: readonly number[];
}

/** @param figures by name */
export function resultsOf(figures: Readonly<Record<string, MadeUp>>, quick = false): Results {
  const measured = Object.entries(figures).flatMap(([figure, { values, better = 'higher', baselines }]) =>
    values.map(
      (value, i): Measured => ({
        benchmark: 'made-up',
        round: i + 1,
        figure,
        value,
        unit: 'orders/s',
        better,
        baseline: baselines === undefined ? null : { what: 'a loop', value: baselines[i]! },
        details: {},
      }),
    ),
  );
  const yardstick = { arithmeticPerSecond: 1e9, keptRecordsPerSecond: 1e6, keptRecordCpuNs: 1_000 };
  return {
    format: 1,
    startedAt: '2026-01-05T12:34:56.000Z',
    commit: 'abc1234',
    changed: false,
    quick,
    machine: { cpu: 'a processor', cores: 2, memoryGiB: 24, platform: 'Linux', node: 'v24.21.0' },
    rounds: [{ startedAt: '2026-01-05T12:34:56.000Z', loadAverage: 0.5, yardstick }],
    measured,
    failures: [],
  };
}
