/**
 * The limits an account is under: its own (or the default set's, or the house's last resort), its desk's and the
 * firm's. Resolved once and forgotten when any limit changes: resolving for every approval took a seventh of the
 * model's time.
 */
import type { RiskLimits } from '@oms/domain';
import { smaller } from './exactNumbers.ts';
import { type RiskAccount, type RiskFacts, scopeKey } from './riskFacts.ts';

const whole = (units: bigint): bigint => units * 10n ** 8n;

/** Where neither account nor default set says anything. */
const LAST_RESORT = {
  orderQuantityMax: whole(1_000n),
  orderNotionalMax: whole(1_000_000n),
  openNotionalMax: whole(5_000_000n),
  positionQuantityMax: whole(5_000n),
  openOrdersMax: 200n,
  submitsPerSecondMax: 100n,
  replacesPerSecondMax: 100n,
} as const;
type CheckedLimit = keyof typeof LAST_RESORT;
const CHECKED = Object.keys(LAST_RESORT) as CheckedLimit[];

type Limits = Readonly<Record<CheckedLimit, bigint>>;
type LimitsIfAny = Readonly<Record<CheckedLimit, bigint | null>>;

export interface AccountLimits {
  readonly own: Limits;
  readonly desk: LimitsIfAny;
  readonly firm: LimitsIfAny;
  /** The least of the three. */
  readonly tightest: Limits;
}

export function limitsOf(facts: RiskFacts, account: RiskAccount): AccountLimits {
  if (account.limits === null || account.limitsSince !== facts.limitChanges) {
    account.limits = resolve(facts, account);
    account.limitsSince = facts.limitChanges;
  }
  return account.limits;
}

function resolve(facts: RiskFacts, { accountId, deskId }: RiskAccount): AccountLimits {
  const given = facts.limits.get(scopeKey('ACCOUNT', accountId));
  const defaults = facts.limits.get('DEFAULT');
  const own = each((name) => givenIn(given, name) ?? givenIn(defaults, name) ?? LAST_RESORT[name]);
  const desk = each((name) => givenIn(facts.limits.get(scopeKey('DESK', deskId)), name));
  const firm = each((name) => givenIn(facts.limits.get('FIRM'), name));
  const tightest = each((name) => smaller(own[name], smaller(desk[name] ?? own[name], firm[name] ?? own[name])));
  return { own, desk, firm, tightest };
}

const givenIn = (limits: RiskLimits | undefined, name: CheckedLimit): bigint | null => {
  const value = limits?.[name] ?? null;
  return value === null ? null : BigInt(value);
};

const each = <Value>(valueFor: (name: CheckedLimit) => Value): Record<CheckedLimit, Value> =>
  Object.fromEntries(CHECKED.map((name) => [name, valueFor(name)])) as Record<CheckedLimit, Value>;
