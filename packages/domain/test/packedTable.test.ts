/** Values at rest are what they were: the packed table against a map, packed orders against themselves. */
import { InvariantError, type Order, OrderStore, orderIdOf, PackedTable } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderForm } from '../src/orders/packOrder.ts';
import { arbitraryOrder } from './orders/arbitraryOrder.ts';

interface Named {
  readonly name: string;
  amount: bigint;
}

const namedTable = (): PackedTable<Named> =>
  new PackedTable<Named>({
    pack(value, writer, texts) {
      texts.write(value.name, writer);
      writer.integer(value.amount);
    },
    unpack: (reader, texts) => ({ name: texts.read(reader), amount: reader.integer() }),
  });

/** Enough others to put everything before them to rest. */
const BUSY = 1_100;

describe('PackedTable', () => {
  const step = fc.record({
    do: fc.constantFrom('add' as const, 'change' as const, 'delete' as const, 'rest' as const),
    number: fc.integer({ min: 1, max: 30 }),
    amount: fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }),
  });

  it('holds what a map of objects would hold, at rest or not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const table = namedTable();
        const map = new Map<string, Named>();
        let others = 1_000;
        for (const { do: what, number, amount } of steps) {
          const id = orderIdOf(number % 2, number);
          const known = map.get(id);
          if (what === 'add' && known === undefined) {
            table.add(id, { name: `n${number}`, amount });
            map.set(id, { name: `n${number}`, amount });
          } else if (what === 'change' && known !== undefined) {
            table.change(id)!.amount = amount;
            known.amount = amount;
          } else if (what === 'delete') {
            expect(table.delete(id)).toBe(map.delete(id));
          } else if (what === 'rest') {
            for (let i = 0; i < BUSY; i++) {
              const other = orderIdOf(2, ++others);
              table.add(other, { name: 'other', amount: 1n });
              table.delete(other);
            }
          }
          expect(table.size).toBe(map.size);
          expect(table.get(id)).toEqual(map.get(id));
        }
        for (const [id, value] of map) expect(table.get(id)).toEqual(value);
        expect([...table].map(({ name }) => name).sort()).toEqual([...map.values()].map(({ name }) => name).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a second value under one id, also when the first is at rest', () => {
    const table = namedTable();
    for (let number = 1; number <= BUSY; number++) table.add(orderIdOf(0, number), { name: 'a', amount: 1n });
    expect(() => table.add('o-0-1', { name: 'b', amount: 2n })).toThrow(InvariantError);
    expect(() => table.add(orderIdOf(0, BUSY), { name: 'b', amount: 2n })).toThrow(InvariantError);
    expect(() => table.add('x', { name: 'b', amount: 2n })).toThrow(InvariantError);
  });

  it('uses the place of what was deleted or grew again', () => {
    const table = namedTable();
    for (let round = 0; round < 3; round++) {
      for (let number = 1; number <= 3_000; number++) table.add(orderIdOf(0, number), { name: 'a', amount: 5n });
      for (let number = 1; number <= 3_000; number++) table.change(orderIdOf(0, number))!.amount = 2n ** 80n;
      expect([...table].every(({ amount }) => amount === 2n ** 80n)).toBe(true);
      for (let number = 1; number <= 3_000; number++) expect(table.delete(orderIdOf(0, number))).toBe(true);
      expect(table.size).toBe(0);
    }
  });
});

describe('a packed order', () => {
  it('comes back equal in every member', () => {
    fc.assert(
      fc.property(arbitraryOrder, (order) => {
        const table = new PackedTable<Order>(orderForm);
        table.add(order.orderId, order);
        for (let number = 1; number <= BUSY; number++) {
          const id = orderIdOf(60_000, number);
          table.add(id, { ...order, orderId: id });
        }
        const copy = table.get(order.orderId);
        expect(copy).not.toBe(order);
        expect(copy).toEqual(order);
        expect(Object.keys(copy!)).toEqual(Object.keys(order));
      }),
      { numRuns: 50 },
    );
  });
});

describe('OrderStore', () => {
  it('finds the order that was placed under an id, however many there are', () => {
    const store = new OrderStore(3);
    const [sample] = fc.sample(arbitraryOrder, { seed: 1, numRuns: 1 });
    const placed = new Map<string, string>();
    for (let number = 1; number <= 4_000; number++) {
      const accountId = `A${number % 7}`;
      const placedClientOrderId = `c-${number >> 1}-${number % 3}`;
      const key = `${accountId}|${placedClientOrderId}`;
      expect(store.placedAs(accountId, placedClientOrderId)).toBe(placed.get(key) ?? null);
      if (placed.has(key)) continue;
      const orderId = orderIdOf(3, number);
      store.add({ ...sample!, orderId, accountId, placedClientOrderId });
      placed.set(key, orderId);
    }
    for (const [key, orderId] of placed) {
      const [accountId, clientOrderId] = key.split('|');
      expect(store.placedAs(accountId!, clientOrderId!)).toBe(orderId);
    }
    expect(store.size).toBe(placed.size);
    expect([...store].map(({ orderId }) => orderId)).toEqual([...placed.values()]);
  });

  it('refuses ids of other partitions and second orders under one id', () => {
    const store = new OrderStore(0);
    const [sample] = fc.sample(arbitraryOrder, { seed: 2, numRuns: 1 });
    store.add({ ...sample!, orderId: 'o-0-1' });
    for (const orderId of ['o-0-1', 'o-1-1', 'o-0-0', 'o-0-01', 'x-0-2', '']) {
      expect(() => store.add({ ...sample!, orderId })).toThrow(InvariantError);
    }
  });
});
