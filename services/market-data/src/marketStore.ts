/**
 * The market as the house sees it: takes books and trades from the simulator or a tape, numbers them without gaps per
 * instrument and kind, keeps a bounded history, and tells subscribers after its own state was updated.
 */
import {
  type BookLevel,
  type Instrument,
  InvariantError,
  type Price,
  type Quantity,
  type ReferencePrices,
  type Side,
} from '@oms/domain';
import type {
  BookSnapshot,
  Candle,
  CandleInterval,
  MarketDataFeed,
  MarketEvent,
  MarketTrade,
  Ticker,
} from '@oms/ports';
import { SymbolMarket } from './symbolMarket.ts';

export class MarketStore implements MarketDataFeed {
  readonly #markets: ReadonlyMap<string, SymbolMarket>;
  readonly #listeners = new Set<(event: MarketEvent) => void>();

  constructor(instruments: Iterable<Instrument>) {
    this.#markets = new Map([...instruments].map((each) => [each.symbol, new SymbolMarket(each)]));
  }

  get symbols(): readonly string[] {
    return [...this.#markets.keys()];
  }

  book(symbol: string): BookSnapshot | undefined {
    return this.#markets.get(symbol)?.book;
  }

  prices(symbol: string): ReferencePrices | undefined {
    return this.#markets.get(symbol)?.prices;
  }

  trades(symbol: string, limit: number): readonly MarketTrade[] {
    return this.#markets.get(symbol)?.trades(limit) ?? [];
  }

  ticker(symbol: string): Ticker | undefined {
    return this.#markets.get(symbol)?.ticker;
  }

  candles(symbol: string, interval: CandleInterval, limit: number): readonly Candle[] {
    return this.#markets.get(symbol)?.candles(interval, limit) ?? [];
  }

  subscribe(listener: (event: MarketEvent) => void): () => void {
    // Wrapped, so that the same function subscribed twice is told twice and each stops for itself.
    const own = (event: MarketEvent): void => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Best level first on both sides. */
  publishBook(symbol: string, time: number, bids: readonly BookLevel[], asks: readonly BookLevel[]): MarketEvent {
    return this.#tell({ kind: 'book', book: this.#market(symbol).setBook(time, bids, asks) });
  }

  /** `tradeId` is made from the sequence when left out. */
  publishTrade(
    symbol: string,
    time: number,
    price: Price,
    quantity: Quantity,
    aggressorSide: Side,
    tradeId?: string,
  ): MarketEvent {
    const trade = this.#market(symbol).addTrade(time, price, quantity, aggressorSide, tradeId);
    return this.#tell({ kind: 'trade', trade });
  }

  /** Once per moment in which books or trades changed. */
  publishTicker(symbol: string, time: number): MarketEvent {
    return this.#tell({ kind: 'ticker', ticker: this.#market(symbol).makeTicker(time) });
  }

  #market(symbol: string): SymbolMarket {
    const market = this.#markets.get(symbol);
    if (market === undefined) throw new InvariantError(`market data of an instrument nobody listed: ${symbol}`);
    return market;
  }

  #tell(event: MarketEvent): MarketEvent {
    for (const listener of this.#listeners) listener(event);
    return event;
  }
}
