/** The market data port: what a market data service tells the rest of the house. Decimals are bigint atoms. */
import type { BookLevel, DisplayedBook, MarketView, Price, Quantity, Side } from '@oms/domain';

/** `sequence` is gap-free per symbol and kind of event. */
export interface BookSnapshot extends DisplayedBook {
  readonly symbol: string;
  readonly time: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface MarketTrade {
  readonly symbol: string;
  readonly sequence: number;
  readonly time: number;
  readonly tradeId: string;
  readonly price: Price;
  readonly quantity: Quantity;
  /** Side of the one who took. */
  readonly aggressorSide: Side;
}

export interface Ticker {
  readonly symbol: string;
  readonly sequence: number;
  readonly time: number;
  readonly last: Price | null;
  readonly bestBid: Price | null;
  readonly bestAsk: Price | null;
  readonly mark: Price | null;
  /** Over the last 24 hours of what was seen. */
  readonly open24h: Price | null;
  readonly high24h: Price | null;
  readonly low24h: Price | null;
  readonly volume24h: Quantity;
}

export interface Candle {
  readonly symbol: string;
  /** Start of the interval, epoch milliseconds. */
  readonly openTime: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Quantity;
  readonly trades: number;
}

export const CANDLE_INTERVALS = ['1s', '1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type CandleInterval = (typeof CANDLE_INTERVALS)[number];

export type MarketEvent =
  | { readonly kind: 'book'; readonly book: BookSnapshot }
  | { readonly kind: 'trade'; readonly trade: MarketTrade }
  | { readonly kind: 'ticker'; readonly ticker: Ticker };

/** The running market data service as others see it. */
export interface MarketDataFeed extends MarketView {
  book(symbol: string): BookSnapshot | undefined;
  /** Newest first, at most `limit`. */
  trades(symbol: string, limit: number): readonly MarketTrade[];
  ticker(symbol: string): Ticker | undefined;
  /** Oldest first, at most `limit`, the last one still forming. */
  candles(symbol: string, interval: CandleInterval, limit: number): readonly Candle[];
  /** Called for every event after the feed's own state was updated. @returns how to stop it. */
  subscribe(listener: (event: MarketEvent) => void): () => void;
}
