/**
 * Folds order events into order documents and execution reports. Only open orders and the accounts' sequences stay
 * in memory: a closed order is forgotten once its changes are taken, and read back should a late event come.
 */
import {
  evolveOrder,
  execTypeOf,
  executionReportOf,
  InvariantError,
  isOpen,
  type Order,
  type SingleOrderEvent,
} from '@oms/domain';
import type { ClientOrderIdDocument, DocumentSource, ExecutionDocument, OrderDocument } from './documents.ts';

export interface OrderChanges {
  readonly placedOrders: readonly OrderDocument[];
  readonly changedOrders: readonly OrderDocument[];
  readonly clientOrderIds: readonly ClientOrderIdDocument[];
  readonly executions: readonly ExecutionDocument[];
}

export class OrderProjection {
  readonly #source: DocumentSource;
  /** Open orders, and closed ones whose changes are not yet taken. */
  readonly #orders = new Map<string, OrderDocument>();
  readonly #reportSequences = new Map<string, number>();
  readonly #placed = new Set<OrderDocument>();
  readonly #changed = new Set<OrderDocument>();
  #clientOrderIds: ClientOrderIdDocument[] = [];
  #executions: ExecutionDocument[] = [];
  #orderOrdinal: number;
  #executionOrdinal: number;

  constructor(source: DocumentSource) {
    this.#source = source;
    const ordinals = source.ordinals();
    this.#orderOrdinal = ordinals.orders;
    this.#executionOrdinal = ordinals.executions;
    for (const document of source.openOrders()) this.#orders.set(document.order.orderId, document);
  }

  /** @throws InvariantError when the event cannot follow the order's state */
  apply(event: SingleOrderEvent, position: number, now: number): void {
    const before = event.type === 'OrderPlaced' ? null : this.#documentOf(event.orderId, event.type);
    const execType = execTypeOf(event, before?.order);
    const order = evolveOrder(before?.order, event, now);
    const document = before ?? this.#place(order);
    if (!this.#placed.has(document)) this.#changed.add(document);
    this.#noteClientOrderId(event, document);
    if (execType === null) return;
    const sequence = this.#nextReportSequence(order.accountId);
    this.#executions.push({
      ordinal: ++this.#executionOrdinal,
      orderOrdinal: document.ordinal,
      position,
      report: executionReportOf(event, execType, order, sequence, now),
    });
  }

  /** Whose order it is; null when there is none of that id. */
  accountOf(orderId: string): string | null {
    return (this.#orders.get(orderId) ?? this.#source.order(orderId))?.order.accountId ?? null;
  }

  /** The changes since the last call; the closed orders among them are forgotten. */
  take(): OrderChanges {
    const changes: OrderChanges = {
      placedOrders: [...this.#placed],
      changedOrders: [...this.#changed],
      clientOrderIds: this.#clientOrderIds,
      executions: this.#executions,
    };
    this.#placed.clear();
    this.#changed.clear();
    this.#clientOrderIds = [];
    this.#executions = [];
    for (const { order } of changes.placedOrders) this.#forgetClosed(order);
    for (const { order } of changes.changedOrders) this.#forgetClosed(order);
    return changes;
  }

  /** How many orders are held in memory. */
  get size(): number {
    return this.#orders.size;
  }

  #place(order: Order): OrderDocument {
    const document = { ordinal: ++this.#orderOrdinal, order };
    this.#orders.set(order.orderId, document);
    this.#placed.add(document);
    return document;
  }

  #documentOf(orderId: string, eventType: string): OrderDocument {
    const known = this.#orders.get(orderId);
    if (known !== undefined) return known;
    const stored = this.#source.order(orderId);
    if (stored === null) throw new InvariantError(`${eventType} for unknown order ${orderId}`);
    this.#orders.set(orderId, stored);
    return stored;
  }

  #forgetClosed(order: Order): void {
    if (!isOpen(order)) this.#orders.delete(order.orderId);
  }

  #nextReportSequence(accountId: string): number {
    const last = this.#reportSequences.get(accountId) ?? this.#source.reportSequence(accountId);
    this.#reportSequences.set(accountId, last + 1);
    return last + 1;
  }

  /** The ids clients may ask by; requests of the house's own have none. */
  #noteClientOrderId(event: SingleOrderEvent, document: OrderDocument): void {
    const isRequest = event.type === 'CancelRequested' || event.type === 'ReplaceRequested';
    if (event.type !== 'OrderPlaced' && !(isRequest && event.origin === 'CLIENT')) return;
    this.#clientOrderIds.push({
      accountId: document.order.accountId,
      clientOrderId: event.clientOrderId,
      orderOrdinal: document.ordinal,
    });
  }
}
