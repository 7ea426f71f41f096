/** Domain rule 12: reduce-only orders together never exceed the position; the newest give way first. */
import { decimal } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { type FillText, RiskHouse, shrinksIn } from './riskHouse.ts';

const PERP = { symbol: 'BTC-PERP' } as const;

/** Long 10 with reduce-only sales of 4, 3 and 3, oldest first. */
function longTen() {
  const house = new RiskHouse();
  house.fill({ ...PERP, side: 'BUY', quantity: '10' });
  const sales = ['4', '3', '3'].map((quantity) => house.placed({ ...PERP, side: 'SELL', quantity, reduceOnly: true }));
  return { house, sales };
}

describe('when the position shrinks', () => {
  // biome-ignore format: the table is meant to be read in columns
  const rows: readonly (readonly [what: string, fill: FillText, shrinks: readonly (readonly [sale: number, leaves: string])[]])[] = [
    ['by a part of the newest',            { side: 'SELL', quantity: '1' },    [[2, '2']]],
    ['by all of the newest',               { side: 'SELL', quantity: '3' },    [[2, '0']]],
    ['by more than the newest',            { side: 'SELL', quantity: '5' },    [[2, '0'], [1, '1']]],
    ['to nothing',                         { side: 'SELL', quantity: '10' },   [[2, '0'], [1, '0'], [0, '0']]],
    ['and turns around',                   { side: 'SELL', quantity: '15' },   [[2, '0'], [1, '0'], [0, '0']]],
    ['not, but grows',                     { side: 'BUY', quantity: '5' },     []],
    ['in another instrument',              { symbol: 'BTC-USD', side: 'SELL' }, []],
  ];
  for (const [what, fill, shrinks] of rows) {
    it(what, () => {
      const { house, sales } = longTen();
      const expected = shrinks.map(([sale, leaves]) => `${sales[sale]}→${leaves}`);
      expect(shrinksIn(house.fill({ ...PERP, ...fill }))).toEqual(expected);
    });
  }

  it('by a reduce-only order itself: what it filled no longer counts', () => {
    const { house, sales } = longTen();
    expect(shrinksIn(house.fill({ ...PERP, orderId: sales[0]!, side: 'SELL', quantity: '2' }))).toEqual([]);
    expect(shrinksIn(house.fill({ ...PERP, orderId: sales[0]!, side: 'SELL', quantity: '2', closes: true }))).toEqual(
      [],
    );
    expect(shrinksIn(house.fill({ ...PERP, side: 'SELL', quantity: '1' }))).toEqual([`${sales[2]}→2`]);
  });

  it('again before and after the first shrink is done', () => {
    const { house, sales } = longTen();
    const sellOne = () => shrinksIn(house.fill({ ...PERP, side: 'SELL', quantity: '1' }));
    expect([sellOne(), sellOne()]).toEqual([[`${sales[2]}→2`], [`${sales[2]}→1`]]);
    house.run({ type: 'ShrinkHold', accountId: 'A', orderId: sales[2]!, quantity: decimal('1') });
    expect(sellOne()).toEqual([`${sales[2]}→0`]);
  });

  it('by a busted trade', () => {
    const house = new RiskHouse();
    const { closes: _, ...fill } = house.fillOf({ ...PERP, side: 'BUY', quantity: '10' });
    house.run({ ...fill, type: 'SettleFill', closes: false });
    const orderId = house.placed({ ...PERP, side: 'SELL', quantity: '6', reduceOnly: true });
    expect(shrinksIn(house.run({ ...fill, type: 'ReverseFill', reopened: null }))).toEqual([`${orderId}→0`]);
  });

  it('not, when a busted reduce-only sale opens again: the position is back as well', () => {
    const { house, sales } = longTen();
    const { closes: _, ...fill } = house.fillOf({ ...PERP, orderId: sales[2]!, side: 'SELL', quantity: '3' });
    house.run({ ...fill, type: 'SettleFill', closes: true });
    const reopened = {
      quantity: fill.quantity,
      quoteQuantity: null,
      price: fill.price,
      stopPrice: null,
      protectionPrice: null,
      reduceOnly: true,
      filledQuantity: 0n,
      filledQuote: 0n,
    };
    expect(shrinksIn(house.run({ ...fill, type: 'ReverseFill', reopened }))).toEqual([]);
    expect(shrinksIn(house.fill({ ...PERP, side: 'SELL', quantity: '1' }))).toEqual([`${sales[2]}→2`]);
  });

  it('while somebody else closed it meanwhile, a reopened sale is the newest to give way', () => {
    const house = new RiskHouse();
    house.fill({ ...PERP, side: 'BUY', quantity: '5' });
    const orderId = house.placed({ ...PERP, side: 'SELL', quantity: '3', reduceOnly: true });
    const { closes: _, ...fill } = house.fillOf({ ...PERP, orderId, side: 'SELL', quantity: '3' });
    house.run({ ...fill, type: 'SettleFill', closes: true });
    house.placed({ ...PERP, side: 'SELL', quantity: '2', reduceOnly: true });
    house.fill({ ...PERP, side: 'SELL', quantity: '1' });
    const prices = { price: fill.price, stopPrice: null, protectionPrice: null };
    const terms = { quantity: fill.quantity, quoteQuantity: null, ...prices, reduceOnly: true };
    const bust = house.run({
      ...fill,
      type: 'ReverseFill',
      reopened: { ...terms, filledQuantity: 0n, filledQuote: 0n },
    });
    expect(shrinksIn(bust)).toEqual([`${orderId}→2`]);
  });

  it('shrinks purchases of a short position just so', () => {
    const house = new RiskHouse();
    house.fill({ ...PERP, side: 'SELL', quantity: '5' });
    const orderId = house.placed({ ...PERP, side: 'BUY', quantity: '5', reduceOnly: true });
    expect(shrinksIn(house.fill({ ...PERP, side: 'BUY', quantity: '2' }))).toEqual([`${orderId}→3`]);
  });
});
