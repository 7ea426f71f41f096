/**
 * Folds order events, a chunk of the journal at a time: what befell each order in it is gathered and stored once,
 * however many events it were. Nothing is kept from one chunk to the next but the accounts' report sequences.
 */
import {
  type ExecType,
  evolveOrder,
  execTypeOf,
  InvariantError,
  numberOfOrderId,
  type Order,
  type OrderPlaced,
  OrderTable,
  partitionOfOrderId,
  type SingleOrderEvent,
} from '@oms/domain';
import type { ByteReader } from '@oms/ports';
import { clientOrderIdOf, hashOfClientOrderId } from './clientOrderIds.ts';
import { isTrade, type OrderChanges, type OrderSource, type StoredOrder, type TouchedOrder } from './documents.ts';
import { HistoryArena, NO_ENTRY, orderOfHistory } from './orderHistory.ts';
import { foldPlain, isPlain, NO_REQUESTS } from './plainFold.ts';

export class OrderProjection {
  readonly #source: OrderSource;
  readonly #touched = new OrderTable<TouchedOrder>();
  /** Orders that are more than plain, as of their last event. */
  readonly #orders = new Map<TouchedOrder, Order>();
  readonly #history = new HistoryArena();
  /** By account number; those not yet asked for are missing. */
  readonly #reportSequences: number[] = [];
  /** Ordinal of the order that the account's last report was of, by account number. */
  readonly #reportedOrders: number[] = [];
  /** The highest by partition, as far as asked for. */
  readonly #orderNumbers: number[] = [];
  readonly #changes = newChanges();
  #orderOrdinal: number;
  #executionOrdinal: number;
  #isEmpty = true;

  constructor(source: OrderSource) {
    this.#source = source;
    const ordinals = source.ordinals();
    this.#orderOrdinal = ordinals.orders;
    this.#executionOrdinal = ordinals.executions;
  }

  get ordinals(): { readonly orders: number; readonly executions: number } {
    return { orders: this.#orderOrdinal, executions: this.#executionOrdinal };
  }

  /** What changed since the last `clear`; valid until the next. */
  get changes(): OrderChanges {
    return { ...this.#changes, history: this.#history };
  }

  clear(): void {
    for (const order of this.#changes.placed) this.#touched.delete(order.orderId);
    for (const order of this.#changes.changed) this.#touched.delete(order.orderId);
    this.#orders.clear();
    for (const column of Object.values(this.#changes)) column.length = 0;
    this.#isEmpty = true;
  }

  /**
   * @param reader of the event's record, right behind the event, which starts at `start`
   * @throws InvariantError when the event cannot follow the order's state
   */
  apply(event: SingleOrderEvent, reader: ByteReader, start: number, now: number): void {
    if (this.#isEmpty) this.#begin(now);
    let order: TouchedOrder;
    let execType: ExecType | null;
    if (event.type === 'OrderPlaced') {
      order = this.#place(event);
      execType = 'PENDING_NEW';
    } else {
      order = this.#touchedOrder(event.orderId, event.type);
      execType = execTypeOf(event, order);
      if (!order.isPlain || !foldPlain(order, event, now)) this.#foldWhole(order, event, now);
    }
    const sequence = execType === null ? 0 : this.#report(order, execType);
    this.#history.append(order, reader, start, now, sequence, this.#executionOrdinal);
    this.#noteClientOrderId(event, order);
  }

  /** Whose order it is; null when there is none of that id. */
  accountOf(orderId: string): string | null {
    const order = this.#touched.get(orderId) ?? this.#source.storedOrder(orderId);
    return order == null ? null : this.#source.accountId(order.account);
  }

  #begin(now: number): void {
    this.#isEmpty = false;
    this.#history.clear(now, this.#executionOrdinal);
  }

  #place(event: OrderPlaced): TouchedOrder {
    const { orderId, accountId, terms } = event;
    this.#takeNumber(orderId);
    const order = newTouchedOrder(orderId, {
      ordinal: this.#orderOrdinal + 1,
      account: this.#source.accountNumber(accountId),
      symbol: this.#source.symbolNumber(terms.symbol),
      isPlain: terms.quoteQuantity === null && terms.quantity !== null,
      core: 'INITIALIZED',
      quantity: terms.quantity ?? 0n,
      filledQuantity: 0n,
    });
    this.#touched.set(orderId, order);
    this.#orderOrdinal++;
    this.#changes.placed.push(order);
    return order;
  }

  /** Orders of a partition are placed by number: what is not above the newest was placed before. */
  #takeNumber(orderId: string): void {
    const partition = partitionOfOrderId(orderId) ?? -1;
    const number = numberOfOrderId(orderId);
    const highest = this.#orderNumbers[partition] ?? this.#source.highestOrderNumber(partition);
    if (number <= highest) throw new InvariantError(`order ${orderId} is placed after o-${partition}-${highest}`);
    this.#orderNumbers[partition] = number;
  }

  #touchedOrder(orderId: string, eventType: string): TouchedOrder {
    const known = this.#touched.get(orderId);
    if (known !== undefined) return known;
    const stored = this.#source.storedOrder(orderId);
    if (stored === null) throw new InvariantError(`${eventType} for unknown order ${orderId}`);
    const order = this.#takeUp(orderId, stored);
    this.#touched.set(orderId, order);
    this.#changes.changed.push(order);
    return order;
  }

  #takeUp(orderId: string, stored: StoredOrder): TouchedOrder {
    const order = newTouchedOrder(orderId, stored);
    if (!order.isPlain) this.#mirror(order, this.#foldHistory(order, true));
    const { pendingRequests, core, triggeredAt, filledQuantity } = order;
    order.before = { pendingRequests: [...pendingRequests], core, triggeredAt, filledQuantity };
    return order;
  }

  #foldWhole(touched: TouchedOrder, event: SingleOrderEvent, now: number): void {
    const order = this.#wholeOrder(touched);
    this.#mirror(touched, evolveOrder(order, event, now));
  }

  #wholeOrder(touched: TouchedOrder): Order {
    return this.#orders.get(touched) ?? this.#foldHistory(touched, touched.before !== null);
  }

  #foldHistory(touched: TouchedOrder, isStored: boolean): Order {
    const parts = isStored ? [...this.#source.history(touched.ordinal)] : [];
    if (touched.firstEntry !== NO_ENTRY) parts.push(this.#history.part(touched));
    const order = orderOfHistory(parts);
    this.#orders.set(touched, order);
    return order;
  }

  #mirror(touched: TouchedOrder, order: Order): void {
    touched.core = order.core;
    touched.quantity = order.quantity;
    touched.filledQuantity = order.filledQuantity;
    touched.triggeredAt = order.triggeredAt;
    touched.pendingRequests = order.pendingRequests;
    touched.isPlain = isPlain(order);
    // A plain order goes on by its numbers, so what was folded of it would fall behind.
    if (touched.isPlain) this.#orders.delete(touched);
  }

  /** Numbers the report. @returns its sequence in the account */
  #report(order: TouchedOrder, execType: ExecType): number {
    const { account, ordinal } = order;
    const sequence = (this.#reportSequences[account] ?? this.#source.reportSequence(account)) + 1;
    this.#reportSequences[account] = sequence;
    this.#executionOrdinal++;
    if (this.#reportedOrders[account] !== ordinal) {
      this.#reportedOrders[account] = ordinal;
      this.#changes.reportAccounts.push(account);
      this.#changes.reportSequences.push(sequence);
      this.#changes.reportOrders.push(ordinal);
    }
    if (isTrade(execType)) {
      this.#changes.tradeOrdinals.push(this.#executionOrdinal);
      this.#changes.tradeOrders.push(order);
    }
    return sequence;
  }

  #noteClientOrderId(event: SingleOrderEvent, { account, ordinal }: TouchedOrder): void {
    const clientOrderId = clientOrderIdOf(event);
    if (clientOrderId === null) return;
    this.#changes.clientIdHashes.push(hashOfClientOrderId(this.#source.accountId(account), clientOrderId));
    this.#changes.clientIdOrders.push(ordinal);
  }
}

/** One way to make them, so that all have the same members in the same order. */
const newTouchedOrder = (orderId: string, stored: StoredOrder): TouchedOrder => ({
  orderId,
  ordinal: stored.ordinal,
  account: stored.account,
  symbol: stored.symbol,
  isPlain: stored.isPlain,
  core: stored.core,
  quantity: stored.quantity,
  filledQuantity: stored.filledQuantity,
  triggeredAt: null,
  pendingRequests: NO_REQUESTS,
  before: null,
  firstEntry: NO_ENTRY,
  lastEntry: NO_ENTRY,
});

const newChanges = () => ({
  placed: [] as TouchedOrder[],
  changed: [] as TouchedOrder[],
  reportAccounts: [] as number[],
  reportSequences: [] as number[],
  reportOrders: [] as number[],
  tradeOrdinals: [] as number[],
  tradeOrders: [] as TouchedOrder[],
  clientIdHashes: [] as number[],
  clientIdOrders: [] as number[],
});
