/**
 * The reading side of the read model. Lists are merges of key ranges (newestFirst.ts): first the keys, then the
 * documents of the page. Every statement is in STATEMENTS, so that a test can check the plan of each.
 */
import type { StatementSync } from 'node:sqlite';
import type { AuditEntry, BalanceView, ExecutionReport, OrderView, PositionView } from '@oms/domain';
import type { AuditQuery, ExecutionsQuery, OrdersQuery, Page } from '@oms/ports';
import { hashOfClientOrderId, isTrade } from '@oms/projections';
import { documentOfText } from './bodies.ts';
import { bucketsOf } from './buckets.ts';
import { cursorOf, keyOfCursor, type ListLetter } from './cursor.ts';
import type { DocumentStore } from './documentStore.ts';
import {
  CLIENT_ORDER_IDS,
  idMemberOf,
  isTaggedBy,
  listIdOf,
  memberOf,
  ORDERS_OF_ACCOUNT,
  ORDERS_OF_SYMBOL,
  orderOfTag,
  orderOfTrade,
  REPORTS_OF_ACCOUNT,
  symbolOfTrade,
  TRADES_OF_ACCOUNT,
  TRADES_OF_SYMBOL,
} from './listIds.ts';
import { LIST_STATEMENTS } from './listRows.ts';
import { type KeyRange, newestFirst } from './newestFirst.ts';
import { HEAD_STATEMENTS } from './orderHeads.ts';
import { HISTORY_STATEMENTS } from './orderHistories.ts';
import { OrderReader } from './orderReader.ts';

const auditKeys = (condition: string): string =>
  `SELECT ordinal FROM audit WHERE ${condition} AND ordinal < ? ORDER BY ordinal DESC LIMIT ?`;

/** Named by what their parameters are, in order; key statements end in (below, count). */
export const STATEMENTS = {
  ...LIST_STATEMENTS,
  ...HEAD_STATEMENTS,
  ...HISTORY_STATEMENTS,

  positions: 'SELECT body FROM positions ORDER BY accountId, symbol',
  positionsByAccount: 'SELECT body FROM positions WHERE accountId = ? ORDER BY symbol',
  balances: 'SELECT body FROM balances ORDER BY accountId, currency',
  balancesByAccount: 'SELECT body FROM balances WHERE accountId = ? ORDER BY currency',

  audit: 'SELECT body FROM audit WHERE ordinal = ?',
  auditKeys: 'SELECT ordinal FROM audit WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?',
  auditKeysByActor: auditKeys('actor = ?'),
  auditKeysByAction: auditKeys('action = ?'),
  auditKeysByAccount: auditKeys('accountId = ?'),
  auditKeysByActorAction: auditKeys('actor = ? AND action = ?'),
  auditKeysByActorAccount: auditKeys('actor = ? AND accountId = ?'),
  auditKeysByActionAccount: auditKeys('action = ? AND accountId = ?'),
  auditKeysByActorActionAccount: auditKeys('actor = ? AND action = ? AND accountId = ?'),
} as const;
type StatementName = keyof typeof STATEMENTS;

type Parameter = string | number | null;

/** Entries of a client-id list read at once. */
const IDS_STEP = 1_024;

export class DocumentQueries {
  readonly #store: DocumentStore;

  constructor(store: DocumentStore) {
    this.#store = store;
  }

  orders(query: OrdersQuery): Page<OrderView> {
    const reader = this.#reader();
    return page('o', this.#orderRanges(query), query, (ordinal) => reader.view(ordinal));
  }

  order(orderId: string): OrderView | null {
    const ordinal = this.#store.ordinalOf(orderId);
    return ordinal === null ? null : this.#reader().view(ordinal);
  }

  orderByClientOrderId(accountId: string, clientOrderId: string): OrderView | null {
    const reader = this.#reader();
    const hash = hashOfClientOrderId(accountId, clientOrderId);
    const isTagged = (tagged: number): boolean => isTaggedBy(tagged, hash);
    const list = listIdOf(CLIENT_ORDER_IDS, idMemberOf(hash));
    for (let from = 0; ; ) {
      const { keys, values } = this.#store.lists.oldest(list, from, IDS_STEP, isTagged);
      for (const tagged of values) {
        const ordinal = orderOfTag(tagged);
        if (reader.isKnownAs(ordinal, accountId, clientOrderId)) return reader.view(ordinal);
      }
      if (keys.length < IDS_STEP) return null;
      from = keys.at(-1)! + 1;
    }
  }

  reportsOfOrder(orderId: string): readonly ExecutionReport[] {
    const ordinal = this.#store.ordinalOf(orderId);
    return ordinal === null
      ? []
      : this.#reader()
          .reports(ordinal)
          .map(({ report }) => report);
  }

  reportsOfAccount(accountId: string, afterSequence: number, limit: number): readonly ExecutionReport[] {
    const account = this.#store.accounts.find(accountId);
    if (account === null) return [];
    const reader = this.#reader();
    const { lists } = this.#store;
    const list = listIdOf(REPORTS_OF_ACCOUNT, memberOf(account));
    const start = lists.entryAtOrBelow(list, afterSequence + 1)?.key ?? afterSequence + 1;
    // Every entry stands for one report at least.
    const { keys, values } = lists.oldest(list, start, limit + 1);
    const reports: ExecutionReport[] = [];
    for (let i = 0; i < keys.length && reports.length < limit; i++) {
      const end = keys[i + 1] ?? Number.POSITIVE_INFINITY;
      const from = Math.max(keys[i]!, afterSequence + 1);
      reports.push(...reader.reportsBySequence(values[i]!, from, end));
    }
    return reports.slice(0, limit);
  }

  executions(query: ExecutionsQuery): Page<ExecutionReport> {
    const reader = this.#reader();
    /** The orders of the trades found, by execution ordinal. */
    const orders = new Map<number, number>();
    const ranges = this.#tradeRanges(query, reader, orders);
    return page('x', ranges, query, (ordinal) => reader.reportAt(orders.get(ordinal)!, ordinal));
  }

  positions(accountId: string | null): readonly PositionView[] {
    return accountId === null ? this.#documents('positions') : this.#documents('positionsByAccount', accountId);
  }

  balances(accountId: string | null): readonly BalanceView[] {
    return accountId === null ? this.#documents('balances') : this.#documents('balancesByAccount', accountId);
  }

  audit(query: AuditQuery): Page<AuditEntry> {
    const { actor, action, accountId } = query;
    const by =
      (actor === null ? '' : 'Actor') + (action === null ? '' : 'Action') + (accountId === null ? '' : 'Account');
    const statement = this.#prepared((by === '' ? 'auditKeys' : `auditKeysBy${by}`) as StatementName);
    const values = [actor, action, accountId].filter((value) => value !== null);
    const first = query.from === null ? 1 : this.#firstAuditSince(query.from);
    const end = query.to === null ? Number.MAX_SAFE_INTEGER : this.#firstAuditSince(query.to);
    const range: KeyRange = (below, count) =>
      statement
        .all(...values, Math.min(below, end), count)
        .map((row) => Number(row.ordinal))
        .filter((ordinal) => ordinal >= first);
    return page('a', [range], query, (ordinal) => this.#documents<AuditEntry>('audit', ordinal)[0] ?? null);
  }

  /** Entries are in the order of their times, without gaps; so it is found by halving. @returns its ordinal */
  #firstAuditSince(time: string): number {
    const since = Date.parse(time);
    let low = 1;
    let high = this.#store.ordinals().audit + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const entry = this.#documents<AuditEntry>('audit', middle)[0];
      if (entry !== undefined && Date.parse(entry.time) >= since) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #orderRanges({ accountIds, symbol, status }: OrdersQuery): KeyRange[] {
    const { lists, symbols } = this.#store;
    if (accountIds === null && symbol === null && status === null) return [this.#allOrders];
    const buckets = bucketsOf(status);
    if (accountIds === null) {
      return this.#symbolNumbers(symbol).flatMap((each) =>
        buckets.map<KeyRange>((bucket) => {
          const list = listIdOf(ORDERS_OF_SYMBOL, memberOf(each, bucket));
          return (below, count) => lists.newest(list, below, count).keys;
        }),
      );
    }
    const only = symbol === null ? null : symbols.find(symbol);
    if (symbol !== null && only === null) return [];
    const accept = only === null ? undefined : (value: number): boolean => value === only;
    return this.#accountNumbers(accountIds).flatMap((account) =>
      buckets.map<KeyRange>((bucket) => {
        const list = listIdOf(ORDERS_OF_ACCOUNT, memberOf(account, bucket));
        return (below, count) => lists.newest(list, below, count, accept).keys;
      }),
    );
  }

  /** Ordinals have no gaps. */
  readonly #allOrders: KeyRange = (below, count) => {
    const highest = Math.min(below - 1, this.#store.ordinals().orders);
    return Array.from({ length: Math.min(count, highest) }, (_, index) => highest - index);
  };

  #tradeRanges(query: ExecutionsQuery, reader: OrderReader, orders: Map<number, number>): KeyRange[] {
    const { accountIds, symbol, orderId } = query;
    if (orderId !== null) return [this.#tradesOfOrder(orderId, query, reader, orders)];
    const range = (list: number, accept?: (trade: number) => boolean): KeyRange => {
      return (below, count) => {
        const { keys, values } = this.#store.lists.newest(list, below, count, accept);
        for (let i = 0; i < keys.length; i++) orders.set(keys[i]!, orderOfTrade(values[i]!));
        return keys;
      };
    };
    if (accountIds === null) {
      return this.#symbolNumbers(symbol).map((each) => range(listIdOf(TRADES_OF_SYMBOL, memberOf(each))));
    }
    const only = symbol === null ? null : this.#store.symbols.find(symbol);
    if (symbol !== null && only === null) return [];
    const accept = only === null ? undefined : (trade: number): boolean => symbolOfTrade(trade) === only;
    return this.#accountNumbers(accountIds).map((each) => range(listIdOf(TRADES_OF_ACCOUNT, memberOf(each)), accept));
  }

  #tradesOfOrder(
    orderId: string,
    { accountIds, symbol }: ExecutionsQuery,
    reader: OrderReader,
    orders: Map<number, number>,
  ): KeyRange {
    const ordinal = this.#store.ordinalOf(orderId);
    if (ordinal === null) return () => [];
    const keys: number[] = [];
    for (const { executionOrdinal, report } of reader.reports(ordinal)) {
      if (!isTrade(report.execType) || (symbol !== null && report.symbol !== symbol)) continue;
      if (accountIds !== null && !accountIds.includes(report.accountId)) continue;
      keys.unshift(executionOrdinal);
      orders.set(executionOrdinal, ordinal);
    }
    return (below, count) => keys.filter((key) => key < below).slice(0, count);
  }

  /** The number of the symbol, or of all there are. */
  #symbolNumbers(symbol: string | null): number[] {
    const { symbols } = this.#store;
    if (symbol === null) return Array.from({ length: symbols.count }, (_, number) => number);
    return present([symbols.find(symbol)]);
  }

  #accountNumbers(accountIds: readonly string[]): number[] {
    return present([...new Set(accountIds)].map((accountId) => this.#store.accounts.find(accountId)));
  }

  #reader(): OrderReader {
    return new OrderReader(this.#store.histories);
  }

  #documents<T>(name: StatementName, ...values: Parameter[]): T[] {
    return this.#prepared(name)
      .all(...values)
      .map((row) => documentOfText<T>(row.body));
  }

  #prepared(name: StatementName): StatementSync {
    return this.#store.statements.of(STATEMENTS[name]);
  }
}

const present = <T>(values: readonly (T | null)[]): T[] => values.filter((value) => value !== null);

function page<T>(
  list: ListLetter,
  ranges: readonly KeyRange[],
  query: { readonly limit: number; readonly cursor: string | null },
  read: (ordinal: number) => T | null,
): Page<T> {
  const keys = newestFirst(ranges, keyOfCursor(list, query.cursor), query.limit + 1);
  const shown = keys.slice(0, query.limit);
  const items = present(shown.map(read));
  return { items, nextCursor: keys.length > shown.length ? cursorOf(list, shown.at(-1)!) : null };
}
