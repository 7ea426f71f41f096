/** Sorted lists against the obvious form: a map of each list, sorted when it is asked. */
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listIdOf } from '../../src/readModel/listIds.ts';
import { PreparedStatements } from '../../src/readModel/preparedStatements.ts';
import { openDatabase } from '../../src/readModel/schema.ts';
import { SortedLists } from '../../src/readModel/sortedLists.ts';
import { temporaryDirectory } from './hostedReadModel.ts';

const KIND = 3;

describe('sorted lists', () => {
  const directory = temporaryDirectory();
  let database: ReturnType<typeof openDatabase> & object;
  let lists: SortedLists;
  let member = 0;
  beforeAll(() => {
    database = openDatabase(join(directory.path, 'lists.sqlite'))!;
    lists = new SortedLists(new PreparedStatements(database));
  });
  afterAll(() => {
    database.close();
    directory.remove();
  });

  /** What a chunk may do: keys that come (mostly behind all others) and, as shares of those there are, keys that go. */
  const chunk = fc.record({
    appended: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 400 }),
    inserted: fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 20 }),
    removed: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 200 }),
    value: fc.integer({ min: 0, max: 2 ** 52 }),
  });

  it('hold what a map of the same changes holds, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 1, maxLength: 8 }), (chunks) => {
        const list = listIdOf(KIND, ++member);
        const expected = new Map<number, number>();
        for (const { appended, inserted, removed, value } of chunks) {
          const known = [...expected.keys()];
          const gone = new Set(removed.map((share) => known[Math.floor(share * known.length)]).filter((key) => key));
          for (const key of gone) {
            lists.remove(KIND, member, key!);
            expected.delete(key!);
          }
          let next = Math.max(0, ...known);
          const added = appended.map((step) => (next += step));
          for (const key of new Set([...added, ...inserted])) {
            if (expected.has(key) || gone.has(key)) continue;
            lists.add(KIND, member, key, value - (key % 7));
            expected.set(key, value - (key % 7));
          }
          lists.write();
        }
        const ascending = [...expected].sort(([a], [b]) => a - b);
        const keys = ascending.map(([key]) => key);
        const values = ascending.map(([, value]) => value);
        expect(lists.oldest(list, 0, 100_000)).toEqual({ keys, values });
        const newest = { keys: keys.toReversed(), values: values.toReversed() };
        expect(lists.newest(list, Number.MAX_SAFE_INTEGER, 100_000)).toEqual(newest);
        expect(lists.lastEntry(list)?.key ?? null).toBe(keys.at(-1) ?? null);
        for (const probe of [1, 100, 1_000, 9_999]) {
          const isBelow = (key: number): boolean => key < probe;
          expect(lists.newest(list, probe, 5).keys).toEqual(keys.filter(isBelow).slice(-5).reverse());
          expect(lists.oldest(list, probe, 5).keys).toEqual(keys.filter((key) => !isBelow(key)).slice(0, 5));
          expect(lists.entryAtOrBelow(list, probe)?.key).toBe(keys.findLast((key) => key <= probe));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('give the entries whose value is accepted, as many as were asked for', () => {
    const list = listIdOf(KIND, ++member);
    for (let key = 1; key <= 1_000; key++) lists.add(KIND, member, key, key % 10);
    lists.write();
    const isThree = (value: number): boolean => value === 3;
    expect(lists.newest(list, 500, 4, isThree).keys).toEqual([493, 483, 473, 463]);
    expect(lists.oldest(list, 500, 4, isThree).keys).toEqual([503, 513, 523, 533]);
  });

  it('take a key that is not there for damage', () => {
    lists.add(KIND, ++member, 5, 1);
    lists.write();
    lists.remove(KIND, member, 4);
    expect(() => lists.write()).toThrow('has no key 4');
  });
});
