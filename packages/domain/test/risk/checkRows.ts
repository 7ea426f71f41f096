/**
 * The risk checks as a table: what just passes, what fails one step beyond, and with which numbers.
 * Reference price 100, price increment 0.5, quantity increment 0.001, fees up to 0.002, margin rate 0.1.
 */
import type { RiskReasonCode } from '@oms/domain';
import { BTC, limitsOf, NOON, type OrderText, prices, type RiskHouse } from './riskHouse.ts';

export interface CheckRow {
  readonly code: RiskReasonCode;
  readonly when: string;
  readonly given?: (house: RiskHouse) => void;
  readonly passes: OrderText;
  readonly fails: OrderText;
  /** Between the two, for checks whose edge lies in the state and not in the order. */
  readonly thereafter?: (house: RiskHouse) => void;
  readonly details: Readonly<Record<string, string>>;
}

export const CHECK_ROWS: readonly CheckRow[] = [
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
    thereafter: (house) => house.run({ type: 'ListInstrument', instrument: { ...BTC, status: 'CANCEL_ONLY' } }),
    fails: {},
    details: { symbol: 'BTC-USD', status: 'CANCEL_ONLY' },
  },
  {
    code: 'TRADING_HALTED',
    when: 'the instrument is halted by hand',
    passes: {},
    thereafter: (house) => setState(house, 'INSTRUMENT', 'BTC-USD', 'HALTED'),
    fails: {},
    details: { scope: 'INSTRUMENT', id: 'BTC-USD', reason: 'test' },
  },
  {
    code: 'TRADING_HALTED',
    when: 'the firm is halted though the account is active and the instrument reducing',
    given: (house) => setState(house, 'INSTRUMENT', 'BTC-USD', 'ACTIVE'),
    passes: {},
    thereafter: (house) => {
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
    thereafter: (house) => house.market.delete('BTC-USD'),
    fails: {},
    details: { referencePrice: 'missing' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'the reference price of a market order is missing',
    passes: { type: 'MARKET' },
    thereafter: (house) => house.market.delete('BTC-USD'),
    fails: { type: 'MARKET' },
    details: { referencePrice: 'missing' },
  },
  {
    code: 'PRICE_OUTSIDE_COLLAR',
    when: 'the reference price is older than a minute',
    given: (house) => house.market.set('BTC-USD', prices('100', NOON - 60_000)),
    passes: {},
    thereafter: (house) => house.market.set('BTC-USD', prices('100', NOON - 60_001)),
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
    (scope): CheckRow => ({
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
    (scope): CheckRow => ({
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
    code: 'POSITION_EXCEEDS_LIMIT',
    when: 'a reduce-only sale, filled first, would let the ordinary sales go too far',
    given: (house) => {
      house.limits('ACCOUNT', 'A', limitsOf({ positionQuantityMax: '5' }));
      house.fill({ side: 'BUY', quantity: '2' });
      house.placed({ side: 'SELL', quantity: '6' });
    },
    passes: { side: 'SELL', quantity: '1', reduceOnly: true },
    fails: { side: 'SELL', quantity: '0.001', reduceOnly: true },
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
    thereafter: (house) => house.fill({ side: 'BUY', quantity: '1', fee: '0.5' }),
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

export function setState(
  house: RiskHouse,
  scope: 'FIRM' | 'ACCOUNT' | 'INSTRUMENT',
  id: string | null,
  state: 'ACTIVE' | 'REDUCING' | 'HALTED',
) {
  house.run({ type: 'ChangeTradingState', scope, id, state, reason: 'test', actor: null, replyTo: null });
}

const rich = (house: RiskHouse) => {
  house.state.accounts.get('A')!.balances.get('USD')!.total *= 10n;
};
