/** What the store makes of books and trades: sequences, tickers, candles, marks, all bounded. */
import { decimal } from '@oms/domain';
import type { MarketEvent } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { CANDLES_MAX, defaultInstruments, MARK_TIME_CONSTANT_MS, MarketStore, TRADES_MAX } from '../src/index.ts';

const BTC = 'BTC-USD';
const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const newStore = () => new MarketStore(defaultInstruments());
const trade = (store: MarketStore, time: number, price: string, quantity = '1') =>
  store.publishTrade(BTC, time, decimal(price), decimal(quantity), 'BUY');
const show = (store: MarketStore, time: number, bid: string, ask: string) =>
  store.publishBook(BTC, time, [[decimal(bid), decimal('1')]], [[decimal(ask), decimal('1')]]);

describe('sequences', () => {
  it('count without gaps per instrument and kind', () => {
    const store = newStore();
    const seen: string[] = [];
    store.subscribe((event) => seen.push(sequenceOf(event)));
    show(store, START, '1', '2');
    trade(store, START, '1');
    trade(store, START, '2');
    store.publishTicker(BTC, START);
    show(store, START, '1', '2');
    store.publishBook('ETH-USD', START, [], []);
    expect(seen).toEqual(['book 1', 'trade 1', 'trade 2', 'ticker 1', 'book 2', 'book 1']);
  });

  const sequenceOf = (event: MarketEvent): string =>
    `${event.kind} ${event.kind === 'book' ? event.book.sequence : event.kind === 'trade' ? event.trade.sequence : event.ticker.sequence}`;
});

describe('subscribers', () => {
  it('are told after the state was updated, until they stop', () => {
    const store = newStore();
    const seen: unknown[] = [];
    const listener = (): void => void seen.push(store.prices(BTC)?.last ?? null);
    const stop = store.subscribe(listener);
    store.subscribe(listener);
    trade(store, START, '5');
    stop();
    trade(store, START, '6');
    expect(seen).toEqual([decimal('5'), decimal('5'), decimal('6')]);
  });
});

describe('trades', () => {
  it('come newest first and are bounded', () => {
    const store = newStore();
    for (let i = 1; i <= TRADES_MAX + 10; i++) trade(store, START, String(i));
    expect(store.trades(BTC, 2).map((each) => each.price)).toEqual([decimal('1010'), decimal('1009')]);
    expect(store.trades(BTC, 1e9)).toHaveLength(TRADES_MAX);
    expect(store.trades('NONE', 5)).toEqual([]);
  });
});

describe('the ticker', () => {
  it('sums up the last 24 hours and forgets what is older', () => {
    const store = newStore();
    trade(store, START, '50', '1');
    trade(store, START + HOUR, '90', '2');
    trade(store, START + 2 * HOUR, '10', '4');
    trade(store, START + 3 * HOUR, '20', '8');
    const figures = (time: number) => {
      store.publishTicker(BTC, time);
      const { open24h, high24h, low24h, volume24h, last } = store.ticker(BTC)!;
      return [open24h, high24h, low24h, volume24h, last];
    };
    const decimals = (...texts: string[]) => texts.map(decimal);
    expect(figures(START + 3 * HOUR)).toEqual(decimals('50', '90', '10', '15', '20'));
    expect(figures(START + 24 * HOUR)).toEqual(decimals('90', '90', '10', '14', '20'));
    expect(figures(START + 26 * HOUR)).toEqual(decimals('20', '20', '20', '8', '20'));
    expect(figures(START + 27 * HOUR)).toEqual([null, null, null, 0n, decimal('20')]);
  });

  it('of an unknown instrument is undefined', () => {
    expect(newStore().ticker('NONE')).toBeUndefined();
    expect(newStore().prices(BTC)).toBeUndefined();
  });
});

describe('candles', () => {
  it('are exact, for every interval, with the forming one last', () => {
    const store = newStore();
    trade(store, START, '10', '1');
    trade(store, START + 30_000, '12', '2');
    trade(store, START + 59_999, '9', '3');
    trade(store, START + 60_000, '11', '4');
    const shape = (interval: '1m' | '5m') =>
      store
        .candles(BTC, interval, 10)
        .map((c) => [
          c.openTime - START,
          ...[c.open, c.high, c.low, c.close, c.volume].map((x) => x / 100_000_000n),
          c.trades,
        ]);
    expect(shape('1m')).toEqual([
      [0, 10n, 12n, 9n, 9n, 6n, 3],
      [60_000, 11n, 11n, 11n, 11n, 4n, 1],
    ]);
    expect(shape('5m')).toEqual([[0, 10n, 12n, 9n, 11n, 10n, 4]]);
    expect(store.candles(BTC, '1m', 1)).toHaveLength(1);
    expect(store.candles(BTC, '1m', 0)).toEqual([]);
  });

  it('are bounded, and one handed out never changes', () => {
    const store = newStore();
    for (let i = 0; i < CANDLES_MAX + 5; i++) trade(store, START + i * 1_000, '10');
    const candles = store.candles(BTC, '1s', 1e9);
    expect(candles).toHaveLength(CANDLES_MAX);
    expect(candles[0]!.openTime).toBe(START + 5_000);
    const last = candles.at(-1)!;
    trade(store, last.openTime, '99');
    expect(last.high).toBe(decimal('10'));
  });
});

describe('the mark', () => {
  it('follows the middle of the book slowly, on the price increment', () => {
    const store = newStore();
    show(store, START, '99', '101');
    expect(store.prices(BTC)!.mark).toBe(decimal('100'));
    show(store, START + MARK_TIME_CONSTANT_MS, '199', '201');
    expect(store.prices(BTC)!.mark).toBe(decimal('150'));
    show(store, START + MARK_TIME_CONSTANT_MS + 1, '199', '201');
    expect(store.prices(BTC)!.mark).toBe(decimal('150'));
    show(store, START + 1_000 * MARK_TIME_CONSTANT_MS, '199', '201');
    expect(store.prices(BTC)!.mark! % decimal('0.01')).toBe(0n);
    expect(store.prices(BTC)!.mark! > decimal('199.9')).toBe(true);
  });

  it('is the last price while there is no book', () => {
    const store = newStore();
    trade(store, START, '42');
    expect(store.prices(BTC)).toEqual({
      last: decimal('42'),
      bestBid: null,
      bestAsk: null,
      mark: decimal('42'),
      time: START,
    });
  });
});
