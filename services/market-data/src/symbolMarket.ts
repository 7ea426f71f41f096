/** Everything known of one instrument's market: book, recent trades, candles, the day's figures, reference prices. */
import type { BookLevel, Instrument, Price, Quantity, ReferencePrices, Side } from '@oms/domain';
import {
  type BookSnapshot,
  CANDLE_INTERVALS,
  type Candle,
  type CandleInterval,
  type MarketTrade,
  type Ticker,
} from '@oms/ports';
import { BoundedRing } from './boundedRing.ts';
import { CandleSeries } from './candleSeries.ts';
import { RollingDay } from './rollingDay.ts';

/** Trades kept per instrument. */
export const TRADES_MAX = 1_000;

/**
 * The mark, for spot and perpetuals alike, follows the middle of the book (the last price while there is none) slowly,
 * with this time constant: of a jump that lasts it has made up about two thirds by then. So one odd print moves no
 * margin and triggers no stop by MARK.
 */
export const MARK_TIME_CONSTANT_MS = 5_000;

export class SymbolMarket {
  readonly instrument: Instrument;
  readonly #trades = new BoundedRing<MarketTrade>(TRADES_MAX);
  readonly #candles = new Map<CandleInterval, CandleSeries>(
    CANDLE_INTERVALS.map((interval) => [interval, new CandleSeries(interval)]),
  );
  readonly #day = new RollingDay();
  book: BookSnapshot | undefined;
  ticker: Ticker | undefined;
  prices: ReferencePrices | undefined;
  #tradeSequence = 0;
  #last: Price | null = null;
  /** Not rounded to the price increment, or small moves would never get anywhere. */
  #mark: Price | null = null;
  #markTime = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  setBook(time: number, bids: readonly BookLevel[], asks: readonly BookLevel[]): BookSnapshot {
    this.book = { symbol: this.instrument.symbol, sequence: (this.book?.sequence ?? 0) + 1, time, bids, asks };
    this.#moveMark(time);
    return this.book;
  }

  addTrade(time: number, price: Price, quantity: Quantity, aggressorSide: Side, tradeId?: string): MarketTrade {
    const sequence = ++this.#tradeSequence;
    const { symbol } = this.instrument;
    const trade = { symbol, sequence, time, tradeId: tradeId ?? `t-${sequence}`, price, quantity, aggressorSide };
    this.#trades.push(trade);
    for (const series of this.#candles.values()) series.add(trade);
    this.#day.add(time, price, quantity);
    this.#last = price;
    this.#moveMark(time);
    return trade;
  }

  /** Sums up what the books and trades since the last ticker changed. */
  makeTicker(time: number): Ticker {
    const { prices } = this;
    this.#day.forget(time);
    this.ticker = {
      symbol: this.instrument.symbol,
      sequence: (this.ticker?.sequence ?? 0) + 1,
      time,
      last: this.#last,
      bestBid: prices?.bestBid ?? null,
      bestAsk: prices?.bestAsk ?? null,
      mark: prices?.mark ?? null,
      open24h: this.#day.open,
      high24h: this.#day.high,
      low24h: this.#day.low,
      volume24h: this.#day.volume,
    };
    return this.ticker;
  }

  trades(limit: number): MarketTrade[] {
    return this.#trades.newest(limit).reverse();
  }

  candles(interval: CandleInterval, limit: number): Candle[] {
    return this.#candles.get(interval)!.newest(limit);
  }

  #moveMark(time: number): void {
    const bestBid = this.book?.bids[0]?.[0] ?? null;
    const bestAsk = this.book?.asks[0]?.[0] ?? null;
    const target = bestBid !== null && bestAsk !== null ? (bestBid + bestAsk) / 2n : this.#last;
    if (target !== null) {
      const elapsedMs = Math.max(0, time - this.#markTime);
      this.#mark =
        this.#mark === null
          ? target
          : this.#mark + ((target - this.#mark) * BigInt(elapsedMs)) / BigInt(elapsedMs + MARK_TIME_CONSTANT_MS);
      this.#markTime = time;
    }
    const mark = this.#mark === null ? null : this.#mark - (this.#mark % this.instrument.priceIncrement);
    this.prices = { last: this.#last, bestBid, bestAsk, mark, time };
  }
}
