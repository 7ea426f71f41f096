/** Our own book against the obvious form of it: all orders in one list, sorted by price and arrival when asked. */
import type { Side } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RestingOrders } from '../src/restingOrders.ts';
import { type VenueOrder, venueOrder } from '../src/venueState.ts';
import { drawnOrder } from './testVenue.ts';

const orderAt = (side: Side, price: bigint, arrival: number): VenueOrder =>
  venueOrder({
    terms: { ...drawnOrder(`o-0-${arrival}`, `${side} 1 @ 1`), price },
    venueOrderId: `v-0-${arrival}`,
    quantity: 1n,
    price,
    filledQuantity: 0n,
    spentQuote: 0n,
    queueAhead: 0n,
    arrival,
    notes: null,
    history: null,
    paidFees: 0n,
    executions: 0,
  });

function reached(resting: RestingOrders, side: Side, price: bigint, atMost = Number.POSITIVE_INFINITY): number[] {
  const arrivals: number[] = [];
  resting.reachedAt('BTC-USD', side, price, (order) => arrivals.push(order.arrival) < atMost);
  return arrivals;
}

/** Both forms, told the same. */
class TwoBooks {
  readonly resting = new RestingOrders();
  readonly list: VenueOrder[] = [];
  readonly gone: VenueOrder[] = [];
  #arrivals = 0;

  join(order: VenueOrder): void {
    this.resting.add(order);
    this.list.push(order);
  }

  place(side: Side, price: bigint): void {
    this.join(orderAt(side, price, ++this.#arrivals));
  }

  leave(pick: number): void {
    const [order] = this.list.splice(pick % this.list.length, 1);
    if (order === undefined) return;
    this.resting.remove(order);
    this.gone.push(order);
  }

  comeBack(pick: number): void {
    const [order] = this.gone.splice(pick % this.gone.length, 1);
    if (order !== undefined) this.join(order);
  }

  /** Slow, obvious, right. */
  expected(side: Side, price: bigint): number[] {
    const distance = (order: VenueOrder): bigint => (side === 'BUY' ? order.price! - price : price - order.price!);
    return this.list
      .filter((order) => order.terms.side === side && distance(order) >= 0n)
      .sort((a, b) => (distance(a) === distance(b) ? a.arrival - b.arrival : distance(a) > distance(b) ? -1 : 1))
      .map((order) => order.arrival);
  }
}

const anySide = fc.constantFrom<Side>('BUY', 'SELL');
/** Few levels, many, and prices that a double cannot tell apart. */
const anyPrice = fc.oneof(fc.bigInt(1n, 8n), fc.bigInt(1n, 400n), fc.bigInt(2n ** 62n, 2n ** 62n + 8n));
type Act = (books: TwoBooks) => void;
const place = fc.tuple(anySide, anyPrice).map(
  ([side, price]): Act =>
    (books) =>
      books.place(side, price),
);
const leave = fc.nat().map(
  (pick): Act =>
    (books) =>
      books.leave(pick),
);
const comeBack = fc.nat().map(
  (pick): Act =>
    (books) =>
      books.comeBack(pick),
);
const look = fc.tuple(anySide, anyPrice, fc.integer({ min: 1, max: 9 })).map(
  ([side, price, atMost]): Act =>
    (books) => {
      const expected = books.expected(side, price);
      expect(reached(books.resting, side, price)).toEqual(expected);
      expect(reached(books.resting, side, price, atMost)).toEqual(expected.slice(0, atMost));
    },
);

describe('our own book', () => {
  it('shows what a sorted list shows, whatever joins, leaves and comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(place, place, leave, comeBack, look), { maxLength: 200, size: 'max' }), (acts) => {
        const books = new TwoBooks();
        for (const act of acts) {
          act(books);
          expect(books.resting.hasAny('BTC-USD')).toBe(books.list.length > 0);
        }
      }),
    );
  });

  it('keeps its levels in order when most of many empty and some are needed again', () => {
    const books = new TwoBooks();
    for (let i = 0; i < 1_000; i++) books.place('SELL', BigInt(((i * 7) % 1_000) + 1));
    for (let i = 0; i < 900; i++) books.leave(i * 31);
    for (let i = 0; i < 300; i++) books.comeBack(i * 17);
    expect(reached(books.resting, 'SELL', 1_000n)).toEqual(books.expected('SELL', 1_000n));
    for (let i = 0; i < 400; i++) books.leave(0);
    expect(books.resting.hasAny('BTC-USD')).toBe(false);
  });

  it('leaves alone what never rested', () => {
    const resting = new RestingOrders();
    const market = venueOrder({ ...orderAt('BUY', 5n, 1), terms: drawnOrder('o-0-1', 'BUY 1 market') });
    resting.add(market);
    expect(resting.hasAny('BTC-USD')).toBe(false);
    resting.remove(market);
    resting.add(orderAt('BUY', 5n, 2));
    expect(reached(resting, 'BUY', 1n)).toEqual([2]);
  });
});
