/** What time does to an order: GTD and DAY orders expire, and unanswered requests become UNKNOWN (rules 7, 11). */
import { type Decision, type DecisionContext, decided, NOTHING, type Send } from '../decision.ts';
import type { ExpireOrder, RequestTimedOut } from '../messages.ts';
import { houseRequestId, requestCancel } from './cancelOrder.ts';
import type { OrderEvent } from './events.ts';
import { isOpen, type Order } from './order.ts';
import { askAbout } from './reconcileOrder.ts';
import type { OrdersState } from './state.ts';

const DAY_MS = 86_400_000;

/** When the order ends by time, epoch milliseconds; null for never. DAY ends with the UTC day it was placed on. */
export function expiryOf(order: Order): number | null {
  const { timeInForce, expireTime } = order.placed;
  if (timeInForce === 'GTD') return expireTime;
  if (timeInForce === 'DAY') return Math.floor(order.createdAt / DAY_MS) * DAY_MS + DAY_MS;
  return null;
}

export function decideExpire(message: ExpireOrder, state: OrdersState, context: DecisionContext): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined || !isOpen(order)) return NOTHING;
  const expiry = expiryOf(order);
  if (expiry === null || context.now < expiry) return NOTHING;
  if (order.pendingRequests.some((request) => request.kind === 'CANCEL' && request.origin === 'EXPIRY')) return NOTHING;
  const events: OrderEvent[] = [];
  const sends: Send[] = [];
  requestCancel(order, houseRequestId(order, 'c'), 'EXPIRY', events, sends);
  return decided(events, sends);
}

export function decideTimedOut(
  message: RequestTimedOut,
  state: OrdersState,
  context: DecisionContext,
): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  const { orderId, clientOrderId } = message;
  const request = order?.pendingRequests.find((pending) => pending.clientOrderId === clientOrderId);
  if (order === undefined || request === undefined || request.outcome === 'unknown') return NOTHING;
  return decided([{ type: 'RequestUnknown', orderId, clientOrderId }], [askAbout(order, context.now, 1)]);
}
