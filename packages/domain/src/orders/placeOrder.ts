/** Placing an order: idempotency before anything else, then a new order that risk is asked about. */
import { type Decision, type DecisionContext, decided, replyTo } from '../decision.ts';
import type { PlaceOrder } from '../messages.ts';
import { formatDecimal } from '../money.ts';
import { orderIdOf } from '../partitionKey.ts';
import { type Reason, reason } from '../reason.ts';
import type { OrderEvent, OrderPlaced } from './events.ts';
import type { Order, OrderTerms } from './order.ts';
import { type ClientRequest, type OrdersState, requestOf } from './state.ts';

export function decidePlace(message: PlaceOrder, state: OrdersState, context: DecisionContext): Decision<OrderEvent> {
  const account = state.accounts.get(message.accountId);
  if (account === undefined) return refuse(message, null, unknownAccount(message.accountId));
  const earlier = requestOf(state, account, message.clientOrderId);
  if (earlier !== undefined) return decideRepeat(message, state, earlier);

  const orderId = orderIdOf(state.partition, state.orderCount + 1);
  const { clientOrderId, terms } = message;
  // The state's own text, not the message's copy: maps then find it by identity, without comparing characters.
  const { accountId } = account;
  const placed: OrderPlaced = { type: 'OrderPlaced', orderId, accountId, clientOrderId, terms };
  if (terms.expireTime !== null && terms.expireTime <= context.now) {
    const expired = expireTimeInPast(terms.expireTime, context.now);
    return decided(
      [placed, { type: 'OrderDenied', orderId, reason: expired }],
      [],
      replyTo(message.replyTo, 'REFUSED', orderId, expired),
    );
  }
  return decided(
    [placed],
    [{ to: 'risk-engine', message: { type: 'AssessOrder', orderId, accountId, terms, replyTo: message.replyTo } }],
  );
}

/** Same id, same content: the same order and outcome again. Same id, other content: a conflict. */
function decideRepeat(message: PlaceOrder, state: OrdersState, request: ClientRequest): Decision<OrderEvent> {
  const order = state.orders.get(request.orderId);
  if (request.kind !== 'PLACE' || order === undefined || !sameTerms(order.placed, message.terms)) {
    return refuse(message, request.orderId, idempotencyConflict(message.clientOrderId, request.orderId));
  }
  if (order.core === 'INITIALIZED') return decided([], [], replyTo(message.replyTo, 'UNDECIDED', order.orderId));
  return decided([], [], replyTo(message.replyTo, 'REPEATED', order.orderId, refusalOf(order)));
}

const refusalOf = (order: Order): Reason | null =>
  order.core === 'DENIED' || order.core === 'REJECTED' ? order.reason : null;

const refuse = (message: PlaceOrder, orderId: string | null, why: Reason): Decision<OrderEvent> =>
  decided([], [], replyTo(message.replyTo, 'REFUSED', orderId, why));

export function sameTerms(a: OrderTerms, b: OrderTerms): boolean {
  return (
    a.symbol === b.symbol &&
    a.side === b.side &&
    a.type === b.type &&
    a.timeInForce === b.timeInForce &&
    a.quantity === b.quantity &&
    a.quoteQuantity === b.quoteQuantity &&
    a.price === b.price &&
    a.stopPrice === b.stopPrice &&
    a.triggerSource === b.triggerSource &&
    a.expireTime === b.expireTime &&
    a.postOnly === b.postOnly &&
    a.reduceOnly === b.reduceOnly &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, i) => tag === b.tags[i])
  );
}

const unknownAccount = (accountId: string): Reason =>
  reason('OMS', 'UNKNOWN_ACCOUNT', `There is no account ${accountId}.`, { accountId });

export const idempotencyConflict = (clientOrderId: string, orderId: string): Reason =>
  reason('OMS', 'IDEMPOTENCY_CONFLICT', `clientOrderId ${clientOrderId} was already used for other content.`, {
    clientOrderId,
    orderId,
  });

const expireTimeInPast = (expireTime: number, now: number): Reason =>
  reason('OMS', 'EXPIRE_TIME_IN_PAST', 'expireTime is not in the future.', {
    expireTime: new Date(expireTime).toISOString(),
    now: new Date(now).toISOString(),
  });

export const orderNotOpen = (order: Order): Reason =>
  reason('OMS', 'ORDER_NOT_OPEN', `The order is ${order.core} and can no longer be changed.`, {
    orderId: order.orderId,
    core: order.core,
    filledQuantity: formatDecimal(order.filledQuantity),
  });

export const unknownOrder = (orderId: string): Reason =>
  reason('OMS', 'UNKNOWN_ORDER', `There is no order ${orderId}.`, { orderId });
