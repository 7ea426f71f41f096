/** What the wire shows of the risk state. */
import {
  accountViews,
  balanceViews,
  type LimitName,
  limitsView,
  positionViews,
  type RiskState,
  tradingStateViews,
} from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { limitsOf, NOON, prices, RiskHouse } from './riskHouse.ts';

/** "limit source used" of one limit. */
function useOf(state: RiskState, name: LimitName, now = NOON): string {
  const { limit, source, used } = limitsView(state, 'A', now)!.effective.find((use) => use.name === name)!;
  return `${limit} ${source} ${used}`;
}

describe('positions', () => {
  it('are valued at the mark, and show their closed ones with what they earned', () => {
    const house = new RiskHouse();
    house.fill({ symbol: 'BTC-PERP', side: 'SELL', quantity: '3', price: '100', fee: '0.3' });
    house.fill({ side: 'BUY', quantity: '1', price: '99' });
    house.fill({ side: 'SELL', quantity: '1', price: '101' });
    house.market.set('BTC-PERP', prices('90.5'));
    house.market.delete('BTC-USD');
    expect(positionViews(house.state, 'A', house.context.market)).toEqual([
      {
        accountId: 'A',
        symbol: 'BTC-PERP',
        quantity: '-3',
        averagePrice: '100',
        realizedPnl: '-0.3',
        unrealizedPnl: '28.5',
        markPrice: '90.5',
        sequence: 3,
      },
      {
        accountId: 'A',
        symbol: 'BTC-USD',
        quantity: '0',
        averagePrice: null,
        realizedPnl: '2',
        unrealizedPnl: null,
        markPrice: null,
        sequence: 3,
      },
    ]);
  });

  it('of a long one lose when the mark falls', () => {
    const house = new RiskHouse();
    house.fill({ quantity: '3', price: '100' });
    house.market.set('BTC-USD', prices('99.5'));
    expect(positionViews(house.state, null, house.context.market)).toMatchObject([{ unrealizedPnl: '-1.5' }]);
    expect(positionViews(house.state, 'nobody', house.context.market)).toEqual([]);
  });
});

describe('balances', () => {
  it('show holds and margin as held, and what is left', () => {
    const house = new RiskHouse();
    house.fill({ symbol: 'BTC-PERP', quantity: '5' });
    house.placed({ quantity: '1' });
    house.open('B', 'D', { EUR: '1' });
    const usd = { accountId: 'A', currency: 'USD', total: '10000', held: '150.2', available: '9849.8', sequence: 4 };
    const btc = { accountId: 'A', currency: 'BTC', total: '10', held: '0', available: '10', sequence: 4 };
    expect(balanceViews(house.state, 'A')).toEqual([usd, btc]);
    expect(balanceViews(house.state, null)).toHaveLength(3);
  });
});

describe('accounts', () => {
  it('show the stricter of the firm and their own state', () => {
    const house = new RiskHouse();
    house.open('B', 'D');
    const change = { type: 'ChangeTradingState', reason: '', actor: null, replyTo: null } as const;
    const states = () => accountViews(house.state).map(({ tradingState }) => tradingState);
    expect(states()).toEqual(['ACTIVE', 'ACTIVE']);
    house.run({ ...change, scope: 'ACCOUNT', id: 'B', state: 'HALTED' });
    house.run({ ...change, scope: 'FIRM', id: null, state: 'REDUCING' });
    expect(states()).toEqual(['REDUCING', 'HALTED']);
    expect(accountViews(house.state)[1]).toMatchObject({ accountId: 'B', name: 'B', kind: 'DESK', deskId: 'D' });
  });
});

describe('trading states', () => {
  it('show the firm always and others once set', () => {
    const house = new RiskHouse();
    const firm = { scope: 'FIRM', id: null, state: 'ACTIVE', reason: '', actor: null };
    expect(tradingStateViews(house.state)).toEqual([{ ...firm, changedAt: '1970-01-01T00:00:00.000Z' }]);
    const change = { type: 'ChangeTradingState', scope: 'ACCOUNT', id: 'A', state: 'HALTED', reason: 'why' } as const;
    house.run({ ...change, actor: 'ann', replyTo: null });
    expect(tradingStateViews(house.state)[1]).toEqual({
      scope: 'ACCOUNT',
      id: 'A',
      state: 'HALTED',
      reason: 'why',
      actor: 'ann',
      changedAt: '2026-01-05T12:00:00.000Z',
    });
  });
});

describe('limits', () => {
  it('show the own set, the tightest in force, who set it and what is used', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', limitsOf({ orderQuantityMax: '5', openOrdersMax: 3 }));
    house.limits('DESK', 'D', limitsOf({ orderQuantityMax: '4', openNotionalMax: '500' }));
    house.limits('FIRM', '', limitsOf({ openOrdersMax: 2, openNotionalMax: '900' }));
    house.open('B', 'D', { USD: '1000' });
    house.placed({ quantity: '2' });
    house.placed({ quantity: '1' }, 'B');
    house.fill({ quantity: '3', price: '100', fee: '2' });

    const view = limitsView(house.state, 'A', NOON)!;
    expect(view.limits).toMatchObject({ orderQuantityMax: '5', openOrdersMax: 3, dailyLossMax: null });
    expect(useOf(house.state, 'orderQuantityMax')).toBe('4 DESK null');
    expect(useOf(house.state, 'openOrdersMax')).toBe('2 FIRM 2');
    expect(useOf(house.state, 'openNotionalMax')).toBe('500 DESK 300');
    expect(useOf(house.state, 'positionQuantityMax')).toBe('1000000 DEFAULT 3');
    expect(useOf(house.state, 'dailyLossMax')).toBe('1000000000 DEFAULT 2');
    expect(useOf(house.state, 'submitsPerSecondMax')).toBe('1000000 DEFAULT 1');
    expect(useOf(house.state, 'replacesPerSecondMax')).toBe('1000000 DEFAULT 0');
    expect(useOf(house.state, 'submitsPerSecondMax', NOON + 1_000)).toBe('1000000 DEFAULT 0');
    expect(limitsView(house.state, 'nobody', NOON)).toBeNull();
  });

  it('name the account when its own total has the least room', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', limitsOf({ openOrdersMax: 3 }));
    house.limits('FIRM', '', limitsOf({ openOrdersMax: 9 }));
    expect(useOf(house.state, 'openOrdersMax')).toBe('3 ACCOUNT 0');
  });
});
