/**
 * The reading side of the read model. Lists are merges of index ranges (newestFirst.ts): first the keys, then the
 * documents of the page. Every statement is in STATEMENTS, so that a test can check the plan of each.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type AuditEntry,
  type BalanceView,
  type ExecutionReport,
  type OrderView,
  type PositionView,
  viewOfOrder,
} from '@oms/domain';
import type { AuditQuery, ExecutionsQuery, OrdersQuery, Page } from '@oms/ports';
import { documentOfText, orderOfBytes, reportOfText } from './bodies.ts';
import { bucketsOf } from './buckets.ts';
import { cursorOf, keyOfCursor, type ListLetter } from './cursor.ts';
import { type KeyRange, newestFirst } from './newestFirst.ts';

const keysOf = (table: string, condition: string): string =>
  `SELECT ordinal FROM ${table} WHERE ${condition} AND ordinal < ? ORDER BY ordinal DESC LIMIT ?`;

/** The first symbol after one: finds the symbols there are by one look into the index for each. */
const nextSymbolOf = (table: string, column: string, condition = ''): string =>
  `SELECT ${column} AS symbol FROM ${table} WHERE ${condition} ${column} > ? ORDER BY ${column} LIMIT 1`;

/** Named by what their parameters are, in order; key statements end in (below, count). */
export const STATEMENTS = {
  order: 'SELECT body FROM orders WHERE ordinal = ?',
  orderById: 'SELECT body FROM orders WHERE orderId = ?',
  orderByClientOrderId: `SELECT body FROM orders WHERE ordinal =
    (SELECT orderOrdinal FROM clientOrderIds WHERE accountId = ? AND clientOrderId = ?)`,
  orderKeys: 'SELECT ordinal FROM orders WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?',
  orderKeysBySymbol: keysOf('orders', 'symbol = ? AND bucket = ?'),
  orderKeysByAccount: keysOf('orders', 'accountId = ? AND symbol = ? AND bucket = ?'),
  nextSymbolOfOrders: nextSymbolOf('orders', 'symbol'),
  nextSymbolOfAccountOrders: nextSymbolOf('orders', 'symbol', 'accountId = ? AND'),

  execution: 'SELECT body FROM executions WHERE ordinal = ?',
  executionsByOrder: `SELECT body FROM executions
    WHERE orderOrdinal = (SELECT ordinal FROM orders WHERE orderId = ?) ORDER BY ordinal`,
  executionsBySequence: 'SELECT body FROM executions WHERE accountId = ? AND sequence > ? ORDER BY sequence LIMIT ?',
  tradeKeysBySymbol: keysOf('executions', 'tradeSymbol = ?'),
  tradeKeysByAccount: keysOf('executions', 'accountId = ? AND tradeSymbol = ?'),
  nextSymbolOfTrades: nextSymbolOf('executions', 'tradeSymbol'),
  nextSymbolOfAccountTrades: nextSymbolOf('executions', 'tradeSymbol', 'accountId = ? AND'),
  // One order's reports are few: what else is asked of them is checked row by row.
  tradeKeysByOrder: `SELECT ordinal FROM executions INDEXED BY executionsByOrder
    WHERE orderOrdinal = (SELECT ordinal FROM orders WHERE orderId = ?) AND +tradeSymbol IS NOT NULL
      AND (?2 IS NULL OR +accountId IN (SELECT value FROM json_each(?2))) AND (?3 IS NULL OR +tradeSymbol = ?3)
      AND ordinal < ?4 ORDER BY ordinal DESC LIMIT ?5`,

  positions: 'SELECT body FROM positions ORDER BY accountId, symbol',
  positionsByAccount: 'SELECT body FROM positions WHERE accountId = ? ORDER BY symbol',
  balances: 'SELECT body FROM balances ORDER BY accountId, currency',
  balancesByAccount: 'SELECT body FROM balances WHERE accountId = ? ORDER BY currency',

  audit: 'SELECT body FROM audit WHERE ordinal = ?',
  auditKeys: 'SELECT ordinal FROM audit WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?',
  auditKeysByActor: keysOf('audit', 'actor = ?'),
  auditKeysByAction: keysOf('audit', 'action = ?'),
  auditKeysByAccount: keysOf('audit', 'accountId = ?'),
  auditKeysByActorAction: keysOf('audit', 'actor = ? AND action = ?'),
  auditKeysByActorAccount: keysOf('audit', 'actor = ? AND accountId = ?'),
  auditKeysByActionAccount: keysOf('audit', 'action = ? AND accountId = ?'),
  auditKeysByActorActionAccount: keysOf('audit', 'actor = ? AND action = ? AND accountId = ?'),
} as const;
type StatementName = keyof typeof STATEMENTS;

type Parameter = string | number | null;

export class DocumentQueries {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<StatementName, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  orders(query: OrdersQuery): Page<OrderView> {
    return this.#page('o', this.#orderRanges(query), query, (ordinal) => this.#orderView('order', ordinal));
  }

  order(orderId: string): OrderView | null {
    return this.#orderView('orderById', orderId);
  }

  orderByClientOrderId(accountId: string, clientOrderId: string): OrderView | null {
    return this.#orderView('orderByClientOrderId', accountId, clientOrderId);
  }

  reportsOfOrder(orderId: string): readonly ExecutionReport[] {
    return this.#reports('executionsByOrder', orderId);
  }

  reportsOfAccount(accountId: string, afterSequence: number, limit: number): readonly ExecutionReport[] {
    return this.#reports('executionsBySequence', accountId, afterSequence, limit);
  }

  executions(query: ExecutionsQuery): Page<ExecutionReport> {
    return this.#page('x', this.#tradeRanges(query), query, (ordinal) => this.#report(ordinal));
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
    const name = (by === '' ? 'auditKeys' : `auditKeysBy${by}`) as StatementName;
    const values = [actor, action, accountId].filter((value) => value !== null);
    return this.#page('a', [this.#range(name, ...values)], query, (ordinal) => this.#document('audit', ordinal));
  }

  #orderRanges({ accountIds, symbol, status }: OrdersQuery): KeyRange[] {
    if (accountIds === null && symbol === null && status === null) return [this.#range('orderKeys')];
    const buckets = bucketsOf(status);
    if (accountIds === null) {
      const symbols = symbol === null ? this.#symbols('nextSymbolOfOrders') : [symbol];
      return symbols.flatMap((each) => buckets.map((bucket) => this.#range('orderKeysBySymbol', each, bucket)));
    }
    return [...new Set(accountIds)].flatMap((accountId) => {
      const symbols = symbol === null ? this.#symbols('nextSymbolOfAccountOrders', accountId) : [symbol];
      return symbols.flatMap((each) =>
        buckets.map((bucket) => this.#range('orderKeysByAccount', accountId, each, bucket)),
      );
    });
  }

  #tradeRanges({ accountIds, symbol, orderId }: ExecutionsQuery): KeyRange[] {
    if (orderId !== null) {
      const accounts = accountIds === null ? null : JSON.stringify(accountIds);
      return [this.#range('tradeKeysByOrder', orderId, accounts, symbol)];
    }
    if (accountIds === null) {
      const symbols = symbol === null ? this.#symbols('nextSymbolOfTrades') : [symbol];
      return symbols.map((each) => this.#range('tradeKeysBySymbol', each));
    }
    return [...new Set(accountIds)].flatMap((accountId) => {
      const symbols = symbol === null ? this.#symbols('nextSymbolOfAccountTrades', accountId) : [symbol];
      return symbols.map((each) => this.#range('tradeKeysByAccount', accountId, each));
    });
  }

  /** The symbols that occur. Lists go through them one by one: an index for lists over all would cost every write. */
  #symbols(name: StatementName, ...values: Parameter[]): string[] {
    const statement = this.#prepared(name);
    const symbols: string[] = [];
    for (let row = statement.get(...values, ''); row !== undefined; row = statement.get(...values, symbols.at(-1)!)) {
      symbols.push(String(row.symbol));
    }
    return symbols;
  }

  #range(name: StatementName, ...values: Parameter[]): KeyRange {
    const statement = this.#prepared(name);
    return (below, count) => statement.all(...values, below, count).map((row) => Number(row.ordinal));
  }

  #page<T>(
    list: ListLetter,
    ranges: readonly KeyRange[],
    query: { readonly limit: number; readonly cursor: string | null },
    read: (ordinal: number) => T | null,
  ): Page<T> {
    const keys = newestFirst(ranges, keyOfCursor(list, query.cursor), query.limit + 1);
    const shown = keys.slice(0, query.limit);
    const items = shown.map(read).filter((item) => item !== null);
    return { items, nextCursor: keys.length > shown.length ? cursorOf(list, shown.at(-1)!) : null };
  }

  #orderView(name: StatementName, ...values: Parameter[]): OrderView | null {
    const row = this.#prepared(name).get(...values);
    return row === undefined ? null : viewOfOrder(orderOfBytes(row.body as Uint8Array));
  }

  #report(ordinal: number): ExecutionReport | null {
    const row = this.#prepared('execution').get(ordinal);
    return row === undefined ? null : reportOfText(row.body);
  }

  #reports(name: StatementName, ...values: Parameter[]): ExecutionReport[] {
    return this.#prepared(name)
      .all(...values)
      .map((row) => reportOfText(row.body));
  }

  #document<T>(name: StatementName, ...values: Parameter[]): T | null {
    const row = this.#prepared(name).get(...values);
    return row === undefined ? null : documentOfText<T>(row.body);
  }

  #documents<T>(name: StatementName, ...values: Parameter[]): T[] {
    return this.#prepared(name)
      .all(...values)
      .map((row) => documentOfText<T>(row.body));
  }

  #prepared(name: StatementName): StatementSync {
    let statement = this.#statements.get(name);
    if (statement === undefined) {
      statement = this.#database.prepare(STATEMENTS[name]);
      this.#statements.set(name, statement);
    }
    return statement;
  }
}
