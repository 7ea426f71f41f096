/** When a figure counts as changed, and when as noise. */
import { describe, expect, it } from 'vitest';
import { type Change, compareResults, objections } from '../suite/comparison.ts';
import { resultsOf } from './testResults.ts';

const changeOf = (before: Parameters<typeof resultsOf>[0][string], after: typeof before): Change =>
  compareResults(resultsOf({ a: before }), resultsOf({ a: after }))[0]!.change;

describe('without a baseline', () => {
  it.each([
    ['every round higher', [100, 101, 102], [110, 111, 112], 'better'],
    ['every round lower', [100, 101, 102], [80, 99, 90], 'worse'],
    ['rounds that overlap below', [100, 101, 102], [80, 101, 90], 'same'],
    ['rounds that overlap above', [100, 101, 102], [101, 120, 130], 'same'],
    ['rounds that touch', [100, 101, 102], [80, 100, 90], 'same'],
    ['less than 3 %', [100, 100, 100], [102, 102, 102], 'same'],
    ['two rounds', [100, 101], [50, 51], 'too few rounds'],
    ['two rounds after three', [100, 101, 102], [50, 51], 'too few rounds'],
  ] as const)('%s', (_, before, after, expected) => {
    expect(changeOf({ values: before }, { values: after })).toBe(expected);
  });

  it('knows that fewer nanoseconds are better', () => {
    const [before, after] = [
      { values: [100, 101, 102], better: 'lower' },
      { values: [50, 51, 52], better: 'lower' },
    ] as const;
    expect([changeOf(before, after), changeOf(after, before)]).toEqual(['better', 'worse']);
  });
});

describe('with a baseline', () => {
  const before = { values: [100, 101, 102], baselines: [1_000, 1_000, 1_000] };

  it.each([
    ['a slower machine', [50, 51, 52], [500, 500, 500], 'same'],
    ['a slower program', [50, 51, 52], [1_000, 1_000, 1_000], 'worse'],
    ['a baseline too unsteady to tell', [50, 51, 52], [1_000, 480, 700], 'same'],
    ['a slower baseline only', [100, 101, 102], [500, 500, 500], 'same'],
    ['a faster program on a slower machine', [110, 111, 112], [500, 500, 500], 'better'],
  ] as const)('%s', (_, values, baselines, expected) => {
    expect(changeOf(before, { values, baselines })).toBe(expected);
  });

  it('gives both ratios', () => {
    const after = { values: [50, 50, 50], baselines: [500, 500, 500] };
    const [compared] = compareResults(resultsOf({ a: before }), resultsOf({ a: after }));
    expect(compared).toMatchObject({ ratio: 50 / 101 });
    expect(compared!.relativeRatio).toBeCloseTo(100 / 101);
  });
});

describe('two runs', () => {
  it('are compared by what both have', () => {
    const figures = compareResults(
      resultsOf({ a: { values: [1] }, b: { values: [1] } }),
      resultsOf({ b: { values: [1] }, c: { values: [1] } }),
    );
    expect(figures.map(({ figure }) => figure)).toEqual(['b']);
  });

  it('of another machine or size are objected to', () => {
    const results = resultsOf({});
    expect(objections(results, results)).toEqual([]);
    const other = { ...resultsOf({}, true), machine: { ...results.machine, node: 'v26.0.0' } };
    expect(objections(results, other)).toEqual(['node: v24.21.0 and v26.0.0', 'one of the runs was quick']);
  });
});
