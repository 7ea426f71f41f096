/** An order as the wire shows it: decimals as strings, times as ISO 8601, one status. */

import { isoTime } from '../isoTime.ts';
import { formatDecimal, ONE } from '../money.ts';
import type { Reason } from '../reason.ts';
import {
  type FeeTotal,
  leavesQuantityOf,
  type Order,
  type OrderType,
  type PendingRequest,
  type Side,
  type TimeInForce,
  type TriggerSource,
} from './order.ts';
import { type OrderStatus, projectStatus } from './projectStatus.ts';

export interface PendingRequestView {
  readonly kind: 'CANCEL' | 'REPLACE';
  readonly clientOrderId: string;
  readonly originalClientOrderId: string;
  readonly sentAt: string;
  readonly outcome: 'pending' | 'unknown';
}

export interface OrderView {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** null while an order by quoteQuantity is open. */
  readonly quantity: string | null;
  readonly quoteQuantity: string | null;
  readonly price: string | null;
  readonly stopPrice: string | null;
  readonly triggerSource: TriggerSource | null;
  readonly expireTime: string | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly tags: readonly string[];
  readonly status: OrderStatus;
  readonly filledQuantity: string;
  readonly leavesQuantity: string;
  readonly averagePrice: string | null;
  readonly fees: readonly { readonly currency: string; readonly amount: string }[];
  readonly reason: Reason | null;
  readonly pendingRequests: readonly PendingRequestView[];
  readonly venueOrderId: string | null;
  readonly overfilled: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

const decimalOrNull = (atoms: bigint | null): string | null => (atoms === null ? null : formatDecimal(atoms));

/** Cumulative quote ÷ filled, truncated to 8 decimals: derived for display, never stored. */
export const averagePriceOf = (cumulativeQuote: bigint, filledQuantity: bigint): string | null =>
  filledQuantity === 0n ? null : formatDecimal((cumulativeQuote * ONE) / filledQuantity);

export const viewOfRequest = (request: PendingRequest): PendingRequestView => ({
  kind: request.kind,
  clientOrderId: request.clientOrderId,
  originalClientOrderId: request.originalClientOrderId,
  sentAt: isoTime(request.sentAt),
  outcome: request.outcome,
});

export const viewOfFee = (fee: FeeTotal): OrderView['fees'][number] => ({
  currency: fee.currency,
  amount: formatDecimal(fee.amount),
});

export function viewOfOrder(order: Order): OrderView {
  const { placed } = order;
  const isStop = placed.stopPrice !== null;
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    accountId: order.accountId,
    symbol: placed.symbol,
    side: placed.side,
    type: placed.type,
    timeInForce: placed.timeInForce,
    quantity: placed.quantity === null && order.quantity === 0n ? null : formatDecimal(order.quantity),
    quoteQuantity: decimalOrNull(placed.quoteQuantity),
    price: decimalOrNull(order.price),
    stopPrice: decimalOrNull(order.stopPrice),
    triggerSource: isStop ? placed.triggerSource : null,
    expireTime: placed.expireTime === null ? null : isoTime(placed.expireTime),
    postOnly: placed.postOnly,
    reduceOnly: placed.reduceOnly,
    tags: placed.tags,
    status: projectStatus(order),
    filledQuantity: formatDecimal(order.filledQuantity),
    leavesQuantity: formatDecimal(leavesQuantityOf(order)),
    averagePrice: averagePriceOf(order.cumulativeQuote, order.filledQuantity),
    fees: order.fees.map(viewOfFee),
    reason: order.reason,
    pendingRequests: order.pendingRequests.map(viewOfRequest),
    venueOrderId: order.venueOrderId,
    overfilled: order.overfilled,
    createdAt: isoTime(order.createdAt),
    updatedAt: isoTime(order.updatedAt),
    version: order.version,
  };
}
