/**
 * What a venue tells us of an order, turned into events by the rules of races: duplicates count once, late facts are
 * booked without reopening, late rejects change nothing, contradictions are put aside and alarmed.
 */
import { type Decision, type DecisionContext, decided, NOTHING } from '../decision.ts';
import { notionalOf } from '../money.ts';
import { type Reason, reason } from '../reason.ts';
import type { VenueReported } from '../venue/messages.ts';
import type { VenueCanceled, VenueExpired, VenueRejected, VenueReplaced, VenueTraded } from '../venue/reports.ts';
import { endedByRequest, timeExpired } from './cancelOrder.ts';
import type { OrderEvent, OrderFilled } from './events.ts';
import { isOpen, type Order, type PendingCancel } from './order.ts';
import { quarantine } from './quarantineReport.ts';
import { decideOrderStatus } from './reconcileOrder.ts';
import { releaseHold } from './releaseHold.ts';
import { pendingReplaceOf, releaseWhenDone, replaceAnswered } from './replaceOrder.ts';
import type { OrdersState } from './state.ts';
import { coveredExecutions, isSynthetic } from './syntheticFill.ts';
import { decideTradeCanceled, decideTradeCorrected } from './tradeAmended.ts';

export function decideVenueReported(
  message: VenueReported,
  state: OrdersState,
  context: DecisionContext,
): Decision<OrderEvent> {
  const { report } = message;
  const order = state.orders.get(report.orderId);
  if (order === undefined) return quarantine(report, 'UNKNOWN_ORDER');
  // The venue never saw it, so it cannot know it.
  if (order.core === 'INITIALIZED' || order.core === 'HELD' || order.core === 'DENIED') {
    return quarantine(report, 'IMPOSSIBLE_REPORT');
  }
  switch (report.kind) {
    case 'ACCEPTED':
      return order.venueOrderId !== null
        ? NOTHING
        : decided([{ type: 'OrderAccepted', orderId: order.orderId, venueOrderId: report.venueOrderId }]);
    case 'REJECTED':
      return decideRejected(report, order);
    case 'TRADED':
      return decideTraded(report, order, context);
    case 'CANCELED':
    case 'EXPIRED':
      return decideEnded(report, order);
    case 'CANCEL_REJECTED':
      return pendingCancelOf(order, report.requestId) === undefined
        ? NOTHING
        : cancelRejected(order, report.requestId, reason('VENUE', report.code, report.message));
    case 'REPLACED':
      return decideReplaced(report, order);
    case 'REPLACE_REJECTED':
      return pendingReplaceOf(order, report.requestId) === undefined
        ? NOTHING
        : replaceRejected(order, report.requestId, reason('VENUE', report.code, report.message));
    case 'TRADE_CANCELED':
      return decideTradeCanceled(report, order);
    case 'TRADE_CORRECTED':
      return decideTradeCorrected(report, order);
    case 'ORDER_STATUS':
      return decideOrderStatus(report, order, state);
  }
}

/** Rule 10: a late reject never overwrites a terminal state; one that follows fills only ends what is left. */
function decideRejected(report: VenueRejected, order: Order): Decision<OrderEvent> {
  if (!isOpen(order)) return NOTHING;
  const why = reason('VENUE', report.code, report.message);
  const { orderId } = order;
  const event: OrderEvent =
    order.filledQuantity > 0n
      ? { type: 'OrderCanceled', orderId, requestId: null, reason: why }
      : { type: 'OrderRejected', orderId, reason: why };
  return decided([event], [releaseHold(order)]);
}

function decideTraded(report: VenueTraded, order: Order, context: DecisionContext): Decision<OrderEvent> {
  if (report.quantity <= 0n || report.price <= 0n) return quarantine(report, 'IMPOSSIBLE_REPORT');
  const booked = order.fills.find((fill) => fill.executionId === report.executionId);
  if (booked !== undefined) {
    // Rule 8. A trade that was corrected since is compared by its id alone: its first content is gone.
    const same =
      booked.state !== 'TRADE' ||
      (booked.quantity === report.quantity &&
        booked.price === report.price &&
        booked.fee === report.fee &&
        booked.feeCurrency === report.feeCurrency);
    return same ? NOTHING : quarantine(report, 'EXECUTION_CONTENT_DIFFERS');
  }
  if (isCovered(report, order)) return NOTHING;
  const { orderId, accountId, placed } = order;
  const { executionId, quantity, price, fee, feeCurrency, liquidity } = report;
  const completesQuote = completesQuoteOrder(report, order, context);
  const filled: OrderFilled = {
    type: 'OrderFilled',
    orderId,
    executionId,
    quantity,
    price,
    fee,
    feeCurrency,
    liquidity,
    completesQuote,
  };
  const closes = mayHaveHold(order) && fillCloses(order, quantity, completesQuote);
  const { symbol, side } = placed;
  return decided(
    [filled],
    [
      {
        to: 'risk-engine',
        message: {
          type: 'SettleFill',
          accountId,
          orderId,
          executionId,
          symbol,
          side,
          quantity,
          price,
          fee,
          feeCurrency,
          closes,
        },
      },
    ],
  );
}

/** A late original of what was booked in sum: it counted then. */
const isCovered = ({ executionId, executionNumber }: VenueTraded, order: Order): boolean =>
  order.fills.length > 0 && !isSynthetic(executionId) && executionNumber <= coveredExecutions(order);

const hasPendingReplace = (order: Order): boolean => order.pendingRequests.some(({ kind }) => kind === 'REPLACE');

/**
 * A FILLED order keeps its hold while a replace waits: the venue may accept a raise, or bust a trade and then accept
 * any terms; a late fill may use them up.
 */
export const mayHaveHold = (order: Order): boolean =>
  isOpen(order) || (order.core === 'FILLED' && hasPendingReplace(order));

/** True when nothing more of the order can trade, also not through a replace that is not answered yet. */
export function fillCloses(order: Order, quantity: bigint, completesQuote: boolean): boolean {
  if (completesQuote) return true;
  const filled = order.filledQuantity + quantity;
  if (order.quantity === 0n || filled < order.quantity) return false;
  return !hasPendingReplace(order);
}

/** An order by quoteQuantity is done when what is left cannot buy one more increment at this price. */
function completesQuoteOrder(report: VenueTraded, order: Order, context: DecisionContext): boolean {
  const { quoteQuantity, symbol } = order.placed;
  if (quoteQuantity === null) return false;
  const left = quoteQuantity - order.cumulativeQuote - notionalOf(report.price, report.quantity);
  const instrument = context.instruments.get(symbol);
  return instrument === undefined ? left <= 0n : left < notionalOf(report.price, instrument.quantityIncrement);
}

const pendingCancelOf = (order: Order, requestId: string): PendingCancel | undefined =>
  order.pendingRequests.find(
    (request): request is PendingCancel => request.kind === 'CANCEL' && request.clientOrderId === requestId,
  );

const cancelRejected = (order: Order, requestId: string, why: Reason): Decision<OrderEvent> =>
  decided([{ type: 'CancelRejected', orderId: order.orderId, clientOrderId: requestId, reason: why }]);

function replaceRejected(order: Order, requestId: string, why: Reason): Decision<OrderEvent> {
  const sends = [replaceAnswered(order, requestId, false)];
  // A fill that closed the order left its hold in place for the replace that is now refused.
  if (!isOpen(order)) sends.push(...releaseWhenDone(order, requestId));
  return decided([{ type: 'ReplaceRejected', orderId: order.orderId, clientOrderId: requestId, reason: why }], sends);
}

function decideEnded(report: VenueCanceled | VenueExpired, order: Order): Decision<OrderEvent> {
  const { requestId } = report;
  const request = requestId === null ? undefined : pendingCancelOf(order, requestId);
  if (!isOpen(order)) {
    // Already ended otherwise: the request was too late (rule 1).
    return request === undefined ? NOTHING : cancelRejected(order, request.clientOrderId, TOO_LATE);
  }
  return decided([endOf(report, order, request)], [releaseHold(order)]);
}

function endOf(report: VenueCanceled | VenueExpired, order: Order, request: PendingCancel | undefined): OrderEvent {
  const { orderId } = order;
  const requestId = request?.clientOrderId ?? null;
  if (report.kind === 'EXPIRED') return { type: 'OrderExpired', orderId, requestId, reason: timeExpired(order) };
  if (request !== undefined && request.origin !== 'EXPIRY')
    return endedByRequest(order, request.clientOrderId, request.origin);
  const why = reason('VENUE', report.code ?? 'VENUE_CANCELED', report.message);
  return { type: 'OrderCanceled', orderId, requestId, reason: why };
}

const TOO_LATE = reason('VENUE', 'TOO_LATE_TO_CANCEL', 'The order had ended before the cancel reached it.');

function decideReplaced(report: VenueReplaced, order: Order): Decision<OrderEvent> {
  const { requestId } = report;
  const request = pendingReplaceOf(order, requestId);
  if (request === undefined) return NOTHING;
  if (!isOpen(order) && order.core !== 'FILLED') {
    return replaceRejected(order, requestId, reason('VENUE', 'UNKNOWN_ORDER', `The order is ${order.core}.`));
  }
  const sends = [replaceAnswered(order, requestId, true)];
  if (request.quantity <= order.filledQuantity) sends.push(...releaseWhenDone(order, requestId));
  return decided([{ type: 'OrderReplaced', orderId: order.orderId, clientOrderId: requestId }], sends);
}
