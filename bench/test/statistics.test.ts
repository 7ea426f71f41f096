/** The statistics of few rounds. */
import { describe, expect, it } from 'vitest';
import { best, median, percentile, slope, spread } from '../suite/statistics.ts';

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('needs a value', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('the others', () => {
  it('best is the largest or the smallest', () => {
    expect([best([2, 9, 4], 'higher'), best([2, 9, 4], 'lower')]).toEqual([9, 2]);
  });

  it('spread is from the lowest to the highest, as a share of the median', () => {
    expect(spread([90, 100, 120])).toBeCloseTo(0.3);
  });

  it.each([
    [0, 1],
    [0.5, 3],
    [0.99, 5],
    [1, 5],
  ])('percentile %d', (share, expected) => {
    expect(percentile([5, 4, 3, 2, 1], share)).toBe(expected);
  });

  it('slope is that of the least-squares line', () => {
    const points = [
      [0, 10],
      [1, 13],
      [2, 13],
      [3, 16],
    ] as const;
    expect(slope(points)).toBeCloseTo(1.8);
  });

  it.each([
    [[]],
    [[[1, 2]]],
    [
      [
        [1, 2],
        [1, 5],
      ],
    ],
  ] as [readonly (readonly [number, number])[]][])('slope of %j is not known', (points) => {
    expect(slope(points)).toBeNull();
  });
});
