/** The bit per open order against a plain set. */
import { OpenNumbers } from '@oms/domain';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const numbers = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200_000 }));

it('is a set that is read page by page', () => {
  const acts = fc.array(fc.tuple(fc.boolean(), numbers), { maxLength: 200 });
  fc.assert(
    fc.property(acts, fc.nat({ max: 200 }), fc.integer({ min: 1, max: 40 }), (history, after, limit) => {
      const open = new OpenNumbers();
      const plain = new Set<number>();
      for (const [adds, number] of history) {
        if (adds) {
          open.add(number);
          plain.add(number);
        } else {
          open.delete(number);
          plain.delete(number);
        }
      }
      const ascending = [...plain].sort((a, b) => a - b);
      expect(open.size).toBe(plain.size);
      expect(open.page(after, limit)).toEqual(ascending.filter((number) => number > after).slice(0, limit));
    }),
  );
});
