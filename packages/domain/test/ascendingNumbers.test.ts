/** The ascending set of numbers, held against a sorted set. */
import { AscendingNumbers, InvariantError } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const step = fc.record({
  do: fc.constantFrom('add' as const, 'delete' as const),
  number: fc.integer({ min: 1, max: 120 }),
});

describe('AscendingNumbers', () => {
  it('is a sorted set, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: 'max' }), (steps) => {
        const set = new AscendingNumbers();
        const numbers = new Set<number>();
        for (const each of steps) {
          if (each.do === 'delete') {
            expect(set.delete(each.number)).toBe(numbers.delete(each.number));
          } else if (numbers.has(each.number)) {
            expect(() => set.add(each.number)).toThrow(InvariantError);
          } else {
            set.add(each.number);
            numbers.add(each.number);
          }
          expect([set.size, set.has(each.number)]).toEqual([numbers.size, numbers.has(each.number)]);
        }
        expect([...set]).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });

  it('closes its gaps, and takes back a number that went', () => {
    const set = new AscendingNumbers();
    for (let number = 1; number <= 10_000; number++) set.add(number);
    for (let number = 1; number <= 10_000; number++) if (number % 2_500 !== 0) set.delete(number);
    expect([...set]).toEqual([2_500, 5_000, 7_500, 10_000]);
    set.add(1);
    set.add(5_001);
    set.delete(5_001);
    set.add(5_001);
    expect([...set]).toEqual([1, 2_500, 5_000, 5_001, 7_500, 10_000]);
  });
});
