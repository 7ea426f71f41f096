/**
 * However the journal is cut into groups, records, slices, chunks and runs of the program, the read model answers what
 * its obvious form answers, which folds event by event and keeps everything.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ORDER_STATUSES, type SingleOrderEvent } from '@oms/domain';
import type { Page } from '@oms/ports';
import { timeOf } from '@oms/ports/contract/readModelScenario';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DocumentQueries } from '../../src/readModel/documentQueries.ts';
import { DocumentStore } from '../../src/readModel/documentStore.ts';
import { Projection } from '../../src/readModel/projection.ts';
import { openDatabase } from '../../src/readModel/schema.ts';
import { below, seededRandom } from '../seededRandom.ts';
import { FedJournal } from './fedJournal.ts';
import { temporaryDirectory } from './hostedReadModel.ts';
import { ObviousReadModel } from './obviousReadModel.ts';
import { ACCOUNTS, RandomLives, SYMBOLS } from './randomLives.ts';

/** All pages of a list. */
function walk<T>(limit: number, ask: (limit: number, cursor: string | null) => Page<T>): T[] {
  const items: T[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Page<T> = ask(limit, cursor);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}

function expectSameAnswers(queries: DocumentQueries, obvious: ObviousReadModel, pageLength: number): void {
  const statuses = [null, 'open', 'closed', 'LOST', ...ORDER_STATUSES];
  const accountFilters = [null, [], ['A'], ['B', 'A', 'B'], ACCOUNTS, ['Z']];
  const symbols = [null, ...SYMBOLS, 'DOGE-USD'];
  for (const accountIds of accountFilters) {
    for (const symbol of symbols) {
      for (const status of statuses) {
        const query = { accountIds, symbol, status };
        const found = walk(pageLength, (limit, cursor) => queries.orders({ ...query, limit, cursor }));
        expect(found).toEqual(obvious.orders(query));
      }
      for (const orderId of [null, 'o-0-1', 'o-0-7', 'o-0-99999']) {
        const query = { accountIds, symbol, orderId };
        const found = walk(pageLength, (limit, cursor) => queries.executions({ ...query, limit, cursor }));
        expect(found).toEqual(obvious.executions(query));
      }
    }
  }
  for (const orderId of [...obvious.orderIds, 'o-0-99999', 'o-1-1', 'nonsense']) {
    expect(queries.order(orderId)).toEqual(obvious.order(orderId));
    expect(queries.reportsOfOrder(orderId)).toEqual(obvious.reportsOfOrder(orderId));
  }
  for (const accountId of [...ACCOUNTS, 'Z']) {
    for (const [after, limit] of [
      [0, 1_000_000],
      [0, 3],
      [5, 1],
      [17, 40],
      [1_000_000, 5],
    ] as const) {
      const found = queries.reportsOfAccount(accountId, after, limit);
      expect(found).toEqual(obvious.reportsOfAccount(accountId, after, limit));
    }
  }
  for (const [accountId, clientOrderId] of [...obvious.clientOrderIds, ['A', 'request-none'], ['Z', 'client-1']]) {
    const found = queries.orderByClientOrderId(accountId!, clientOrderId!);
    expect(found).toEqual(obvious.orderByClientOrderId(accountId!, clientOrderId!));
  }
}

describe('read model, whatever the chunks', () => {
  const directory = temporaryDirectory();
  let file: string;
  beforeAll(() => {
    file = join(directory.path, 'read-model.sqlite');
  });
  afterAll(() => directory.remove());

  it('answers what the obvious form answers', () => {
    const shape = fc.record({
      seed: fc.integer({ min: 0, max: 2 ** 31 }),
      events: fc.integer({ min: 1, max: 700 }),
      recordsPerGroup: fc.integer({ min: 1, max: 40 }),
      eventsPerRecord: fc.integer({ min: 1, max: 3 }),
      sliceEvents: fc.constantFrom(1, 7, 60, 5_000),
      chunkEvents: fc.constantFrom(1, 20, 300, 5_000),
      /** Chance of being opened anew after a step. */
      restarts: fc.constantFrom(0, 0.02, 0.5),
      pageLength: fc.constantFrom(3, 9, 1_000),
    });
    fc.assert(
      fc.property(shape, ({ seed, events, recordsPerGroup, eventsPerRecord, restarts, pageLength, ...limits }) => {
        for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
        const random = seededRandom(seed);
        const lives = new RandomLives(random);
        const obvious = new ObviousReadModel();
        const journal = new FedJournal();
        for (let made = 0, group = 0; made < events; group++) {
          const now = timeOf(group);
          const records: { service: 'order-processor'; events: SingleOrderEvent[] }[] = [];
          for (let i = 0; i < recordsPerGroup && made < events; i++) {
            const count = Math.min(1 + below(random, eventsPerRecord), events - made);
            const told = Array.from({ length: count }, () => lives.next(now));
            for (const event of told) obvious.apply(event, now);
            records.push({ service: 'order-processor', events: told });
            made += count;
          }
          journal.append(now, records);
        }
        const open = () => {
          const store = new DocumentStore(openDatabase(file)!);
          const projection = new Projection(store, journal.open, { ...limits, riskStatesRecords: 50 });
          return { store, projection };
        };
        let model = open();
        let openedAt = 0;
        while (model.projection.step(journal.lastPosition) === 'more') {
          // Not before it got on, or it might never.
          if (model.projection.checkpoint.position === openedAt || random.next() >= restarts) continue;
          // Now and then as in an orderly stop, else as after a crash: what was not written is folded again.
          if (random.next() < 0.5) model.projection.close();
          model.store.close();
          model = open();
          openedAt = model.projection.checkpoint.position;
        }
        expect(model.projection.checkpoint.position).toBe(journal.lastPosition);
        expectSameAnswers(new DocumentQueries(model.store), obvious, pageLength);
        model.store.close();
      }),
      { numRuns: 12 },
    );
  });
});
