/**
 * Which limit holds for an account: the tightest of its own, its desk's and the firm's. What an account leaves unset
 * comes from the default set and then from DEFAULT_LIMITS, so that every limit always has a value. Orders are checked
 * against {@link EffectiveLimits}, worked out when a limit changes instead of nine times for every order.
 */
import type { Amount } from '../money.ts';
import { DEFAULT_LIMITS, LIMIT_NAMES, type LimitName, NO_LIMITS, type RiskLimits } from './limits.ts';
import type { AccountRisk, Aggregate, Desk, RiskState } from './state.ts';

/** What of an account its limits follow from. */
export type LimitedAccount = Pick<AccountRisk, 'limits'>;
export type LimitSource = 'ACCOUNT' | 'DEFAULT' | 'DESK' | 'FIRM';
export type LimitValue<Name extends LimitName> = NonNullable<RiskLimits[Name]>;

/** The account's own limit, or what stands in for it. */
export const ownLimit = <Name extends LimitName>(
  state: RiskState,
  account: LimitedAccount,
  name: Name,
): LimitValue<Name> => (account.limits[name] ?? state.defaultLimits[name] ?? DEFAULT_LIMITS[name]) as LimitValue<Name>;

/** A smaller value is tighter, except that 0 repeats means "off" and a longer repeat window catches more. */
export function isTighter(name: LimitName, value: bigint | number, than: bigint | number): boolean {
  if (name === 'repeatedOrdersMax') return value !== 0 && (than === 0 || value < than);
  return name === 'repeatedOrderWindowMs' ? value > than : value < than;
}

export function tightestLimit<Name extends LimitName>(
  state: RiskState,
  account: LimitedAccount,
  desk: Aggregate,
  name: Name,
): LimitValue<Name> {
  let tightest: LimitValue<Name> = ownLimit(state, account, name);
  const ofDesk = desk.limits[name];
  if (ofDesk !== null && isTighter(name, ofDesk, tightest)) tightest = ofDesk;
  const ofFirm = state.firm.limits[name];
  if (ofFirm !== null && isTighter(name, ofFirm, tightest)) tightest = ofFirm;
  return tightest;
}

/** What an order is checked against: the tightest of every limit, and of the totals what the account alone may have. */
export type EffectiveLimits = {
  readonly [Name in Exclude<LimitName, 'openOrdersMax' | 'openNotionalMax'>]: LimitValue<Name>;
} & {
  readonly ownOpenOrdersMax: number;
  readonly ownOpenNotionalMax: Amount;
};

/** What an account with these limits of its own is checked against. */
export function resolveLimits(state: RiskState, limits: RiskLimits, desk: Aggregate): EffectiveLimits {
  const tightest = <Name extends LimitName>(name: Name): LimitValue<Name> =>
    tightestLimit(state, { limits }, desk, name);
  return {
    orderQuantityMax: tightest('orderQuantityMax'),
    orderNotionalMax: tightest('orderNotionalMax'),
    priceCollarRate: tightest('priceCollarRate'),
    submitsPerSecondMax: tightest('submitsPerSecondMax'),
    replacesPerSecondMax: tightest('replacesPerSecondMax'),
    positionQuantityMax: tightest('positionQuantityMax'),
    dailyLossMax: tightest('dailyLossMax'),
    repeatedOrdersMax: tightest('repeatedOrdersMax'),
    repeatedOrderWindowMs: tightest('repeatedOrderWindowMs'),
    ownOpenOrdersMax: ownLimit(state, { limits }, 'openOrdersMax'),
    ownOpenNotionalMax: ownLimit(state, { limits }, 'openNotionalMax'),
  };
}

/** As {@link resolveLimits}; one object for all accounts of the desk that have no limits of their own. */
export const limitsFor = (state: RiskState, limits: RiskLimits, desk: Desk): EffectiveLimits =>
  LIMIT_NAMES.every((name) => limits[name] === null) ? desk.accountLimits : resolveLimits(state, limits, desk);

/** After a change of a limit that may be anybody's. */
export function resolveEverybodysLimits(state: RiskState): void {
  for (const desk of state.desks.values()) desk.accountLimits = resolveLimits(state, NO_LIMITS, desk);
  for (const account of state.accounts.values()) {
    account.effectiveLimits = limitsFor(state, account.limits, account.desk);
  }
}

/** The scope {@link tightestLimit} came from; the narrower one when two are equally tight. */
export function limitSourceOf(
  state: RiskState,
  account: LimitedAccount,
  desk: Aggregate,
  name: LimitName,
): LimitSource {
  const tightest = tightestLimit(state, account, desk, name);
  if (tightest === ownLimit(state, account, name)) return account.limits[name] === null ? 'DEFAULT' : 'ACCOUNT';
  return tightest === desk.limits[name] ? 'DESK' : 'FIRM';
}
