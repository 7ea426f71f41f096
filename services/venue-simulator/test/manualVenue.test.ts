/** The manual venue: nothing happens until it is told, and then exactly that. */
import { decimal } from '@oms/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestVenue } from './testVenue.ts';

const BOOK = 'ask 102 2\nask 101 1\nbid 100 3';

let venue: TestVenue;
beforeEach(() => {
  venue = new TestVenue({ mode: 'manual' }).show(BOOK);
});

describe('until it is told', () => {
  it('it holds orders and requests, whatever the market does', () => {
    expect(venue.place('BUY 1 @ 101')).toEqual([]);
    expect(venue.cancel('a')).toEqual([]);
    expect(venue.replace('a', '2')).toEqual([]);
    venue.instruct('a', 'ack');
    expect(venue.trade('SELL 9 @ 90')).toEqual([]);
    expect(venue.moveBook('ask 90 9\nbid 80 1')).toEqual([]);
  });

  it('it still refuses requests about orders it was never sent', () => {
    expect(venue.cancel('x')).toEqual(['x CANCEL_REJECTED c-x UNKNOWN_ORDER']);
    expect(venue.replace('x', '1')).toEqual(['x REPLACE_REJECTED r-x UNKNOWN_ORDER']);
  });
});

describe('ack', () => {
  it('acknowledges; again repeats the same', () => {
    venue.place('BUY 1 @ 100');
    expect(venue.instruct('a', 'ack')).toEqual(['a ACCEPTED']);
    expect(venue.instruct('a', 'ack')).toEqual(['a ACCEPTED']);
    expect(venue.reports[1]).toEqual(venue.reports[0]);
    expect(venue.answer).toMatchObject({ outcome: 'ACCEPTED', orderId: 'o-0-1' });
  });

  it('may follow the fill that closed the order', () => {
    venue.place('BUY 1 @ 100');
    venue.instruct('a', 'fill');
    expect(venue.instruct('a', 'ack')).toEqual(['a ACCEPTED']);
  });
});

describe('reject', () => {
  it('closes an open order; on a closed one it is a late reject', () => {
    venue.place('BUY 1 @ 100');
    expect(venue.instruct('a', 'reject', { reason: 'no' })).toEqual(['a REJECTED VENUE_REJECTED']);
    expect(venue.reports[0]).toMatchObject({ message: 'no' });
    expect(venue.instruct('a', 'reject')).toEqual(['a REJECTED VENUE_REJECTED']);
  });
});

describe('fill', () => {
  it('fills all that is left at the limit price by default', () => {
    venue.place('BUY 2 @ 100');
    expect(venue.instruct('a', 'fill', { quantity: '0.5', price: '99' })).toEqual([
      'a TRADED 0.5 @ 99 MAKER fee 0.02475',
    ]);
    expect(venue.instruct('a', 'fill')).toEqual(['a TRADED 1.5 @ 100 MAKER fee 0.075']);
    expect(venue.state.orders.size).toBe(0);
  });

  it('fills a market order at the market', () => {
    venue.prices = { last: decimal('100'), bestBid: decimal('100'), bestAsk: decimal('101'), mark: null, time: 0 };
    venue.place('BUY 1 market @ 110');
    expect(venue.instruct('a', 'fill')).toEqual(['a TRADED 1 @ 101 TAKER fee 0.101']);
  });

  it('fills an order by quoteQuantity with what the quote buys', () => {
    venue.place('BUY $250 market');
    expect(venue.instruct('a', 'fill', { price: '100', quantity: '1' })).toEqual(['a TRADED 1 @ 100 TAKER fee 0.1']);
    expect(venue.instruct('a', 'fill', { price: '100' })).toEqual(['a TRADED 1.5 @ 100 TAKER fee 0.15']);
    expect(venue.state.orders.size).toBe(0);
  });

  it('needs a price when the market shows none, and a quantity when nothing is left', () => {
    venue.place('BUY 1 market');
    expect(venue.instruct('a', 'fill')).toEqual([]);
    expect(venue.answer?.reason).toMatchObject({ source: 'VENUE', code: 'INSTRUCTION_INCOMPLETE' });
    venue.instruct('a', 'fill', { price: '100' });
    venue.instruct('a', 'fill', { price: '100' });
    expect(venue.answer?.reason?.code).toBe('INSTRUCTION_INCOMPLETE');
  });

  it('passes a repeated executionId through as it is and books it once', () => {
    venue.place('BUY 2 @ 100');
    venue.instruct('a', 'fill', { executionId: 'E', quantity: '1' });
    venue.instruct('a', 'fill', { executionId: 'E' });
    expect(venue.reports[1]).toEqual(venue.reports[0]);
    expect(venue.instruct('a', 'fill', { executionId: 'E', price: '99' })).toEqual([
      'a TRADED 1 @ 99 MAKER fee 0.0495',
    ]);
    expect(venue.order('a').filledQuantity).toBe(decimal('1'));
  });

  it('overfills, and fills after a cancel', () => {
    venue.place('BUY 1 @ 100');
    expect(venue.instruct('a', 'fill', { quantity: '3' })).toEqual(['a TRADED 3 @ 100 MAKER fee 0.15']);
    venue.place('BUY 1 @ 100');
    venue.instruct('b', 'cancel');
    expect(venue.instruct('b', 'fill')).toEqual(['b TRADED 1 @ 100 MAKER fee 0.05']);
  });
});

describe('cancel', () => {
  it('answers the request that waits', () => {
    venue.place('BUY 1 @ 100');
    venue.cancel('a');
    expect(venue.instruct('a', 'cancel')).toEqual(['a CANCELED c-a']);
    expect(venue.instruct('a', 'cancel-reject')).toEqual([]);
  });

  it('without a request is the venue’s own', () => {
    venue.place('BUY 1 @ 100');
    expect(venue.instruct('a', 'cancel')).toEqual(['a CANCELED unsolicited VENUE_CANCELED']);
  });
});

describe('cancel-reject', () => {
  it('refuses the request and leaves the order open', () => {
    venue.place('BUY 1 @ 100');
    venue.cancel('a');
    expect(venue.instruct('a', 'cancel-reject')).toEqual(['a CANCEL_REJECTED c-a VENUE_REJECTED']);
    expect(venue.instruct('a', 'fill')).toHaveLength(1);
  });

  it('is too late once the order was filled', () => {
    venue.place('BUY 1 @ 100');
    venue.cancel('a');
    venue.instruct('a', 'fill');
    expect(venue.instruct('a', 'cancel-reject')).toEqual(['a CANCEL_REJECTED c-a TOO_LATE_TO_CANCEL']);
  });

  it.each(['cancel-reject', 'replace-accept', 'replace-reject'] as const)(
    '%s without a request is refused',
    (action) => {
      venue.place('BUY 1 @ 100');
      expect(venue.instruct('a', action)).toEqual([]);
      expect(venue.answer?.reason?.code).toBe('NO_PENDING_REQUEST');
    },
  );
});

describe('replace-accept', () => {
  it('gives the order its new terms', () => {
    venue.place('BUY 1 @ 100');
    venue.instruct('a', 'ack');
    venue.replace('a', '3', '99');
    expect(venue.instruct('a', 'replace-accept')).toEqual(['a REPLACED r-a']);
    expect(venue.instruct('a', 'fill')).toEqual(['a TRADED 3 @ 99 MAKER fee 0.1485']);
  });

  it('at or below what is filled closes it', () => {
    venue.place('BUY 2 @ 100');
    venue.instruct('a', 'fill', { quantity: '1' });
    venue.replace('a', '1');
    venue.instruct('a', 'replace-accept');
    expect(venue.state.orders.size).toBe(0);
  });

  it('of a raise after the fill that closed the order opens it again', () => {
    venue.place('BUY 1 @ 100');
    venue.replace('a', '3');
    venue.instruct('a', 'fill');
    expect(venue.instruct('a', 'replace-accept')).toEqual(['a REPLACED r-a']);
    expect(venue.open).toEqual(['a']);
    expect(venue.instruct('a', 'fill')).toEqual(['a TRADED 2 @ 100 MAKER fee 0.1']);
  });

  it('answers several requests in the order they came', () => {
    venue.place('BUY 1 @ 100');
    venue.replace('a', '2', null, 'r-1');
    venue.replace('a', '3', null, 'r-2');
    expect(venue.instruct('a', 'replace-reject')).toEqual(['a REPLACE_REJECTED r-1 VENUE_REJECTED']);
    expect(venue.instruct('a', 'replace-accept')).toEqual(['a REPLACED r-2']);
  });
});

describe('expire', () => {
  it('ends the order, answering the clock’s request', () => {
    venue.place('BUY 1 @ 100 DAY');
    venue.cancel('a', 'EXPIRY');
    expect(venue.instruct('a', 'expire')).toEqual(['a EXPIRED c-a']);
    expect(venue.state.orders.size).toBe(0);
  });
});

describe('trade-cancel', () => {
  it('busts the newest trade, or the one named, and takes a filled order back to work', () => {
    venue.place('BUY 2 @ 100');
    venue.instruct('a', 'fill', { executionId: 'E1', quantity: '1' });
    venue.instruct('a', 'fill', { executionId: 'E2', quantity: '1' });
    expect(venue.instruct('a', 'trade-cancel', { executionId: 'E1' })).toEqual(['a TRADE_CANCELED E1']);
    expect(venue.order('a').filledQuantity).toBe(decimal('1'));
    expect(venue.instruct('a', 'trade-cancel')).toEqual(['a TRADE_CANCELED E2']);
    expect(venue.instruct('a', 'trade-cancel')).toEqual([]);
    expect(venue.answer?.reason?.code).toBe('UNKNOWN_EXECUTION');
    expect(venue.instruct('a', 'fill')).toEqual(['a TRADED 2 @ 100 MAKER fee 0.1']);
  });

  it('of a canceled order leaves it closed', () => {
    venue.place('BUY 2 @ 100');
    venue.instruct('a', 'fill', { quantity: '1' });
    venue.instruct('a', 'cancel');
    venue.instruct('a', 'trade-cancel');
    expect(venue.state.orders.size).toBe(0);
  });

  it('can name a trade that never was', () => {
    venue.place('BUY 2 @ 100');
    expect(venue.instruct('a', 'trade-cancel', { executionId: 'ghost' })).toEqual(['a TRADE_CANCELED ghost']);
  });
});

describe('trade-correct', () => {
  it('changes what it names and keeps the rest', () => {
    venue.place('BUY 2 @ 100');
    venue.instruct('a', 'fill', { executionId: 'E1' });
    expect(venue.instruct('a', 'trade-correct', { price: '99' })).toEqual(['a TRADE_CORRECTED E1 2 @ 99']);
    expect(venue.instruct('a', 'trade-correct', { quantity: '1.5' })).toEqual(['a TRADE_CORRECTED E1 1.5 @ 99']);
    expect(venue.instruct('a', 'fill')).toEqual(['a TRADED 0.5 @ 100 MAKER fee 0.025']);
  });

  it('of a trade it does not know must say everything', () => {
    venue.place('BUY 2 @ 100');
    venue.instruct('a', 'trade-correct', { executionId: 'ghost', price: '1' });
    expect(venue.answer?.reason?.code).toBe('INSTRUCTION_INCOMPLETE');
    const corrected = venue.instruct('a', 'trade-correct', { executionId: 'ghost', price: '1', quantity: '1' });
    expect(corrected).toEqual(['a TRADE_CORRECTED ghost 1 @ 1']);
  });
});

describe('what it refuses', () => {
  it('is an order it does not know', () => {
    expect(venue.instruct('x', 'ack')).toEqual([]);
    expect(venue.answer).toMatchObject({ outcome: 'REFUSED', reason: { source: 'VENUE', code: 'UNKNOWN_ORDER' } });
  });

  it('is every instruction when the venue is simulated', () => {
    const simulated = new TestVenue().show(BOOK);
    simulated.place('BUY 1 @ 99');
    expect(simulated.instruct('a', 'fill')).toEqual([]);
    expect(simulated.answer?.reason?.code).toBe('NOT_A_MANUAL_VENUE');
  });
});

it('everything it holds survives a restart', () => {
  venue.place('BUY 2 @ 100');
  venue.instruct('a', 'fill', { executionId: 'E', quantity: '2' });
  venue.place('BUY 1 @ 100');
  venue.cancel('b');
  venue.restart();
  expect(venue.instruct('a', 'trade-cancel')).toEqual(['a TRADE_CANCELED E']);
  expect(venue.instruct('b', 'cancel')).toEqual(['b CANCELED c-b']);
});
