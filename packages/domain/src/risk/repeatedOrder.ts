/** When two orders of one instrument count as the same for the repeated-order check. */
import type { Side } from '../orders/order.ts';
import type { OrderSignature } from './state.ts';

/**
 * An order by quoteQuantity is compared by that: its base quantity is an estimate that moves with the market.
 * @param terms of the order, its side apart: the two never come in one object
 */
export const isSameOrder = (last: OrderSignature, side: Side, terms: Omit<OrderSignature, 'side'>): boolean =>
  last.side === side &&
  last.quoteQuantity === terms.quoteQuantity &&
  (terms.quoteQuantity !== null || last.quantity === terms.quantity) &&
  last.price === terms.price &&
  last.stopPrice === terms.stopPrice;
