/** The house's own figures, for health, metrics and the channel `house`. */
import { reconciliationFigures } from '@oms/domain';
import type { EmbeddedHouse } from '@oms/house';
import type { HouseStatus, ProjectionState } from '@oms/ports';
import type { MeasuredJournal } from './measuredJournal.ts';

export function statusOf(
  house: EmbeddedHouse,
  journal: MeasuredJournal,
  projection: ProjectionState,
  draining: boolean,
): HouseStatus {
  const { queueDepth, quarantinedTotal, lastBatchSize, stopped } = house.runtime.status;
  let openOrders = 0;
  let ordersTotal = 0;
  for (const state of house.orderStates()) {
    ordersTotal += state.orderCount;
    for (const account of state.accounts.values()) openOrders += account.openOrders.size;
  }
  return {
    ready: !draining && !stopped,
    lastPosition: journal.lastPosition,
    durablePosition: journal.durablePosition,
    queueDepth,
    openOrders,
    ordersTotal,
    quarantinedTotal,
    lastBatchSize,
    fsyncMsP99: journal.flushMsP99,
    reconciliation: reconciliationFigures(house.orderStates()),
    projectionPosition: projection.position,
    projectionStalenessMs: projection.stalenessMs,
  };
}
