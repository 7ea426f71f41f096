/** When two orders of one instrument count as the same for the repeated-order check. */
import type { OrderSignature } from './state.ts';

/** An order by quoteQuantity is compared by that: its base quantity is an estimate that moves with the market. */
export const isSameOrder = (last: OrderSignature | null, order: OrderSignature): boolean =>
  last !== null &&
  last.side === order.side &&
  last.quoteQuantity === order.quoteQuantity &&
  (order.quoteQuantity !== null || last.quantity === order.quantity) &&
  last.price === order.price &&
  last.stopPrice === order.stopPrice;
