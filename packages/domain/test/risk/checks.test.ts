/** The risk checks one by one (see checkRows.ts), and in which order they answer. */
import { decideRisk, type Reason, RISK_CHECKS, RISK_REASON_CODES, type RiskReasonCode } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { CHECK_ROWS, setState } from './checkRows.ts';
import { BTC, limitsOf, type OrderText, RiskHouse } from './riskHouse.ts';

describe('risk checks', () => {
  for (const { code, when, given, passes, thereafter, fails, details } of CHECK_ROWS) {
    it(`${code}: ${when}`, () => {
      const house = new RiskHouse();
      given?.(house);
      expect(house.place(passes)).toEqual(expect.any(String));
      thereafter?.(house);
      const refusal = house.place(fails) as Reason;
      expect(refusal).toMatchObject({ source: 'RISK', code });
      expect(refusal.details).toMatchObject(details);
      expect(refusal.message).not.toBe('');
    });
  }

  it('are all covered by the table above', () => {
    expect(new Set(CHECK_ROWS.map(({ code }) => code))).toEqual(new Set(RISK_REASON_CODES));
  });

  it('run in the published order', () => {
    expect(['UNKNOWN_INSTRUMENT', ...RISK_CHECKS.map(({ code }) => code)]).toEqual(RISK_REASON_CODES);
  });
});

/** One order, or the state it meets, that breaks exactly the named rule. */
const FAULTS: readonly (readonly [RiskReasonCode, OrderText, (house: RiskHouse) => void])[] = [
  [
    'INSTRUMENT_NOT_TRADING',
    {},
    (house) => house.run({ type: 'ListInstrument', instrument: { ...BTC, status: 'HALTED' } }),
  ],
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
  ['INSUFFICIENT_BALANCE', {}, spendEverything],
  ['DAILY_LOSS_EXCEEDED', {}, tighten('dailyLossMax', '0')],
];

function spendEverything(house: RiskHouse): void {
  house.account().balances.get('USD')!.total = 0n;
}

function tighten(
  name: Parameters<typeof limitsOf>[0] extends Partial<Record<infer Name, unknown>> ? Name : never,
  value: string | number,
) {
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

describe('assessing an order', () => {
  it('answers the same order again without a second hold', () => {
    const house = new RiskHouse();
    const message = house.assessment({ type: 'MARKET' });
    const first = house.run(message);
    house.market.clear();
    const again = house.run(message);
    expect(again.events).toEqual([]);
    expect(again.sends).toEqual(first.sends);
  });

  it('refuses an account it does not know, as OMS', () => {
    expect(new RiskHouse().place({}, 'nobody')).toMatchObject({ source: 'OMS', code: 'UNKNOWN_ACCOUNT' });
  });

  it('never changes the state', () => {
    const house = new RiskHouse();
    house.placed({});
    const copy = () => structuredClone({ ...house.state, holds: [...house.state.holds] });
    const before = copy();
    house.place({ quantity: '100000' });
    decideRisk(house.assessment({ symbol: 'BTC-PERP' }), house.state, house.context);
    expect(copy()).toEqual(before);
  });
});
