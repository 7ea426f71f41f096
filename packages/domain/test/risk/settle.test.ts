/** Settlement by hand: fills of spot and perpetuals, fees in three currencies, busts, and the books that balance. */
import { decimal, formatDecimal } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { type FillText, imbalances, type OrderText, prices, RiskHouse, termsOf } from './riskHouse.ts';

interface Row {
  readonly what: string;
  readonly fills: readonly FillText[];
  readonly usd: string;
  readonly btc?: string;
  readonly position: string;
}

const perp = { symbol: 'BTC-PERP' } as const;
// USD and BTC: "total held margin" from 10,000 and 10. Position: "quantity openCost realizedPnl".
const ROWS: readonly Row[] = [
  {
    what: 'spot: a buy',
    fills: [{ quantity: '2', price: '99', fee: '0.5' }],
    usd: '9801.5 0 0',
    btc: '12 0 0',
    position: '2 198 -0.5',
  },
  {
    what: 'spot: bought twice, half sold: the average cost',
    fills: [
      { quantity: '1', price: '90' },
      { quantity: '3', price: '110' },
      { side: 'SELL', quantity: '2', price: '120' },
    ],
    usd: '9820 0 0',
    btc: '12 0 0',
    position: '2 210 30',
  },
  {
    what: 'spot: a fee in base reduces inventory and position',
    fills: [{ quantity: '2', price: '100', fee: '0.002', feeCurrency: 'BTC' }],
    usd: '9800 0 0',
    btc: '11.998 0 0',
    position: '1.998 200 0',
  },
  {
    what: 'spot: a fee in a third currency touches neither PnL nor position',
    fills: [{ quantity: '2', price: '100', fee: '1', feeCurrency: 'BNB' }],
    usd: '9800 0 0',
    btc: '12 0 0',
    position: '2 200 0',
  },
  {
    what: 'perpetual: opening takes margin and the fee only',
    fills: [{ ...perp, quantity: '2', price: '100', fee: '0.4' }],
    usd: '9999.6 0 20',
    position: '2 200 -0.4',
  },
  {
    what: 'perpetual: closing a part realizes against the average',
    fills: [
      { ...perp, quantity: '2', price: '100' },
      { ...perp, quantity: '2', price: '110' },
      { ...perp, side: 'SELL', quantity: '1', price: '115' },
    ],
    usd: '10010 0 31.5',
    position: '3 315 10',
  },
  {
    what: 'perpetual: a flip realizes the closed part, the rest opens at the fill price',
    fills: [
      { ...perp, quantity: '2', price: '100' },
      { ...perp, side: 'SELL', quantity: '5', price: '90' },
    ],
    usd: '9980 0 27',
    position: '-3 270 -20',
  },
  {
    what: 'perpetual: a short gains when it is bought back lower',
    fills: [
      { ...perp, side: 'SELL', quantity: '2', price: '100' },
      { ...perp, side: 'BUY', quantity: '2', price: '95' },
    ],
    usd: '10010 0 0',
    position: '0 0 10',
  },
  {
    what: 'perpetual: a third of an odd cost, rounded half to even, nothing lost in the end',
    fills: [
      { ...perp, quantity: '0.001', price: '100' },
      { ...perp, quantity: '0.002', price: '100.5' },
      { ...perp, side: 'SELL', quantity: '0.001', price: '100' },
      { ...perp, side: 'SELL', quantity: '0.002', price: '100' },
    ],
    usd: '9999.999 0 0',
    position: '0 0 -0.001',
  },
  {
    what: 'perpetual: two thirds of an odd cost go, rounded half to even',
    fills: [
      { ...perp, quantity: '0.001', price: '100' },
      { ...perp, quantity: '0.002', price: '100.5' },
      { ...perp, side: 'SELL', quantity: '0.002', price: '100.5' },
    ],
    usd: '10000.00033333 0 0.01003334',
    position: '0.001 0.10033333 0.00033333',
  },
  {
    what: 'a fee that eats the whole quantity loses what was paid',
    fills: [{ quantity: '1', price: '100', fee: '1', feeCurrency: 'BTC' }],
    usd: '9900 0 0',
    btc: '10 0 0',
    position: '0 0 -100',
  },
];

describe('settling', () => {
  for (const { what, fills, usd, btc, position } of ROWS) {
    it(what, () => {
      const house = new RiskHouse();
      for (const fill of fills) house.fill(fill);
      expect(house.balance('USD')).toBe(usd);
      if (btc !== undefined) expect(house.balance('BTC')).toBe(btc);
      expect(house.position(fills[0]!.symbol)).toBe(position);
      expect(imbalances(house.state)).toEqual(new Map());
    });

    it(`${what}; and every fill busted, newest first, is as if nothing had happened`, () => {
      const house = new RiskHouse();
      const booked = fills.map((fill) => house.fillOf(fill));
      for (const fill of booked) house.run(fill);
      for (const { closes: _, ...fill } of booked.toReversed()) {
        house.run({ ...fill, type: 'ReverseFill', reopened: null });
      }
      expect(house.balance('USD')).toBe('10000 0 0');
      expect(house.balance('BTC')).toBe('10 0 0');
      expect(house.account().positions.get(booked[0]!.symbol)).toMatchObject({ quantity: 0n, trades: 0 });
      expect(imbalances(house.state)).toEqual(new Map());
    });
  }

  it('pays the fees to the fee ledger and trades against the venue ledger', () => {
    const house = new RiskHouse();
    house.fill({ quantity: '2', price: '99', fee: '0.5' });
    const { venueLedger, feeLedger, depositLedger } = house.state;
    expect([venueLedger, feeLedger, depositLedger].map((ledger) => Object.fromEntries(ledger))).toEqual([
      { USD: decimal('198'), BTC: decimal('-2') },
      { USD: decimal('0.5') },
      { USD: decimal('10000'), BTC: decimal('10') },
    ]);
  });

  it('tells what changed, and numbers the changes without gaps', () => {
    const house = new RiskHouse();
    const before = house.account().balanceSequence;
    house.fill({ fee: '1', feeCurrency: 'BNB' });
    expect(house.lastChange).toEqual({ accountId: 'A', positionSymbol: 'BTC-USD', currencies: ['USD', 'BTC', 'BNB'] });
    expect(house.account()).toMatchObject({ positionSequence: 1, balanceSequence: before + 3 });
  });

  it('keeps the PnL of the day when the clock steps back over midnight', () => {
    const house = new RiskHouse();
    house.fill({ fee: '1' });
    house.now -= 86_400_000;
    house.fill({ fee: '1' });
    expect(formatDecimal(house.account().realizedToday.get('USD')!)).toBe('-2');
  });
});

describe('busting a trade', () => {
  it('lets the hold of an open order grow back', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ quantity: '10' });
    const { closes: _, ...fill } = house.fillOf({ orderId, quantity: '4' });
    house.run({ ...fill, type: 'SettleFill', closes: false });
    const reopened = {
      quantity: 1n,
      quoteQuantity: null,
      price: 1n,
      stopPrice: null,
      protectionPrice: null,
      reduceOnly: false,
      filledQuantity: 0n,
      filledQuote: 0n,
    };
    house.run({ ...fill, type: 'ReverseFill', reopened });
    expect(house.balance('USD')).toBe('10000 1002 0');
  });

  it('starts the hold of a filled order again from its terms', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ quantity: '10', price: '100' });
    house.fill({ orderId, quantity: '6', price: '99' });
    const { closes: _, ...fill } = house.fillOf({ orderId, quantity: '4', price: '99' });
    house.run({ ...fill, type: 'SettleFill', closes: true });
    expect(house.account().openOrders).toBe(0);
    house.run({
      ...fill,
      type: 'ReverseFill',
      reopened: {
        quantity: decimal('10'),
        quoteQuantity: null,
        price: decimal('100'),
        stopPrice: null,
        protectionPrice: null,
        reduceOnly: false,
        filledQuantity: decimal('6'),
        filledQuote: decimal('594'),
      },
    });
    expect(house.balance('USD')).toBe('9406 400.8 0');
  });

  it('starts the hold of an order by amount again, too', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ type: 'MARKET', quoteQuantity: '500' });
    const { closes: _, ...fill } = house.fillOf({ orderId, quantity: '5' });
    house.run({ ...fill, type: 'SettleFill', closes: true });
    const prices = { price: null, stopPrice: null, protectionPrice: decimal('110') };
    const terms = { quantity: null, quoteQuantity: decimal('500'), reduceOnly: false };
    house.run({ ...fill, type: 'ReverseFill', reopened: { ...terms, ...prices, filledQuantity: 0n, filledQuote: 0n } });
    expect(house.balance('USD')).toBe('10000 501 0');
    expect(formatDecimal(house.account().exposures.get('BTC-USD')!.openBuyQuantity)).toBe('5');
  });
});

describe('an order that a bust opens again', () => {
  /** Places the order, fills all of it, moves the market away and busts the fill. */
  function reopened(order: OrderText, protectionPrice: string | null, market: string | null) {
    const house = new RiskHouse();
    const orderId = house.placed(order);
    const { closes: _, ...fill } = house.fillOf({ ...order, orderId, quantity: '1', price: '100' });
    house.run({ ...fill, type: 'SettleFill', closes: true });
    const { symbol, quantity } = fill;
    if (market === null) house.market.delete(symbol);
    else house.market.set(symbol, prices(market));
    const { price, stopPrice } = termsOf(order);
    const terms = { quantity, quoteQuantity: null, price, stopPrice, reduceOnly: false, filledQuantity: 0n };
    const protection = { protectionPrice: protectionPrice === null ? null : decimal(protectionPrice), filledQuote: 0n };
    house.run({ ...fill, type: 'ReverseFill', reopened: { ...terms, ...protection } });
    return { house, orderId, hold: house.state.holds.get(orderId)! };
  }

  // biome-ignore format: the table is meant to be read in columns
  const ORDERS: readonly (readonly [what: string, order: OrderText, protectionPrice: string | null])[] = [
    ['LIMIT',      { price: '100' },                                         null],
    ['MARKET',     { type: 'MARKET' },                                       '110'],
    ['STOP',       { type: 'STOP', stopPrice: '120' },                       '132'],
    ['STOP_LIMIT', { type: 'STOP_LIMIT', stopPrice: '120', price: '121' },   null],
  ];
  it.each(ORDERS)(
    '%s: has the hold it was placed with, and less of it costs no new look at the prices',
    (_, order, protectionPrice) => {
      const fresh = new RiskHouse();
      const placed = fresh.state.holds.get(fresh.placed(order))!;
      const { house, orderId, hold } = reopened(order, protectionPrice, '200');
      expect(hold).toEqual({ ...placed, orderId, exposure: hold.exposure });
      const { price = null, stopPrice = null } = order;
      expect(house.replace(orderId, { quantity: '0.5', price, stopPrice })).toBeNull();
      expect(hold.pendingTerms[0]!.terms.holdPrice).toBe(placed.terms.holdPrice);
    },
  );

  const sale = { symbol: 'BTC-PERP', side: 'SELL' } as const;
  // biome-ignore format: the table is meant to be read in columns
  const SALES: readonly (readonly [what: string, order: OrderText, protectionPrice: string | null, market: string | null, holdPrice: string])[] = [
    ['LIMIT: the top of the collar today',             { ...sale },                                    null, '200', '220'],
    ['LIMIT: its own price when that is above',        { ...sale },                                    null, '80',  '100'],
    ['LIMIT: its own price when nothing is known',     { ...sale },                                    null, null,  '100'],
    ['MARKET: the top of the collar today',            { ...sale, type: 'MARKET' },                    '90', '200', '220'],
    ['MARKET: its protection when nothing is known',   { ...sale, type: 'MARKET' },                    '90', null,  '90'],
    ['STOP: the top around its stop price, as before', { ...sale, type: 'STOP', stopPrice: '80' },     '72', '200', '88'],
  ];
  it.each(SALES)('a perpetual sale is held for anew, %s', (_, order, protectionPrice, market, holdPrice) => {
    const { hold } = reopened(order, protectionPrice, market);
    expect(formatDecimal(hold.terms.holdPrice)).toBe(holdPrice);
    expect(hold.terms.price).toBe(termsOf(order).price);
  });
});
