/**
 * Which limit holds for an account: the tightest of its own, its desk's and the firm's. What an account leaves unset
 * comes from the default set and then from DEFAULT_LIMITS, so that every limit always has a value.
 */
import { DEFAULT_LIMITS, type LimitName, type RiskLimits } from './limits.ts';
import type { AccountRisk, Aggregate, RiskState } from './state.ts';

export type LimitSource = 'ACCOUNT' | 'DEFAULT' | 'DESK' | 'FIRM';
export type LimitValue<Name extends LimitName> = NonNullable<RiskLimits[Name]>;

/** The account's own limit, or what stands in for it. */
export const ownLimit = <Name extends LimitName>(
  state: RiskState,
  account: AccountRisk,
  name: Name,
): LimitValue<Name> => (account.limits[name] ?? state.defaultLimits[name] ?? DEFAULT_LIMITS[name]) as LimitValue<Name>;

/** A smaller value is tighter, except that 0 repeats means "off" and a longer repeat window catches more. */
function isTighter(name: LimitName, value: bigint | number, than: bigint | number): boolean {
  if (name === 'repeatedOrdersMax') return value !== 0 && (than === 0 || value < than);
  return name === 'repeatedOrderWindowMs' ? value > than : value < than;
}

export function tightestLimit<Name extends LimitName>(
  state: RiskState,
  account: AccountRisk,
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

/** The scope {@link tightestLimit} came from; the narrower one when two are equally tight. */
export function limitSourceOf(state: RiskState, account: AccountRisk, desk: Aggregate, name: LimitName): LimitSource {
  const tightest = tightestLimit(state, account, desk, name);
  if (tightest === ownLimit(state, account, name)) return account.limits[name] === null ? 'DEFAULT' : 'ACCOUNT';
  return tightest === desk.limits[name] ? 'DESK' : 'FIRM';
}
