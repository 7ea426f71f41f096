/**
 * Replacing an order's quantity, price or stop price (FIX 35=G). Quantity is the total, not the remainder (rule 6).
 * Risk is asked before the venue; an order we hold ourselves is replaced as soon as risk agrees.
 */
import { type Decision, decided, NOTHING, replyTo, type Send } from '../decision.ts';
import type { ReplaceApproved, ReplaceOrder, ReplaceRefused, ShrinkReduceOnly } from '../messages.ts';
import { formatDecimal } from '../money.ts';
import { type Reason, reason } from '../reason.ts';
import { hasPendingCancel, houseRequestId, newestIdOf, requestCancel } from './cancelOrder.ts';
import type { OrderEvent, ReplaceRequested } from './events.ts';
import { newestTermsOf, smallestQuantityOf } from './evolveOrder.ts';
import { isOpen, isTerminal, type Order, type PendingReplace } from './order.ts';
import { idempotencyConflict, orderNotOpen, unknownOrder } from './placeOrder.ts';
import { releaseHold } from './releaseHold.ts';
import { type ClientRequest, type OrdersState, requestOf } from './state.ts';

export function decideReplace(message: ReplaceOrder, state: OrdersState): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined) {
    return decided([], [], replyTo(message.replyTo, 'REFUSED', null, unknownOrder(message.orderId)));
  }
  const earlier = requestOf(state, state.accounts.get(order.accountId)!, message.clientOrderId);
  if (earlier !== undefined) return repeatReplace(message, earlier, order);

  const requested = replaceRequested(message, order);
  const refusal = refusalOf(message, order, requested);
  if (refusal !== null) {
    const { orderId } = order;
    return decided(
      [requested, { type: 'ReplaceRejected', orderId, clientOrderId: message.clientOrderId, reason: refusal }],
      [],
      replyTo(message.replyTo, 'REFUSED', orderId, refusal, 'immediately'),
    );
  }
  return decided([requested], [assess(order, requested, message.replyTo)]);
}

function replaceRequested(message: ReplaceOrder, order: Order): ReplaceRequested {
  const newest = newestTermsOf(order);
  return {
    type: 'ReplaceRequested',
    orderId: order.orderId,
    clientOrderId: message.clientOrderId,
    originalClientOrderId: newestIdOf(order),
    origin: 'CLIENT',
    quantity: message.quantity ?? newest.quantity,
    price: message.price ?? newest.price,
    stopPrice: message.stopPrice ?? newest.stopPrice,
    askedQuantity: message.quantity,
    askedPrice: message.price,
    askedStopPrice: message.stopPrice,
  };
}

const assess = (order: Order, requested: ReplaceRequested, reply: number | null): Send => ({
  to: 'risk-engine',
  message: {
    type: 'AssessReplace',
    orderId: order.orderId,
    accountId: order.accountId,
    requestId: requested.clientOrderId,
    quantity: requested.quantity,
    price: requested.price,
    stopPrice: requested.stopPrice,
    replyTo: reply,
  },
});

function repeatReplace(message: ReplaceOrder, earlier: ClientRequest, order: Order): Decision<OrderEvent> {
  const same =
    earlier.kind === 'REPLACE' &&
    earlier.orderId === order.orderId &&
    earlier.quantity === message.quantity &&
    earlier.price === message.price &&
    earlier.stopPrice === message.stopPrice;
  if (!same) {
    const conflict = idempotencyConflict(message.clientOrderId, earlier.orderId);
    return decided([], [], replyTo(message.replyTo, 'REFUSED', order.orderId, conflict));
  }
  const outcome = earlier.refused === null ? 'REPEATED' : 'REFUSED';
  return decided([], [], replyTo(message.replyTo, outcome, order.orderId, earlier.refused, 'immediately'));
}

function refusalOf(message: ReplaceOrder, order: Order, requested: ReplaceRequested): Reason | null {
  if (isTerminal(order.core)) return orderNotOpen(order);
  if (order.core === 'INITIALIZED') return notAllowed(order, 'Risk has not decided on the order yet.');
  if (hasPendingCancel(order)) return notAllowed(order, 'The order is being canceled.');
  if (message.quantity !== null && order.placed.quantity === null) {
    return notAllowed(order, 'An order by quoteQuantity has no quantity to replace.');
  }
  if (message.price !== null && order.placed.price === null) {
    return notAllowed(order, `A ${order.placed.type} order has no price to replace.`);
  }
  if (message.stopPrice !== null && order.core !== 'HELD') {
    return notAllowed(order, 'There is no stop price to replace: the order is no stop, or was triggered.');
  }
  return changesNothing(order, requested) ? nothingChanged(order) : null;
}

function changesNothing(order: Order, requested: ReplaceRequested): boolean {
  const newest = newestTermsOf(order);
  return (
    requested.quantity === newest.quantity &&
    requested.price === newest.price &&
    requested.stopPrice === newest.stopPrice
  );
}

const notAllowed = (order: Order, message: string): Reason =>
  reason('OMS', 'REPLACE_NOT_ALLOWED', message, { orderId: order.orderId, core: order.core });

const nothingChanged = (order: Order): Reason =>
  reason('OMS', 'REPLACE_CHANGES_NOTHING', 'The request leaves quantity, price and stop price as they are.', {
    quantity: formatDecimal(order.quantity),
    ...(order.price === null ? {} : { price: formatDecimal(order.price) }),
    ...(order.stopPrice === null ? {} : { stopPrice: formatDecimal(order.stopPrice) }),
  });

export const pendingReplaceOf = (order: Order, requestId: string): PendingReplace | undefined =>
  order.pendingRequests.find(
    (request): request is PendingReplace => request.kind === 'REPLACE' && request.clientOrderId === requestId,
  );

export function decideReplaceApproved(message: ReplaceApproved, state: OrdersState): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  const request = order && pendingReplaceOf(order, message.requestId);
  if (order === undefined || request === undefined || request.sentToVenue) return NOTHING;
  const { orderId } = order;
  const clientOrderId = request.clientOrderId;
  const reply = replyTo(message.replyTo, 'ACCEPTED', orderId, null, 'immediately');

  if (!isOpen(order)) {
    const why = orderNotOpen(order);
    return decided(
      [{ type: 'ReplaceRejected', orderId, clientOrderId, reason: why }],
      [replaceAnswered(order, clientOrderId, false), ...releaseWhenDone(order, clientOrderId)],
      replyTo(message.replyTo, 'REFUSED', orderId, why, 'immediately'),
    );
  }
  if (order.core === 'HELD') {
    return decided(
      [{ type: 'OrderReplaced', orderId, clientOrderId }],
      [replaceAnswered(order, clientOrderId, true)],
      reply,
    );
  }
  const { quantity, price } = request;
  return decided(
    [{ type: 'ReplaceSubmitted', orderId, clientOrderId }],
    [{ to: 'venue-simulator', message: { type: 'VenueReplace', orderId, requestId: clientOrderId, quantity, price } }],
    reply,
  );
}

export function decideReplaceRefused(message: ReplaceRefused, state: OrdersState): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined || pendingReplaceOf(order, message.requestId) === undefined) return NOTHING;
  const { orderId, reason: why } = message;
  return decided(
    [{ type: 'ReplaceRejected', orderId, clientOrderId: message.requestId, reason: why }],
    isOpen(order) ? [] : releaseWhenDone(order, message.requestId),
    replyTo(message.replyTo, 'REFUSED', orderId, why, 'immediately'),
  );
}

/** Tells risk which terms its hold stands for from now on. */
export const replaceAnswered = (order: Order, requestId: string, accepted: boolean): Send => ({
  to: 'risk-engine',
  message: { type: 'ReplaceAnswered', accountId: order.accountId, orderId: order.orderId, requestId, accepted },
});

/**
 * The hold of an order that can trade no more: released, unless another replace still waits for its answer.
 * @param answered the request that is being answered now, and so no longer waits
 */
export function releaseWhenDone(order: Order, answered: string): readonly Send[] {
  const anotherWaits = order.pendingRequests.some(
    (request) => request.kind === 'REPLACE' && request.clientOrderId !== answered,
  );
  if (anotherWaits && (isOpen(order) || order.core === 'FILLED')) return [];
  return [releaseHold(order)];
}

/** Rule 12: the position shrank, so a reduce-only order shrinks with it, or goes when nothing is left to reduce. */
export function decideShrink(message: ShrinkReduceOnly, state: OrdersState): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined || !isOpen(order) || hasPendingCancel(order)) return NOTHING;
  const target = order.filledQuantity + message.leavesMax;
  if (smallestQuantityOf(order) <= target) return NOTHING;

  const events: OrderEvent[] = [];
  const sends: Send[] = [];
  const { orderId } = order;
  if (message.leavesMax <= 0n) {
    requestCancel(order, houseRequestId(order, 'c'), 'REDUCE_ONLY', events, sends);
    return decided(events, sends);
  }
  if (order.core === 'HELD') {
    events.push({ type: 'OrderRestated', orderId, quantity: target, reason: shrunk(order, target) });
    sends.push({
      to: 'risk-engine',
      message: { type: 'ShrinkHold', accountId: order.accountId, orderId, quantity: target },
    });
    return decided(events, sends);
  }
  const requested: ReplaceRequested = {
    type: 'ReplaceRequested',
    orderId,
    clientOrderId: houseRequestId(order, 'r'),
    originalClientOrderId: newestIdOf(order),
    origin: 'REDUCE_ONLY',
    quantity: target,
    price: newestTermsOf(order).price,
    stopPrice: newestTermsOf(order).stopPrice,
    askedQuantity: target,
    askedPrice: null,
    askedStopPrice: null,
  };
  return decided([requested], [assess(order, requested, null)]);
}

const shrunk = (order: Order, target: bigint): Reason =>
  reason('OMS', 'REDUCE_ONLY_SHRINK', 'The order shrank with the position that it may reduce.', {
    from: formatDecimal(order.quantity),
    to: formatDecimal(target),
  });
