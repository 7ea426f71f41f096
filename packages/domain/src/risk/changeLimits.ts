/** Replaces the limit set of a scope. */
import { type Decision, decided, replyTo } from '../decision.ts';
import type { ChangeLimits } from '../messages.ts';
import { type Reason, reason } from '../reason.ts';
import { unknownAccount } from './assessOrder.ts';
import type { RiskEvent } from './events.ts';
import { COUNT_LIMITS, LIMIT_NAMES, type RiskLimits } from './limits.ts';
import type { RiskState } from './state.ts';

export function changeLimits(message: ChangeLimits, state: RiskState): Decision<RiskEvent> {
  const { scope, id, limits, actor } = message;
  const refusal = whyInvalid(limits) ?? (scope === 'ACCOUNT' && !state.accounts.has(id) ? unknownAccount(id) : null);
  if (refusal !== null) return decided<RiskEvent>([], [], replyTo(message.replyTo, 'REFUSED', null, refusal));
  const accepted = replyTo(message.replyTo, 'ACCEPTED', null);
  const current = limitsAt(state, scope, id);
  if (current !== null && LIMIT_NAMES.every((name) => current[name] === limits[name])) {
    return decided<RiskEvent>([], [], accepted);
  }
  return decided<RiskEvent>([{ type: 'LimitsChanged', scope, id, limits, actor }], [], accepted);
}

/** The set as it stands; `null` for a desk nobody has mentioned yet. */
function limitsAt(state: RiskState, scope: ChangeLimits['scope'], id: string): RiskLimits | null {
  switch (scope) {
    case 'ACCOUNT':
      return state.accounts.get(id)?.limits ?? null;
    case 'DESK':
      return state.desks.get(id)?.limits ?? null;
    case 'FIRM':
      return state.firm.limits;
    case 'DEFAULT':
      return state.defaultLimits;
  }
}

function whyInvalid(limits: RiskLimits): Reason | null {
  for (const name of LIMIT_NAMES) {
    const value = limits[name];
    if (value === null) continue;
    if (value < 0 || (COUNT_LIMITS.has(name) && !Number.isSafeInteger(value))) {
      const rule = COUNT_LIMITS.has(name) ? 'a whole number from 0 on' : 'a decimal from 0 on';
      return reason('OMS', 'INVALID_LIMITS', `${name} must be ${rule}`, { limitName: name, requested: String(value) });
    }
  }
  return null;
}
