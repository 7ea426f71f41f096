/**
 * What the order processor derives from its state to know what is due: stops by trigger price, orders by expiry,
 * and requests by the time their answer is overdue.
 */
import { type ActorIndex, Heap, Queue } from '@oms/actors';
import {
  type DecisionContext,
  expiryOf,
  isOpen,
  type Order,
  type OrderEvent,
  type OrderProcessorMessage,
  type OrdersState,
  type PendingRequest,
} from '@oms/domain';
import { TriggerIndex } from './triggerIndex.ts';

interface Expiry {
  readonly at: number;
  readonly orderId: string;
}

interface Deadline {
  readonly at: number;
  readonly orderId: string;
  readonly clientOrderId: string;
}

export class OrderIndex implements ActorIndex<OrdersState, OrderProcessorMessage, OrderEvent> {
  readonly #requestTimeoutMs: number;
  readonly #triggers = new TriggerIndex();
  #expiries = newExpiries();
  /** In the order they fall due, for all wait equally long. */
  #deadlines = new Queue<Deadline>();

  /** @param requestTimeoutMs how long a venue may take to answer a cancel or replace before it counts as UNKNOWN */
  constructor(requestTimeoutMs: number) {
    this.#requestTimeoutMs = requestTimeoutMs;
  }

  rebuilt(state: OrdersState): void {
    this.#triggers.clear();
    this.#expiries = newExpiries();
    this.#deadlines = new Queue();
    const waiting: { readonly order: Order; readonly request: PendingRequest }[] = [];
    for (const order of state.orders.waiting()) {
      this.#triggers.add(order);
      this.#watchExpiry(order);
      for (const request of order.pendingRequests) waiting.push({ order, request });
    }
    waiting.sort((a, b) => a.request.sentAt - b.request.sentAt);
    for (const { order, request } of waiting) this.#watchAnswer(order, request);
  }

  applied(state: OrdersState, event: OrderEvent): void {
    switch (event.type) {
      case 'OrderPlaced':
        this.#watchExpiry(state.orders.get(event.orderId)!);
        return;
      case 'OrderHeld':
      case 'OrderReplaced':
        this.#triggers.add(state.orders.get(event.orderId)!);
        return;
      case 'CancelRequested':
      case 'ReplaceRequested': {
        const order = state.orders.get(event.orderId)!;
        const request = order.pendingRequests.at(-1);
        if (request !== undefined) this.#watchAnswer(order, request);
        return;
      }
      case 'TradeCanceled':
      case 'TradeCorrected':
        // May have reopened an order whose expiry was dropped when it closed.
        this.#watchExpiry(state.orders.get(event.orderId)!);
        return;
      default:
        return;
    }
  }

  due(state: OrdersState, context: DecisionContext): readonly OrderProcessorMessage[] {
    const messages: OrderProcessorMessage[] = this.#triggers.triggered(state, context.market);
    for (let next = this.#expiries.peek(); next !== undefined && next.at <= context.now; next = this.#expiries.peek()) {
      this.#expiries.pop();
      const order = state.orders.get(next.orderId);
      if (order !== undefined && isOpen(order)) messages.push({ type: 'ExpireOrder', orderId: next.orderId });
    }
    for (
      let next = this.#deadlines.peek();
      next !== undefined && next.at <= context.now;
      next = this.#deadlines.peek()
    ) {
      this.#deadlines.shift();
      const { orderId, clientOrderId } = next;
      const pending = state.orders.get(orderId)?.pendingRequests;
      if (pending?.some((request) => request.clientOrderId === clientOrderId && request.outcome === 'pending')) {
        messages.push({ type: 'RequestTimedOut', orderId, clientOrderId });
      }
    }
    return messages;
  }

  #watchExpiry(order: Order): void {
    const at = expiryOf(order);
    if (at !== null && isOpen(order)) this.#expiries.push({ at, orderId: order.orderId });
  }

  #watchAnswer(order: Order, request: PendingRequest): void {
    if (request.outcome === 'unknown') return;
    this.#deadlines.push({
      at: request.sentAt + this.#requestTimeoutMs,
      orderId: order.orderId,
      clientOrderId: request.clientOrderId,
    });
  }
}

const newExpiries = () => new Heap<Expiry>((a, b) => a.at < b.at);
