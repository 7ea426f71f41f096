/**
 * The writing side of the read model: takes the changes of each chunk in the same transaction as the position they
 * stand for, and gives the projector back what it kept.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuditEntry, RiskState } from '@oms/domain';
import {
  type AccountChanges,
  type DocumentChanges,
  type DocumentSource,
  isTrade,
  type OrderDocument,
} from '@oms/projections';
import {
  bytesOfOrder,
  bytesOfRiskState,
  documentOfText,
  orderOfBytes,
  riskStateOfBytes,
  textOfDocument,
  textOfReport,
} from './bodies.ts';
import { bucketOf, OPEN_BUCKETS } from './buckets.ts';

/** How far the documents go, and the mark of the journal group they go to: tells this journal from another. */
export interface Checkpoint {
  readonly position: number;
  /** Of the last projected record, epoch milliseconds. */
  readonly time: number;
  readonly groupDigest: string;
}

/** Risk states as of a position at or before the checkpoint's: the fold goes on from there. */
export interface KeptRiskStates {
  readonly position: number;
  readonly states: Map<number, RiskState>;
}

export class DocumentStore implements DocumentSource {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  checkpoint(): Checkpoint | null {
    const row = this.#prepared('SELECT position, time, groupDigest FROM checkpoint WHERE id = 1').get();
    if (row === undefined) return null;
    return { position: Number(row.position), time: Number(row.time), groupDigest: String(row.groupDigest) };
  }

  riskStates(): KeptRiskStates {
    const states = new Map<number, RiskState>();
    let position = 0;
    for (const row of this.#prepared('SELECT partition, position, state FROM riskStates').iterate()) {
      states.set(Number(row.partition), riskStateOfBytes(row.state as Uint8Array));
      position = Number(row.position);
    }
    return { position, states };
  }

  /**
   * Takes the changes in; queries see them at once, but they last only from the next commit on: a transaction over
   * several chunks writes a page that all of them touch once.
   */
  write(changes: DocumentChanges, checkpoint: Checkpoint): void {
    this.#begin();
    this.#writeOrders(changes);
    this.#writeExecutions(changes);
    this.#writeAudit(changes);
    const { position, time, groupDigest } = checkpoint;
    const sql = 'INSERT OR REPLACE INTO checkpoint (id, position, time, groupDigest) VALUES (1, ?, ?, ?)';
    this.#prepared(sql).run(position, time, groupDigest);
  }

  /** Takes positions and balances in; they belong to the last checkpoint and must come before its commit. */
  writeAccounts({ positions, balances }: AccountChanges): void {
    if (positions.length + balances.length === 0) return;
    this.#begin();
    const position = this.#prepared('INSERT OR REPLACE INTO positions (accountId, symbol, body) VALUES (?, ?, ?)');
    for (const view of positions) position.run(view.accountId, view.symbol, textOfDocument(view));
    const balance = this.#prepared('INSERT OR REPLACE INTO balances (accountId, currency, body) VALUES (?, ?, ?)');
    for (const view of balances) balance.run(view.accountId, view.currency, textOfDocument(view));
  }

  /** @param riskStates kept as of the last checkpoint */
  keepRiskStates(riskStates: ReadonlyMap<number, RiskState>, position: number): void {
    this.#begin();
    const sql = 'INSERT OR REPLACE INTO riskStates (partition, position, state) VALUES (?, ?, ?)';
    for (const [partition, state] of riskStates) this.#prepared(sql).run(partition, position, bytesOfRiskState(state));
  }

  commit(): void {
    if (this.#database.isTransaction) this.#database.exec('COMMIT');
  }

  order(orderId: string): OrderDocument | null {
    const row = this.#prepared('SELECT ordinal, body FROM orders WHERE orderId = ?').get(orderId);
    return row === undefined ? null : documentOf(row);
  }

  *openOrders(): Iterable<OrderDocument> {
    const nextSymbol = this.#prepared('SELECT symbol FROM orders WHERE symbol > ? ORDER BY symbol LIMIT 1');
    const orders = this.#prepared('SELECT ordinal, body FROM orders WHERE symbol = ? AND bucket = ?');
    for (let row = nextSymbol.get(''); row !== undefined; row = nextSymbol.get(row.symbol!)) {
      for (const bucket of OPEN_BUCKETS) {
        for (const order of orders.iterate(row.symbol!, bucket)) yield documentOf(order);
      }
    }
  }

  reportSequence(accountId: string): number {
    const sql = 'SELECT sequence FROM executions WHERE accountId = ? ORDER BY sequence DESC LIMIT 1';
    return Number(this.#prepared(sql).get(accountId)?.sequence ?? 0);
  }

  ordinals(): { readonly orders: number; readonly executions: number; readonly audit: number } {
    const highest = (table: 'orders' | 'executions' | 'audit'): number =>
      Number(this.#prepared(`SELECT max(ordinal) AS highest FROM ${table}`).get()?.highest ?? 0);
    return { orders: highest('orders'), executions: highest('executions'), audit: highest('audit') };
  }

  lastAudit(action: string): AuditEntry | null {
    const sql = 'SELECT body FROM audit WHERE action = ? ORDER BY ordinal DESC LIMIT 1';
    const row = this.#prepared(sql).get(action);
    return row === undefined ? null : documentOfText<AuditEntry>(row.body);
  }

  close(): void {
    this.#database.close();
  }

  #writeOrders({ placedOrders, changedOrders, clientOrderIds }: DocumentChanges): void {
    const insert = this.#prepared(
      'INSERT INTO orders (ordinal, orderId, accountId, symbol, bucket, body) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (const { ordinal, order } of placedOrders) {
      const { orderId, accountId, placed } = order;
      insert.run(ordinal, orderId, accountId, placed.symbol, bucketOf(order), bytesOfOrder(order));
    }
    const update = this.#prepared('UPDATE orders SET bucket = ?, body = ? WHERE ordinal = ?');
    for (const { ordinal, order } of changedOrders) update.run(bucketOf(order), bytesOfOrder(order), ordinal);
    const insertId = this.#prepared(
      'INSERT INTO clientOrderIds (accountId, clientOrderId, orderOrdinal) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    for (const id of clientOrderIds) insertId.run(id.accountId, id.clientOrderId, id.orderOrdinal);
  }

  #writeExecutions({ executions }: DocumentChanges): void {
    const insert = this.#prepared(
      `INSERT INTO executions (ordinal, orderOrdinal, accountId, sequence, tradeSymbol, body)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    for (const { ordinal, orderOrdinal, position, report } of executions) {
      const { accountId, sequence, symbol } = report;
      const tradeSymbol = isTrade(report) ? symbol : null;
      insert.run(ordinal, orderOrdinal, accountId, sequence, tradeSymbol, textOfReport(report, position));
    }
  }

  #writeAudit({ audit }: DocumentChanges): void {
    const insert = this.#prepared('INSERT INTO audit (ordinal, actor, action, accountId, body) VALUES (?, ?, ?, ?, ?)');
    for (const { ordinal, entry } of audit) {
      insert.run(ordinal, entry.actor, entry.action, entry.accountId, textOfDocument(entry));
    }
  }

  #begin(): void {
    if (!this.#database.isTransaction) this.#database.exec('BEGIN IMMEDIATE');
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const documentOf = (row: Record<string, unknown>): OrderDocument => ({
  ordinal: Number(row.ordinal),
  order: orderOfBytes(row.body as Uint8Array),
});
