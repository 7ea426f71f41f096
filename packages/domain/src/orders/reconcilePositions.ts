/** Positions compared with the venue's, and the end of a run. The comparison itself is the risk engine's. */
import { type Decision, decided, NOTHING } from '../decision.ts';
import type { CompleteReconciliation, PositionDifference, ReconcilePositions } from '../messages.ts';
import { formatDecimal } from '../money.ts';
import type { VenuePositionsListed } from '../venue/messages.ts';
import type { OrderEvent } from './events.ts';
import { type Reconciliation, standing } from './reconciliation.ts';
import type { OrdersState } from './state.ts';

export const decideReconcilePositions = (
  { run, accountIds }: ReconcilePositions,
  { partition }: OrdersState,
): Decision<OrderEvent> =>
  decided([], [{ to: 'venue-simulator', message: { type: 'VenuePositionsRequest', partition, run, accountIds } }]);

/** By way of us, so that it comes to the risk engine behind every trade the venue reported before. */
export const decidePositionsListed = ({ run, accountIds, positions }: VenuePositionsListed): Decision<OrderEvent> =>
  decided([], [{ to: 'risk-engine', message: { type: 'ComparePositions', run, accountIds, positions } }]);

export function decideCompleted(message: CompleteReconciliation, state: OrdersState): Decision<OrderEvent> {
  const { startedAt, orders, positions } = message;
  const { reconciliation } = state;
  if (reconciliation.lastRunAt !== null && startedAt <= reconciliation.lastRunAt) return NOTHING;
  const events = positions === null ? [] : comparedPositions(positions, reconciliation);
  return decided([...events, { type: 'ReconciliationCompleted', startedAt, orders }]);
}

/** A position that differs is told once it differs in two runs: a trade under way explains the first. */
function comparedPositions(positions: readonly PositionDifference[], memory: Reconciliation): OrderEvent[] {
  const events: OrderEvent[] = [];
  for (const { kind, orderId, accountId, symbol, resolvedAt } of memory.differences) {
    if (kind !== 'POSITION_DIFFERS' || resolvedAt !== null) continue;
    if (positions.some((position) => position.accountId === accountId && position.symbol === symbol)) continue;
    events.push({ type: 'ReconciliationDifferenceResolved', kind, orderId, accountId, symbol });
  }
  for (const { accountId, symbol, confirmed, ...quantities } of positions) {
    const subject = { kind: 'POSITION_DIFFERS', orderId: '', accountId, symbol } as const;
    const ours = formatDecimal(quantities.ours);
    const venues = formatDecimal(quantities.venues);
    const known = standing(memory, subject);
    if (!confirmed || (known?.ours === ours && known.venues === venues)) continue;
    events.push({ type: 'ReconciliationDifferenceFound', ...subject, ours, venues, repaired: false });
  }
  return events;
}
