/**
 * The open limit orders by symbol, side and price, best price first and oldest first at one price: so that a move of
 * the market touches only the orders it reaches. Derived from the open orders.
 */
import { InvariantError, type Price, type Side } from '@oms/domain';
import type { VenueOrder } from './venueState.ts';

interface PriceLevel {
  readonly price: Price;
  readonly orders: Map<string, VenueOrder>;
}

export class RestingOrders {
  /** By symbol; levels sorted best first. */
  readonly #buys = new Map<string, PriceLevel[]>();
  readonly #sells = new Map<string, PriceLevel[]>();

  /** A market order is never indexed: it does not rest. */
  add(order: VenueOrder): void {
    const { orderId, side } = order.terms;
    if (order.terms.type !== 'LIMIT' || order.price === null) return;
    const levels = this.#levelsOf(order);
    const at = levelIndex(levels, side, order.price);
    const level = levels[at];
    if (level?.price === order.price) level.orders.set(orderId, order);
    else levels.splice(at, 0, { price: order.price, orders: new Map([[orderId, order]]) });
  }

  /** To be called before the order's price changes. An order that was not added is left alone. */
  remove(order: VenueOrder): void {
    if (order.terms.type !== 'LIMIT' || order.price === null || order.venueOrderId === '') return;
    const levels = this.#levelsOf(order);
    const at = levelIndex(levels, order.terms.side, order.price);
    const level = levels[at];
    if (level?.price !== order.price || !level.orders.delete(order.terms.orderId)) {
      throw new InvariantError(`order ${order.terms.orderId} is not where it should rest`);
    }
    if (level.orders.size === 0) levels.splice(at, 1);
  }

  /** Orders whose price is `price` or better, best first; oldest first at one price. */
  *reachedAt(symbol: string, side: Side, price: Price): Generator<VenueOrder, void, void> {
    for (const level of (side === 'BUY' ? this.#buys : this.#sells).get(symbol) ?? []) {
      if (side === 'BUY' ? level.price < price : level.price > price) return;
      yield* level.orders.values();
    }
  }

  hasAny(symbol: string): boolean {
    return (this.#buys.get(symbol)?.length ?? 0) > 0 || (this.#sells.get(symbol)?.length ?? 0) > 0;
  }

  #levelsOf({ terms }: VenueOrder): PriceLevel[] {
    const sides = terms.side === 'BUY' ? this.#buys : this.#sells;
    const levels = sides.get(terms.symbol);
    if (levels !== undefined) return levels;
    const none: PriceLevel[] = [];
    sides.set(terms.symbol, none);
    return none;
  }
}

/** Where the level of this price is, or would be. */
function levelIndex(levels: readonly PriceLevel[], side: Side, price: Price): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isBetter = side === 'BUY' ? levels[middle]!.price > price : levels[middle]!.price < price;
    if (isBetter) low = middle + 1;
    else high = middle;
  }
  return low;
}
