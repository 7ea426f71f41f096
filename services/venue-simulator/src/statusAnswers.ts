/**
 * What the venue answers when it is asked: about one order (behind the reports that are on their way, as one of them),
 * about the orders of a range, and about positions. A venue that is disconnected answers nothing.
 */
import type {
  VenueListRequest,
  VenueOrderLine,
  VenueOrderStatus,
  VenuePosition,
  VenuePositionsRequest,
  VenueStatusRequest,
  VenueTotals,
} from '@oms/domain';
import { numberOfOrderId } from '@oms/domain';
import type { Draft } from './draft.ts';
import { findOrder, isClosed } from './evolveVenue.ts';
import type { VenueOrder, VenueState } from './venueState.ts';

/** Facts in one answer: it must fit a journal record when it is held back. */
export const FACTS_PER_ANSWER = 100;

export function answerStatus(draft: Draft, { orderId, question }: VenueStatusRequest): void {
  const { state } = draft;
  if (state.faults.disconnected) return;
  const order = findOrder(state, orderId);
  const isOpen = state.orders.has(orderId);
  const known = isOpen || isClosed(state, orderId);
  const { totalsOnly } = state.faults;
  const facts = (order?.history ?? []).filter((fact) => !(totalsOnly && 'executionId' in fact));
  const until = question.skip + FACTS_PER_ANSWER;
  const status: VenueOrderStatus = {
    kind: 'ORDER_STATUS',
    orderId,
    question,
    state: isOpen ? 'OPEN' : known ? 'CLOSED' : 'UNKNOWN',
    venueOrderId: order === null || order.venueOrderId === '' ? null : order.venueOrderId,
    totals: order === null ? null : totalsOf(draft, order),
    waitingRequests: order?.notes?.requests.map(({ requestId }) => requestId) ?? [],
    history: facts.slice(question.skip, until),
    hasMore: facts.length > until,
    totalsOnly,
  };
  draft.report(status);
}

function totalsOf({ context }: Draft, order: VenueOrder): VenueTotals | null {
  const instrument = context.instruments.get(order.terms.symbol);
  if (instrument === undefined) return null;
  return {
    quantity: order.filledQuantity,
    quote: order.spentQuote,
    fee: order.paidFees,
    feeCurrency: instrument.quote,
    executions: order.executions,
  };
}

export function listOrders(draft: Draft, { partition, page }: VenueListRequest): void {
  const { state } = draft;
  if (state.faults.disconnected) return;
  const { after, through } = page;
  const orders = [
    ...lines(state.orders.between(partition, after, through), true),
    ...lines(state.kept.between(partition, after, through), false),
  ].sort((a, b) => numberOfOrderId(a.orderId) - numberOfOrderId(b.orderId));
  draft.answer({ type: 'VenueOrdersListed', partition, page, orders });
}

const lines = (orders: Iterable<VenueOrder>, isOpen: boolean): VenueOrderLine[] =>
  Array.from(orders, ({ terms, filledQuantity, executions }) => ({
    orderId: terms.orderId,
    isOpen,
    filledQuantity,
    executions,
  }));

export function listPositions(draft: Draft, { partition, run, accountIds }: VenuePositionsRequest): void {
  const { faults, scheduled } = draft.state;
  if (faults.disconnected) return;
  // With trades on their way there is nothing that ours could be compared with.
  const listed = scheduled.length > 0 ? null : positionsOf(draft.state, accountIds);
  draft.answer({ type: 'VenuePositionsListed', partition, run, accountIds, positions: listed });
}

function positionsOf({ positions }: VenueState, accountIds: readonly string[]): Map<string, VenuePosition[]> {
  const listed = new Map<string, VenuePosition[]>();
  for (const accountId of accountIds) {
    const bySymbol = positions.get(accountId);
    if (bySymbol === undefined) continue;
    listed.set(
      accountId,
      Array.from(bySymbol, ([symbol, quantity]) => ({ symbol, quantity })),
    );
  }
  return listed;
}
