/**
 * What the person does to orders. Every request has a clientOrderId of its own, made once per intent: a retry after a
 * lost answer sends the same one again, so it stays one order.
 */
import { OmsError, type PlaceRequest, type ReplaceRequest } from '@oms/client';
import type { OrderView, Reason } from '@oms/domain';
import { client, stream } from './house.ts';
import { notify } from './notificationStore.ts';

/** Unique per intent; `prefix` says where it came from. */
export const newClientOrderId = (prefix = 'ui'): string => `${prefix}-${crypto.randomUUID()}`;

/** "INSUFFICIENT_BALANCE: … (available 12, required 15)" */
export function describeReason(reason: Reason | null): string {
  if (reason === null) return '';
  const numbers = Object.entries(reason.details).map(([name, value]) => `${name} ${value}`);
  return `${reason.code}: ${reason.message}${numbers.length > 0 ? ` (${numbers.join(', ')})` : ''}`;
}

export const describeError = (error: unknown): string =>
  error instanceof OmsError ? `${error.code}: ${error.detail}` : error instanceof Error ? error.message : String(error);

const shortText = (request: PlaceRequest): string =>
  `${request.side} ${request.quantity ?? request.quoteQuantity ?? ''} ${request.symbol} ${request.type}`;

/** @returns the order as the server answered, or null when nobody knows; the person was told in any case */
export async function placeOrder(request: PlaceRequest): Promise<OrderView | null> {
  try {
    const { outcome, order } = await stream.place(request);
    if (outcome === 'REFUSED') notify('error', `Refused: ${shortText(request)}`, describeReason(order.reason));
    else notify('success', `Order accepted: ${shortText(request)}`, `${order.status} · ${order.orderId}`);
    return order;
  } catch (error) {
    notify('error', `Order not accepted: ${shortText(request)}`, describeError(error));
    return null;
  }
}

export async function cancelOrder(order: OrderView): Promise<void> {
  try {
    await stream.cancel(order.orderId, newClientOrderId('ui-cancel'));
    notify('info', 'Cancel requested', order.orderId);
  } catch (error) {
    notify('error', `Cancel of ${order.orderId} failed`, describeError(error));
  }
}

export async function cancelAllOrders(accountId: string, symbol?: string): Promise<void> {
  try {
    const { count } = await stream.cancelAll({ accountId, ...(symbol === undefined ? {} : { symbol }) });
    notify('info', `Cancel requested for ${count} ${count === 1 ? 'order' : 'orders'}`, symbol ?? accountId);
  } catch (error) {
    notify('error', 'Cancel all failed', describeError(error));
  }
}

/** @returns whether the server took the request */
export async function replaceOrder(order: OrderView, change: Omit<ReplaceRequest, 'clientOrderId'>): Promise<boolean> {
  try {
    await client.replace(order.orderId, { ...change, clientOrderId: newClientOrderId('ui-replace') });
    notify('info', 'Change requested', order.orderId);
    return true;
  } catch (error) {
    notify('error', `Change of ${order.orderId} failed`, describeError(error));
    return false;
  }
}
