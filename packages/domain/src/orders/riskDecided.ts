/** The risk engine's verdict on a placed order: denied, held by us until its trigger, or sent to the venue. */
import { type Decision, type DecisionContext, decided, NOTHING, replyTo, type Send } from '../decision.ts';
import { invariant } from '../invariant.ts';
import type { ReferencePrices } from '../market.ts';
import type { OrderApproved, OrderRefused, TriggerStop } from '../messages.ts';
import type { Price } from '../money.ts';
import { endedByRequest } from './cancelOrder.ts';
import type { OrderEvent } from './events.ts';
import type { Order, Side, TriggerSource } from './order.ts';
import { releaseHold } from './releaseHold.ts';
import type { OrdersState } from './state.ts';

export function decideApproved(
  message: OrderApproved,
  state: OrdersState,
  context: DecisionContext,
): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined || order.core !== 'INITIALIZED') return NOTHING;
  const { orderId } = order;
  const { protectionPrice } = message;
  const reply = replyTo(message.replyTo, 'ACCEPTED', orderId);

  const cancel = order.pendingRequests.find((request) => request.kind === 'CANCEL');
  if (cancel !== undefined) {
    return decided([endedByRequest(order, cancel.clientOrderId, cancel.origin)], [releaseHold(order)], reply);
  }
  if (order.stopPrice === null) {
    return decided([{ type: 'OrderSubmitted', orderId, protectionPrice }], [toVenue(order, protectionPrice)], reply);
  }
  const events: OrderEvent[] = [{ type: 'OrderHeld', orderId, protectionPrice }];
  const triggerPrice = triggerPriceOf(
    order.placed.triggerSource,
    order.placed.side,
    context.market.prices(order.placed.symbol),
  );
  if (triggerPrice === null || !isTriggered(order.placed.side, order.stopPrice, triggerPrice)) {
    return decided(events, [], reply);
  }
  // The market is at the stop already.
  events.push({ type: 'OrderTriggered', orderId, triggerPrice });
  return decided(events, [toVenue(order, protectionPrice)], reply);
}

export function decideRefused(message: OrderRefused, state: OrdersState): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined || order.core !== 'INITIALIZED') return NOTHING;
  const { orderId, reason } = message;
  const events: OrderEvent[] = [{ type: 'OrderDenied', orderId, reason }];
  for (const request of order.pendingRequests) {
    events.push({ type: 'CancelRejected', orderId, clientOrderId: request.clientOrderId, reason });
  }
  return decided(events, [], replyTo(message.replyTo, 'REFUSED', orderId, reason));
}

export function decideTrigger(message: TriggerStop, state: OrdersState): Decision<OrderEvent> {
  const order = state.orders.get(message.orderId);
  if (order === undefined || order.core !== 'HELD') return NOTHING;
  invariant(
    state.submittedCount < state.approvedCount,
    () =>
      `order ${order.orderId} would be sent without an approval: ${state.submittedCount} of ${state.approvedCount} sent`,
  );
  return decided(
    [{ type: 'OrderTriggered', orderId: order.orderId, triggerPrice: message.triggerPrice }],
    [toVenue(order, order.protectionPrice)],
  );
}

/** The order as the venue is asked to work it: a triggered stop is a plain market or limit order there. */
function toVenue(order: Order, protectionPrice: Price | null): Send {
  const { placed } = order;
  const limited = placed.type === 'LIMIT' || placed.type === 'STOP_LIMIT';
  return {
    to: 'venue-simulator',
    message: {
      type: 'VenuePlace',
      terms: {
        orderId: order.orderId,
        accountId: order.accountId,
        symbol: placed.symbol,
        side: placed.side,
        type: limited ? 'LIMIT' : 'MARKET',
        timeInForce: placed.timeInForce,
        quantity: placed.quantity === null ? null : order.quantity,
        quoteQuantity: placed.quoteQuantity,
        price: limited ? order.price : protectionPrice,
        postOnly: placed.postOnly,
      },
    },
  };
}

/** The price a stop looks at: a buy stop at the ask, a sell stop at the bid when it watches the book. */
export function triggerPriceOf(source: TriggerSource, side: Side, prices: ReferencePrices | undefined): Price | null {
  if (prices === undefined) return null;
  switch (source) {
    case 'LAST':
      return prices.last;
    case 'MARK':
      return prices.mark;
    case 'BID_ASK':
      return side === 'BUY' ? prices.bestAsk : prices.bestBid;
  }
}

/** A buy stop triggers at or above its stop price, a sell stop at or below it. */
export const isTriggered = (side: Side, stopPrice: Price, price: Price): boolean =>
  side === 'BUY' ? price >= stopPrice : price <= stopPrice;
