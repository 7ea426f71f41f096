/** How a check words its refusal: always source RISK, with the numbers as decimal strings. */

import { formatDecimal } from '../../money.ts';
import { type Reason, type RiskReasonCode, reason } from '../../reason.ts';
import { limitSourceOf } from '../effectiveLimits.ts';
import type { LimitName } from '../limits.ts';
import type { Assessment } from './assessment.ts';

export const refusal = (code: RiskReasonCode, message: string, details: Readonly<Record<string, string>>): Reason =>
  reason('RISK', code, message, details);

const textOf = (value: bigint | number): string => (typeof value === 'bigint' ? formatDecimal(value) : String(value));

/** The numbers every refusal by a limit names: the limit and who set it, what is used of it, what was asked. */
export interface LimitUse {
  readonly scope: string;
  readonly limit: bigint | number;
  readonly used: bigint | number;
  readonly requested: bigint | number;
}

export function limitRefusal(code: RiskReasonCode, what: string, name: LimitName, use: LimitUse): Reason {
  const limit = textOf(use.limit);
  const used = textOf(use.used);
  const requested = textOf(use.requested);
  const message = `${what}: ${used} used and ${requested} requested, limit ${limit} (${use.scope})`;
  return refusal(code, message, { limit, used, requested, scope: use.scope, limitName: name });
}

/** The scope that set the tightest limit. */
export const scopeOf = ({ state, account }: Assessment, name: LimitName): string =>
  limitSourceOf(state, account, account.desk, name);
