/** Marketable orders against a drawn book. */
import { describe, expect, it } from 'vitest';
import { TestVenue } from './testVenue.ts';

const BOOK = `
  ask 103 5
  ask 102 2
  ask 101 1
  bid 100 1
  bid  99 2
  bid  98 5
`;

describe('an order that meets the displayed book', () => {
  // biome-ignore format: the table is meant to be read in columns
  it.each([
    ['BUY 0.5 market',            ['TRADED 0.5 @ 101 TAKER fee 0.0505']],
    ['BUY 4 market',              ['TRADED 1 @ 101 TAKER fee 0.101', 'TRADED 2 @ 102 TAKER fee 0.204', 'TRADED 1 @ 103 TAKER fee 0.103']],
    ['SELL 2 market',             ['TRADED 1 @ 100 TAKER fee 0.1', 'TRADED 1 @ 99 TAKER fee 0.099']],
    ['BUY 10 market',             ['TRADED 1 @ 101 TAKER fee 0.101', 'TRADED 2 @ 102 TAKER fee 0.204', 'TRADED 5 @ 103 TAKER fee 0.515', 'CANCELED unsolicited NO_LIQUIDITY']],
    ['BUY 4 market @ 102',        ['TRADED 1 @ 101 TAKER fee 0.101', 'TRADED 2 @ 102 TAKER fee 0.204', 'CANCELED unsolicited PROTECTION_PRICE_REACHED']],
    ['BUY 4 market FOK @ 102',    ['CANCELED unsolicited FILL_OR_KILL_NOT_FILLED']],
    ['BUY $152 market',           ['TRADED 1 @ 101 TAKER fee 0.101', 'TRADED 0.5 @ 102 TAKER fee 0.051']],
    ['BUY $101.2 market',         ['TRADED 1 @ 101 TAKER fee 0.101', 'TRADED 0.001 @ 102 TAKER fee 0.000102']],
    ['BUY $0.05 market',          ['CANCELED unsolicited NO_LIQUIDITY']],
    ['BUY $900 market',           ['TRADED 1 @ 101 TAKER fee 0.101', 'TRADED 2 @ 102 TAKER fee 0.204', 'TRADED 5 @ 103 TAKER fee 0.515', 'CANCELED unsolicited NO_LIQUIDITY']],
    ['BUY 2 @ 101 IOC',           ['TRADED 1 @ 101 TAKER fee 0.101', 'CANCELED unsolicited IMMEDIATE_OR_CANCEL_REMAINDER']],
    ['BUY 1 @ 100 IOC',           ['CANCELED unsolicited IMMEDIATE_OR_CANCEL_REMAINDER']],
    ['BUY 3 @ 102 FOK',           ['TRADED 1 @ 101 TAKER fee 0.101', 'TRADED 2 @ 102 TAKER fee 0.204']],
    ['BUY 3.001 @ 102 FOK',       ['CANCELED unsolicited FILL_OR_KILL_NOT_FILLED']],
    ['BUY 3 @ 101',               ['TRADED 1 @ 101 TAKER fee 0.101']],
    ['BUY 1 @ 100.5',             []],
    ['SELL 2 @ 99.5 DAY',         ['TRADED 1 @ 100 TAKER fee 0.1']],
    ['BUY 1 @ 100.99 post-only',  []],
  ])('%s', (order, expected) => {
    const reports = new TestVenue().show(BOOK).place(order);
    expect(reports).toEqual(['a ACCEPTED', ...expected.map((line) => `a ${line}`)]);
  });

  it('rejects a post-only order that would take', () => {
    expect(new TestVenue().show(BOOK).place('BUY 1 @ 101 post-only')).toEqual(['a REJECTED WOULD_TAKE']);
  });

  it('rejects an instrument the venue does not trade', () => {
    const venue = new TestVenue().show(BOOK);
    const terms = { orderId: 'o-0-26', symbol: 'DOGE-USD', side: 'BUY', type: 'MARKET', timeInForce: 'IOC' } as const;
    const rest = { accountId: 'A', quantity: 100_000_000n, quoteQuantity: null, price: null, postOnly: false };
    expect(venue.send({ type: 'VenuePlace', terms: { ...terms, ...rest } })).toEqual(['z REJECTED VENUE_REJECTED']);
  });

  it('without any book cancels a market order and rests a limit order', () => {
    const venue = new TestVenue();
    expect(venue.place('BUY 1 market')).toEqual(['a ACCEPTED', 'a CANCELED unsolicited NO_LIQUIDITY']);
    expect(venue.place('BUY 1 @ 100')).toEqual(['b ACCEPTED']);
    expect(venue.open).toEqual(['b']);
  });

  it('works an order id once', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 0.5 market', 'a');
    expect(venue.place('BUY 0.5 market', 'a')).toEqual([]);
    venue.place('BUY 1 @ 90', 'b');
    expect(venue.place('BUY 1 @ 90', 'b')).toEqual([]);
  });
});

describe('displayed liquidity', () => {
  it('is taken once, until the book changes', () => {
    const venue = new TestVenue().show(BOOK);
    expect(venue.place('BUY 2 market')).toContain('a TRADED 1 @ 102 TAKER fee 0.102');
    expect(venue.place('BUY 2 market')).toEqual([
      'b ACCEPTED',
      'b TRADED 1 @ 102 TAKER fee 0.102',
      'b TRADED 1 @ 103 TAKER fee 0.103',
    ]);
    // The other side is untouched.
    expect(venue.place('SELL 1 market')).toContain('c TRADED 1 @ 100 TAKER fee 0.1');
    venue.show(BOOK);
    expect(venue.place('BUY 1 market')).toContain('d TRADED 1 @ 101 TAKER fee 0.101');
    expect(venue.place('BUY 1 market')).toContain('e TRADED 1 @ 102 TAKER fee 0.102');
  });

  it('is not given to a fill-or-kill order that another of ours already used', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 101 IOC');
    expect(venue.place('BUY 1 @ 101 FOK')).toEqual(['b ACCEPTED', 'b CANCELED unsolicited FILL_OR_KILL_NOT_FILLED']);
  });

  it('survives a restart as used up', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 101 IOC');
    venue.restart();
    expect(venue.place('BUY 1 @ 101 IOC')).toContain('b CANCELED unsolicited IMMEDIATE_OR_CANCEL_REMAINDER');
  });

  it('never comes from our own resting orders', () => {
    const venue = new TestVenue().show('ask 105 1\nbid 95 1');
    venue.place('SELL 1 @ 101');
    expect(venue.place('BUY 1 @ 102')).toEqual(['b ACCEPTED']);
    expect(venue.state.orders.size).toBe(2);
  });
});
