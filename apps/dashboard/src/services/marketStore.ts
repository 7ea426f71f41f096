/** Live market data, kept outside React: instruments, tickers, and books and trades of the symbols that are looked at. */
import type { BookView, InstrumentView, MarketTradeView, TickerView } from '@oms/client';
import { createStore, useStore } from 'zustand';
import { publishNextFrame } from './frames.ts';
import { client, stream } from './house.ts';
import { notify } from './notificationStore.ts';

interface MarketState {
  /** By symbol, in the server's order; empty until it has answered. */
  readonly instruments: ReadonlyMap<string, InstrumentView>;
  readonly tickers: Readonly<Record<string, TickerView>>;
  /** Last prices of each symbol over the session, oldest first, for the sparkline. */
  readonly paths: Readonly<Record<string, readonly number[]>>;
  readonly books: Readonly<Record<string, BookView>>;
  /** Newest first. */
  readonly trades: Readonly<Record<string, readonly MarketTradeView[]>>;
}

const TRADES_KEPT = 100;
const PATH_POINTS = 60;
const PATH_STEP_MS = 5_000;

export const marketStore = createStore<MarketState>(() => ({
  instruments: new Map(),
  tickers: {},
  paths: {},
  books: {},
  trades: {},
}));

export const useMarket = <T>(select: (state: MarketState) => T): T => useStore(marketStore, select);

/** Asks for the instruments once and follows every ticker from then on. */
export async function followMarket(): Promise<void> {
  const [instruments] = await Promise.all([client.instruments()]);
  marketStore.setState({ instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])) });
  for (const { symbol } of instruments) {
    followTicker(symbol);
    void loadPath(symbol);
  }
}

function followTicker(symbol: string): void {
  let newest: TickerView | null = null;
  let pointAt = 0;
  const publish = () => {
    if (newest === null) return;
    const { tickers, paths } = marketStore.getState();
    const path = paths[symbol] ?? [];
    const now = Date.now();
    if (newest.last === null || now - pointAt < PATH_STEP_MS) {
      marketStore.setState({ tickers: { ...tickers, [symbol]: newest } });
      return;
    }
    pointAt = now;
    // A drawing, not money: the sparkline may be a float.
    const longer = [...path.slice(1 - PATH_POINTS), Number(newest.last)];
    marketStore.setState({ tickers: { ...tickers, [symbol]: newest }, paths: { ...paths, [symbol]: longer } });
  };
  stream.subscribe(`ticker:${symbol}`, {
    data: (ticker) => {
      newest = ticker;
      publishNextFrame(publish);
    },
    refused: (error) => notify('error', `No ticker of ${symbol}`, error.message),
  });
}

async function loadPath(symbol: string): Promise<void> {
  const candles = await client.candles(symbol, '1m', PATH_POINTS).catch(() => []);
  const { paths } = marketStore.getState();
  marketStore.setState({ paths: { ...paths, [symbol]: candles.map((candle) => Number(candle.close)) } });
}

/** Follows book and trades of a symbol while somebody looks. @returns how to stop */
export function watchSymbol(symbol: string): () => void {
  let book: BookView | null = null;
  let trades: readonly MarketTradeView[] = marketStore.getState().trades[symbol] ?? [];
  const publish = () => {
    const state = marketStore.getState();
    const books = book === null ? state.books : { ...state.books, [symbol]: book };
    marketStore.setState({ books, trades: { ...state.trades, [symbol]: trades } });
  };
  const subscriptions = [
    stream.subscribe(`book:${symbol}`, {
      data: (next) => {
        book = next;
        publishNextFrame(publish);
      },
    }),
    stream.subscribe(`trades:${symbol}`, {
      data: (trade) => {
        if (trades.some(({ sequence }) => sequence === trade.sequence)) return;
        trades = [trade, ...trades.slice(0, TRADES_KEPT - 1)];
        publishNextFrame(publish);
      },
    }),
  ];
  void client.trades(symbol, TRADES_KEPT).then(
    (older) => {
      const seen = new Set(trades.map(({ sequence }) => sequence));
      const all = [...trades, ...older.filter(({ sequence }) => !seen.has(sequence))];
      trades = all.sort((one, other) => other.sequence - one.sequence).slice(0, TRADES_KEPT);
      publishNextFrame(publish);
    },
    () => undefined,
  );
  return () => {
    for (const subscription of subscriptions) stream.unsubscribe(subscription);
  };
}
