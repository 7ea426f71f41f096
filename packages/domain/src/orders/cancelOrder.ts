/**
 * Cancels: of one order or of all that match. Accepting a request is not canceling (rule 15): an order at the venue
 * is canceled when the venue says so; one that we hold ourselves is canceled at once.
 */
import { type Decision, decided, NOTHING, replyTo, type Send } from '../decision.ts';
import type { CancelMatching, CancelOrder } from '../messages.ts';
import { type Reason, reason } from '../reason.ts';
import type { OrderEvent } from './events.ts';
import { isOpen, type Order, type RequestOrigin } from './order.ts';
import { idempotencyConflict, orderNotOpen, unknownOrder } from './placeOrder.ts';
import { releaseHold } from './releaseHold.ts';
import { type ClientRequest, type OrdersState, openOrdersOf, requestOf } from './state.ts';

/** Orders canceled by one decision; more are taken in further decisions, so that no record grows without bound. */
const CANCELS_PER_DECISION = 2_000;

export function decideCancel(message: CancelOrder, state: OrdersState): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined) {
    return decided([], [], replyTo(message.replyTo, 'REFUSED', null, unknownOrder(message.orderId)));
  }
  const { clientOrderId } = message;
  if (clientOrderId !== null) {
    const earlier = requestOf(state, state.accounts.get(order.accountId)!, clientOrderId);
    if (earlier !== undefined) return repeatCancel(message, earlier, order, clientOrderId);
  } else if (hasPendingCancel(order)) {
    return decided([], [], replyTo(message.replyTo, 'REPEATED', order.orderId, null, 'immediately'));
  }
  if (!isOpen(order)) return refuseCancel(message, order);

  const events: OrderEvent[] = [];
  const sends: Send[] = [];
  requestCancel(order, clientOrderId ?? houseRequestId(order, 'c'), message.origin, events, sends);
  return decided(events, sends, replyTo(message.replyTo, 'ACCEPTED', order.orderId, null, 'immediately'));
}

function repeatCancel(
  message: CancelOrder,
  earlier: ClientRequest,
  order: Order,
  clientOrderId: string,
): Decision<OrderEvent> {
  if (earlier.kind !== 'CANCEL' || earlier.orderId !== order.orderId) {
    const conflict = idempotencyConflict(clientOrderId, earlier.orderId);
    return decided([], [], replyTo(message.replyTo, 'REFUSED', order.orderId, conflict));
  }
  const outcome = earlier.refused === null ? 'REPEATED' : 'REFUSED';
  return decided([], [], replyTo(message.replyTo, outcome, order.orderId, earlier.refused, 'immediately'));
}

/** A refusal is an event too, when the request has an id that it can be told by. */
function refuseCancel(message: CancelOrder, order: Order): Decision<OrderEvent> {
  const why = orderNotOpen(order);
  const reply = replyTo(message.replyTo, 'REFUSED', order.orderId, why, 'immediately');
  const { clientOrderId } = message;
  if (clientOrderId === null) return decided([], [], reply);
  const { orderId } = order;
  const originalClientOrderId = newestIdOf(order);
  return decided(
    [
      { type: 'CancelRequested', orderId, clientOrderId, originalClientOrderId, origin: message.origin },
      { type: 'CancelRejected', orderId, clientOrderId, reason: why },
    ],
    [],
    reply,
  );
}

export function decideCancelMatching(message: CancelMatching, state: OrdersState): Decision<OrderEvent> {
  const events: OrderEvent[] = [];
  const sends: Send[] = [];
  let count = 0;
  for (const order of matching(message, state)) {
    if (count === CANCELS_PER_DECISION) {
      sends.push({ to: 'order-processor', message: { ...message, replyTo: null } });
      break;
    }
    count++;
    requestCancel(order, houseRequestId(order, 'c'), message.origin, events, sends);
  }
  if (count === 0 && message.replyTo === null) return NOTHING;
  return decided(events, sends, replyTo(message.replyTo, 'ACCEPTED', null, null, 'immediately', count));
}

function* matching(message: CancelMatching, state: OrdersState): Iterable<Order> {
  const one = message.accountId === null ? undefined : state.accounts.get(message.accountId);
  const accounts = message.accountId === null ? state.accounts.values() : one === undefined ? [] : [one];
  for (const account of accounts) {
    for (const order of openOrdersOf(state, account)) {
      if (message.symbol !== null && order.placed.symbol !== message.symbol) continue;
      if (message.side !== null && order.placed.side !== message.side) continue;
      if (!hasPendingCancel(order)) yield order;
    }
  }
}

/** Adds what a cancel of an open order sets off. */
export function requestCancel(
  order: Order,
  clientOrderId: string,
  origin: RequestOrigin,
  events: OrderEvent[],
  sends: Send[],
): void {
  const { orderId } = order;
  events.push({ type: 'CancelRequested', orderId, clientOrderId, originalClientOrderId: newestIdOf(order), origin });
  if (order.core === 'HELD') {
    events.push(endedByRequest(order, clientOrderId, origin));
    sends.push(releaseHold(order));
  } else if (order.core !== 'INITIALIZED') {
    // An order that risk has not decided yet is not at the venue: the cancel waits for the decision.
    sends.push({
      to: 'venue-simulator',
      message: { type: 'VenueCancel', orderId, requestId: clientOrderId, origin },
    });
  }
}

/** The event that ends an order because of the request: EXPIRED when time asked for it, else CANCELED. */
export function endedByRequest(order: Order, requestId: string, origin: RequestOrigin): OrderEvent {
  const { orderId } = order;
  if (origin === 'EXPIRY') return { type: 'OrderExpired', orderId, requestId, reason: timeExpired(order) };
  return { type: 'OrderCanceled', orderId, requestId, reason: CANCEL_REASONS[origin] };
}

export const timeExpired = (order: Order): Reason =>
  reason('OMS', 'TIME_EXPIRED', `${order.placed.timeInForce} order reached its time.`, {
    timeInForce: order.placed.timeInForce,
  });

/** Why the house canceled; a client's own cancel needs no reason. */
const CANCEL_REASONS: Readonly<Record<Exclude<RequestOrigin, 'EXPIRY'>, Reason | null>> = {
  CLIENT: null,
  KILL_SWITCH: reason('OMS', 'KILL_SWITCH', 'Trading was halted and every open order canceled.'),
  REDUCE_ONLY: reason('OMS', 'REDUCE_ONLY_SHRINK', 'The position that this order could reduce is gone.'),
  DISCONNECT: reason('OMS', 'CANCEL_ON_DISCONNECT', 'The connection was lost with cancel-on-disconnect enabled.'),
};

export const hasPendingCancel = (order: Order): boolean =>
  order.pendingRequests.some((request) => request.kind === 'CANCEL');

/** Rule 5: in a request, originalClientOrderId is the last id of the chain that was not rejected. */
export const newestIdOf = (order: Order): string => {
  for (let i = order.pendingRequests.length - 1; i >= 0; i--) {
    const request = order.pendingRequests[i]!;
    if (request.kind === 'REPLACE' && request.origin === 'CLIENT') return request.clientOrderId;
  }
  return order.clientOrderId;
};

/** An id for a request of the house itself; `~` is not allowed in a client's, so the two never meet. */
export const houseRequestId = (order: Order, kind: 'c' | 'r'): string => `~${kind}-${order.orderId}-${order.version}`;
