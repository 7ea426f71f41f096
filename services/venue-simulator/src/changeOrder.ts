/** Cancel and replace requests. A manual venue keeps them until it is told what to answer. */
import { InvariantError, type VenueCancel, type VenueReasonCode, type VenueReplace } from '@oms/domain';
import type { Draft } from './draft.ts';
import { findOrder, isClosed } from './evolveVenue.ts';
import { bookPlan, closeOrder, cutByFault, displayedAt, isDone, planTake, type Work } from './matching.ts';
import type { VenueOrder } from './venueState.ts';

export function cancelOrder(draft: Draft, { orderId, requestId, origin }: VenueCancel): void {
  if (draft.settings.mode === 'manual' && findOrder(draft.state, orderId) !== null) {
    draft.event({ type: 'VenueRequestHeld', orderId, kind: 'CANCEL', requestId, quantity: null, price: null });
    return;
  }
  if (!draft.state.orders.has(orderId)) {
    const { code, message } = whyNotOpen(draft, orderId);
    draft.report({ kind: 'CANCEL_REJECTED', orderId, requestId, code, message });
    return;
  }
  closeOrder(draft, orderId);
  if (origin === 'EXPIRY') draft.report({ kind: 'EXPIRED', orderId, requestId });
  else draft.report({ kind: 'CANCELED', orderId, requestId, code: null, message: 'Canceled on request.' });
}

export function replaceOrder(draft: Draft, request: VenueReplace): void {
  const { orderId, requestId } = request;
  if (draft.settings.mode === 'manual' && findOrder(draft.state, orderId) !== null) {
    const { quantity, price } = request;
    draft.event({ type: 'VenueRequestHeld', orderId, kind: 'REPLACE', requestId, quantity, price });
    return;
  }
  const order = draft.state.orders.get(orderId);
  if (order === undefined) {
    refuse(draft, request, whyNotOpen(draft, orderId));
    return;
  }
  const work = workOf(draft, order, request);
  const mayTrade = work.filledQuantity < work.quantity;
  const plan = mayTrade && order.terms.type === 'LIMIT' ? planTake(draft, work) : null;
  if (order.terms.postOnly && plan !== null && plan.fills.length > 0) {
    refuse(draft, request, { code: 'WOULD_TAKE', message: 'The post-only order would have taken liquidity.' });
    return;
  }
  amendOrder(draft, order, request);
  draft.report({ kind: 'REPLACED', orderId, requestId });
  if (plan !== null) {
    cutByFault(draft, work, plan);
    bookPlan(draft, work, plan);
  }
  if (isDone(work, null)) closeOrder(draft, orderId);
}

/** The event that gives an order its new terms: a new price or more quantity goes to the back of the queue. */
export function amendOrder(
  draft: Draft,
  order: VenueOrder,
  { requestId, quantity, price }: Pick<VenueReplace, 'requestId' | 'quantity' | 'price'>,
): void {
  const { orderId, symbol, side } = order.terms;
  const newPrice = price ?? order.price;
  const keepsPlace = newPrice === order.price && quantity <= order.quantity;
  const queueAhead = keepsPlace ? order.queueAhead : displayedAt(draft, symbol, side, newPrice);
  draft.event({ type: 'VenueOrderAmended', orderId, requestId, quantity, price: newPrice, queueAhead });
}

function workOf(draft: Draft, order: VenueOrder, { quantity, price }: VenueReplace): Work {
  const { orderId, symbol, side } = order.terms;
  const instrument = draft.context.instruments.get(symbol);
  if (instrument === undefined) throw new InvariantError(`open order ${orderId} of unlisted ${symbol}`);
  const { filledQuantity, spentQuote, executions } = order;
  return {
    orderId,
    instrument,
    side,
    quantity,
    quoteQuantity: null,
    price: price ?? order.price,
    filledQuantity,
    spentQuote,
    executions,
  };
}

interface Refusal {
  readonly code: VenueReasonCode;
  readonly message: string;
}

export const whyNotOpen = ({ state }: Draft, orderId: string): Refusal =>
  isClosed(state, orderId)
    ? { code: 'TOO_LATE_TO_CANCEL', message: 'The order has ended.' }
    : { code: 'UNKNOWN_ORDER', message: 'The venue does not know the order.' };

function refuse(draft: Draft, { orderId, requestId }: VenueReplace, { code, message }: Refusal): void {
  draft.report({ kind: 'REPLACE_REJECTED', orderId, requestId, code, message });
}
