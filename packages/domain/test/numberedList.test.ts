import { InvariantError, NumberedList } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const step = fc.record({
  do: fc.constantFrom('add' as const, 'delete' as const),
  number: fc.integer({ min: 1, max: 120 }),
});

describe('NumberedList', () => {
  it('is a sorted set of its numbers, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const list = new NumberedList<string>();
        const numbers = new Set<number>();
        for (const each of steps) {
          if (each.do === 'delete') {
            expect(list.delete(each.number)).toBe(numbers.delete(each.number));
          } else if (numbers.has(each.number)) {
            expect(() => list.add(each.number, 'again')).toThrow(InvariantError);
          } else {
            list.add(each.number, `v${each.number}`);
            numbers.add(each.number);
          }
          expect(list.size).toBe(numbers.size);
        }
        expect([...list]).toEqual([...numbers].sort((a, b) => a - b).map((number) => `v${number}`));
      }),
    );
  });

  it('closes its gaps: a thousand that came and went leave room for the ten that stay', () => {
    const list = new NumberedList<number>();
    for (let number = 1; number <= 10_000; number++) list.add(number, number);
    for (let number = 1; number <= 10_000; number++) if (number % 1_000 !== 0) list.delete(number);
    expect([...list]).toEqual([1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000]);
    list.add(1, 1);
    expect([...list].slice(0, 2)).toEqual([1, 1_000]);
  });
});
