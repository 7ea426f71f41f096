/** Which limits apply, and how the running ones count. */
import { formatDecimal } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { BTC, limitsOf, type OrderText, prices, RiskHouse } from './riskHouse.ts';

describe('limits', () => {
  it('fall back to the default set and then to modest built-in ones, never to unlimited', () => {
    const house = new RiskHouse();
    house.limits('DEFAULT', '', limitsOf({ orderQuantityMax: '3' }));
    expect(house.place({ quantity: '3.001' })).toMatchObject({ details: { limit: '3', scope: 'DEFAULT' } });
    house.limits('DEFAULT', '', limitsOf({}));
    house.run({ type: 'ListInstrument', instrument: { ...BTC, maxQuantity: 10n ** 14n } });
    expect(house.place({ quantity: '1000.001' })).toMatchObject({
      code: 'ORDER_QUANTITY_EXCEEDS_LIMIT',
      details: { limit: '1000', scope: 'DEFAULT' },
    });
  });

  it('let reduce-only orders pass where they guard against new risk', () => {
    const house = new RiskHouse();
    house.fill({ symbol: 'BTC-PERP', side: 'BUY', quantity: '3' });
    house.limits('ACCOUNT', 'A', limitsOf({ openNotionalMax: '0', positionQuantityMax: '0', dailyLossMax: '0' }));
    const order: OrderText = { symbol: 'BTC-PERP', side: 'SELL', quantity: '3' };
    expect(house.place({ ...order, reduceOnly: true })).toEqual(expect.any(String));
    expect(house.place(order)).toMatchObject({ code: 'OPEN_NOTIONAL_EXCEEDS_LIMIT' });
  });

  it('judge a perpetual sale by its own price, not by the top of the collar it is held for', () => {
    const house = new RiskHouse();
    const order: OrderText = { symbol: 'BTC-PERP', side: 'SELL', quantity: '1', price: '100' };
    house.limits('ACCOUNT', 'A', limitsOf({ orderNotionalMax: '100' }));
    expect(house.place({ ...order, price: '100.5' })).toMatchObject({
      code: 'ORDER_NOTIONAL_EXCEEDS_LIMIT',
      details: { requested: '100.5' },
    });
    expect(formatDecimal(house.state.holds.get(house.placed(order))!.openNotional)).toBe('110');
  });

  it('count the rate per second of the clock', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', limitsOf({ submitsPerSecondMax: 1 }));
    house.placed({});
    house.now += 999;
    expect(house.place({})).toMatchObject({ code: 'ORDER_RATE_EXCEEDED' });
    house.now += 1;
    expect(house.place({})).toEqual(expect.any(String));
  });

  it('forget the loss of yesterday at midnight UTC', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', limitsOf({ dailyLossMax: '1' }));
    house.fill({ fee: '1' });
    house.now = Date.UTC(2026, 0, 5, 23, 59, 59, 999);
    house.market.set('BTC-USD', prices('100', house.now));
    expect(house.place({})).toMatchObject({ code: 'DAILY_LOSS_EXCEEDED' });
    house.now += 1;
    expect(house.place({})).toEqual(expect.any(String));
  });

  it('forget repeats after the window, after another order, and when switched off', () => {
    const house = new RiskHouse();
    const once = limitsOf({ repeatedOrdersMax: 1, repeatedOrderWindowMs: 500 });
    house.limits('ACCOUNT', 'A', once);
    house.placed({});
    expect(house.place({})).toMatchObject({ code: 'REPEATED_ORDER' });
    house.placed({ price: '99.5' });
    house.placed({});
    house.now += 500;
    house.placed({});
    expect(house.place({})).toMatchObject({ code: 'REPEATED_ORDER' });
    house.limits('ACCOUNT', 'A', { ...once, repeatedOrdersMax: 0 });
    house.placed({});
  });

  it('take the longer repeat window and the smaller count above 0', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', limitsOf({ repeatedOrdersMax: 0, repeatedOrderWindowMs: 100 }));
    house.limits('DESK', 'D', limitsOf({ repeatedOrdersMax: 0, repeatedOrderWindowMs: 50 }));
    house.limits('FIRM', '', limitsOf({ repeatedOrdersMax: 1, repeatedOrderWindowMs: 900 }));
    house.placed({});
    house.now += 800;
    expect(house.place({})).toMatchObject({ code: 'REPEATED_ORDER', details: { scope: 'FIRM', limit: '1' } });
  });

  it('compare orders by amount by their amount, for their quantity moves with the market', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', limitsOf({ repeatedOrdersMax: 1, repeatedOrderWindowMs: 500 }));
    house.placed({ type: 'MARKET', quoteQuantity: '50' });
    house.market.set('BTC-USD', prices('101'));
    expect(house.place({ type: 'MARKET', quoteQuantity: '50' })).toMatchObject({ code: 'REPEATED_ORDER' });
  });
});
