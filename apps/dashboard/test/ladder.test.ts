/** Gathering levels never makes the book look better than it is, and loses no size. */
import { formatDecimal } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupLevels } from '../src/panels/ladder.ts';

const ONE = 100_000_000n;

describe('the ladder', () => {
  it('gathers bids downwards and asks upwards', () => {
    const levels = [
      ['100.07', '1'],
      ['100.02', '2'],
      ['99.99', '4'],
    ];
    expect(
      groupLevels(levels, ONE / 10n, 'BUY', 9).map(({ price, cumulative }) => [
        formatDecimal(price),
        formatDecimal(cumulative),
      ]),
    ).toEqual([
      ['100', '3'],
      ['99.9', '7'],
    ]);
    const asks = levels.toReversed();
    expect(
      groupLevels(asks, ONE / 10n, 'SELL', 1).map(({ price, quantity }) => [
        formatDecimal(price),
        formatDecimal(quantity),
      ]),
    ).toEqual([['100', '4']]);
  });

  it('keeps all size, and every gathered price at or worse than the exact one', () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 999 }));
    fc.assert(
      fc.property(fc.array(level, { maxLength: 30 }), fc.constantFrom(1n, 5n, 100n), (levels, step) => {
        const sorted = [...levels].sort(([one], [other]) => other - one);
        const texts = sorted.map(([price, size]) => [`${price}`, `${size}`]);
        const grouped = groupLevels(texts, step * ONE, 'BUY', 1_000);
        const size = levels.reduce((sum, [, quantity]) => sum + BigInt(quantity), 0n);
        expect(grouped.at(-1)?.cumulative ?? 0n).toBe(size * ONE);
        for (const { price } of grouped) expect(price % (step * ONE)).toBe(0n);
        if (sorted.length > 0) expect(grouped[0]!.price).toBeLessThanOrEqual(BigInt(sorted[0]![0]) * ONE);
      }),
    );
  });
});
