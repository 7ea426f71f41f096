/** Requests of unknown outcome and differences as the wire shows them. */
import { isoTime } from '../isoTime.ts';
import type { DifferenceKind, RequestKind } from './events.ts';
import { lacksAcknowledgement, type Order } from './order.ts';
import type { Difference } from './reconciliation.ts';
import type { OrdersState } from './state.ts';

export interface UnknownRequestView {
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly kind: RequestKind;
  readonly sentAt: string;
  readonly ageMs: number;
}

export interface DifferenceView {
  readonly differenceId: string;
  readonly kind: DifferenceKind;
  readonly orderId: string | null;
  readonly accountId: string | null;
  readonly symbol: string | null;
  readonly ours: string;
  readonly venues: string;
  readonly repaired: boolean;
  readonly foundAt: string;
  /** null while it stands. */
  readonly resolvedAt: string | null;
}

/** What a partition says of its comparison with the venue. */
export interface ReconciliationView {
  /** When the last run that was answered in full began; null before the first. */
  readonly lastRunAt: string | null;
  readonly lastRunOrders: number;
  /** Oldest first. */
  readonly unknownRequests: readonly UnknownRequestView[];
  /** Newest first. */
  readonly differences: readonly DifferenceView[];
}

/** @param accountId null: of all accounts */
export function reconciliationView(state: OrdersState, accountId: string | null, now: number): ReconciliationView {
  const { lastRunAt, lastRunOrders, differences } = state.reconciliation;
  const isAsked = (each: { readonly accountId: string }) => accountId === null || each.accountId === accountId;
  const unknown = Array.from(state.unanswered, (number) => state.orders.at(number)!).filter(isAsked);
  return {
    lastRunAt: lastRunAt === null ? null : isoTime(lastRunAt),
    lastRunOrders,
    unknownRequests: unknown.flatMap((order) => unknownRequestsOf(order, now)),
    differences: differences
      .filter(isAsked)
      .map((difference) => viewOfDifference(difference, state.partition))
      .reverse(),
  };
}

function unknownRequestsOf(order: Order, now: number): UnknownRequestView[] {
  const { orderId, accountId, placed } = order;
  const view = (clientOrderId: string, kind: RequestKind, sentAt: number): UnknownRequestView => ({
    orderId,
    accountId,
    symbol: placed.symbol,
    clientOrderId,
    kind,
    sentAt: isoTime(sentAt),
    ageMs: now - sentAt,
  });
  const placing = lacksAcknowledgement(order)
    ? [view(order.placedClientOrderId, 'NEW', order.triggeredAt ?? order.createdAt)]
    : [];
  const requests = order.pendingRequests.filter((request) => request.outcome === 'unknown');
  return [...placing, ...requests.map(({ clientOrderId, kind, sentAt }) => view(clientOrderId, kind, sentAt))];
}

const orNull = (text: string): string | null => (text === '' ? null : text);

const viewOfDifference = (difference: Difference, partition: number): DifferenceView => ({
  differenceId: `d-${partition}-${difference.number}`,
  kind: difference.kind,
  orderId: orNull(difference.orderId),
  accountId: orNull(difference.accountId),
  symbol: orNull(difference.symbol),
  ours: difference.ours,
  venues: difference.venues,
  repaired: difference.repaired,
  foundAt: isoTime(difference.foundAt),
  resolvedAt: difference.resolvedAt === null ? null : isoTime(difference.resolvedAt),
});

/** Figures for metrics, over all partitions. */
export interface ReconciliationFigures {
  readonly unknownRequests: number;
  readonly standingDifferences: number;
  /** Found so far. */
  readonly differencesByKind: Readonly<Record<string, number>>;
  /** Of the partition whose last run is longest ago; null when one had none. */
  readonly lastRunAt: string | null;
}

export function reconciliationFigures(states: readonly OrdersState[]): ReconciliationFigures {
  const differencesByKind: Record<string, number> = {};
  let unknownRequests = 0;
  let standingDifferences = 0;
  for (const { unanswered, orders, reconciliation } of states) {
    for (const number of unanswered) unknownRequests += unknownRequestsOf(orders.at(number)!, 0).length;
    for (const { resolvedAt } of reconciliation.differences) if (resolvedAt === null) standingDifferences++;
    for (const [kind, found] of reconciliation.countsByKind) {
      differencesByKind[kind] = (differencesByKind[kind] ?? 0) + found;
    }
  }
  const lastRunAt = states.reduce<number | null>((least, { reconciliation }) => {
    const at = reconciliation.lastRunAt;
    return least === null || at === null ? null : Math.min(least, at);
  }, Number.MAX_SAFE_INTEGER);
  const hasRun = lastRunAt !== null && states.length > 0;
  return { unknownRequests, standingDifferences, differencesByKind, lastRunAt: hasRun ? isoTime(lastRunAt) : null };
}
