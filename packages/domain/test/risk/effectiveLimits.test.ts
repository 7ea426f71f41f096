/** What accounts are checked against, held against the walk over all scopes after every change of a limit. */
import {
  COUNT_LIMITS,
  type EffectiveLimits,
  evolveRisk,
  initialRiskState,
  LIMIT_NAMES,
  type LimitName,
  type LimitScope,
  NO_LIMITS,
  ownLimit,
  type RiskEvent,
  type RiskLimits,
  type RiskState,
  tightestLimit,
} from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from './riskHouse.ts';

/** Few values, so that scopes are often equally tight; 0 switches the repeated-order check off. */
const limit = (name: LimitName): fc.Arbitrary<bigint | number | null> =>
  fc.option<bigint | number>(COUNT_LIMITS.has(name) ? fc.nat(3) : fc.bigInt(0n, 3n), { freq: 2 });
const limits = fc.record(
  Object.fromEntries(LIMIT_NAMES.map((name) => [name, limit(name)])),
) as unknown as fc.Arbitrary<RiskLimits>;

const ACCOUNTS = ['A', 'B', 'C'] as const;
const DESKS = ['D', 'E'] as const;

const changeOf = (scope: LimitScope, ids: readonly string[]): fc.Arbitrary<RiskEvent> =>
  fc.record({
    type: fc.constant('LimitsChanged' as const),
    scope: fc.constant(scope),
    id: fc.constantFrom(...ids),
    limits: fc.oneof(limits, fc.constant(NO_LIMITS)),
    actor: fc.constant(null),
  });
/** Two of the accounts are opened late: after limits of their desks were set. */
const event = fc.oneof(
  changeOf('DEFAULT', ['']),
  changeOf('FIRM', ['']),
  changeOf('DESK', DESKS),
  changeOf('ACCOUNT', ['A']),
  fc.record({
    type: fc.constant('AccountOpened' as const),
    accountId: fc.constantFrom('B', 'C'),
    name: fc.constant('late'),
    kind: fc.constant('DESK'),
    deskId: fc.constantFrom(...DESKS),
  }),
);

/** Worked out anew, scope by scope. */
function reference(state: RiskState, accountId: string): EffectiveLimits {
  const account = state.accounts.get(accountId)!;
  const desk = state.desks.get(account.deskId)!;
  const {
    openOrdersMax: _,
    openNotionalMax: __,
    ...tightest
  } = Object.fromEntries(LIMIT_NAMES.map((name) => [name, tightestLimit(state, account, desk, name)]));
  return {
    ...tightest,
    ownOpenOrdersMax: ownLimit(state, account, 'openOrdersMax'),
    ownOpenNotionalMax: ownLimit(state, account, 'openNotionalMax'),
  } as EffectiveLimits;
}

describe('effective limits', () => {
  it('are those of a walk over all scopes, after any change anywhere', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const state = initialRiskState(0);
        evolveRisk(state, { type: 'AccountOpened', accountId: 'A', name: 'A', kind: 'DESK', deskId: 'D' }, NOON);
        for (const each of events) {
          if (each.type === 'AccountOpened' && state.accounts.has(each.accountId)) continue;
          evolveRisk(state, each, NOON);
          for (const accountId of ACCOUNTS) {
            const account = state.accounts.get(accountId);
            if (account !== undefined) expect(account.effectiveLimits).toEqual(reference(state, accountId));
          }
        }
      }),
    );
  });

  it('are one object for all accounts of a desk that set none', () => {
    const state = initialRiskState(0);
    for (const accountId of ACCOUNTS) {
      evolveRisk(state, { type: 'AccountOpened', accountId, name: '', kind: 'DESK', deskId: 'D' }, NOON);
    }
    const own = { ...NO_LIMITS, openOrdersMax: 1 };
    evolveRisk(state, { type: 'LimitsChanged', scope: 'ACCOUNT', id: 'C', limits: own, actor: null }, NOON);
    const [a, b, c] = ACCOUNTS.map((accountId) => state.accounts.get(accountId)!.effectiveLimits);
    expect(a).toBe(b);
    expect(c).not.toBe(a);
  });
});
