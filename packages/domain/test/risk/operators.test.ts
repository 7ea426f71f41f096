/** What operators and start-up ask of the risk engine: trading states, accounts, limits and instruments. */
import { DEFAULT_LIMITS, decimal, InvariantError, LIMIT_NAMES, NO_LIMITS, type OpenAccount } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { BTC, limitsOf, RiskHouse } from './riskHouse.ts';

type Scope = 'FIRM' | 'ACCOUNT' | 'INSTRUMENT';
type State = 'ACTIVE' | 'REDUCING' | 'HALTED';

const change = (
  house: RiskHouse,
  state: State,
  actor: string | null,
  scope: Scope = 'FIRM',
  id: string | null = null,
) => house.run({ type: 'ChangeTradingState', scope, id, state, reason: 'because', actor, replyTo: 7 });

describe('the trading state', () => {
  // biome-ignore format: the table is meant to be read in columns
  const steps: readonly (readonly [what: string, first: readonly [State, string | null] | null, then: readonly [State, string | null], outcome: string, events: number])[] = [
    ['is set',                                         null,                ['REDUCING', 'ann'], 'ACCEPTED', 1],
    ['is ACTIVE before it was ever set',               null,                ['ACTIVE', 'ann'],   'ACCEPTED', 0],
    ['stays as it is',                                 ['REDUCING', 'ann'], ['REDUCING', 'bob'], 'ACCEPTED', 0],
    ['HALTED is lifted by another person',             ['HALTED', 'ann'],   ['ACTIVE', 'bob'],   'ACCEPTED', 1],
    ['HALTED is not lifted by who pulled it',          ['HALTED', 'ann'],   ['ACTIVE', 'ann'],   'REFUSED',  0],
    ['HALTED is not softened by who pulled it',        ['HALTED', 'ann'],   ['REDUCING', 'ann'], 'REFUSED',  0],
    ['HALTED is lifted when nobody is signed in',      ['HALTED', null],    ['ACTIVE', null],    'ACCEPTED', 1],
    ['REDUCING is lifted by who set it',               ['REDUCING', 'ann'], ['ACTIVE', 'ann'],   'ACCEPTED', 1],
    ['REDUCING becomes HALTED by who set it',          ['REDUCING', 'ann'], ['HALTED', 'ann'],   'ACCEPTED', 1],
  ];
  for (const [what, first, then, outcome, events] of steps) {
    it(what, () => {
      const house = new RiskHouse();
      if (first !== null) change(house, ...first);
      const decision = change(house, ...then);
      expect(decision.replies).toMatchObject([{ to: 7, answer: { outcome } }]);
      expect(decision.events).toHaveLength(events);
      if (outcome === 'REFUSED') {
        expect(decision.replies[0]!.answer.reason).toMatchObject({ source: 'OMS', code: 'SECOND_PERSON_REQUIRED' });
      }
    });
  }

  it('keeps who pulled the switch first, when another pulls it again', () => {
    const house = new RiskHouse();
    change(house, 'HALTED', 'ann');
    change(house, 'HALTED', 'bob');
    expect(change(house, 'ACTIVE', 'ann').replies[0]!.answer.outcome).toBe('REFUSED');
    expect(change(house, 'ACTIVE', 'bob').replies[0]!.answer.outcome).toBe('ACCEPTED');
  });

  it.each([
    ['FIRM', null, { accountId: null, symbol: null }],
    ['ACCOUNT', 'A', { accountId: 'A', symbol: null }],
    ['INSTRUMENT', 'BTC-USD', { accountId: null, symbol: 'BTC-USD' }],
  ] as const)('HALTED of %s %s cancels what is open there, and again when it is pulled again', (scope, id, filter) => {
    const house = new RiskHouse();
    const cancel = {
      to: 'order-processor',
      message: { type: 'CancelMatching', ...filter, side: null, origin: 'KILL_SWITCH', replyTo: null },
    };
    expect(change(house, 'HALTED', 'ann', scope, id).sends).toEqual([cancel]);
    expect(change(house, 'HALTED', 'ann', scope, id).sends).toEqual([cancel]);
    expect(change(house, 'ACTIVE', 'bob', scope, id).sends).toEqual([]);
  });

  it.each([
    ['ACCOUNT', 'nobody', 'OMS', 'UNKNOWN_ACCOUNT'],
    ['ACCOUNT', null, 'OMS', 'UNKNOWN_ACCOUNT'],
    ['INSTRUMENT', 'DOGE-USD', 'RISK', 'UNKNOWN_INSTRUMENT'],
    ['INSTRUMENT', null, 'RISK', 'UNKNOWN_INSTRUMENT'],
  ] as const)('of %s %s is refused', (scope, id, source, code) => {
    const decision = change(new RiskHouse(), 'HALTED', 'ann', scope, id);
    expect(decision).toMatchObject({ events: [], sends: [], replies: [{ answer: { outcome: 'REFUSED' } }] });
    expect(decision.replies[0]!.answer.reason).toMatchObject({ source, code });
  });
});

describe('opening an account', () => {
  const message: OpenAccount = {
    type: 'OpenAccount',
    accountId: 'B',
    name: 'Beta',
    kind: 'DESK',
    deskId: 'D',
    deposits: [
      { currency: 'USD', amount: decimal('5') },
      { currency: 'USD', amount: decimal('7') },
    ],
    replyTo: 7,
  };

  it('opens, funds and registers it', () => {
    const house = new RiskHouse();
    const decision = house.run(message);
    expect(decision.events.map(({ type }) => type)).toEqual(['AccountOpened', 'FundsDeposited', 'FundsDeposited']);
    expect(decision.sends).toEqual([{ to: 'order-processor', message: { type: 'RegisterAccount', accountId: 'B' } }]);
    expect(house.account('B').balances.get('USD')).toMatchObject({ total: decimal('12'), deposited: decimal('12') });
  });

  it.each([
    ['the same', {}, 'REPEATED'],
    ['the same deposits in other words', { deposits: [{ currency: 'USD', amount: decimal('12') }] }, 'REPEATED'],
    ['the same and nothing more', { deposits: [...message.deposits, { currency: 'BTC', amount: 0n }] }, 'REPEATED'],
    ['another name', { name: 'Gamma' }, 'REFUSED'],
    ['another kind', { kind: 'BOOK' }, 'REFUSED'],
    ['another desk', { deskId: 'E' }, 'REFUSED'],
    ['other deposits', { deposits: [] }, 'REFUSED'],
    ['further deposits', { deposits: [...message.deposits, { currency: 'BTC', amount: 1n }] }, 'REFUSED'],
  ] as const)('again with %s: %s', (_, changed, outcome) => {
    const house = new RiskHouse();
    house.run(message);
    const decision = house.run({ ...message, ...changed });
    expect(decision).toMatchObject({ events: [], sends: [], replies: [{ answer: { outcome } }] });
    expect(decision.replies[0]!.answer.reason?.code ?? null).toBe(outcome === 'REFUSED' ? 'ACCOUNT_EXISTS' : null);
  });
});

describe('changing limits', () => {
  it.each([
    ['FIRM', ''],
    ['DESK', 'D'],
    ['DESK', 'NEW'],
    ['ACCOUNT', 'A'],
    ['DEFAULT', ''],
  ] as const)('replaces the whole set of %s %s, once', (scope, id) => {
    const house = new RiskHouse();
    const set = limitsOf({ orderQuantityMax: '3', openOrdersMax: 4 });
    expect(house.limits(scope, id, set).events).toEqual([
      { type: 'LimitsChanged', scope, id, limits: set, actor: 'risk' },
    ]);
    const again = house.limits(scope, id, { ...set });
    expect(again).toMatchObject({ events: [], replies: [{ answer: { outcome: 'ACCEPTED' } }] });
  });

  it.each([
    [{ orderQuantityMax: '-1' }, 'INVALID_LIMITS'],
    [{ openOrdersMax: -1 }, 'INVALID_LIMITS'],
    [{ submitsPerSecondMax: 1.5 }, 'INVALID_LIMITS'],
    [{ repeatedOrderWindowMs: Number.NaN }, 'INVALID_LIMITS'],
  ])('refuses %j', (limits, code) => {
    const decision = new RiskHouse().limits('ACCOUNT', 'A', limitsOf(limits));
    expect(decision).toMatchObject({ events: [], replies: [{ answer: { outcome: 'REFUSED', reason: { code } } }] });
  });

  it('refuses an account it does not know', () => {
    const decision = new RiskHouse().limits('ACCOUNT', 'nobody', NO_LIMITS);
    expect(decision.replies[0]!.answer.reason).toMatchObject({ code: 'UNKNOWN_ACCOUNT' });
  });

  it('has a built-in value for every limit', () => {
    expect(Object.keys(DEFAULT_LIMITS)).toEqual([...LIMIT_NAMES]);
    for (const name of LIMIT_NAMES) expect(DEFAULT_LIMITS[name]).toBeGreaterThan(0);
  });
});

describe('listing an instrument', () => {
  it('again the same changes nothing, another definition is journalled', () => {
    const house = new RiskHouse();
    expect(house.run({ type: 'ListInstrument', instrument: { ...BTC } }).events).toEqual([]);
    const halted = { ...BTC, status: 'HALTED' } as const;
    expect(house.run({ type: 'ListInstrument', instrument: halted }).events).toEqual([
      { type: 'InstrumentListed', instrument: halted },
    ]);
  });

  it.each([
    ['breaks its own rules', { ...BTC, priceIncrement: 0n }],
    ['changes its currencies', { ...BTC, quote: 'EUR' }],
    ['changes its kind', { ...BTC, kind: 'PERPETUAL', initialMarginRate: 1n } as const],
  ])('is a fault of ours when it %s', (_, instrument) => {
    expect(() => new RiskHouse().run({ type: 'ListInstrument', instrument })).toThrow(InvariantError);
  });
});
