/**
 * Folds one event into one order. The core state moves by the transition table alone; numbers and pending requests
 * move beside it. What the table calls impossible is a broken invariant and throws.
 */

import { InvariantError } from '../invariant.ts';
import { minimum, notionalOf } from '../money.ts';
import type {
  CancelRejected,
  CancelRequested,
  OrderEvent,
  OrderFilled,
  OrderPlaced,
  OrderReplaced,
  ReconciliationEvent,
  ReplaceRejected,
  ReplaceRequested,
  ReplaceSubmitted,
  RequestResent,
  RequestUnknown,
  TradeCanceled,
  TradeCorrected,
} from './events.ts';
import {
  type FeeTotal,
  type Fill,
  isTerminal,
  NO_FEES,
  NO_FILLS,
  NO_REQUESTS,
  type Order,
  type PendingReplace,
  type PendingRequest,
} from './order.ts';
import { type CoreEvent, transition } from './transitions.ts';

/** Events that belong to one order. */
export type SingleOrderEvent = Exclude<
  OrderEvent,
  { readonly type: 'AccountRegistered' | 'ReportQuarantined' | ReconciliationEvent['type'] }
>;

type RequestEvent =
  | CancelRequested
  | CancelRejected
  | ReplaceRequested
  | ReplaceSubmitted
  | ReplaceRejected
  | OrderReplaced
  | RequestUnknown
  | RequestResent;

/**
 * @param order the order before the event; undefined only for OrderPlaced. It is changed in place.
 * @returns the order after the event
 * @throws InvariantError when the event cannot follow the order's state
 */
export function evolveOrder(order: Order | undefined, event: SingleOrderEvent, now: number): Order {
  if (event.type === 'OrderPlaced') {
    if (order !== undefined) throw new InvariantError(`order ${event.orderId} is placed twice`);
    return orderFrom(event, now);
  }
  if (order === undefined) throw new InvariantError(`${event.type} for unknown order ${event.orderId}`);
  apply(order, event, now);
  order.updatedAt = now;
  order.version++;
  return order;
}

function orderFrom(event: OrderPlaced, now: number): Order {
  const { terms } = event;
  return {
    orderId: event.orderId,
    accountId: event.accountId,
    clientOrderId: event.clientOrderId,
    previousClientOrderId: event.clientOrderId,
    placedClientOrderId: event.clientOrderId,
    placed: terms,
    quantity: terms.quantity ?? 0n,
    price: terms.price,
    stopPrice: terms.stopPrice,
    core: 'INITIALIZED',
    filledQuantity: 0n,
    cumulativeQuote: 0n,
    fills: NO_FILLS,
    fees: NO_FEES,
    pendingRequests: NO_REQUESTS,
    reason: null,
    protectionPrice: null,
    triggeredAt: null,
    venueOrderId: null,
    overfilled: false,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

function apply(order: Order, event: Exclude<SingleOrderEvent, OrderPlaced>, now: number): void {
  switch (event.type) {
    case 'OrderDenied':
    case 'OrderRejected':
      if (move(order, event.type === 'OrderDenied' ? 'deny' : 'reject')) order.reason = event.reason;
      return;
    case 'OrderHeld':
    case 'OrderSubmitted':
      order.protectionPrice = event.protectionPrice;
      move(order, event.type === 'OrderHeld' ? 'hold' : 'submit');
      return;
    case 'OrderTriggered':
      order.triggeredAt = now;
      move(order, 'trigger');
      return;
    case 'OrderAccepted':
      order.venueOrderId = event.venueOrderId;
      move(order, 'accept');
      return;
    case 'OrderFilled':
      applyFill(order, event);
      return;
    case 'OrderCanceled':
    case 'OrderExpired':
      if (event.requestId !== null) answered(order, event.requestId);
      if (move(order, event.type === 'OrderCanceled' ? 'cancel' : 'expire')) order.reason = event.reason;
      return;
    case 'TradeCanceled':
      applyTradeCancel(order, event);
      return;
    case 'TradeCorrected':
      applyTradeCorrect(order, event);
      return;
    case 'OrderRestated':
      order.quantity = event.quantity;
      return;
    default:
      applyToRequests(order, event, now);
  }
}

/** The axis of the pending requests: asked, sent on, answered, or unknown. */
function applyToRequests(order: Order, event: RequestEvent, now: number): void {
  switch (event.type) {
    case 'CancelRequested':
    case 'ReplaceRequested':
      order.pendingRequests = [...order.pendingRequests, pendingFrom(event, now)];
      return;
    case 'CancelRejected':
    case 'ReplaceRejected':
      answered(order, event.clientOrderId);
      return;
    case 'OrderReplaced':
      applyReplace(order, event);
      return;
    case 'ReplaceSubmitted':
      order.pendingRequests = order.pendingRequests.map((request) =>
        request.kind === 'REPLACE' && request.clientOrderId === event.clientOrderId
          ? { ...request, sentToVenue: true }
          : request,
      );
      return;
    case 'RequestResent':
      return;
    case 'RequestUnknown':
      order.pendingRequests = order.pendingRequests.map((request) =>
        request.clientOrderId === event.clientOrderId ? { ...request, outcome: 'unknown' } : request,
      );
      return;
  }
}

function pendingFrom(event: CancelRequested | ReplaceRequested, now: number): PendingRequest {
  const { clientOrderId, originalClientOrderId, origin } = event;
  const asked = { clientOrderId, originalClientOrderId, sentAt: now, outcome: 'pending', origin } as const;
  if (event.type === 'CancelRequested') return { kind: 'CANCEL', ...asked };
  const { quantity, price, stopPrice } = event;
  return { kind: 'REPLACE', ...asked, quantity, price, stopPrice, sentToVenue: false };
}

/** @returns whether the core state moved. */
function move(order: Order, event: CoreEvent): boolean {
  const next = transition(order.core, event);
  if (next === 'impossible') {
    throw new InvariantError(`order ${order.orderId} in ${order.core} cannot take '${event}'`);
  }
  if (next === 'stays') return false;
  order.core = next;
  return true;
}

/** Only a request's own answer removes it (rule 7). */
function answered(order: Order, requestId: string): void {
  const left = order.pendingRequests.filter((request) => request.clientOrderId !== requestId);
  order.pendingRequests = left.length === 0 ? NO_REQUESTS : left;
}

function addFee(order: Order, currency: string, amount: bigint): void {
  if (amount === 0n) return;
  if (order.fees.length === 0) {
    order.fees = [{ currency, amount }];
    return;
  }
  const known = order.fees.some((fee) => fee.currency === currency);
  const fees: FeeTotal[] = known ? order.fees : [...order.fees, { currency, amount: 0n }];
  order.fees = fees
    .map((fee) => (fee.currency === currency ? { currency, amount: fee.amount + amount } : fee))
    .filter((fee) => fee.amount !== 0n);
}

/** Compares what is filled with what was ordered; an order by quoteQuantity is over when it spent too much. */
function isOverfilled(order: Order): boolean {
  const { quoteQuantity } = order.placed;
  if (quoteQuantity !== null) return order.cumulativeQuote > quoteQuantity;
  return order.filledQuantity > order.quantity;
}

const NOT_AMENDED: readonly string[] = [];

function applyFill(order: Order, event: OrderFilled): void {
  const fill: Fill = {
    executionId: event.executionId,
    quantity: event.quantity,
    price: event.price,
    fee: event.fee,
    feeCurrency: event.feeCurrency,
    liquidity: event.liquidity,
    state: 'TRADE',
    amendedBy: NOT_AMENDED,
  };
  if (order.fills.length === 0) order.fills = [fill];
  else order.fills.push(fill);
  order.filledQuantity += event.quantity;
  order.cumulativeQuote += notionalOf(event.price, event.quantity);
  addFee(order, event.feeCurrency, event.fee);
  if (event.completesQuote) order.quantity = order.filledQuantity;
  order.overfilled = isOverfilled(order);
  const complete = order.quantity > 0n && order.filledQuantity >= order.quantity;
  move(order, complete ? 'fillAll' : 'fillPart');
}

function applyReplace(order: Order, event: OrderReplaced): void {
  const request = order.pendingRequests.find(
    (pending): pending is PendingReplace => pending.kind === 'REPLACE' && pending.clientOrderId === event.clientOrderId,
  );
  if (request === undefined) {
    throw new InvariantError(`order ${order.orderId} has no replace request ${event.clientOrderId}`);
  }
  answered(order, event.clientOrderId);
  // The house's own requests (a shrinking reduce-only order) do not enter the client's chain of ids.
  if (request.origin === 'CLIENT') {
    order.previousClientOrderId = order.clientOrderId;
    order.clientOrderId = event.clientOrderId;
  }
  const done = request.quantity <= order.filledQuantity;
  order.quantity = done ? order.filledQuantity : request.quantity;
  order.price = request.price;
  order.stopPrice = request.stopPrice;
  order.overfilled = isOverfilled(order);
  move(order, done ? 'replaceDone' : 'replaceOpen');
}

function fillOf(order: Order, executionId: string): Fill {
  const fill = order.fills.find((candidate) => candidate.executionId === executionId);
  if (fill === undefined || fill.state === 'CANCELED') {
    throw new InvariantError(`order ${order.orderId} has no live trade ${executionId}`);
  }
  return fill;
}

function amendFill(order: Order, fill: Fill, amended: Fill): void {
  order.fills = order.fills.map((candidate) => (candidate === fill ? amended : candidate));
  const kept = amended.state === 'CANCELED' ? 0n : 1n;
  order.filledQuantity += kept * amended.quantity - fill.quantity;
  order.cumulativeQuote += kept * notionalOf(amended.price, amended.quantity) - notionalOf(fill.price, fill.quantity);
  addFee(order, fill.feeCurrency, kept * amended.fee - fill.fee);
  order.overfilled = isOverfilled(order);
  if (isTerminal(order.core) && order.core !== 'FILLED') return;
  const complete = order.quantity > 0n && order.filledQuantity >= order.quantity;
  move(order, complete ? 'fillAll' : 'unfill');
}

function applyTradeCancel(order: Order, event: TradeCanceled): void {
  const fill = fillOf(order, event.referenceExecutionId);
  amendFill(order, fill, { ...fill, state: 'CANCELED', amendedBy: [...fill.amendedBy, event.executionId] });
}

function applyTradeCorrect(order: Order, event: TradeCorrected): void {
  const fill = fillOf(order, event.referenceExecutionId);
  const { quantity, price, fee } = event;
  amendFill(order, fill, {
    ...fill,
    quantity,
    price,
    fee,
    state: 'CORRECTED',
    amendedBy: [...fill.amendedBy, event.executionId],
  });
}

/** The chain's newest terms: of the last replace still unanswered, else the order's own. */
export function newestTermsOf(order: Order): Pick<Order, 'quantity' | 'price' | 'stopPrice'> {
  for (let i = order.pendingRequests.length - 1; i >= 0; i--) {
    const request = order.pendingRequests[i]!;
    if (request.kind === 'REPLACE') return request;
  }
  return order;
}

/** leaves that no answer still to come can undercut: for shrinking reduce-only orders. */
export const smallestQuantityOf = (order: Order): bigint =>
  order.pendingRequests.reduce(
    (least, request) => (request.kind === 'REPLACE' ? minimum(least, request.quantity) : least),
    order.quantity,
  );
