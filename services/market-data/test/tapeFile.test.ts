/** Tapes, good and bad. The recorded ones are read when this checkout has them beside it. */
import { existsSync } from 'node:fs';
import { decimal, ONE } from '@oms/domain';
import { InfrastructureError } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { defaultInstruments, loadTape, MarketStore, parseTape, TapeReplay } from '../src/index.ts';

const BTC = defaultInstruments().find(({ symbol }) => symbol === 'BTC-USD')!;
const XRP = defaultInstruments().find(({ symbol }) => symbol === 'XRP-USD')!;
const TRADES = 'timestamp_ms,trade_id,price,quantity,aggressor_side';
const QUOTES = 'timestamp_ms,bid_price,bid_quantity,ask_price,ask_quantity';

describe('a good tape', () => {
  it('of trades is read exactly', () => {
    const { events } = parseTape('t.csv', `${TRADES}\r\n5,id1,39432.48,0.000263,SELL\r\n5,id2,39439.44,1,BUY\r\n`, BTC);
    expect(events).toEqual([
      { kind: 'trade', time: 5, tradeId: 'id1', price: 3943248000000n, quantity: 26300n, aggressorSide: 'SELL' },
      { kind: 'trade', time: 5, tradeId: 'id2', price: 3943944000000n, quantity: ONE, aggressorSide: 'BUY' },
    ]);
  });

  it('of quotes is read exactly', () => {
    const { events } = parseTape('q.csv', `${QUOTES}\n7,10,1,10.01,2`, BTC);
    expect(events).toEqual([
      { kind: 'quote', time: 7, bid: [decimal('10'), ONE], ask: [decimal('10.01'), decimal('2')] },
    ]);
  });

  it('of depth applies changes to the snapshot', () => {
    const lines = [
      '{"type":"snapshot","timestamp_ms":1,"bids":[["9","1"],["8","2"]],"asks":[["11","1"],["10","2"]]}',
      '{"type":"delta","timestamp_ms":2,"bids":[["9","0"],["8.5","3"],["7","0"]],"asks":[["10","5"]]}',
    ];
    const { events } = parseTape('d.jsonl', lines.join('\n'), BTC);
    const levels = (...rows: [string, string][]) =>
      rows.map(([price, quantity]) => [decimal(price), decimal(quantity)]);
    expect(events).toEqual([
      { kind: 'depth', time: 1, bids: levels(['9', '1'], ['8', '2']), asks: levels(['10', '2'], ['11', '1']) },
      { kind: 'depth', time: 2, bids: levels(['8.5', '3'], ['8', '2']), asks: levels(['10', '5'], ['11', '1']) },
    ]);
  });
});

const snapshot = (bids: string, asks = '[]') => `{"type":"snapshot","timestamp_ms":1,"bids":${bids},"asks":${asks}}`;

// biome-ignore format: the table is meant to be read in columns
const BAD: readonly (readonly [what: string, text: string, complaint: RegExp])[] = [
  ['an empty file',            '',                                           /^t:1: header: expected "timestamp_ms,trade_id/],
  ['another header',           'time,price\n1,2',                            /^t:1: header: .* found "time,price"$/],
  ['no rows',                  `${TRADES}\n`,                                /^t:2: row: expected at least one row, found nothing$/],
  ['a missing column',         `${TRADES}\n1,a,2,3`,                         /^t:2: row: expected 5 columns/],
  ['an empty line',            `${TRADES}\n\n1,a,2,3,BUY`,                   /^t:2: row: expected 5 columns/],
  ['a garbled price',          `${TRADES}\n1,a,2,3,BUY\n2,b,4o.5,1,BUY`,     /^t:3: price: expected a decimal with at most 8 places, found "4o.5"$/],
  ['an exponent',              `${TRADES}\n1,a,1e3,3,BUY`,                   /^t:2: price: expected a decimal/],
  ['a price of zero',          `${TRADES}\n1,a,0,3,BUY`,                     /^t:2: price: expected more than zero/],
  ['a negative quantity',      `${TRADES}\n1,a,1,-3,BUY`,                    /^t:2: quantity: expected more than zero/],
  ['a price off the increment',`${TRADES}\n1,a,1.001,3,BUY`,                 /^t:2: price: expected a multiple of 0\.01, the increment of BTC-USD/],
  ['a quantity off it',        `${TRADES}\n1,a,1,0.0000001,BUY`,             /^t:2: quantity: expected a multiple of 0\.000001/],
  ['a garbled side',           `${TRADES}\n1,a,1,1,buy`,                     /^t:2: aggressor_side: expected BUY or SELL, found "buy"$/],
  ['a garbled time',           `${TRADES}\nnow,a,1,1,BUY`,                   /^t:2: timestamp_ms: expected epoch milliseconds/],
  ['time going back',          `${TRADES}\n5,a,1,1,BUY\n4,b,1,1,BUY`,        /^t:3: timestamp_ms: expected a time not before the row above \(5\)/],
  ['no trade id',              `${TRADES}\n5,,1,1,BUY`,                      /^t:2: trade_id: expected an id/],
  ['a crossed quote',          `${QUOTES}\n1,10,1,10,1`,                     /^t:2: ask_price: expected a price above the bid_price 10/],
  ['broken JSON',              '{"type":',                                   /^t:1: line: expected a JSON object/],
  ['a change before the book', '{"type":"delta","timestamp_ms":1}',          /^t:1: type: expected "snapshot" on the first line, found "delta"$/],
  ['an unknown type',          `${snapshot('[]')}\n{"type":"x"}`,            /^t:2: type: expected "snapshot" or "delta", found "x"$/],
  ['bids that are no array',   snapshot('5'),                                /^t:1: bids: expected an array/],
  ['a level of three',         snapshot('[["1","1","1"]]'),                  /^t:1: bids\[0\]: expected \[price, quantity\]/],
  ['a number for a decimal',   snapshot('[["1","1"],[2,"1"]]'),              /^t:1: bids\[1\]\[0\]: expected a decimal with at most 8 places, found 2$/],
  ['a book that crosses',      snapshot('[["2","1"]]', '[["2","1"]]'),       /^t:1: bids, asks: expected a best bid below the best ask/],
];

describe('a bad tape is refused as a whole, naming the place', () => {
  it.each(BAD)('%s', (_, text, complaint) => {
    const read = () => parseTape('t', text, BTC);
    expect(read).toThrow(InfrastructureError);
    expect(read).toThrow(complaint);
    expect(read).toThrow(expect.objectContaining({ code: 'TAPE_MALFORMED' }));
  });

  it('a missing file too', () => {
    const read = () => loadTape('/nowhere/tape.csv', BTC);
    expect(read).toThrow(/^\/nowhere\/tape\.csv: expected a readable tape file: ENOENT/);
    expect(read).toThrow(expect.objectContaining({ code: 'TAPE_MALFORMED' }));
  });
});

const recorded = new URL('../../../../shared/data/market/', import.meta.url).pathname;
const isPresent = existsSync(recorded);

describe.skipIf(!isPresent)(`the recorded tapes${isPresent ? '' : ` (absent: ${recorded} does not exist)`}`, () => {
  it.each([
    ['btcusdt-trades-2021-01-08.csv', BTC, 2_001, ['39491.76', '39491.76', '39493.74']],
    ['btcusdt-quotes-2021-01-08.csv', BTC, 451, [null, '39490.97', '39490.98']],
    ['xrpusdt-depth-2024-12-01.jsonl', XRP, 50, [null, '1.9537', '1.9538']],
  ] as const)('%s plays to its end', (file, instrument, rows, [last, bid, ask]) => {
    const tape = loadTape(`${recorded}${file}`, instrument);
    expect(tape.events).toHaveLength(rows);
    const store = new MarketStore([instrument]);
    const replay = new TapeReplay({ tape, instrument, store, startTime: null, speed: ONE });
    let steps = 0;
    while (replay.step() !== null) {
      steps++;
      const { bids, asks } = store.book(instrument.symbol)!;
      expect(bids[0]![0] < asks[0]![0]).toBe(true);
    }
    expect(steps).toBe(rows);
    expect(replay.status).toMatchObject({ ended: true, playedEvents: rows });
    const prices = store.prices(instrument.symbol)!;
    if (last !== null) expect(prices.last).toBe(decimal(last));
    expect([prices.bestBid, prices.bestAsk]).toEqual([decimal(bid), decimal(ask)]);
  });
});
