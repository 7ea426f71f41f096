/**
 * The whole read model at once and in memory, on the calling thread: the same projections and queries as the worker's,
 * for whoever compares them with the journal.
 */
import { InvariantError } from '@oms/domain';
import { AccountsProjection } from './accountsProjection.ts';
import { DocumentQueries } from './documentQueries.ts';
import { DocumentStore } from './documentStore.ts';
import type { OpenJournalGroups } from './journalGroups.ts';
import { PROJECTION_LIMITS, Projection } from './projection.ts';
import { openDatabase } from './schema.ts';

/**
 * Projects everything up to the position, hands the queries over, and forgets it all.
 * @throws whatever reading, folding or storing throws
 */
export function projectWhole<Result>(
  openGroups: OpenJournalGroups,
  durablePosition: number,
  use: (queries: DocumentQueries) => Result,
): Result {
  const database = openDatabase(':memory:');
  if (database === null) throw new InvariantError('a new database in memory is not empty');
  const store = new DocumentStore(database);
  const lists = new Projection(store, openGroups, PROJECTION_LIMITS);
  const accounts = new AccountsProjection(store, openGroups, PROJECTION_LIMITS);
  try {
    while (lists.step(durablePosition) === 'more');
    while (accounts.step(durablePosition, durablePosition));
    return use(new DocumentQueries(store));
  } finally {
    store.close();
  }
}
