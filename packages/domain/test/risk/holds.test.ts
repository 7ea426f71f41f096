/**
 * Holds a trader can check by hand. Reference 100, collar 10 %, price increment 0.5, dearer fee rate 0.002, margin
 * rate 0.1; the account owns 10,000 USD and 10 BTC.
 */
import { evolveRisk, formatDecimal, InvariantError, initialRiskState } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { BTC, limitsOf, type OrderText, PERP, prices, RiskHouse } from './riskHouse.ts';

describe('the hold of a new order', () => {
  const perp = { symbol: 'BTC-PERP' } as const;
  // biome-ignore format: the table is meant to be read in columns
  const rows: readonly (readonly [what: string, order: OrderText, currency: string, held: string, protection: string | null])[] = [
    ['LIMIT BUY: notional and fee',                   { quantity: '2', price: '99.5' },                                          'USD', '199.398', null],
    ['LIMIT BUY: the fee is rounded up',              { quantity: '0.001', price: '100' },                                       'USD', '0.1002',  null],
    ['LIMIT SELL: the base quantity',                 { side: 'SELL', quantity: '2' },                                           'BTC', '2',       null],
    ['MARKET BUY: at the top of the collar',          { type: 'MARKET', quantity: '1' },                                         'USD', '110.22',  '110'],
    ['MARKET SELL: the base quantity',                { side: 'SELL', type: 'MARKET', quantity: '1' },                           'BTC', '1',       '90'],
    ['MARKET BUY by amount: amount and fee',          { type: 'MARKET', quoteQuantity: '500' },                                  'USD', '501',     '110'],
    ['STOP BUY: at the top of its own collar',        { type: 'STOP', stopPrice: '120', quantity: '1' },                         'USD', '132.264', '132'],
    ['STOP BUY: snapped up to the increment',         { type: 'STOP', stopPrice: '120.5', quantity: '1' },                       'USD', '133.266', '133'],
    ['STOP SELL: snapped down to the increment',      { side: 'SELL', type: 'STOP', stopPrice: '80.5', quantity: '1' },          'BTC', '1',       '72'],
    ['STOP_LIMIT BUY: at its limit',                  { type: 'STOP_LIMIT', stopPrice: '120', price: '121' },                    'USD', '121.242', null],
    ['PERPETUAL BUY: margin and fee',                 { ...perp, quantity: '2', price: '100' },                                  'USD', '20.4',    null],
    ['PERPETUAL SELL: at the top of the collar',      { ...perp, side: 'SELL', quantity: '2', price: '100' },                    'USD', '22.44',   null],
    ['PERPETUAL MARKET SELL: too, protected below',   { ...perp, side: 'SELL', type: 'MARKET', quantity: '2' },                  'USD', '22.44',   '90'],
    ['PERPETUAL STOP SELL: around its stop price',    { ...perp, side: 'SELL', type: 'STOP', stopPrice: '80', quantity: '1' },   'USD', '8.976',   '72'],
  ];
  for (const [what, order, currency, held, protection] of rows) {
    it(what, () => {
      const house = new RiskHouse();
      const decision = house.run(house.assessment(order));
      expect(house.balance(currency).split(' ')[1]).toBe(held);
      const [send] = decision.sends;
      expect(send!.message).toMatchObject({ type: 'OrderApproved' });
      const approved = send!.message as { protectionPrice: bigint | null };
      expect(approved.protectionPrice === null ? null : formatDecimal(approved.protectionPrice)).toBe(protection);
    });
  }

  it('is nothing for a reduce-only perpetual, and still counts as an open order', () => {
    const house = new RiskHouse();
    house.fill({ symbol: 'BTC-PERP', side: 'BUY', quantity: '3' });
    house.placed({ symbol: 'BTC-PERP', side: 'SELL', quantity: '3', reduceOnly: true });
    expect(house.balance('USD')).toBe('10000 0 30');
    expect(house.account().openOrders).toBe(1);
    expect(house.account().openNotional).toBe(0n);
    expect(house.lastChange).toBeNull();
  });

  it('assumes the most an amount may buy: at the bottom of the collar, up to the increment', () => {
    const house = new RiskHouse();
    house.placed({ type: 'MARKET', quoteQuantity: '500' });
    expect(formatDecimal(house.account().exposures.get('BTC-USD')!.openBuyQuantity)).toBe('5.556');
    expect(formatDecimal(house.account().openNotional)).toBe('500');
  });

  it('keeps a protection price of at least one increment when the collar reaches zero', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', limitsOf({ priceCollarRate: '1.5' }));
    const { sends } = house.run(house.assessment({ side: 'SELL', type: 'MARKET' }));
    expect(sends[0]!.message).toMatchObject({ protectionPrice: BTC.priceIncrement });
  });
});

describe('the hold follows the order', () => {
  it('from placing over two fills to closed', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ quantity: '10', price: '100' });
    expect(house.balance('USD')).toBe('10000 1002 0');
    house.fill({ orderId, quantity: '4', price: '99', fee: '0.396' });
    expect(house.balance('USD')).toBe('9603.604 601.2 0');
    house.fill({ orderId, quantity: '6', price: '100', fee: '1.2', closes: true });
    expect(house.balance('USD')).toBe('9002.404 0 0');
    expect(house.balance('BTC')).toBe('20 0 0');
    expect(house.account().openOrders).toBe(0);
    expect(house.release(orderId).events).toEqual([]);
  });

  it('and gives back exactly what is left when it is released', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ quantity: '10' });
    house.fill({ orderId, quantity: '4' });
    expect(house.release(orderId).events).toEqual([{ type: 'HoldReleased', accountId: 'A', orderId }]);
    expect(house.balance('USD')).toBe('9600 0 0');
    expect(house.account().openNotional).toBe(0n);
    expect(house.lastChange).toEqual({ accountId: 'A', positionSymbol: null, currencies: ['USD'] });
  });

  it('by amount, until it is spent', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ type: 'MARKET', quoteQuantity: '500' });
    house.fill({ orderId, quantity: '3', price: '100' });
    expect(house.balance('USD')).toBe('9700 200.4 0');
    house.fill({ orderId, quantity: '2', price: '100' });
    expect(house.balance('USD')).toBe('9500 0 0');
    expect(house.account().exposures.get('BTC-USD')!.openBuyQuantity).toBe(0n);
  });

  it('below nothing never: an overfill books the trade and holds nothing', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ quantity: '1' });
    house.fill({ orderId, quantity: '3' });
    expect(house.balance('USD')).toBe('9700 0 0');
    expect(house.balance('BTC')).toBe('13 0 0');
    expect(house.account().exposures.get('BTC-USD')!.openBuyQuantity).toBe(0n);
  });

  it('when its quantity shrinks without a request', () => {
    const house = new RiskHouse();
    const orderId = house.placed({ quantity: '10' });
    const shrink = { type: 'ShrinkHold', accountId: 'A', orderId, quantity: 300_000_000n } as const;
    house.run(shrink);
    expect(house.balance('USD')).toBe('10000 300.6 0');
    expect(house.run(shrink).events).toEqual([]);
    expect(house.run({ ...shrink, orderId: 'o-0-77' }).events).toEqual([]);
  });

  it('when its instrument gets other fees and another margin rate', () => {
    const house = new RiskHouse();
    house.fill({ symbol: 'BTC-PERP', side: 'BUY', quantity: '10' });
    house.placed({ symbol: 'BTC-PERP', quantity: '10' });
    house.placed({ quantity: '1' });
    expect(house.balance('USD')).toBe('10000 202.2 100');
    house.run({
      type: 'ListInstrument',
      instrument: { ...PERP, initialMarginRate: 20_000_000n, takerFeeRate: 1_000_000n },
    });
    expect(house.balance('USD')).toBe('10000 310.2 200');
  });
});

describe('replacing', () => {
  const place = (order: OrderText = { quantity: '10', price: '100' }) => {
    const house = new RiskHouse();
    return { house, orderId: house.placed(order) };
  };

  it('holds for the dearer of old and new terms until it is answered', () => {
    const { house, orderId } = place();
    expect(house.replace(orderId, { quantity: '20', price: '101' })).toBeNull();
    expect(house.balance('USD')).toBe('10000 2024.04 0');
    house.answered(orderId, true);
    expect(house.balance('USD')).toBe('10000 2024.04 0');
    expect(house.replace(orderId, { quantity: '5', price: '101' }, 'r2')).toBeNull();
    expect(house.balance('USD')).toBe('10000 2024.04 0');
    house.answered(orderId, true, 'r2');
    expect(house.balance('USD')).toBe('10000 506.01 0');
  });

  it('goes back to the old terms when it is refused', () => {
    const { house, orderId } = place();
    house.replace(orderId, { quantity: '20', price: '100' });
    house.answered(orderId, false);
    expect(house.balance('USD')).toBe('10000 1002 0');
    expect(house.answered(orderId, false).events).toEqual([]);
  });

  it('asks only for the increase', () => {
    const { house, orderId } = place({ quantity: '90', price: '100' });
    expect(house.replace(orderId, { quantity: '99.8', price: '100' })).toBeNull();
    expect(house.replace(orderId, { quantity: '99.801', price: '100' }, 'r2')).toMatchObject({
      code: 'INSUFFICIENT_BALANCE',
      details: { requested: '0.1002', available: '0.04' },
    });
  });

  it('counts the increase against open notional and position', () => {
    const { house, orderId } = place();
    house.limits('ACCOUNT', 'A', limitsOf({ openNotionalMax: '1500' }));
    expect(house.replace(orderId, { quantity: '15.001', price: '100' })).toMatchObject({
      details: { used: '1000', requested: '500.1' },
    });
    house.limits('ACCOUNT', 'A', limitsOf({ positionQuantityMax: '15' }));
    expect(house.replace(orderId, { quantity: '15.001', price: '100' })).toMatchObject({
      code: 'POSITION_EXCEEDS_LIMIT',
      details: { used: '10', requested: '5.001' },
    });
    expect(house.replace(orderId, { quantity: '15', price: '100' })).toBeNull();
  });

  it('counts its own rate, and is not stopped by the number of open orders or by repeats', () => {
    const { house, orderId } = place();
    const limits = { submitsPerSecondMax: 0, openOrdersMax: 0, replacesPerSecondMax: 1, repeatedOrdersMax: 1 };
    house.limits('ACCOUNT', 'A', limitsOf(limits));
    expect(house.replace(orderId, { quantity: '11', price: '100' })).toBeNull();
    expect(house.replace(orderId, { quantity: '12', price: '100' }, 'r2')).toMatchObject({
      code: 'ORDER_RATE_EXCEEDED',
      details: { limitName: 'replacesPerSecondMax' },
    });
  });

  it('checks a changed price against the collar, an unchanged one not', () => {
    const { house, orderId } = place();
    house.market.set('BTC-USD', prices('200'));
    expect(house.replace(orderId, { quantity: '11', price: '100' })).toBeNull();
    expect(house.replace(orderId, { quantity: '11', price: '100.5' }, 'r2')).toMatchObject({
      code: 'PRICE_OUTSIDE_COLLAR',
    });
  });

  it('lets a quantity shrink whatever happens, if only on the increments', () => {
    const { house, orderId } = place();
    house.run({ type: 'ListInstrument', instrument: { ...BTC, status: 'HALTED' } });
    const halt = { type: 'ChangeTradingState', scope: 'FIRM', id: null, state: 'HALTED', reason: '' } as const;
    house.run({ ...halt, actor: null, replyTo: null });
    house.limits('ACCOUNT', 'A', limitsOf({ orderQuantityMax: '0', replacesPerSecondMax: 0, dailyLossMax: '0' }));
    house.market.clear();
    expect(house.replace(orderId, { quantity: '4', price: '100' })).toBeNull();
    expect(house.replace(orderId, { quantity: '4.0001', price: '100' }, 'r2')).toMatchObject({
      code: 'QUANTITY_INCREMENT',
    });
    expect(house.replace(orderId, { quantity: '0', price: '100' }, 'r3')).toMatchObject({ code: 'QUANTITY_BELOW_MIN' });
    expect(house.replace(orderId, { quantity: '10', price: '99.5' }, 'r4')).toMatchObject({
      code: 'INSTRUMENT_NOT_TRADING',
    });
  });

  it('answers the same request again without a second hold', () => {
    const { house, orderId } = place();
    house.replace(orderId, { quantity: '20', price: '100' });
    const events = house.journal.length;
    expect(house.replace(orderId, { quantity: '20', price: '100' })).toBeNull();
    expect(house.journal).toHaveLength(events);
  });

  it('refuses an order that is not open, as OMS', () => {
    const { house, orderId } = place();
    house.release(orderId);
    expect(house.replace(orderId, { quantity: '20', price: '100' })).toMatchObject({
      source: 'OMS',
      code: 'ORDER_NOT_OPEN',
    });
    expect(house.answered(orderId, true).events).toEqual([]);
  });

  it('keeps the protection price of a stop, and refuses a stop price beyond it', () => {
    const { house, orderId } = place({ type: 'STOP', stopPrice: '120', quantity: '1' });
    expect(house.replace(orderId, { stopPrice: '132' })).toBeNull();
    house.answered(orderId, true);
    expect(house.balance('USD')).toBe('10000 132.264 0');
    expect(house.replace(orderId, { stopPrice: '132.5' }, 'r2')).toMatchObject({
      code: 'PRICE_OUTSIDE_COLLAR',
      details: { requested: '132.5', protectionPrice: '132' },
    });
    const sale = place({ side: 'SELL', type: 'STOP', stopPrice: '80', quantity: '1' });
    expect(sale.house.replace(sale.orderId, { stopPrice: '72' })).toBeNull();
    expect(sale.house.replace(sale.orderId, { stopPrice: '71.5' }, 'r2')).toMatchObject({
      code: 'PRICE_OUTSIDE_COLLAR',
    });
  });

  it('holds more for a perpetual stop sale that moves up', () => {
    const { house, orderId } = place({
      symbol: 'BTC-PERP',
      side: 'SELL',
      type: 'STOP',
      stopPrice: '80',
      quantity: '1',
    });
    expect(house.replace(orderId, { stopPrice: '90' })).toBeNull();
    house.answered(orderId, true);
    expect(house.balance('USD').split(' ')[1]).toBe('10.098');
  });

  it('may not make a reduce-only order larger than the position', () => {
    const house = new RiskHouse();
    house.fill({ symbol: 'BTC-PERP', side: 'BUY', quantity: '5' });
    const sale = { symbol: 'BTC-PERP', side: 'SELL', reduceOnly: true } as const;
    house.placed({ ...sale, quantity: '2' });
    const orderId = house.placed({ ...sale, quantity: '2' });
    expect(house.replace(orderId, { quantity: '3', price: '100' })).toBeNull();
    house.answered(orderId, true);
    expect(house.replace(orderId, { quantity: '3.001', price: '100' }, 'r2')).toMatchObject({ code: 'REDUCING_ONLY' });
  });
});

describe('the fold refuses what cannot be', () => {
  const house = new RiskHouse();
  const orderId = house.placed({});
  const hold = house.journal.findLast(({ event }) => event.type === 'HoldPlaced')!.event;
  const fill = { ...house.fillOf({}), type: 'FillSettled' } as const;
  // biome-ignore format: the table is meant to be read in columns
  const rows = [
    ['a fill of an unknown account',     { ...fill, accountId: 'nobody' }],
    ['a fill of an unknown instrument',  { ...fill, symbol: 'DOGE-USD' }],
    ['a second hold for an order',       hold],
    ['a release without a hold',         { type: 'HoldReleased', accountId: 'A', orderId: 'o-0-77' }],
    ['an answer to no replace',          { type: 'HoldRetermed', accountId: 'A', orderId, requestId: 'r9', accepted: true }],
    ['an account opened twice',          { type: 'AccountOpened', accountId: 'A', name: '', kind: '', deskId: 'D' }],
    ['limits of an unknown account',     { type: 'LimitsChanged', scope: 'ACCOUNT', id: 'nobody', limits: limitsOf({}), actor: null }],
  ] as const;
  for (const [what, event] of rows) {
    it(what, () => expect(() => evolveRisk(house.state, event, house.now)).toThrow(InvariantError));
  }

  it('and a decision about what cannot be unknown', () => {
    expect(() => house.fill({ symbol: 'DOGE-USD' })).toThrow(InvariantError);
    expect(() => house.run({ type: 'ReleaseHold', accountId: 'nobody', orderId })).toThrow(InvariantError);
    expect(initialRiskState(3).partition).toBe(3);
  });
});
