/**
 * Trades busted (trade cancel) and corrected after the fact (rule 3): they refer to an earlier executionId, count
 * once by their own, and may take a FILLED order back to work; on a closed one only the numbers change.
 */
import { type Decision, decided, NOTHING, type Send } from '../decision.ts';
import type { ReopenedOrder } from '../messages.ts';
import { notionalOf } from '../money.ts';
import type { VenueReport, VenueTradeCanceled, VenueTradeCorrected } from '../venue/reports.ts';
import type { OrderEvent, ReportQuarantined } from './events.ts';
import { type Fill, isTerminal, type Order } from './order.ts';
import { quarantine } from './quarantineReport.ts';
import { fillCloses, mayHaveHold } from './venueReported.ts';

/** The trade the report refers to, or why there is nothing to do with it. */
function findTrade(
  report: VenueTradeCanceled | VenueTradeCorrected,
  order: Order,
): Fill | 'REPEATED' | ReportQuarantined['code'] {
  const fill = order.fills.find((candidate) => candidate.executionId === report.referenceExecutionId);
  if (fill === undefined) return 'UNKNOWN_EXECUTION';
  if (fill.amendedBy.includes(report.executionId)) return 'REPEATED';
  return fill.state === 'CANCELED' ? 'IMPOSSIBLE_REPORT' : fill;
}

const without = (report: VenueReport, found: 'REPEATED' | ReportQuarantined['code']): Decision<OrderEvent> =>
  found === 'REPEATED' ? NOTHING : quarantine(report, found);

export function decideTradeCanceled(report: VenueTradeCanceled, order: Order): Decision<OrderEvent> {
  const fill = findTrade(report, order);
  if (typeof fill === 'string') return without(report, fill);
  const { executionId, referenceExecutionId } = report;
  return decided(
    [{ type: 'TradeCanceled', orderId: order.orderId, executionId, referenceExecutionId }],
    [reverse(order, fill, executionId, 0n)],
  );
}

export function decideTradeCorrected(report: VenueTradeCorrected, order: Order): Decision<OrderEvent> {
  const fill = findTrade(report, order);
  if (typeof fill === 'string') return without(report, fill);
  if (report.quantity <= 0n || report.price <= 0n) return quarantine(report, 'IMPOSSIBLE_REPORT');
  const { orderId, accountId, placed } = order;
  const { executionId, referenceExecutionId, quantity, price, fee } = report;
  return decided(
    [{ type: 'TradeCorrected', orderId, executionId, referenceExecutionId, quantity, price, fee }],
    [
      reverse(order, fill, executionId, quantity),
      {
        to: 'risk-engine',
        message: {
          type: 'SettleFill',
          accountId,
          orderId,
          executionId,
          symbol: placed.symbol,
          side: placed.side,
          quantity,
          price,
          fee,
          feeCurrency: fill.feeCurrency,
          closes: mayHaveHold(order) && fillCloses(order, quantity - fill.quantity, false),
        },
      },
    ],
  );
}

/** @param refilled quantity that a correction books again right after, so that the order's openness is judged whole */
function reverse(order: Order, fill: Fill, executionId: string, refilled: bigint): Send {
  const { orderId, accountId, placed } = order;
  return {
    to: 'risk-engine',
    message: {
      type: 'ReverseFill',
      accountId,
      orderId,
      executionId,
      symbol: placed.symbol,
      side: placed.side,
      quantity: fill.quantity,
      price: fill.price,
      fee: fill.fee,
      feeCurrency: fill.feeCurrency,
      reopened: reopenedBy(order, fill, refilled),
    },
  };
}

/** The order's terms when it is open after the bust or correction, for the hold to stand on again; else null. */
function reopenedBy(order: Order, fill: Fill, refilled: bigint): ReopenedOrder | null {
  if (isTerminal(order.core) && order.core !== 'FILLED') return null;
  const filledQuantity = order.filledQuantity - fill.quantity;
  if (order.core === 'FILLED' && filledQuantity + refilled >= order.quantity) return null;
  return {
    // By now an order by quoteQuantity has the quantity it bought; what a bust gave back works on as quantity.
    quantity: order.quantity === 0n ? null : order.quantity,
    quoteQuantity: order.quantity === 0n ? order.placed.quoteQuantity : null,
    price: order.price,
    stopPrice: order.stopPrice,
    protectionPrice: order.protectionPrice,
    reduceOnly: order.placed.reduceOnly,
    filledQuantity,
    filledQuote: order.cumulativeQuote - notionalOf(fill.price, fill.quantity),
  };
}
