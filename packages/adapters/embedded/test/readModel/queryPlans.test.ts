/** No query scans a table or sorts: the plan of every statement, and rows in the order their keys give. */

import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATEMENTS } from '../../src/readModel/documentQueries.ts';
import { newestFirst } from '../../src/readModel/newestFirst.ts';
import { openDatabase } from '../../src/readModel/schema.ts';
import { temporaryDirectory } from './hostedReadModel.ts';

describe('query plans', () => {
  const directory = temporaryDirectory();
  let database: DatabaseSync;
  beforeAll(() => {
    database = openDatabase(join(directory.path, 'plans.sqlite'))!;
  });
  afterAll(() => {
    database.close();
    directory.remove();
  });

  const planOf = (sql: string): string =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row.detail))
      .join('\n');

  /** These go over many rows, of which a page shows few. */
  const KEY_STATEMENTS = /^auditKeys/;

  /** Their answer is the whole table. */
  const WHOLE_TABLES = ['positions', 'balances'];

  it.each(Object.entries(STATEMENTS))('%s searches by index and sorts nothing', (name, sql) => {
    const plan = planOf(sql);
    expect(plan).not.toContain('TEMP B-TREE');
    if (!WHOLE_TABLES.includes(name)) expect(plan.replaceAll('SCAN json_each', '')).not.toMatch(/SCAN (?!CONSTANT)/);
    expect(plan).toMatch(/SEARCH|SCAN (positions|balances)/);
  });

  it.each(Object.entries(STATEMENTS).filter(([name]) => KEY_STATEMENTS.test(name)))(
    '%s reads an index of its own and no table',
    (_, sql) => {
      expect(planOf(sql)).toMatch(/^SEARCH \S+ USING (COVERING INDEX|INTEGER PRIMARY KEY)/);
    },
  );

  it('would show a scan and a sort', () => {
    expect(planOf('SELECT ordinal FROM audit WHERE body = 1 ORDER BY length(body)')).toMatch(
      /SCAN audit\n.*TEMP B-TREE/,
    );
  });
});

describe('newestFirst', () => {
  const rangeOf = (keys: readonly number[]) => (below: number, count: number) =>
    keys.filter((key) => key < below).slice(0, count);

  it('gives the highest keys of all ranges, whatever they are spread over', () => {
    const all = Array.from({ length: 500 }, (_, index) => 500 - index);
    for (const spread of [1, 2, 3, 7, 600]) {
      const ranges = Array.from({ length: spread }, (_, part) => rangeOf(all.filter((key) => key % spread === part)));
      for (const count of [1, 15, 16, 17, 100, 500, 501]) {
        expect(newestFirst(ranges, 451, count)).toEqual(all.filter((key) => key < 451).slice(0, count));
      }
    }
  });

  it('reads of a long range only what it shows, and a few keys of the others', () => {
    const asked: number[] = [];
    const endless = (below: number, count: number): number[] => {
      asked.push(count);
      return Array.from({ length: count }, (_, index) => below - 1 - index);
    };
    expect(newestFirst([endless, rangeOf([5, 4])], 1_000, 20)).toHaveLength(20);
    expect(asked.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(48);
  });
});
