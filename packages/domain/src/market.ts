/**
 * What the pure core may know of the market at the moment of a decision. Like the time, it arrives as an input:
 * it is never stored in state and never journalled; only what was decided with it is.
 */
import type { Price, Quantity } from './money.ts';

/** The last known prices of one instrument; a price not yet seen is `null`. */
export interface ReferencePrices {
  readonly last: Price | null;
  readonly bestBid: Price | null;
  readonly bestAsk: Price | null;
  readonly mark: Price | null;
  /** When the newest of them was seen, epoch milliseconds. */
  readonly time: number;
}

export type BookLevel = readonly [price: Price, quantity: Quantity];

/** The displayed book of one instrument, best level first. */
export interface DisplayedBook {
  /** Goes up with every change; tells the simulated venue when displayed liquidity was renewed. */
  readonly sequence: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface MarketView {
  /** `undefined` before the first book of the instrument. */
  book(symbol: string): DisplayedBook | undefined;
  /** `undefined` before the first price of the instrument. */
  prices(symbol: string): ReferencePrices | undefined;
}

/** The fallback order of one reference price for collars and protection: mark, then last, then the middle of the book. */
export function referencePriceOf(prices: ReferencePrices | undefined): Price | null {
  if (prices === undefined) return null;
  if (prices.mark !== null) return prices.mark;
  if (prices.last !== null) return prices.last;
  if (prices.bestBid !== null && prices.bestAsk !== null) return (prices.bestBid + prices.bestAsk) / 2n;
  return null;
}
