/**
 * The risk checks as tables: what just passes, what fails one step beyond, with which numbers, and in which order.
 * Reference price 100, price increment 0.5, quantity increment 0.001, fees up to 0.002, margin rate 0.1.
 */
import { RISK_CHECKS, RISK_REASON_CODES, type Reason, type RiskReasonCode } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { BTC, limitsOf, NOON, type OrderText, prices, RiskHouse, WIDE } from './riskHouse.ts';

interface Row {
  readonly code: RiskReasonCode;
  readonly when: string;
  readonly given?: (house: RiskHouse) => void;
  readonly passes: OrderText;
  readonly fails: OrderText;
  /** Between the two, for checks whose edge lies in the state and not in the order. */
  readonly then?: (house: RiskHouse) => void;
  readonly details: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = [
  {
    code: 'UNKNOWN_INSTRUMENT',
    when: 'the symbol is not listed',
    passes: {},
    fails: { symbol: 'DOGE-USD' },
    details: { symbol: 'DOGE-USD' },
  },
  {
    code: 'INSTRUMENT_NOT_TRADING',
    when: 'the instrument only takes cancels',
    passes: {},
    then: (house) => house.run({ type: 'ListInstrument', instrument: { ...BTC, status: 'CANCEL_ONLY' } }),
    fails: {},
    details: { symbol: 'BTC-USD', status: 'CANCEL_ONLY' },
  },
  {
    code: 'TRADING_HALTED',
    when: 'the instrument is halted by hand',
    passes: {},
    then: (house) => setState(house, 'INSTRUMENT', 'BTC-USD', 'HALTED'),
    fails: {},
    details: { scope: 'INSTRUMENT', id: 'BTC-USD', reason: 'test' },
  },
  {
    code: 'TRADING_HALTED',
    when: 'the firm is halted though the account is active and the instrument reducing',
    given: (house) => setState(house, 'INSTRUMENT', 'BTC-USD', 'ACTIVE'),
    passes: {},
    then: (house) => {
      setState(house, 'INSTRUMENT', 'BTC-USD', 'REDUCING');
      setState(house, 'FIRM', null, 'HALTED');
    },
    fails: {},
    details: { scope: 'FIRM', id: '' },
  },
  {
    code: 'REDUCING_ONLY',
    when: 'the account may only reduce',
    given: (house) => {
      house.fill({ side: 'BUY', quantity: '3' });
      setState(house, 'ACCOUNT', 'A', 'REDUCING');
    },
    passes: { side: 'SELL', quantity: '3' },
    fails: { side: 'SELL', quantity: '0.001' },
    details: { scope: 'ACCOUNT', position: '3', openReducing: '3', requested: '0.001', reducible: '0' },
  },
  {
    code: 'REDUCING_ONLY',
    when: 'reduce-only orders together exceed the position',
    given: (house) => {
      house.fill({ side: 'BUY', quantity: '3' });
      house.placed({ side: 'SELL', quantity: '2', reduceOnly: true });
    },
    passes: { side: 'SELL', quantity: '1', reduceOnly: true },
    fails: { side: 'SELL', quantity: '1', reduceOnly: true },
    details: { scope: 'ORDER', position: '3', openReducing: '3', requested: '1', reducible: '0' },
  },
  {
    code: 'REDUCING_ONLY',
    when: 'a reduce-only order has the side of the position',
    given: (house) => house.fill({ symbol: 'BTC-PERP', side: 'SELL', quantity: '3' }),
    passes: { symbol: 'BTC-PERP', side: 'BUY', quantity: '3', reduceOnly: true },
    fails: { symbol: 'BTC-PERP', side: 'SELL', quantity: '1', reduceOnly: true },
    details: { position: '-3', openReducing: '0', reducible: '0' },
  },
  {
    code: 'PRICE_INCREMENT',
    when: 'the price is between two increments',
    passes: { price: '99.5' },
    fails: { price: '99.6' },
    details: { member: 'price', requested: '99.6', increment: '0.5' },
  },
  {
    code: 'PRICE_INCREMENT',
    when: 'the stop price is between two increments',
    passes: { type: 'STOP', stopPrice: '105' },
    fails: { type: 'STOP', stopPrice: '105.1' },
    details: { member: 'stopPrice', requested: '105.1', increment: '0.5' },
  },
  {
    code: 'QUANTITY_INCREMENT',
    when: 'the quantity is between two increments',
    passes: { quantity: '1.001' },
    fails: { quantity: '1.0015' },
    details: { requested: '1.0015', increment: '0.001' },
  },
  {
    code: 'QUANTITY_BELOW_MIN',
    when: 'the instrument has a smallest order',
    given: (house) => house.run({ type: 'ListInstrument', instrument: { ...BTC, minQuantity: 1_000_000n } }),
    passes: { quantity: '0.01' },
    fails: { quantity: '0.009' },
    details: { requested: '0.009', min: '0.01' },
  },
  {
    code: 'QUANTITY_BELOW_MIN',
    when: 'an amount buys less than the smallest order at the reference price',
    passes: { type: 'MARKET', quoteQuantity: '0.1' },
    fails: { type: 'MARKET', quoteQuantity: '0.09999999' },
    details: { requested: '0.00099999', min: '0.001' },
  },
  {
    code: 'QUANTITY_EXCEEDS_MAX',
    when: 'the instrument has a largest order',
    passes: { quantity: '100', price: '99.5' },
    fails: { quantity: '100.001' },
    details: { requested: '100.001', max: '100' },
    given: (house) => rich(house),
  },
  {
    code: 'NOTIONAL_BELOW_MIN',
    when: 'the instrument has a smallest notional',
    given: (house) => house.run({ type: 'ListInstrument', instrument: { ...BTC, minNotional: 1_000_000_000n } }),
    passes: { quantity: '0.1', price: '100' },
    fails: { quantity: '0.1', price: '99.5' },
    details: { requested: '9.95', min: '10' },
  },
  {
    code: 'ORDER_QUANTITY_EXCEEDS_LIMIT',
    when: 'the desk allows less than the account',
    given: (house) => house.limits('DESK', 'D', limitsOf({ orderQuantityMax: '2' })),
    passes: { quantity: '2' },
    fails: { quantity: '2.001' },
    details: { limit: '2', used: '0', requested: '2.001', scope: 'DESK', limitName: 'orderQuantityMax' },
  },
  {
    code: 'ORDER_NOTIONAL_EXCEEDS_LIMIT',
    when: 'the firm allows less than the account',
    given: (house) => house.limits('FIRM', '', limitsOf({ orderNotionalMax: '200' })),
    passes: { quantity: '2', price: '100' },
    fails: { quantity: '2', price: '100.5' },
    details: { limit: '200', requested: '201', scope: 'FIRM' },
  },
  {
    code: 'ORDER_NOTIONAL_EXCEEDS_LIMIT',
    when: 'a market order is judged by the worst price it may trade at',
    given: (house) => house.limits('ACCOUNT', 'A', limitsOf({ orderNotionalMax: '220' })),
    passes: { type: 'MARKET', quantity: '2' },
    fails: { type: 'MARKET', quantity: '2.001' },
    details: { limit: '220', requested: '220.11', scope: 'ACCOUNT' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'a buy is too high',
    passes: { price: '110' },
    fails: { price: '110.5' },
    details: { limit: '0.1', requested: '110.5', referencePrice: '100', distance: '0.105', scope: 'DEFAULT' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'a buy is too low',
    passes: { price: '90' },
    fails: { price: '89.5' },
    details: { distance: '0.105' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'a sell is too low',
    passes: { side: 'SELL', price: '90' },
    fails: { side: 'SELL', price: '89.5' },
    details: { requested: '89.5' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'a stop limit is too far from its own stop price',
    passes: { type: 'STOP_LIMIT', stopPrice: '150', price: '165' },
    fails: { type: 'STOP_LIMIT', stopPrice: '150', price: '165.5' },
    details: { requested: '165.5', referencePrice: '150' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'the reference price is missing',
    passes: {},
    then: (house) => house.market.delete('BTC-USD'),
    fails: {},
    details: { referencePrice: 'missing' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'the reference price of a market order is missing',
    passes: { type: 'MARKET' },
    then: (house) => house.market.delete('BTC-USD'),
    fails: { type: 'MARKET' },
    details: { referencePrice: 'missing' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'the reference price is older than a minute',
    given: (house) => house.market.set('BTC-USD', prices('100', NOON - 60_000)),
    passes: {},
    then: (house) => house.market.set('BTC-USD', prices('100', NOON - 60_001)),
    fails: {},
    details: { referencePrice: 'stale', ageMs: '60001', ageMsMax: '60000' },
  },
  {
    code: 'ORDER_RATE_EXCEEDED',
    when: 'the account has used up its second',
    given: (house) => {
      house.limits('ACCOUNT', 'A', limitsOf({ submitsPerSecondMax: 2 }));
      house.placed({});
    },
    passes: {},
    fails: {},
    details: { limit: '2', used: '2', requested: '1', scope: 'ACCOUNT', limitName: 'submitsPerSecondMax' },
  },
  {
    code: 'OPEN_ORDERS_EXCEED_LIMIT',
    when: 'the account has its number of open orders',
    given: (house) => house.limits('ACCOUNT', 'A', limitsOf({ openOrdersMax: 1 })),
    passes: {},
    fails: {},
    details: { limit: '1', used: '1', requested: '1', scope: 'ACCOUNT' },
  },
  ...(['DESK', 'FIRM'] as const).map(
    (scope): Row => ({
      code: 'OPEN_ORDERS_EXCEED_LIMIT',
      when: `the ${scope} has its number of open orders, with those of another account`,
      given: (house) => {
        house.limits(scope, scope === 'DESK' ? 'D' : '', limitsOf({ openOrdersMax: 2 }));
        house.open('B', 'D', { USD: '1000' });
        house.placed({}, 'B');
      },
      passes: {},
      fails: {},
      details: { limit: '2', used: '2', requested: '1', scope },
    }),
  ),
  {
    code: 'OPEN_NOTIONAL_EXCEEDS_LIMIT',
    when: 'the account has its open notional',
    given: (house) => {
      house.limits('ACCOUNT', 'A', limitsOf({ openNotionalMax: '300' }));
      house.placed({ quantity: '2' });
    },
    passes: { quantity: '1' },
    fails: { quantity: '0.001' },
    details: { limit: '300', used: '300', requested: '0.1', scope: 'ACCOUNT' },
  },
  ...(['DESK', 'FIRM'] as const).map(
    (scope): Row => ({
      code: 'OPEN_NOTIONAL_EXCEEDS_LIMIT',
      when: `the ${scope} has its open notional, with that of another account`,
      given: (house) => {
        house.limits(scope, scope === 'DESK' ? 'D' : '', limitsOf({ openNotionalMax: '300' }));
        house.open('B', 'D', { USD: '1000' });
        house.placed({ quantity: '2' }, 'B');
      },
      passes: { quantity: '1' },
      fails: { quantity: '0.001' },
      details: { limit: '300', used: '300', requested: '0.1', scope },
    }),
  ),
  {
    code: 'POSITION_EXCEEDS_LIMIT',
    when: 'position and open buys reach the limit',
    given: (house) => {
      house.limits('ACCOUNT', 'A', limitsOf({ positionQuantityMax: '5' }));
      house.fill({ side: 'BUY', quantity: '2' });
      house.placed({ quantity: '2' });
    },
    passes: { quantity: '1' },
    fails: { quantity: '0.001' },
    details: { limit: '5', used: '5', requested: '0.001' },
  },
  {
    code: 'POSITION_EXCEEDS_LIMIT',
    when: 'a sale may turn the position around',
    given: (house) => {
      house.limits('ACCOUNT', 'A', limitsOf({ positionQuantityMax: '5' }));
      house.fill({ side: 'BUY', quantity: '2' });
    },
    passes: { side: 'SELL', quantity: '7' },
    fails: { side: 'SELL', quantity: '0.001' },
    details: { limit: '5', used: '5', requested: '0.001' },
  },
  {
    code: 'INSUFFICIENT_BALANCE',
    when: 'a purchase needs its notional and the fee',
    passes: { quantity: '99.8', price: '100' },
    fails: { quantity: '0.001', price: '100' },
    details: { currency: 'USD', requested: '0.1002', available: '0.04' },
  },
  {
    code: 'INSUFFICIENT_BALANCE',
    when: 'a sale needs the base quantity',
    passes: { side: 'SELL', quantity: '10' },
    fails: { side: 'SELL', quantity: '0.001' },
    details: { currency: 'BTC', requested: '0.001', available: '0' },
  },
  {
    code: 'INSUFFICIENT_MARGIN',
    when: 'the loss at the mark counts, the gain does not',
    given: (house) => {
      // Long 50 at 100 takes 500 of margin; at 95 it has lost 250.
      house.fill({ symbol: 'BTC-PERP', side: 'BUY', quantity: '50' });
      house.market.set('BTC-PERP', prices('95'));
      house.placed({ quantity: '92', price: '100' });
    },
    // Available 10,000 − 500 − 9,218.4 − 250 = 31.6; each unit at 95 takes 9.5 margin and 0.19 fee.
    passes: { symbol: 'BTC-PERP', quantity: '3.261', price: '95' },
    fails: { symbol: 'BTC-PERP', quantity: '0.001', price: '95' },
    details: { currency: 'USD', unrealizedLoss: '250', available: '0.00091', requested: '0.00969' },
  },
  {
    code: 'INSUFFICIENT_MARGIN',
    when: 'a gain at the mark is not there yet',
    given: (house) => {
      house.fill({ symbol: 'BTC-PERP', side: 'BUY', quantity: '50' });
      house.market.set('BTC-PERP', prices('105'));
      house.placed({ quantity: '94', price: '100' });
    },
    // Available 10,000 − 500 − 9,418.8 = 81.2; each unit at 100 takes 10 margin and 0.2 fee.
    passes: { symbol: 'BTC-PERP', quantity: '7.96', price: '100' },
    fails: { symbol: 'BTC-PERP', quantity: '0.001', price: '100' },
    details: { currency: 'USD', unrealizedLoss: '0', available: '0.008', requested: '0.0102' },
  },
  {
    code: 'DAILY_LOSS_EXCEEDED',
    when: 'the realized loss of the day reaches the limit',
    given: (house) => {
      house.limits('ACCOUNT', 'A', limitsOf({ dailyLossMax: '10' }));
      house.fill({ side: 'BUY', quantity: '1', price: '100' });
      house.fill({ side: 'SELL', quantity: '1', price: '90.5' });
    },
    passes: {},
    then: (house) => house.fill({ side: 'BUY', quantity: '1', fee: '0.5' }),
    fails: {},
    details: { limit: '10', used: '10', scope: 'ACCOUNT' },
  },
  {
    code: 'REPEATED_ORDER',
    when: 'the very same order comes too often in a row',
    given: (house) => {
      house.limits('ACCOUNT', 'A', limitsOf({ repeatedOrdersMax: 2, repeatedOrderWindowMs: 500 }));
      house.placed({});
      house.now += 499;
    },
    passes: {},
    fails: {},
    details: { limit: '2', used: '2', requested: '1', scope: 'ACCOUNT' },
  },
];

function setState(house: RiskHouse, scope: 'FIRM' | 'ACCOUNT' | 'INSTRUMENT', id: string | null, state: 'ACTIVE' | 'REDUCING' | 'HALTED') {
  house.run({ type: 'ChangeTradingState', scope, id, state, reason: 'test', actor: null, replyTo: null });
}

const rich = (house: RiskHouse) => {
  house.state.accounts.get('A')!.balances.get('USD')!.total *= 10n;
};

describe('risk checks', () => {
  for (const { code, when, given, passes, then, fails, details } of ROWS) {
    it(`${code}: ${when}`, () => {
      const house = new RiskHouse();
      given?.(house);
      expect(house.place(passes)).toEqual(expect.any(String));
      then?.(house);
      const refusal = house.place(fails) as Reason;
      expect(refusal).toMatchObject({ source: 'RISK', code });
      expect(refusal.details).toMatchObject(details);
      expect(refusal.message).not.toBe('');
    });
  }

  it('are all covered by the table above', () => {
    expect(new Set(ROWS.map(({ code }) => code))).toEqual(new Set(RISK_REASON_CODES));
  });

  it('run in the published order', () => {
    expect(['UNKNOWN_INSTRUMENT', ...RISK_CHECKS.map(({ code }) => code)]).toEqual(RISK_REASON_CODES);
  });
});

/** One order, or the state it meets, that breaks exactly the named rule. */
const FAULTS: readonly (readonly [RiskReasonCode, OrderText, (house: RiskHouse) => void])[] = [
  ['INSTRUMENT_NOT_TRADING', {}, (house) => house.run({ type: 'ListInstrument', instrument: { ...BTC, status: 'HALTED' } })],
  ['TRADING_HALTED', {}, (house) => setState(house, 'ACCOUNT', 'A', 'HALTED')],
  ['REDUCING_ONLY', {}, (house) => setState(house, 'FIRM', null, 'REDUCING')],
  ['PRICE_INCREMENT', { price: '120.3' }, () => undefined],
  ['QUANTITY_INCREMENT', { quantity: '200.0001' }, () => undefined],
  ['QUANTITY_EXCEEDS_MAX', { quantity: '200.001' }, () => undefined],
  ['ORDER_QUANTITY_EXCEEDS_LIMIT', {}, tighten('orderQuantityMax', '0.5')],
  ['ORDER_NOTIONAL_EXCEEDS_LIMIT', {}, tighten('orderNotionalMax', '50')],
  ['PRICE_OUTSIDE_COLLAR', { price: '120' }, () => undefined],
  ['ORDER_RATE_EXCEEDED', {}, tighten('submitsPerSecondMax', 0)],
  ['OPEN_ORDERS_EXCEED_LIMIT', {}, tighten('openOrdersMax', 0)],
  ['OPEN_NOTIONAL_EXCEEDS_LIMIT', {}, tighten('openNotionalMax', '50')],
  ['POSITION_EXCEEDS_LIMIT', {}, tighten('positionQuantityMax', '0.5')],
  ['INSUFFICIENT_BALANCE', {}, (house) => void (house.account().balances.get('USD')!.total = 0n)],
  ['DAILY_LOSS_EXCEEDED', {}, tighten('dailyLossMax', '0')],
];

function tighten(name: Parameters<typeof limitsOf>[0] extends Partial<Record<infer Name, unknown>> ? Name : never, value: string | number) {
  return (house: RiskHouse): void => {
    house.limits('ACCOUNT', 'A', { ...house.account().limits, ...pick(name, value) });
  };
}

const pick = (name: string, value: string | number) =>
  Object.fromEntries(Object.entries(limitsOf({ [name]: value })).filter(([key]) => key === name));

describe('an order that breaks two rules', () => {
  for (const [earlier, [first, firstOrder, firstState]] of FAULTS.entries()) {
    for (const [second, secondOrder, secondState] of FAULTS.slice(earlier + 1)) {
      // Both states are of FIRM and ACCOUNT; the two orders merge, the earlier rule's members last.
      it(`is refused for ${first} rather than ${second}`, () => {
        const house = new RiskHouse();
        secondState(house);
        firstState(house);
        expect(house.place({ ...secondOrder, ...firstOrder })).toMatchObject({ code: first });
      });
    }
  }
});

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
    expect(WIDE.repeatedOrdersMax).toBe(0);
  });
});

describe('assessing an order', () => {
  it('answers the same order again without a second hold', () => {
    const house = new RiskHouse();
    const message = house.assessment({ type: 'MARKET' });
    const first = house.run(message);
    house.market.set('BTC-USD', prices('120'));
    const again = house.run(message);
    expect(again.events).toEqual([]);
    expect(again.sends).toEqual(first.sends);
  });

  it('refuses an account it does not know, as OMS', () => {
    expect(new RiskHouse().place({}, 'nobody')).toMatchObject({ source: 'OMS', code: 'UNKNOWN_ACCOUNT' });
  });

  it('never changes the state', () => {
    const house = new RiskHouse();
    const before = structuredClone(house.state);
    house.place({ quantity: '100000' });
    expect(house.state).toEqual(before);
  });
});
