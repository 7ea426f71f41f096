/** Playing a tape: the made-up part of the book, speed, stepping, the end. */
import { decimal, formatDecimal, ONE } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { defaultInstruments, MarketStore, parseTape, TapeReplay } from '../src/index.ts';

const BTC = defaultInstruments().find(({ symbol }) => symbol === 'BTC-USD')!;
const TRADES = `timestamp_ms,trade_id,price,quantity,aggressor_side
1000,t1,100.00,1,BUY
1100,t2,99.50,2,SELL
1100,t3,99.40,1,BUY
3000,t4,101.00,1,SELL`;

function replayOf(text: string, startTime: number | null = null, speed = ONE) {
  const store = new MarketStore([BTC]);
  const replay = new TapeReplay({ tape: parseTape('tape', text, BTC), instrument: BTC, store, startTime, speed });
  const best = () => {
    const { bids, asks } = store.book('BTC-USD')!;
    return [formatDecimal(bids[0]![0]), formatDecimal(asks[0]![0])];
  };
  return { store, replay, best };
}

describe('a tape of trades', () => {
  it('makes its book around the last prints of both sides', () => {
    const { replay, best } = replayOf(TRADES);
    const seen = [];
    while (replay.step() !== null) seen.push(best());
    expect(seen).toEqual([
      ['99.99', '100'], // only bought so far
      ['99.5', '99.51'], // the ask would be more than two basis points away: it follows
      ['99.39', '99.4'], // bought below the last sale: the bid steps back
      ['101', '101.01'],
    ]);
  });

  it('keeps the recorded trade ids, prices and quantities', () => {
    const { replay, store } = replayOf(TRADES);
    replay.advance(10_000);
    expect(store.trades('BTC-USD', 2)).toMatchObject([
      { tradeId: 't4', price: decimal('101'), quantity: ONE, aggressorSide: 'SELL', time: 3_000, sequence: 4 },
      { tradeId: 't3', sequence: 3 },
    ]);
  });

  it('shows whole, sorted sides on the increments', () => {
    const { replay, store } = replayOf(TRADES);
    while (replay.step() !== null) {
      const { bids, asks } = store.book('BTC-USD')!;
      expect([bids.length, asks.length]).toEqual([25, 25]);
      const prices = [...bids]
        .reverse()
        .concat(asks)
        .map(([price]) => price);
      expect(prices).toEqual([...prices].sort((a, b) => (a < b ? -1 : 1)));
      expect(new Set(prices).size).toBe(50);
    }
  });

  it('is the same every time', () => {
    const [one, other] = [replayOf(TRADES), replayOf(TRADES)];
    one.replay.advance(5_000);
    while (other.replay.step() !== null);
    expect(one.store.book('BTC-USD')).toEqual(other.store.book('BTC-USD'));
  });
});

describe('a tape of quotes', () => {
  it('shows the recorded best levels and made-up ones behind them', () => {
    const { replay, store } = replayOf(
      'timestamp_ms,bid_price,bid_quantity,ask_price,ask_quantity\n1,39432.99,0.003100,39433.62,0.066851',
    );
    expect(replay.step()).toMatchObject({ kind: 'book', book: { time: 1 } });
    const { bids, asks } = store.book('BTC-USD')!;
    expect(bids[0]).toEqual([decimal('39432.99'), decimal('0.0031')]);
    expect(asks[0]).toEqual([decimal('39433.62'), decimal('0.066851')]);
    expect([bids.length, asks.length]).toEqual([25, 25]);
  });
});

describe('time', () => {
  it('of the feed starts where it is told and runs at the given speed', () => {
    const { replay, store } = replayOf(TRADES, 50_000, decimal('4'));
    expect(replay.nextTime).toBe(50_000);
    replay.advance(50_024);
    expect(replay.status.playedEvents).toBe(1);
    replay.advance(50_025);
    expect(replay.status.playedEvents).toBe(3);
    expect(replay.nextTime).toBe(50_500);
    replay.advance(60_000);
    expect(store.trades('BTC-USD', 1)[0]!.time).toBe(50_500);
  });

  it('is the recorded time when no start is given', () => {
    const { replay } = replayOf(TRADES);
    expect(replay.step()).toMatchObject({ kind: 'trade', trade: { time: 1_000, tradeId: 't1' } });
    expect(replay.step()).toMatchObject({ trade: { time: 1_100, tradeId: 't2' } });
  });
});

describe('the end', () => {
  it('is said, and the last prices stay', () => {
    const { replay, store, best } = replayOf(TRADES);
    replay.advance(2_999);
    expect(replay.status).toEqual({ file: 'tape', symbol: 'BTC-USD', playedEvents: 3, totalEvents: 4, ended: false });
    replay.advance(1e12);
    expect(replay.status.ended).toBe(true);
    expect([replay.step(), replay.nextTime]).toEqual([null, null]);
    replay.advance(1e13);
    expect(best()).toEqual(['101', '101.01']);
    expect(store.prices('BTC-USD')!.last).toBe(decimal('101'));
  });
});
