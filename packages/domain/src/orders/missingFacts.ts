/** Of what the venue says happened to an order, what we do not have yet, in the order it happened. */
import type { VenueFact, VenueOrderStatus } from '../venue/reports.ts';
import { type Fill, isOpen, type Order } from './order.ts';
import { type BookedSums, bookedSums, coveredExecutions, isSynthetic, plusTrade } from './syntheticFill.ts';

export function missingFacts({ history, venueOrderId }: VenueOrderStatus, order: Order): VenueFact[] {
  const known = new KnownTrades(order);
  const missing = history.filter((fact) => isMissing(fact, order, known));
  const isAcknowledged = order.venueOrderId !== null || venueOrderId === null || !isOpen(order);
  return isAcknowledged ? missing : [{ kind: 'ACCEPTED', orderId: order.orderId, venueOrderId }, ...missing];
}

function isMissing(fact: VenueFact, order: Order, known: KnownTrades): boolean {
  switch (fact.kind) {
    case 'ACCEPTED':
      // Told by the status itself.
      return false;
    case 'TRADED':
      return known.isNewTrade(fact);
    case 'TRADE_CANCELED':
    case 'TRADE_CORRECTED':
      return known.isNewAmendment(fact);
    case 'REJECTED':
      return isOpen(order);
    case 'CANCELED':
    case 'EXPIRED':
      return isOpen(order) || (fact.requestId !== null && waitsFor(order, 'CANCEL', fact.requestId));
    case 'CANCEL_REJECTED':
      return waitsFor(order, 'CANCEL', fact.requestId);
    case 'REPLACED':
    case 'REPLACE_REJECTED':
      return waitsFor(order, 'REPLACE', fact.requestId);
  }
}

const waitsFor = (order: Order, kind: 'CANCEL' | 'REPLACE', requestId: string): boolean =>
  order.pendingRequests.some((request) => request.kind === kind && request.clientOrderId === requestId);

/** The trades we have or are about to get, so that each new fact about them counts once. */
class KnownTrades {
  readonly #covered: number;
  /** By executionId: the ids of what amended it, or null when it was busted. */
  readonly #amendments = new Map<string, Set<string> | null>();

  constructor(order: Order) {
    this.#covered = coveredExecutions(order);
    for (const { executionId, state, amendedBy } of order.fills) {
      this.#amendments.set(executionId, state === 'CANCELED' ? null : new Set(amendedBy));
    }
  }

  isNewTrade(fact: Extract<VenueFact, { kind: 'TRADED' }>): boolean {
    const { executionId, executionNumber, quantity, price } = fact;
    if (isSynthetic(executionId) || quantity <= 0n || price <= 0n) return false;
    if (executionNumber <= this.#covered || this.#amendments.has(executionId)) return false;
    this.#amendments.set(executionId, new Set());
    return true;
  }

  isNewAmendment(fact: Extract<VenueFact, { kind: 'TRADE_CANCELED' | 'TRADE_CORRECTED' }>): boolean {
    const { executionId, referenceExecutionId } = fact;
    const amendments = this.#amendments.get(referenceExecutionId);
    if (amendments == null || amendments.has(executionId)) return false;
    if (fact.kind === 'TRADE_CANCELED') this.#amendments.set(referenceExecutionId, null);
    else if (fact.quantity <= 0n || fact.price <= 0n) return false;
    else amendments.add(executionId);
    return true;
  }
}

type Trade = Pick<Fill, 'quantity' | 'price' | 'fee'>;

/** What the order will have filled once the facts are booked. */
export function sumsAfter(facts: readonly VenueFact[], order: Order): BookedSums {
  let sums = bookedSums(order);
  const trades = new Map<string, Trade>(order.fills.map((fill) => [fill.executionId, fill]));
  for (const fact of facts) {
    if (fact.kind === 'TRADED') {
      trades.set(fact.executionId, fact);
      sums = plusTrade(sums, fact, 1n);
    } else if (fact.kind === 'TRADE_CANCELED' || fact.kind === 'TRADE_CORRECTED') {
      sums = plusTrade(sums, trades.get(fact.referenceExecutionId)!, -1n);
      if (fact.kind === 'TRADE_CANCELED') continue;
      trades.set(fact.referenceExecutionId, fact);
      sums = plusTrade(sums, fact, 1n);
    }
  }
  return sums;
}
