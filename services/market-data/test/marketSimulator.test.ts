/** The simulated market: repeatable, on the increments, plausible, deep enough. */
import { type Instrument, maximum, minimum, notionalOf, ONE } from '@oms/domain';
import type { BookSnapshot, MarketEvent } from '@oms/ports';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATCH_UP_MS_MAX, defaultInstruments, MarketSimulator, MarketStore } from '../src/index.ts';

const START = Date.UTC(2026, 0, 1);
const instruments = defaultInstruments();

function run(seed: string, advances: readonly number[], listed = instruments) {
  const store = new MarketStore(listed);
  const events: MarketEvent[] = [];
  store.subscribe((event) => events.push(event));
  const simulator = new MarketSimulator({ seed, startTime: START, instruments: listed, store });
  for (const elapsedMs of advances) simulator.advance(START + elapsedMs);
  return { store, events };
}

describe('repeatability', () => {
  it('same seed, same events, however often it is advanced', () => {
    const steps = Array.from({ length: 200 }, (_, i) => i * 15);
    expect(run('7', steps).events).toEqual(run('7', [0, 1, 2_985]).events);
  });

  it('another seed, another market', () => {
    expect(run('7', [3_000]).events).not.toEqual(run('8', [3_000]).events);
  });

  it('an instrument does not depend on which others there are', () => {
    const only = run('7', [3_000], instruments.slice(0, 1)).store;
    expect(only.book('BTC-USD')!.bids).toEqual(run('7', [3_000]).store.book('BTC-USD')!.bids);
  });
});

describe('time', () => {
  it('every instrument has a book at the start', () => {
    const { store } = run('7', [0]);
    for (const { symbol } of instruments) expect(store.book(symbol)?.time).toBe(START);
  });

  it('nothing happens before the start, nor when time goes back', () => {
    expect(run('7', [-1]).events).toEqual([]);
    expect(run('7', [500, 100]).events).toEqual(run('7', [500]).events);
  });

  it('a long sleep is skipped but for its end', () => {
    const books = run('7', [0, 86_400_000]).events.filter((event) => event.kind === 'book');
    expect(books.length).toBeLessThanOrEqual((instruments.length * CATCH_UP_MS_MAX) / 100 + 2 * instruments.length);
    expect(books.at(-1)!.book.time).toBeGreaterThan(START + 86_400_000 - 200);
  });

  it('events never go back in time', () => {
    const times = run('7', [2_000]).events.map((event) =>
      event.kind === 'book' ? event.book.time : event.kind === 'trade' ? event.trade.time : event.ticker.time,
    );
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe.each(instruments)('$symbol over a minute', (instrument: Instrument) => {
  const { symbol, priceIncrement, quantityIncrement } = instrument;
  let books: readonly BookSnapshot[];
  let events: readonly MarketEvent[];
  beforeAll(() => {
    events = run('7', [60_000]).events;
    books = events.flatMap((event) => (event.kind === 'book' && event.book.symbol === symbol ? [event.book] : []));
  });

  it('moves about 10 books and 2 to 5 trades a second', () => {
    const trades = events.filter((event) => event.kind === 'trade' && event.trade.symbol === symbol).length;
    expect(books.length).toBeGreaterThanOrEqual(600);
    expect(books.length).toBeLessThanOrEqual(601);
    expect(trades / 60).toBeGreaterThan(1.5);
    expect(trades / 60).toBeLessThan(6);
  });

  it('shows at least 20 levels a side, sorted, never crossed, on the increments', () => {
    for (const { bids, asks } of books) {
      expect(Math.min(bids.length, asks.length)).toBeGreaterThanOrEqual(20);
      expect(bids[0]![0] < asks[0]![0]).toBe(true);
      for (const [side, isSorted] of [
        [bids, (a: bigint, b: bigint) => a > b],
        [asks, (a: bigint, b: bigint) => a < b],
      ] as const) {
        side.forEach(([price, quantity], i) => {
          if (price % priceIncrement !== 0n || quantity % quantityIncrement !== 0n || quantity <= 0n || price <= 0n)
            expect.fail(`off the increments: ${quantity} @ ${price}`);
          if (i > 0 && !isSorted(side[i - 1]![0], price)) expect.fail(`not sorted at level ${i}`);
        });
      }
    }
  });

  it('has a spread of at most 10 basis points and half a million of depth', () => {
    for (const { bids, asks } of books) {
      expect(((asks[0]![0] - bids[0]![0]) * 1_000n) / asks[0]![0]).toBe(0n);
      const depth = asks.reduce((sum, [price, quantity]) => sum + notionalOf(price, quantity), 0n);
      expect(depth > 500_000n * ONE).toBe(true);
    }
  });

  it('moves, but not by more than a few percent', () => {
    const prices = books.map(({ bids }) => bids[0]![0]);
    expect(new Set(prices).size).toBeGreaterThan(3);
    const [low, high] = [prices.reduce((a, b) => minimum(a, b)), prices.reduce((a, b) => maximum(a, b))];
    expect((high * 100n) / low).toBeLessThan(105n);
  });

  // Two thirds or more do (others are resized just then, or the best price moves on); by chance it would be 0.3 to 0.45.
  it('mostly shows less of a level right after a trade took of it', () => {
    const changes: boolean[] = [];
    events.forEach((event, i) => {
      if (event.kind !== 'trade' || event.trade.symbol !== symbol) return;
      const { price, aggressorSide } = event.trade;
      const side = aggressorSide === 'BUY' ? 'asks' : 'bids';
      const shown = (book: BookSnapshot) => book[side].find((level) => level[0] === price)?.[1] ?? 0n;
      const after = events.slice(i).find((each) => each.kind === 'book' && each.book.symbol === symbol);
      const before = books.findLast((book) => book.time < event.trade.time);
      if (after?.kind === 'book' && before !== undefined) changes.push(shown(after.book) < shown(before));
    });
    expect(changes.filter((isLess) => isLess).length / changes.length).toBeGreaterThan(0.55);
  });

  it('trades at prices that the book showed before', () => {
    let book: BookSnapshot | undefined;
    for (const event of events) {
      if (event.kind === 'book' && event.book.symbol === symbol) book = event.book;
      if (event.kind !== 'trade' || event.trade.symbol !== symbol) continue;
      const { price, aggressorSide, quantity } = event.trade;
      const level = book![aggressorSide === 'BUY' ? 'asks' : 'bids'].find((each) => each[0] === price);
      expect(level !== undefined && quantity <= level[1]).toBe(true);
    }
  });
});

it('a perpetual stays within half a percent of its spot', () => {
  const { store } = run('7', [60_000]);
  for (const base of ['BTC', 'ETH']) {
    const [spot, perpetual] = [store.prices(`${base}-USD`)!.mark!, store.prices(`${base}-PERP`)!.mark!];
    expect((perpetual * 1_000n) / spot).toBeGreaterThan(994n);
    expect((perpetual * 1_000n) / spot).toBeLessThan(1_006n);
  }
});
