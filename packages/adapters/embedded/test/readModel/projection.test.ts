/** The lanes of the read model by themselves: what is held back, what a restart folds again, who waits for whom. */
import { join } from 'node:path';
import type { OrderView } from '@oms/domain';
import * as scenario from '@oms/ports/contract/readModelScenario';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountsProjection } from '../../src/readModel/accountsProjection.ts';
import { DocumentQueries } from '../../src/readModel/documentQueries.ts';
import { DocumentStore } from '../../src/readModel/documentStore.ts';
import type { OpenJournalGroups } from '../../src/readModel/journalGroups.ts';
import { Projection } from '../../src/readModel/projection.ts';
import { openDatabase } from '../../src/readModel/schema.ts';
import { FedJournal } from './fedJournal.ts';
import { temporaryDirectory } from './hostedReadModel.ts';

const LIMITS = { sliceEvents: 50, chunkEvents: 200, riskStatesRecords: 100 };

describe('projection', () => {
  const directory = { path: '', remove: (): void => undefined };
  let journal: FedJournal;
  let stores: DocumentStore[];
  /** Where reading the journal began, of every cursor. */
  let readFrom: number[];

  const openGroups: OpenJournalGroups = (fromPosition) => {
    readFrom.push(fromPosition);
    return journal.open(fromPosition);
  };
  const openStore = (): DocumentStore => {
    const store = new DocumentStore(openDatabase(join(directory.path, 'read-model.sqlite'))!);
    stores.push(store);
    return store;
  };
  const projectAll = (projection: Projection): void => {
    while (projection.step(journal.lastPosition) === 'more');
  };
  const appendDay = (): void => {
    for (const [second, records] of scenario.tradingDay().entries()) journal.append(scenario.timeOf(second), records);
  };
  const place = (from: number, count: number): number =>
    journal.append(
      scenario.timeOf(60 + from),
      Array.from({ length: count }, (_, index) => scenario.placedNumber(from + index)),
    );

  beforeEach(() => {
    Object.assign(directory, temporaryDirectory());
    journal = new FedJournal();
    stores = [];
    readFrom = [];
  });
  afterEach(() => {
    for (const store of stores) store.close();
    directory.remove();
  });

  it('holds a small chunk back when it may, and writes it with what comes', () => {
    appendDay();
    const store = openStore();
    const projection = new Projection(store, openGroups, LIMITS);
    projectAll(projection);
    const before = projection.checkpoint;
    const order = (): OrderView | null => new DocumentQueries(store).order('o-0-10');
    const first = place(10, 1);
    expect(projection.step(first, true)).toBe('held');
    expect([projection.checkpoint, order()]).toEqual([before, null]);
    const second = place(11, 1);
    expect(projection.step(second)).toBe('level');
    expect(projection.checkpoint.position).toBe(second);
    expect(order()?.status).toBe('PENDING_NEW');
    expect(projection.step(second, true)).toBe('level');
  });

  it('writes a full chunk, held back or not', () => {
    place(1, 500);
    const projection = new Projection(openStore(), openGroups, LIMITS);
    for (let slices = 1; slices < 4; slices++) expect(projection.step(journal.lastPosition, true)).toBe('more');
    expect(projection.checkpoint.position).toBe(0);
    expect(projection.step(journal.lastPosition, true)).toBe('more');
    expect(projection.checkpoint.position).toBe(200);
  });

  it('folds no more of the risk events again than was told, and nothing after an orderly end', () => {
    appendDay();
    for (let from = 10; from < 1_000; from += 10) place(from, 10);
    const projection = new Projection(openStore(), openGroups, LIMITS);
    projectAll(projection);
    const { position } = projection.checkpoint;
    const again = new Projection(openStore(), openGroups, LIMITS);
    expect(readFrom.at(-1)).toBeGreaterThan(position - LIMITS.riskStatesRecords - LIMITS.chunkEvents);
    projectAll(again);
    again.close();
    new Projection(openStore(), openGroups, LIMITS);
    expect(readFrom.at(-1)).toBe(position + 1);
  });

  it('projects positions and balances no further than the lists are written', () => {
    appendDay();
    const store = openStore();
    const projection = new Projection(store, openGroups, LIMITS);
    const accounts = new AccountsProjection(store, openGroups, LIMITS);
    const step = (): boolean => accounts.step(projection.checkpoint.position, journal.lastPosition);
    expect(step()).toBe(false);
    expect(accounts.position).toBe(0);
    projectAll(projection);
    while (step());
    expect(accounts.position).toBe(projection.checkpoint.position);
    expect(new DocumentQueries(store).positions('A')).toMatchObject([{ symbol: 'BTC-USD', quantity: '2' }]);
  });

  it('goes on with positions and balances where it stopped, orderly or not', () => {
    const days = scenario.tradingDay();
    const balances: unknown[] = [];
    for (const isOrderly of [true, false, null]) {
      directory.remove();
      Object.assign(directory, temporaryDirectory());
      journal = new FedJournal();
      let store = openStore();
      let accounts = new AccountsProjection(store, openGroups, LIMITS);
      for (const [second, records] of days.entries()) {
        journal.append(scenario.timeOf(second), records);
        while (accounts.step(journal.lastPosition, journal.lastPosition));
        if (isOrderly === null) continue;
        if (isOrderly) accounts.close();
        store = openStore();
        accounts = new AccountsProjection(store, openGroups, LIMITS);
        expect(accounts.position).toBe(journal.lastPosition);
      }
      const queries = new DocumentQueries(store);
      balances.push([queries.balances(null), queries.positions(null)]);
    }
    expect(balances[0]).toEqual(balances[2]);
    expect(balances[1]).toEqual(balances[2]);
  });
});
