/**
 * The writing side of the read model: takes the changes of a chunk in one transaction with the position they stand
 * for, and gives the projections back what it kept.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type AuditEntry, numberOfOrderId, partitionOfOrderId } from '@oms/domain';
import type {
  AccountChanges,
  AuditDocument,
  HistoryPart,
  ListChanges,
  ListSource,
  OrderChanges,
  Ordinals,
  StoredOrder,
  TouchedOrder,
} from '@oms/projections';
import { documentOfText, textOfDocument } from './bodies.ts';
import { bucketOf } from './buckets.ts';
import { type Checkpoint, Checkpoints, type KeptRiskStates, type RiskStates } from './checkpoints.ts';
import {
  ACCOUNTS_MAX,
  CLIENT_ORDER_IDS,
  idMemberOf,
  listIdOf,
  memberOf,
  ORDER_NUMBERS,
  ORDERS_OF_ACCOUNT,
  ORDERS_OF_SYMBOL,
  REPORTS_OF_ACCOUNT,
  SYMBOLS_MAX,
  TRADES_OF_ACCOUNT,
  TRADES_OF_SYMBOL,
  taggedOrder,
  tradeOf,
} from './listIds.ts';
import { Names } from './names.ts';
import { OrderHeads } from './orderHeads.ts';
import { OrderHistories } from './orderHistories.ts';
import { OrderReader } from './orderReader.ts';
import { PreparedStatements } from './preparedStatements.ts';
import { SortedLists } from './sortedLists.ts';

export class DocumentStore implements ListSource {
  readonly statements: PreparedStatements;
  readonly lists: SortedLists;
  readonly histories: OrderHistories;
  readonly accounts: Names;
  readonly symbols: Names;
  readonly #database: DatabaseSync;
  readonly #heads: OrderHeads;
  readonly #checkpoints: Checkpoints;
  #ordinals: Ordinals;
  #clientOrderIds: number;

  constructor(database: DatabaseSync) {
    const statements = new PreparedStatements(database);
    this.#database = database;
    this.statements = statements;
    this.lists = new SortedLists(statements);
    this.histories = new OrderHistories(statements);
    this.#heads = new OrderHeads(statements);
    this.accounts = new Names(statements, 'accounts', ACCOUNTS_MAX);
    this.symbols = new Names(statements, 'symbols', SYMBOLS_MAX);
    this.#checkpoints = new Checkpoints(statements);
    const row = statements.of('SELECT orders, executions, clientOrderIds, audit FROM ordinals WHERE id = 1').get();
    this.#ordinals = {
      orders: Number(row?.orders ?? 0),
      executions: Number(row?.executions ?? 0),
      audit: Number(row?.audit ?? 0),
    };
    this.#clientOrderIds = Number(row?.clientOrderIds ?? 0);
  }

  // What the lanes go on from.

  listsCheckpoint(): Checkpoint | null {
    return this.#checkpoints.of('lists');
  }

  accountsCheckpoint(): Checkpoint | null {
    return this.#checkpoints.of('accounts');
  }

  listsRiskStates(): KeptRiskStates {
    return this.#checkpoints.riskStates('lists');
  }

  accountsRiskStates(): KeptRiskStates {
    return this.#checkpoints.riskStates('accounts');
  }

  /** @param riskStates to be kept with it, or null to leave those that are */
  writeLists(changes: ListChanges, checkpoint: Checkpoint, riskStates: RiskStates | null): void {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#writeOrders(changes, checkpoint.position);
    this.#writeReports(changes);
    this.lists.write();
    this.#heads.write();
    this.accounts.write();
    this.symbols.write();
    this.#writeAudit(changes.audit);
    this.#writeOrdinals(changes.ordinals);
    this.#checkpoints.write('lists', checkpoint, riskStates);
    this.#database.exec('COMMIT');
  }

  /** @param riskStates as in writeLists */
  writeAccounts({ positions, balances }: AccountChanges, checkpoint: Checkpoint, riskStates: RiskStates | null): void {
    this.#database.exec('BEGIN IMMEDIATE');
    const position = this.statements.of('INSERT OR REPLACE INTO positions (accountId, symbol, body) VALUES (?, ?, ?)');
    for (const view of positions) position.run(view.accountId, view.symbol, textOfDocument(view));
    const balance = this.statements.of('INSERT OR REPLACE INTO balances (accountId, currency, body) VALUES (?, ?, ?)');
    for (const view of balances) balance.run(view.accountId, view.currency, textOfDocument(view));
    this.#checkpoints.write('accounts', checkpoint, riskStates);
    this.#database.exec('COMMIT');
  }

  close(): void {
    this.#database.close();
  }

  // What the projections ask.

  ordinals(): Ordinals {
    return this.#ordinals;
  }

  accountNumber(accountId: string): number {
    return this.accounts.numberOf(accountId);
  }

  accountId(accountNumber: number): string {
    return this.accounts.nameOf(accountNumber);
  }

  symbolNumber(symbol: string): number {
    return this.symbols.numberOf(symbol);
  }

  highestOrderNumber(partition: number): number {
    return this.lists.lastEntry(listIdOf(ORDER_NUMBERS, memberOf(partition)))?.key ?? 0;
  }

  storedOrder(orderId: string): StoredOrder | null {
    const ordinal = this.ordinalOf(orderId);
    return ordinal === null ? null : this.#heads.read(ordinal);
  }

  /** Null for what is no order id, or none of an order that is stored. */
  ordinalOf(orderId: string): number | null {
    const number = numberOfOrderId(orderId);
    if (number < 0) return null;
    const entry = this.lists.entryAtOrBelow(listIdOf(ORDER_NUMBERS, memberOf(partitionOfOrderId(orderId)!)), number);
    return entry?.key === number ? entry.value : null;
  }

  history(orderOrdinal: number): readonly HistoryPart[] {
    return this.histories.read(orderOrdinal);
  }

  reportSequence(accountNumber: number): number {
    const last = this.lists.lastEntry(listIdOf(REPORTS_OF_ACCOUNT, memberOf(accountNumber)));
    if (last === null) return 0;
    return new OrderReader(this.histories).reports(last.value).at(-1)!.report.sequence;
  }

  lastAudit(action: string): AuditEntry | null {
    const sql = 'SELECT body FROM audit WHERE action = ? ORDER BY ordinal DESC LIMIT 1';
    const row = this.statements.of(sql).get(action);
    return row === undefined ? null : documentOfText<AuditEntry>(row.body);
  }

  #writeOrders({ placed, changed, history }: OrderChanges, position: number): void {
    this.histories.writePlaced(placed, history);
    this.histories.writeLater(changed, history, position);
    for (const order of placed) {
      this.#heads.change(order);
      this.#list(order, bucketOf(order));
      const { orderId, ordinal } = order;
      this.lists.add(ORDER_NUMBERS, memberOf(partitionOfOrderId(orderId)!), numberOfOrderId(orderId), ordinal);
    }
    for (const order of changed) {
      this.#heads.change(order);
      const before = bucketOf(order.before!);
      const bucket = bucketOf(order);
      if (bucket === before) continue;
      this.lists.remove(ORDERS_OF_ACCOUNT, memberOf(order.account, before), order.ordinal);
      this.lists.remove(ORDERS_OF_SYMBOL, memberOf(order.symbol, before), order.ordinal);
      this.#list(order, bucket);
    }
  }

  #list({ ordinal, account, symbol }: TouchedOrder, bucket: number): void {
    this.lists.add(ORDERS_OF_ACCOUNT, memberOf(account, bucket), ordinal, symbol);
    this.lists.add(ORDERS_OF_SYMBOL, memberOf(symbol, bucket), ordinal, 0);
  }

  #writeReports(changes: OrderChanges): void {
    const { reportAccounts, reportSequences, reportOrders, tradeOrdinals, tradeOrders } = changes;
    for (let i = 0; i < reportAccounts.length; i++) {
      this.lists.add(REPORTS_OF_ACCOUNT, memberOf(reportAccounts[i]!), reportSequences[i]!, reportOrders[i]!);
    }
    for (let i = 0; i < tradeOrdinals.length; i++) {
      const { ordinal, account, symbol } = tradeOrders[i]!;
      const trade = tradeOf(ordinal, symbol);
      this.lists.add(TRADES_OF_ACCOUNT, memberOf(account), tradeOrdinals[i]!, trade);
      this.lists.add(TRADES_OF_SYMBOL, memberOf(symbol), tradeOrdinals[i]!, trade);
    }
    const { clientIdHashes, clientIdOrders } = changes;
    for (let i = 0; i < clientIdHashes.length; i++) {
      const hash = clientIdHashes[i]!;
      const tagged = taggedOrder(clientIdOrders[i]!, hash);
      this.lists.add(CLIENT_ORDER_IDS, idMemberOf(hash), ++this.#clientOrderIds, tagged);
    }
  }

  #writeAudit(audit: readonly AuditDocument[]): void {
    const sql = 'INSERT INTO audit (ordinal, actor, action, accountId, body) VALUES (?, ?, ?, ?, ?)';
    const insert = this.statements.of(sql);
    for (const { ordinal, entry } of audit) {
      insert.run(ordinal, entry.actor, entry.action, entry.accountId, textOfDocument(entry));
    }
  }

  #writeOrdinals(ordinals: Ordinals): void {
    const sql =
      'INSERT OR REPLACE INTO ordinals (id, orders, executions, clientOrderIds, audit) VALUES (1, ?, ?, ?, ?)';
    this.statements.of(sql).run(ordinals.orders, ordinals.executions, this.#clientOrderIds, ordinals.audit);
    this.#ordinals = ordinals;
  }
}
