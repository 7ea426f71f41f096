/**
 * The open limit orders by symbol, side and price, so that a move of the market touches only the orders it reaches.
 * Derived from the open orders.
 */
import type { Price, Side } from '@oms/domain';
import { BookSide } from './bookSide.ts';
import type { VenueOrder } from './venueState.ts';

interface OwnBook {
  readonly buys: BookSide;
  readonly sells: BookSide;
}

export class RestingOrders {
  /** By symbol. */
  readonly #books = new Map<string, OwnBook>();

  /** A market order is never indexed: it does not rest. */
  add(order: VenueOrder): void {
    const { type, symbol, side } = order.terms;
    if (type !== 'LIMIT' || order.price === null) return;
    const book = this.#bookOf(symbol);
    (side === 'BUY' ? book.buys : book.sells).join(order, order.price);
  }

  /** An order that was not added is left alone. */
  remove(order: VenueOrder): void {
    const { level } = order;
    if (level !== null) level.side.leave(order, level);
  }

  /**
   * Visits the orders whose price is `price` or better, best first and oldest first at one price, until `visit`
   * returns false. No order may be added or removed meanwhile.
   */
  reachedAt(symbol: string, side: Side, price: Price, visit: (order: VenueOrder) => boolean): void {
    const book = this.#books.get(symbol);
    if (book !== undefined) (side === 'BUY' ? book.buys : book.sells).reachedAt(price, visit);
  }

  hasAny(symbol: string): boolean {
    const book = this.#books.get(symbol);
    return book !== undefined && !(book.buys.isEmpty && book.sells.isEmpty);
  }

  #bookOf(symbol: string): OwnBook {
    let book = this.#books.get(symbol);
    if (book === undefined) {
      book = { buys: new BookSide('BUY'), sells: new BookSide('SELL') };
      this.#books.set(symbol, book);
    }
    return book;
  }
}
