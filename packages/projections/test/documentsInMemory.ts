/** A store for tests: keeps what it is given, and gives it back. */
import type { AuditEntry, ExecutionReport, Order } from '@oms/domain';
import { ByteWriter } from '@oms/ports';
import {
  type HistoryPart,
  type ListChanges,
  type ListSource,
  type Ordinals,
  orderOfHistory,
  reportsOfHistory,
  type StoredOrder,
  type TouchedOrder,
} from '../src/index.ts';

interface Kept extends StoredOrder {
  readonly orderId: string;
}

export class DocumentsInMemory implements ListSource {
  readonly audit: AuditEntry[] = [];
  /** Ordinals of the orders whose history was read. */
  readonly historiesRead: number[] = [];
  readonly #names: string[] = [];
  readonly #orders = new Map<string, Kept>();
  readonly #histories = new Map<number, HistoryPart[]>();
  #ordinals: Ordinals = { orders: 0, executions: 0, audit: 0 };

  write(changes: ListChanges): void {
    for (const order of [...changes.placed, ...changes.changed]) {
      this.#orders.set(order.orderId, keptOf(order));
      const writer = new ByteWriter();
      changes.history.copy(order, writer);
      const part = { base: { ...changes.history.base }, bytes: writer.written() };
      this.#histories.set(order.ordinal, [...(this.#histories.get(order.ordinal) ?? []), part]);
    }
    this.audit.push(...changes.audit.map((document) => document.entry));
    this.#ordinals = changes.ordinals;
  }

  get orders(): Order[] {
    return [...this.#histories.values()].map(orderOfHistory);
  }

  /** In the order they were told. */
  get reports(): ExecutionReport[] {
    return [...this.#histories.values()]
      .flatMap(reportsOfHistory)
      .sort((a, b) => a.executionOrdinal - b.executionOrdinal)
      .map(({ report }) => report);
  }

  ordinals(): Ordinals {
    return this.#ordinals;
  }

  accountNumber(accountId: string): number {
    return this.#numberOf(accountId);
  }

  accountId(accountNumber: number): string {
    return this.#names[accountNumber]!;
  }

  symbolNumber(symbol: string): number {
    return this.#numberOf(symbol);
  }

  highestOrderNumber(partition: number): number {
    const numbers = [...this.#orders.keys()].map((orderId) => orderId.split('-').map(Number));
    return Math.max(0, ...numbers.filter((parts) => parts[1] === partition).map((parts) => parts[2]!));
  }

  storedOrder(orderId: string): StoredOrder | null {
    return this.#orders.get(orderId) ?? null;
  }

  history(orderOrdinal: number): readonly HistoryPart[] {
    this.historiesRead.push(orderOrdinal);
    return this.#histories.get(orderOrdinal)!;
  }

  reportSequence(accountNumber: number): number {
    const accountId = this.accountId(accountNumber);
    return this.reports.findLast((report) => report.accountId === accountId)?.sequence ?? 0;
  }

  lastAudit(action: string): AuditEntry | null {
    return this.audit.findLast((entry) => entry.action === action) ?? null;
  }

  #numberOf(name: string): number {
    const known = this.#names.indexOf(name);
    return known >= 0 ? known : this.#names.push(name) - 1;
  }
}

const keptOf = (order: TouchedOrder): Kept => ({
  orderId: order.orderId,
  ordinal: order.ordinal,
  account: order.account,
  symbol: order.symbol,
  isPlain: order.isPlain && order.pendingRequests.length === 0,
  core: order.core,
  quantity: order.quantity,
  filledQuantity: order.filledQuantity,
});
