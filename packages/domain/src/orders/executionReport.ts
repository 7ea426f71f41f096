/**
 * The execution report of an event (FIX 35=8, and 35=9 for refused requests): what changed and the order's numbers
 * right after. Events that change nothing a client sees have none.
 */
import { isoTime } from '../isoTime.ts';
import { formatDecimal } from '../money.ts';
import type { Reason } from '../reason.ts';
import type { OrderEvent } from './events.ts';
import { type Liquidity, leavesQuantityOf, type Order, type Side } from './order.ts';
import { type OrderStatus, projectStatus } from './projectStatus.ts';
import { averagePriceOf } from './view.ts';

export const EXEC_TYPES = [
  'PENDING_NEW',
  'NEW',
  'TRADE',
  'CANCELED',
  'REPLACED',
  'PENDING_CANCEL',
  'PENDING_REPLACE',
  'REJECTED',
  'EXPIRED',
  'TRADE_CANCEL',
  'TRADE_CORRECT',
  'TRIGGERED',
  'RESTATED',
  'ORDER_STATUS',
  'CANCEL_REJECTED',
  'REPLACE_REJECTED',
] as const;
export type ExecType = (typeof EXEC_TYPES)[number];

export interface ExecutionReport {
  /** The venue's for trades; ours (`<orderId>:<version>`) for everything else. Unique per order. */
  readonly executionId: string;
  readonly execType: ExecType;
  readonly status: OrderStatus;
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly clientOrderId: string;
  /** Last accepted id, in reports that belong to a request. */
  readonly originalClientOrderId: string | null;
  /** The trade a TRADE_CANCEL or TRADE_CORRECT refers to. */
  readonly referenceExecutionId: string | null;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly stopPrice: string | null;
  readonly filledQuantity: string;
  readonly leavesQuantity: string;
  readonly lastQuantity: string | null;
  readonly lastPrice: string | null;
  readonly averagePrice: string | null;
  readonly fee: string | null;
  readonly feeCurrency: string | null;
  readonly liquidity: Liquidity | null;
  readonly reason: Reason | null;
  /** Gap-free per account. */
  readonly sequence: number;
  readonly time: string;
}

/**
 * Which report an event gives, by the order *before* it was folded in; null for none.
 * `evolveOrders` counts the account's sequence with it, so the two never disagree.
 */
export function execTypeOf(
  event: OrderEvent,
  before: Pick<Order, 'core' | 'triggeredAt'> | undefined,
): ExecType | null {
  switch (event.type) {
    case 'OrderPlaced':
      return 'PENDING_NEW';
    case 'OrderDenied':
      return 'REJECTED';
    case 'OrderHeld':
      return 'NEW';
    case 'OrderTriggered':
      return 'TRIGGERED';
    case 'OrderAccepted':
      // A second or late acknowledgement tells nothing; a triggered stop was NEW already.
      return before !== undefined && before.core === 'SUBMITTED' && before.triggeredAt === null ? 'NEW' : null;
    case 'OrderRejected':
      return before !== undefined && (before.core === 'SUBMITTED' || before.core === 'WORKING') ? 'REJECTED' : null;
    case 'OrderFilled':
      return 'TRADE';
    case 'OrderCanceled':
      return 'CANCELED';
    case 'OrderExpired':
      return 'EXPIRED';
    case 'CancelRequested':
      return 'PENDING_CANCEL';
    case 'CancelRejected':
      return 'CANCEL_REJECTED';
    case 'ReplaceRequested':
      return 'PENDING_REPLACE';
    case 'OrderReplaced':
      return 'REPLACED';
    case 'ReplaceRejected':
      return 'REPLACE_REJECTED';
    case 'RequestUnknown':
      return 'ORDER_STATUS';
    case 'TradeCanceled':
      return 'TRADE_CANCEL';
    case 'TradeCorrected':
      return 'TRADE_CORRECT';
    case 'OrderRestated':
      return 'RESTATED';
    case 'OrderSubmitted':
    case 'ReplaceSubmitted':
    case 'RequestResent':
    case 'AccountRegistered':
    case 'ReportQuarantined':
    case 'RequestResolved':
    case 'ReconciliationDifferenceFound':
    case 'ReconciliationDifferenceResolved':
    case 'ReconciliationCompleted':
      return null;
  }
}

/** Builds the report from the event and the order right *after* it was folded in. */
export function executionReportOf(
  event: OrderEvent,
  execType: ExecType,
  order: Order,
  sequence: number,
  now: number,
): ExecutionReport {
  const request = requestIdOf(event);
  const trade = tradeOf(event, order);
  return {
    executionId: 'executionId' in event ? event.executionId : `${order.orderId}:${order.version}`,
    execType,
    status: projectStatus(order),
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.placed.symbol,
    side: order.placed.side,
    clientOrderId: request ?? order.clientOrderId,
    originalClientOrderId: request === null ? null : originalIdOf(event, order),
    referenceExecutionId: 'referenceExecutionId' in event ? event.referenceExecutionId : null,
    quantity: order.placed.quantity === null && order.quantity === 0n ? null : formatDecimal(order.quantity),
    price: order.price === null ? null : formatDecimal(order.price),
    stopPrice: order.stopPrice === null ? null : formatDecimal(order.stopPrice),
    filledQuantity: formatDecimal(order.filledQuantity),
    leavesQuantity: formatDecimal(leavesQuantityOf(order)),
    lastQuantity: trade === null ? null : formatDecimal(trade.quantity),
    lastPrice: trade === null ? null : formatDecimal(trade.price),
    averagePrice: averagePriceOf(order.cumulativeQuote, order.filledQuantity),
    fee: trade === null ? null : formatDecimal(trade.fee),
    feeCurrency: trade === null ? null : trade.feeCurrency,
    liquidity: trade === null ? null : trade.liquidity,
    reason: 'reason' in event && event.type !== 'RequestResolved' ? event.reason : null,
    sequence,
    time: isoTime(now),
  };
}

function requestIdOf(event: OrderEvent): string | null {
  switch (event.type) {
    case 'CancelRequested':
    case 'CancelRejected':
    case 'ReplaceRequested':
    case 'ReplaceRejected':
    case 'OrderReplaced':
    case 'RequestUnknown':
      return event.clientOrderId;
    case 'OrderCanceled':
    case 'OrderExpired':
      return event.requestId;
    default:
      return null;
  }
}

/** Rule 5: in a report, originalClientOrderId is the last accepted id of the chain (before this one, if it is that). */
const originalIdOf = (event: OrderEvent, order: Order): string =>
  event.type === 'OrderReplaced' ? order.previousClientOrderId : order.clientOrderId;

function tradeOf(event: OrderEvent, order: Order) {
  if (event.type === 'OrderFilled') return event;
  if (event.type !== 'TradeCanceled' && event.type !== 'TradeCorrected') return null;
  return order.fills.find((fill) => fill.executionId === event.referenceExecutionId) ?? null;
}
