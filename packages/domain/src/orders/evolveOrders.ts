/** Folds one event into an order-processor partition: the order itself, the ids used, and what is counted. */
import { InvariantError } from '../invariant.ts';
import { numberOfOrderId } from '../partitionKey.ts';
import type { OrderEvent, OrderPlaced } from './events.ts';
import { evolveOrder } from './evolveOrder.ts';
import { type ExecType, execTypeOf } from './executionReport.ts';
import { isOpen, isUnanswered, type Order } from './order.ts';
import { evolveReconciliation } from './reconciliation.ts';
import { type AccountOrders, listOpenOrder, newAccountOrders, type OrdersState, unlistOpenOrder } from './state.ts';

/** What a fold changed, for reports and streams. */
export interface OrderChange {
  readonly order: Order;
  /** Which execution report the event gives; null for none. */
  readonly execType: ExecType | null;
  /** The account's report sequence after the event: the report's own when there is one. */
  readonly sequence: number;
}

/**
 * @returns what changed, or null when the event is about no order we have
 * @throws InvariantError when the event cannot follow the state
 */
export function evolveOrders(state: OrdersState, event: OrderEvent, now: number): OrderChange | null {
  switch (event.type) {
    case 'AccountRegistered':
      state.accounts.set(event.accountId, newAccountOrders(event.accountId));
      return null;
    case 'ReportQuarantined':
      state.quarantinedCount++;
      return null;
    case 'OrderPlaced':
      return place(state, event, now);
    case 'RequestResolved':
    case 'ReconciliationDifferenceFound':
    case 'ReconciliationDifferenceResolved':
    case 'ReconciliationCompleted':
      evolveReconciliation(state.reconciliation, event, now);
      return null;
    default: {
      const order = state.orders.change(event.orderId);
      if (order === undefined) throw new InvariantError(`${event.type} for unknown order ${event.orderId}`);
      const account = accountOf(state, order.accountId);
      const execType = execTypeOf(event, order);
      const wasOpen = isOpen(order);
      evolveOrder(order, event, now);
      remember(account, event);
      count(state, event);
      if (wasOpen !== isOpen(order)) {
        if (wasOpen) unlistOpenOrder(state.openNumbers, account, order);
        else listOpenOrder(state.openNumbers, account, order);
      }
      if (event.type === 'RequestUnknown') state.unanswered.add(numberOfOrderId(order.orderId));
      else if (state.unanswered.size > 0 && !isUnanswered(order)) {
        state.unanswered.delete(numberOfOrderId(order.orderId));
      }
      return changed(account, order, execType);
    }
  }
}

function accountOf(state: OrdersState, accountId: string): AccountOrders {
  const account = state.accounts.get(accountId);
  if (account === undefined) throw new InvariantError(`unknown account ${accountId}`);
  return account;
}

function changed(account: AccountOrders, order: Order, execType: ExecType | null): OrderChange {
  if (execType !== null) account.reportSequence++;
  return { order, execType, sequence: account.reportSequence };
}

function place(state: OrdersState, event: OrderPlaced, now: number): OrderChange {
  const account = accountOf(state, event.accountId);
  if (account.requests.has(event.clientOrderId)) {
    throw new InvariantError(`clientOrderId ${event.clientOrderId} of ${event.accountId} is used twice`);
  }
  const order = evolveOrder(undefined, event, now);
  state.orderCount++;
  state.orders.add(order);
  listOpenOrder(state.openNumbers, account, order);
  return changed(account, order, 'PENDING_NEW');
}

/** Keeps every client's request id for ever: a repeat must find it. */
function remember(account: AccountOrders, event: OrderEvent): void {
  switch (event.type) {
    case 'CancelRequested':
      if (event.origin === 'CLIENT') {
        account.requests.set(event.clientOrderId, { kind: 'CANCEL', orderId: event.orderId, refused: null });
      }
      return;
    case 'ReplaceRequested':
      if (event.origin === 'CLIENT') {
        account.requests.set(event.clientOrderId, {
          kind: 'REPLACE',
          orderId: event.orderId,
          quantity: event.askedQuantity,
          price: event.askedPrice,
          stopPrice: event.askedStopPrice,
          refused: null,
        });
      }
      return;
    case 'CancelRejected':
    case 'ReplaceRejected': {
      // Refused in the house, before the caller had its answer: a repeat is told the same.
      const request = account.requests.get(event.clientOrderId);
      if (request !== undefined && event.reason.source !== 'VENUE') {
        request.refused = event.reason;
      }
      return;
    }
    default:
      return;
  }
}

function count(state: OrdersState, event: OrderEvent): void {
  switch (event.type) {
    case 'OrderHeld':
      state.approvedCount++;
      return;
    case 'OrderSubmitted':
      state.approvedCount++;
      state.submittedCount++;
      return;
    case 'OrderTriggered':
      state.submittedCount++;
      return;
    default:
      return;
  }
}
