/**
 * An order as JSON text, written straight from the order: what answers carry. It says exactly what
 * `JSON.stringify(viewOfOrder(order))` says (a property test holds them together) at half the cost, because no view is
 * built and what is empty in most orders is written as one piece.
 */
import { isoTime } from '../isoTime.ts';
import { escapeJson } from '../jsonText.ts';
import { formatDecimal } from '../money.ts';
import type { Reason } from '../reason.ts';
import { leavesQuantityOf, type Order, type OrderTerms } from './order.ts';
import { type OrderStatus, projectStatus } from './projectStatus.ts';
import { averagePriceOf, type OrderView, viewOfFee, viewOfRequest } from './view.ts';

/** An order as an answer tells it, taken when the answer is decided: the order itself goes on changing. */
export interface OrderText {
  /** Of the order, for whoever has to know what kind of answer it is. */
  readonly status: OrderStatus;
  readonly reason: Reason | null;
  /** The whole {@link OrderView} as JSON. */
  readonly json: string;
}

export const orderTextOf = (order: Order): OrderText => {
  const status = projectStatus(order);
  const json = jsonOf(order, status);
  // Reading a character makes one flat text of the fifty pieces, which are garbage at once: they need not be copied by
  // the collector while the answer waits for its batch to be synced.
  json.charCodeAt(0);
  return { status, reason: order.reason, json };
};

export const orderTextOfView = (view: OrderView): OrderText => ({
  status: view.status,
  reason: view.reason,
  json: JSON.stringify(view),
});

const NO_CONDITIONS =
  '"stopPrice":null,"triggerSource":null,"expireTime":null,"postOnly":false,"reduceOnly":false,"tags":[]';
const NOTHING_HAPPENED = '"averagePrice":null,"fees":[],"reason":null,"pendingRequests":[]';

function jsonOf(order: Order, status: OrderStatus): string {
  const { placed } = order;
  const quantity = formatDecimal(order.quantity);
  const leaves = leavesQuantityOf(order);
  const createdAt = isoTime(order.createdAt);
  const updatedAt = order.updatedAt === order.createdAt ? createdAt : isoTime(order.updatedAt);
  return (
    `{"orderId":"${escapeJson(order.orderId)}","clientOrderId":"${escapeJson(order.clientOrderId)}",` +
    `"accountId":"${escapeJson(order.accountId)}","symbol":"${escapeJson(placed.symbol)}",` +
    `"side":"${placed.side}","type":"${placed.type}","timeInForce":"${placed.timeInForce}",` +
    `"quantity":${placed.quantity === null && order.quantity === 0n ? 'null' : `"${quantity}"`},` +
    `"quoteQuantity":${decimalOf(placed.quoteQuantity)},"price":${decimalOf(order.price)},` +
    `${isUnconditional(order, placed) ? NO_CONDITIONS : conditionsOf(order)},` +
    `"status":"${status}","filledQuantity":"${formatDecimal(order.filledQuantity)}",` +
    `"leavesQuantity":"${leaves === order.quantity ? quantity : formatDecimal(leaves)}",` +
    `${hasHistory(order) ? historyOf(order) : NOTHING_HAPPENED},` +
    `"venueOrderId":${order.venueOrderId === null ? 'null' : `"${escapeJson(order.venueOrderId)}"`},` +
    `"overfilled":${order.overfilled},"createdAt":"${createdAt}","updatedAt":"${updatedAt}",` +
    `"version":${order.version}}`
  );
}

const decimalOf = (atoms: bigint | null): string => (atoms === null ? 'null' : `"${formatDecimal(atoms)}"`);

const isUnconditional = (order: Order, placed: OrderTerms): boolean =>
  order.stopPrice === null &&
  placed.stopPrice === null &&
  placed.expireTime === null &&
  !placed.postOnly &&
  !placed.reduceOnly &&
  placed.tags.length === 0;

const conditionsOf = ({ placed, stopPrice }: Order): string =>
  `"stopPrice":${decimalOf(stopPrice)},` +
  `"triggerSource":${placed.stopPrice === null ? 'null' : `"${placed.triggerSource}"`},` +
  `"expireTime":${placed.expireTime === null ? 'null' : `"${isoTime(placed.expireTime)}"`},` +
  `"postOnly":${placed.postOnly},"reduceOnly":${placed.reduceOnly},"tags":${JSON.stringify(placed.tags)}`;

const hasHistory = (order: Order): boolean =>
  order.filledQuantity !== 0n || order.fees.length > 0 || order.reason !== null || order.pendingRequests.length > 0;

function historyOf(order: Order): string {
  const average = averagePriceOf(order.cumulativeQuote, order.filledQuantity);
  return (
    `"averagePrice":${average === null ? 'null' : `"${average}"`},` +
    `"fees":${order.fees.length === 0 ? '[]' : JSON.stringify(order.fees.map(viewOfFee))},` +
    `"reason":${order.reason === null ? 'null' : JSON.stringify(order.reason)},` +
    `"pendingRequests":${order.pendingRequests.length === 0 ? '[]' : JSON.stringify(order.pendingRequests.map(viewOfRequest))}`
  );
}
