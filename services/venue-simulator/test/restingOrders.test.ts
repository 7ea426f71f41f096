/** Resting orders: filled by trades through or at their price, by a book that crosses them, canceled, replaced. */
import { describe, expect, it } from 'vitest';
import { TestVenue } from './testVenue.ts';

const BOOK = `
  ask 102 2
  ask 101 1
  bid 100 3
  bid  99 2
`;

describe('a trade on the market', () => {
  it('through our price fills all of us, at our price, as maker', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 5 @ 100');
    expect(venue.trade('SELL 0.001 @ 99.99')).toEqual(['a TRADED 5 @ 100 MAKER fee 0.25']);
    expect(venue.state.orders.size).toBe(0);
  });

  it('at our price fills us only after the queue ahead, and no more than was traded', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 2 @ 100'); // 3 are displayed before us
    expect(venue.trade('SELL 2 @ 100')).toEqual([]);
    expect(venue.trade('SELL 1.5 @ 100')).toEqual(['a TRADED 0.5 @ 100 MAKER fee 0.025']);
    expect(venue.trade('SELL 1 @ 100')).toEqual(['a TRADED 1 @ 100 MAKER fee 0.05']);
    expect(venue.trade('SELL 9 @ 100')).toEqual(['a TRADED 0.5 @ 100 MAKER fee 0.025']);
    expect(venue.trade('SELL 9 @ 100')).toEqual([]);
  });

  it('at our price by our own side is not for us', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 100.5');
    expect(venue.trade('BUY 9 @ 100.5')).toEqual([]);
  });

  it('is shared by our orders at one price: the older first, and never more than was traded', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 100.5');
    venue.place('BUY 1 @ 100.5');
    expect(venue.trade('SELL 1.25 @ 100.5')).toEqual([
      'a TRADED 1 @ 100.5 MAKER fee 0.05025',
      'b TRADED 0.25 @ 100.5 MAKER fee 0.0125625',
    ]);
  });

  it('reaches only orders at or beyond its price, best first', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('SELL 1 @ 104');
    venue.place('SELL 1 @ 102.5');
    venue.place('SELL 1 @ 102.25');
    venue.place('BUY 1 @ 98');
    expect(venue.trade('BUY 1 @ 103')).toEqual([
      'c TRADED 1 @ 102.25 MAKER fee 0.051125',
      'b TRADED 1 @ 102.5 MAKER fee 0.05125',
    ]);
    expect(venue.open).toEqual(['a', 'd']);
  });
});

describe('a book that moves across our price', () => {
  it('fills us at our price, as far as it displays', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 3 @ 100.5');
    expect(venue.moveBook('ask 101 9\nask 100.4 1\nbid 99 1')).toEqual(['a TRADED 1 @ 100.5 MAKER fee 0.05025']);
    // The same book again: what it displayed is used up.
    expect(venue.send({ type: 'BookMoved', symbol: 'BTC-USD' })).toEqual([]);
    expect(venue.moveBook('ask 100.4 9\nbid 99 1')).toEqual(['a TRADED 2 @ 100.5 MAKER fee 0.1005']);
  });

  it('gives its quantity to one of our orders only', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('SELL 1 @ 101.5');
    venue.place('SELL 1 @ 101.4');
    expect(venue.moveBook('ask 103 1\nbid 101.6 1.5')).toEqual([
      'b TRADED 1 @ 101.4 MAKER fee 0.0507',
      'a TRADED 0.5 @ 101.5 MAKER fee 0.025375',
    ]);
  });

  it('fills both of our sides from both of its own', () => {
    const venue = new TestVenue().show('ask 110 1\nbid 90 1');
    venue.place('BUY 1 @ 102');
    venue.place('SELL 1 @ 99');
    expect(venue.moveBook('ask 101 1\nbid 100 1')).toEqual([
      'a TRADED 1 @ 102 MAKER fee 0.051',
      'b TRADED 1 @ 99 MAKER fee 0.0495',
    ]);
  });

  it('leaves orders it does not reach alone', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 100.5');
    expect(venue.moveBook('ask 100.51 9\nbid 99 1')).toEqual([]);
  });
});

describe('a cancel request', () => {
  it('ends an open order', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 100');
    expect(venue.cancel('a')).toEqual(['a CANCELED c-a']);
    expect(venue.trade('SELL 9 @ 90')).toEqual([]);
  });

  it('of the clock ends it as expired', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 100 GTD');
    expect(venue.cancel('a', 'EXPIRY')).toEqual(['a EXPIRED c-a']);
  });

  it('is too late for a closed order and refused for one never sent', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 101');
    expect(venue.cancel('a')).toEqual(['a CANCEL_REJECTED c-a TOO_LATE_TO_CANCEL']);
    expect(venue.cancel('nobody')).toEqual(['nobody CANCEL_REJECTED c-nobody UNKNOWN_ORDER']);
  });
});

describe('a replace request', () => {
  it('with less quantity keeps the place in the queue', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 2 @ 100');
    venue.trade('SELL 3 @ 100'); // the queue ahead is done
    expect(venue.replace('a', '1')).toEqual(['a REPLACED r-a']);
    expect(venue.trade('SELL 1 @ 100')).toEqual(['a TRADED 1 @ 100 MAKER fee 0.05']);
  });

  it('with less quantity stays before our other orders at the price', () => {
    const venue = new TestVenue().show('ask 110 1\nbid 90 1');
    venue.place('BUY 2 @ 100');
    venue.place('BUY 1 @ 100');
    venue.replace('a', '1');
    expect(venue.trade('SELL 1 @ 100')).toEqual(['a TRADED 1 @ 100 MAKER fee 0.05']);
  });

  it.each([
    ['a new price', '2', '99'],
    ['more quantity', '3', null],
  ])('with %s goes to the back of the queue', (_, quantity, price) => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 2 @ 100');
    venue.trade('SELL 3 @ 100');
    venue.replace('a', quantity, price);
    const traded = venue.trade(`SELL 1 @ ${price ?? '100'}`);
    expect(traded).toEqual([]);
  });

  it('goes behind our other orders at the price too', () => {
    const venue = new TestVenue().show('ask 110 1\nbid 90 1');
    venue.place('BUY 1 @ 100');
    venue.place('BUY 1 @ 100');
    venue.replace('a', '2');
    venue.restart();
    expect(venue.trade('SELL 1 @ 100')).toEqual(['b TRADED 1 @ 100 MAKER fee 0.05']);
  });

  it('to a price that crosses takes', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 2 @ 100');
    expect(venue.replace('a', '2', '101')).toEqual(['a REPLACED r-a', 'a TRADED 1 @ 101 TAKER fee 0.101']);
    expect(venue.order('a').filledQuantity).toBe(100_000_000n);
  });

  it('of a post-only order to a price that crosses is refused and leaves it as it was', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 2 @ 99.5 post-only');
    expect(venue.replace('a', '2', '101')).toEqual(['a REPLACE_REJECTED r-a WOULD_TAKE']);
    expect(venue.trade('SELL 1 @ 99.4')).toEqual(['a TRADED 2 @ 99.5 MAKER fee 0.0995']);
  });

  it.each(['1', '0.5'])('to %s when 1 is filled closes the order', (quantity) => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 3 @ 101');
    expect(venue.replace('a', quantity)).toEqual(['a REPLACED r-a']);
    expect(venue.cancel('a')).toEqual(['a CANCEL_REJECTED c-a TOO_LATE_TO_CANCEL']);
  });

  it('of a closed or unknown order is refused', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 101');
    expect(venue.replace('a', '2')).toEqual(['a REPLACE_REJECTED r-a TOO_LATE_TO_CANCEL']);
    expect(venue.replace('nobody', '2')).toEqual(['nobody REPLACE_REJECTED r-nobody UNKNOWN_ORDER']);
  });
});
