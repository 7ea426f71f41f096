/**
 * Domain rule 12: reduce-only orders together never exceed the position. After a trade the newest give way first.
 * A shrink is asked of the order processor, so the holds follow only once the order has really become smaller.
 */
import type { Send } from '../decision.ts';
import { maximum, minimum, type Quantity } from '../money.ts';
import type { Side } from '../orders/order.ts';
import type { Exposure, RiskState } from './state.ts';

/** How things stand once the trade is folded in. */
export interface AfterTrade {
  readonly position: Quantity;
  /** The traded order when it is reduce-only, with what it may still trade. */
  readonly order: { readonly orderId: string; readonly side: Side; readonly leaves: Quantity } | null;
}

/** Whether anybody uses reduce-only here; the traded order itself may have no hold yet. */
export const mayShrink = ({ reduceOnlyOrderIds }: Exposure, isTradedReduceOnly: boolean): boolean =>
  isTradedReduceOnly || reduceOnlyOrderIds.length > 0;

export const shrinkReduceOnly = (state: RiskState, exposure: Exposure, after: AfterTrade): readonly Send[] => [
  ...shrinkSide(state, exposure, 'BUY', after),
  ...shrinkSide(state, exposure, 'SELL', after),
];

function shrinkSide(state: RiskState, exposure: Exposure, side: Side, after: AfterTrade): Send[] {
  const capacity = maximum(side === 'BUY' ? -after.position : after.position, 0n);
  const open = side === 'BUY' ? exposure.reduceOnlyBuyQuantity : exposure.reduceOnlySellQuantity;
  const traded = after.order !== null && after.order.side === side ? after.order : null;
  const tradedBefore = traded === null ? 0n : (state.holds.get(traded.orderId)?.openQuantity ?? 0n);
  let excess = open - tradedBefore + (traded?.leaves ?? 0n) - capacity;
  const sends: Send[] = [];
  for (const { orderId, leaves } of newestFirst(state, exposure, side, traded)) {
    if (excess <= 0n) break;
    const cut = minimum(leaves, excess);
    if (cut === 0n) continue;
    excess -= cut;
    sends.push({ to: 'order-processor', message: { type: 'ShrinkReduceOnly', orderId, leavesMax: leaves - cut } });
  }
  return sends;
}

function* newestFirst(state: RiskState, exposure: Exposure, side: Side, traded: AfterTrade['order']) {
  // An order that a busted trade opens again has no hold yet; it is the newest then.
  if (traded !== null && !state.holds.has(traded.orderId)) yield traded;
  const { reduceOnlyOrderIds } = exposure;
  for (let i = reduceOnlyOrderIds.length - 1; i >= 0; i--) {
    const hold = state.holds.get(reduceOnlyOrderIds[i]!)!;
    if (hold.side !== side) continue;
    yield hold.orderId === traded?.orderId ? traded : { orderId: hold.orderId, leaves: hold.openQuantity };
  }
}
