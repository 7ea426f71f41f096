/** The table of values by order id, held against a map. */
import { InvariantError, OrderTable, orderIdOf } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const id = fc.tuple(fc.constantFrom(0, 1, 7), fc.integer({ min: 1, max: 400 })).map(([p, n]) => orderIdOf(p, n));
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), id, value: fc.integer() }),
  fc.record({ do: fc.constant('delete' as const), id, value: fc.constant(0) }),
);

describe('OrderTable', () => {
  it('holds what a map of ids would hold', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = new OrderTable<number>();
        const map = new Map<string, number>();
        for (const each of steps) {
          if (each.do === 'set') {
            table.set(each.id, each.value);
            map.set(each.id, each.value);
          } else {
            expect(table.delete(each.id)).toBe(map.delete(each.id));
          }
          expect(table.size).toBe(map.size);
        }
        for (const [orderId, value] of map) expect(table.get(orderId)).toBe(value);
        expect([...table].sort()).toEqual([...map.values()].sort());
      }),
    );
  });

  it('gives its values by partition, then in the order they were placed', () => {
    const table = new OrderTable<string>();
    for (const orderId of ['o-1-1', 'o-0-300', 'o-0-2', 'o-0-9']) table.set(orderId, orderId);
    expect([...table]).toEqual(['o-0-2', 'o-0-9', 'o-0-300', 'o-1-1']);
  });

  it.each([
    '',
    'o',
    'o-',
    'o-0',
    'o-0-',
    'o--1',
    'o-0-01',
    'o-00-1',
    'o-0-1x',
    'o-0-1 ',
    'O-0-1',
    'o-0-1-1',
    'o-0-1e3',
  ])('takes %j for nobody: ids have one spelling', (orderId) => {
    const table = new OrderTable<string>();
    table.set('o-0-1', 'one');
    expect(table.get(orderId)).toBeUndefined();
    expect(table.delete(orderId)).toBe(false);
    expect(() => table.set(orderId, 'x')).toThrow(InvariantError);
  });
});
