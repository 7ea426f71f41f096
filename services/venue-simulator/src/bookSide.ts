/**
 * One side of our own book in one instrument: its price levels, and at each the orders in the order they arrived, as
 * a list linked through the orders themselves, so that any of a million leaves it without a search. The best level is
 * at the end of the array, where most orders come and go. A level that empties among others stays for the next order
 * at its price; the empty ones go once they are the most.
 */
import type { Price, Side } from '@oms/domain';
import type { VenueOrder } from './venueState.ts';

export interface PriceLevel {
  readonly price: Price;
  /** The side it belongs to. */
  readonly side: BookSide;
  /** The oldest order, which is served first. */
  first: VenueOrder | null;
  last: VenueOrder | null;
}

const EMPTY_TOLERATED = 32;

export class BookSide {
  readonly #side: Side;
  /** Worst first. The last one is never empty. */
  #levels: PriceLevel[] = [];
  #emptyCount = 0;

  constructor(side: Side) {
    this.#side = side;
  }

  get isEmpty(): boolean {
    return this.#levels.length === 0;
  }

  /** Puts the order behind those that arrived before it. */
  join(order: VenueOrder, price: Price): void {
    const level = this.#levelAt(price);
    if (level.first === null) this.#emptyCount--;
    let ahead = level.last;
    // Only an order that comes back to work (a busted trade) is older than the last.
    while (ahead !== null && ahead.arrival > order.arrival) ahead = ahead.ahead;
    const behind = ahead === null ? level.first : ahead.behind;
    order.level = level;
    order.ahead = ahead;
    order.behind = behind;
    if (ahead === null) level.first = order;
    else ahead.behind = order;
    if (behind === null) level.last = order;
    else behind.ahead = order;
  }

  /** Takes the order out of its level, which must be one of this side. */
  leave(order: VenueOrder, level: PriceLevel): void {
    const { ahead, behind } = order;
    if (ahead === null) level.first = behind;
    else ahead.behind = behind;
    if (behind === null) level.last = ahead;
    else behind.ahead = ahead;
    order.level = order.ahead = order.behind = null;
    if (level.first === null) {
      this.#emptyCount++;
      this.#dropEmpty();
    }
  }

  /** Visits the orders whose price is `price` or better, best and oldest first, until `visit` returns false. */
  reachedAt(price: Price, visit: (order: VenueOrder) => boolean): void {
    for (let i = this.#levels.length - 1; i >= 0; i--) {
      const level = this.#levels[i]!;
      if (this.#isBetter(price, level.price)) return;
      for (let order = level.first; order !== null; order = order.behind) if (!visit(order)) return;
    }
  }

  /** The level of this price; a new one counts as empty, like one that waited for an order. */
  #levelAt(price: Price): PriceLevel {
    const at = this.#indexOf(price);
    const found = this.#levels[at];
    if (found?.price === price) return found;
    const level: PriceLevel = { price, side: this, first: null, last: null };
    if (at === this.#levels.length) this.#levels.push(level);
    else this.#levels.splice(at, 0, level);
    this.#emptyCount++;
    return level;
  }

  /** Index of the worst level that is no worse than the price; near the best is looked first. */
  #indexOf(price: Price): number {
    const levels = this.#levels;
    let high = levels.length;
    let low = 0;
    for (let step = 1; high - step >= 0; step *= 2) {
      if (this.#isBetter(price, levels[high - step]!.price)) {
        low = high - step + 1;
        break;
      }
      high -= step;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBetter(price, levels[middle]!.price)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isBetter(one: Price, other: Price): boolean {
    return this.#side === 'BUY' ? one > other : one < other;
  }

  #dropEmpty(): void {
    const levels = this.#levels;
    while (levels.length > 0 && levels[levels.length - 1]!.first === null) {
      levels.pop();
      this.#emptyCount--;
    }
    if (this.#emptyCount <= levels.length - this.#emptyCount + EMPTY_TOLERATED) return;
    this.#levels = levels.filter((level) => level.first !== null);
    this.#emptyCount = 0;
  }
}
