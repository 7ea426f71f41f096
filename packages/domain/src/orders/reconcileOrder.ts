/**
 * One order as the venue has it against ours. What the venue reported and we do not have is handed to the ordinary
 * rules of reports, in the order it happened, so that nothing counts twice; only then, and only if the order did not
 * move since the question, is anything concluded from what the venue does not have.
 */
import { type Decision, decided, NOTHING, type Send } from '../decision.ts';
import { formatDecimal } from '../money.ts';
import type { VenueFact, VenueOrderStatus } from '../venue/reports.ts';
import { houseRequestId } from './cancelOrder.ts';
import type { DifferenceKind, OrderEvent } from './events.ts';
import { missingFacts, sumsAfter } from './missingFacts.ts';
import { isOpen, type Order, type PendingRequest } from './order.ts';
import { standing } from './reconciliation.ts';
import type { OrdersState } from './state.ts';
import { type BookedSums, syntheticTrade } from './syntheticFill.ts';

/** The question about an order. @param eventsAhead events of the same decision, which the answer will follow */
export const askAbout = ({ orderId, version }: Order, askedAt: number, eventsAhead = 0, skip = 0): Send => ({
  to: 'venue-simulator',
  message: {
    type: 'VenueStatusRequest',
    orderId,
    question: { version: version + eventsAhead, askedAt, skip },
  },
});

export function decideOrderStatus(status: VenueOrderStatus, order: Order, state: OrdersState): Decision<OrderEvent> {
  const findings = new Findings(order, state);
  const { question } = status;
  const facts = missingFacts(status, order);
  noteFacts(facts, findings);
  const sums = sumsAfter(facts, order);
  const isCurrent = question.version === order.version && !status.hasMore;
  // A venue that tells no trades tells everything else behind their sum.
  if (isCurrent && status.totalsOnly) bookSums(status, order, sums, findings);
  for (const fact of facts) findings.apply(fact);
  if (isCurrent) {
    if (!status.totalsOnly) bookSums(status, order, sums, findings);
    concludeOrder(status, order, facts, sums, findings);
    concludeRequests(status, order, facts, findings);
  }
  if (status.hasMore) {
    findings.sends.push(askAbout(order, question.askedAt, 0, question.skip + status.history.length));
  }
  const { events, sends } = findings;
  return events.length === 0 && sends.length === 0 ? NOTHING : decided(events, sends);
}

/** What one answer leads to. */
class Findings {
  readonly events: OrderEvent[] = [];
  readonly sends: Send[] = [];
  readonly #order: Order;
  readonly #state: OrdersState;

  constructor(order: Order, state: OrdersState) {
    this.#order = order;
    this.#state = state;
  }

  repaired(kind: DifferenceKind, ours: string, venues: string): void {
    this.events.push(this.#difference(kind, ours, venues, true));
  }

  /** A difference that nothing is done about is told once. @returns whether it was not told before */
  stands(kind: DifferenceKind, ours: string, venues: string): boolean {
    const difference = this.#difference(kind, ours, venues, false);
    const known = standing(this.#state.reconciliation, difference);
    if (known?.ours === ours && known.venues === venues) return false;
    this.events.push(difference);
    return true;
  }

  gone(kind: DifferenceKind): void {
    const { repaired, ours, venues, ...subject } = this.#difference(kind, '', '', false);
    if (standing(this.#state.reconciliation, subject) === undefined) return;
    this.events.push({ ...subject, type: 'ReconciliationDifferenceResolved' });
  }

  apply(report: VenueFact): void {
    this.sends.push({ to: 'order-processor', message: { type: 'VenueReported', report } });
  }

  #difference(kind: DifferenceKind, ours: string, venues: string, repaired: boolean) {
    const { orderId, accountId, placed } = this.#order;
    const { symbol } = placed;
    return {
      type: 'ReconciliationDifferenceFound',
      kind,
      orderId,
      accountId,
      symbol,
      ours,
      venues,
      repaired,
    } as const;
  }
}

function noteFacts(facts: readonly VenueFact[], findings: Findings): void {
  const executions = facts.flatMap((fact) => ('executionId' in fact ? [fact.executionId] : []));
  const others = facts.flatMap((fact) => ('executionId' in fact ? [] : [fact.kind]));
  if (executions.length > 0)
    findings.repaired('EXECUTIONS_MISSING', `none of ${executions.length}`, namesOf(executions));
  if (others.length > 0) findings.repaired('REPORT_MISSING', 'none', namesOf(others));
}

const NAMES_MAX = 10;

const namesOf = (names: readonly string[]): string =>
  names.length <= NAMES_MAX ? names.join(' ') : `${names.slice(0, NAMES_MAX).join(' ')} …`;

/** What the venue has filled beyond the trades it tells, and we have: booked in sum. */
function bookSums({ totals }: VenueOrderStatus, order: Order, ours: BookedSums, findings: Findings): void {
  if (totals === null) return;
  if (totals.quantity === ours.quantity) {
    findings.gone('FILLED_MORE_THAN_VENUE');
    return;
  }
  const had = formatDecimal(ours.quantity);
  const has = formatDecimal(totals.quantity);
  const trade = syntheticTrade(order, ours, totals);
  if (trade === null) {
    findings.stands('FILLED_MORE_THAN_VENUE', had, has);
    return;
  }
  findings.repaired('FILLED_QUANTITY_DIFFERS', had, has);
  findings.apply(trade);
}

const ENDS: readonly VenueFact['kind'][] = ['CANCELED', 'EXPIRED', 'REJECTED'];

const endsOrder = (facts: readonly VenueFact[]): boolean => facts.some(({ kind }) => ENDS.includes(kind));

/** What follows from the venue working the order, or not. */
function concludeOrder(
  status: VenueOrderStatus,
  order: Order,
  facts: readonly VenueFact[],
  sums: BookedSums,
  findings: Findings,
): void {
  const { orderId } = order;
  if (!isOpen(order)) {
    if (status.state === 'OPEN' && facts.length === 0) cancelAtVenue(order, findings);
    else findings.gone('ORDER_OPEN_AT_VENUE');
    return;
  }
  if (status.state === 'UNKNOWN') {
    findings.repaired('ORDER_UNKNOWN_AT_VENUE', order.core, 'none');
    const [code, message] = ['ORDER_UNKNOWN_AT_VENUE', 'The venue has no such order.'] as const;
    const neverSeen = order.venueOrderId === null && order.fills.length === 0;
    if (neverSeen) findings.apply({ kind: 'REJECTED', orderId, code, message });
    else findings.apply({ kind: 'CANCELED', orderId, requestId: null, code, message });
    return;
  }
  const filled = status.totals === null ? sums.quantity : status.totals.quantity;
  // With a replace among the facts it is the ordinary rules that tell whether the new quantity is filled.
  const isExplained =
    endsOrder(facts) ||
    facts.some(({ kind }) => kind === 'REPLACED') ||
    (order.quantity > 0n && filled >= order.quantity) ||
    completesQuote(order, status);
  if (status.state === 'CLOSED' && !isExplained) {
    findings.repaired('REPORT_MISSING', order.core, 'CLOSED');
    const [code, message] = ['ORDER_CLOSED_AT_VENUE', 'The venue works the order no more.'] as const;
    findings.apply({ kind: 'CANCELED', orderId, requestId: null, code, message });
  }
}

/** An order by quoteQuantity that the venue filled ends with its last trade: the ordinary rule sees that. */
const completesQuote = (order: Order, { totals }: VenueOrderStatus): boolean =>
  order.placed.quoteQuantity !== null &&
  order.quantity === 0n &&
  totals !== null &&
  totals.quantity > order.filledQuantity;

/** The venue works what we have closed: nothing is held for it any more, so it goes. */
function cancelAtVenue(order: Order, findings: Findings): void {
  const { orderId } = order;
  findings.stands('ORDER_OPEN_AT_VENUE', order.core, 'OPEN');
  const requestId = houseRequestId(order, 'c');
  findings.sends.push({
    to: 'venue-simulator',
    message: { type: 'VenueCancel', orderId, requestId, origin: 'CLIENT' },
  });
}

/** Requests that the venue neither answered nor keeps: it never got them, or the order had ended before. */
function concludeRequests(
  status: VenueOrderStatus,
  order: Order,
  facts: readonly VenueFact[],
  findings: Findings,
): void {
  const answered = new Set(facts.map((fact) => ('requestId' in fact ? fact.requestId : null)));
  const works = status.state === 'OPEN' && !endsOrder(facts);
  for (const request of order.pendingRequests) {
    const { clientOrderId } = request;
    if (request.outcome !== 'unknown' || !wasSent(request)) continue;
    if (answered.has(clientOrderId) || status.waitingRequests.includes(clientOrderId)) continue;
    findings.repaired('REQUEST_NOT_RECEIVED', clientOrderId, status.state);
    if (works && request.origin !== 'CLIENT') sendAgain(order, request, findings);
    else findings.apply(works ? NOT_RECEIVED(order, request) : TOO_LATE(order, request));
  }
}

const wasSent = (request: PendingRequest): boolean => request.kind === 'CANCEL' || request.sentToVenue;

const refusalOf =
  (code: string, message: string) =>
  ({ orderId }: Order, { kind, clientOrderId: requestId }: PendingRequest): VenueFact => ({
    kind: kind === 'CANCEL' ? 'CANCEL_REJECTED' : 'REPLACE_REJECTED',
    orderId,
    requestId,
    code,
    message,
  });

/** A client decides himself whether he still wants it. */
const NOT_RECEIVED = refusalOf('REQUEST_NOT_RECEIVED', 'The request never reached the venue.');
const TOO_LATE = refusalOf('TOO_LATE_TO_CANCEL', 'The order had ended before the request reached the venue.');

/** What the house itself wants (a halt, an expiry, a smaller position to reduce) it still wants. */
function sendAgain(order: Order, request: PendingRequest, { events, sends }: Findings): void {
  const { orderId } = order;
  const { clientOrderId: requestId, origin } = request;
  events.push({ type: 'RequestResent', orderId, clientOrderId: requestId });
  sends.push({
    to: 'venue-simulator',
    message:
      request.kind === 'CANCEL'
        ? { type: 'VenueCancel', orderId, requestId, origin }
        : { type: 'VenueReplace', orderId, requestId, quantity: request.quantity, price: request.price },
  });
}
