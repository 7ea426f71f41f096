/** A new order: accepted or rejected, traded against the displayed book, and what is left rests or ends. */
import type { Instrument, VenueOrderTerms, VenueReasonCode } from '@oms/domain';
import type { Draft } from './draft.ts';
import { isClosed } from './evolveVenue.ts';
import { bookPlan, closeOrder, cutByFault, displayedAt, isDone, type Plan, planTake, type Work } from './matching.ts';

export function placeOrder(draft: Draft, terms: VenueOrderTerms): void {
  const { orderId } = terms;
  const { state, context, settings } = draft;
  // An id is used once. A repeat is never worked twice.
  if (state.orders.has(orderId) || isClosed(state, orderId)) return;
  if (settings.mode === 'manual') {
    draft.event({ type: 'VenueOrderReceived', terms, venueOrderId: '', queueAhead: 0n });
    return;
  }
  const instrument = context.instruments.get(terms.symbol);
  const venueOrderId = draft.nextVenueOrderId();
  const queueAhead = displayedAt(draft, terms.symbol, terms.side, terms.price);
  draft.event({ type: 'VenueOrderReceived', terms, venueOrderId, queueAhead });
  if (instrument === undefined) {
    rejectOrder(draft, orderId, 'VENUE_REJECTED', `The venue does not trade ${terms.symbol}.`);
    return;
  }
  const work = workOf(terms, instrument);
  const plan = planTake(draft, work);
  if (draft.throwDice('reject', orderId, state.faults.rejectRate)) {
    rejectOrder(draft, orderId, 'VENUE_REJECTED', 'Rejected by a fault switch of the venue.');
  } else if (terms.postOnly && plan.fills.length > 0) {
    rejectOrder(draft, orderId, 'WOULD_TAKE', 'The post-only order would have taken liquidity.');
  } else {
    draft.report({ kind: 'ACCEPTED', orderId, venueOrderId });
    workNewOrder(draft, terms, work, plan);
  }
}

const workOf = (terms: VenueOrderTerms, instrument: Instrument): Work => ({
  orderId: terms.orderId,
  instrument,
  side: terms.side,
  quantity: terms.quantity ?? 0n,
  quoteQuantity: terms.quoteQuantity,
  price: terms.price,
  filledQuantity: 0n,
  spentQuote: 0n,
  executions: 0,
});

function workNewOrder(draft: Draft, terms: VenueOrderTerms, work: Work, plan: Plan): void {
  const { orderId, type, timeInForce } = terms;
  const isKilled = timeInForce === 'FOK' && plan.end !== 'COMPLETE';
  // Fill or kill is all or nothing under any fault.
  if (timeInForce !== 'FOK') cutByFault(draft, work, plan);
  const lastPrice = isKilled ? null : bookPlan(draft, work, plan);
  if (isDone(work, lastPrice)) {
    closeOrder(draft, orderId);
  } else if (type === 'MARKET' || timeInForce === 'IOC' || timeInForce === 'FOK') {
    const code = remainderCode(terms, plan);
    closeOrder(draft, orderId);
    draft.report({ kind: 'CANCELED', orderId, requestId: null, code, message: REMAINDER_MESSAGES[code] });
  }
}

const REMAINDER_MESSAGES = {
  FILL_OR_KILL_NOT_FILLED: 'Not all of it could be filled at once.',
  IMMEDIATE_OR_CANCEL_REMAINDER: 'What could not be filled at once is canceled.',
  PROTECTION_PRICE_REACHED: 'The book goes on beyond the protection price.',
  NO_LIQUIDITY: 'The displayed book holds no more.',
} as const satisfies Partial<Record<VenueReasonCode, string>>;

function remainderCode({ type, timeInForce }: VenueOrderTerms, plan: Plan): keyof typeof REMAINDER_MESSAGES {
  if (timeInForce === 'FOK') return 'FILL_OR_KILL_NOT_FILLED';
  if (type === 'LIMIT') return 'IMMEDIATE_OR_CANCEL_REMAINDER';
  return plan.end === 'PRICE_REACHED' ? 'PROTECTION_PRICE_REACHED' : 'NO_LIQUIDITY';
}

function rejectOrder(draft: Draft, orderId: string, code: VenueReasonCode, message: string): void {
  closeOrder(draft, orderId);
  draft.report({ kind: 'REJECTED', orderId, code, message });
}
