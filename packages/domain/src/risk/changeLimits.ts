/** Replaces the limit set of a scope; one that allows more than before waits for a second person. */
import { type Decision, type DecisionContext, decided, replyTo } from '../decision.ts';
import type { ChangeLimits } from '../messages.ts';
import { type Reason, reason } from '../reason.ts';
import { targetOf } from './approvals.ts';
import { unknownAccount } from './assessOrder.ts';
import { isTighter, ownLimit } from './effectiveLimits.ts';
import type { RiskEvent } from './events.ts';
import { COUNT_LIMITS, DEFAULT_LIMITS, LIMIT_NAMES, NO_LIMITS, type RiskLimits } from './limits.ts';
import { propose, supersede } from './proposeChange.ts';
import type { RiskState } from './state.ts';

export function changeLimits(message: ChangeLimits, state: RiskState, context: DecisionContext): Decision<RiskEvent> {
  const { scope, id, limits, actor } = message;
  const refusal = whyInvalid(limits) ?? (scope === 'ACCOUNT' && !state.accounts.has(id) ? unknownAccount(id) : null);
  if (refusal !== null) return decided<RiskEvent>([], [], replyTo(message.replyTo, 'REFUSED', null, refusal));
  const accepted = replyTo(message.replyTo, 'ACCEPTED', null);
  const current = limitsAt(state, scope, id);
  if (current !== null && LIMIT_NAMES.every((name) => current[name] === limits[name])) {
    return decided<RiskEvent>([], [], accepted);
  }
  const { approvalId } = message;
  if (approvalId !== undefined && actor !== null && loosens(state, scope, current ?? NO_LIMITS, limits)) {
    const change = { kind: 'LIMITS', scope, id, before: current ?? NO_LIMITS, after: limits } as const;
    return propose(approvalId, change, actor, state, context, message.replyTo);
  }
  const superseded = supersede(state, targetOf({ kind: 'LIMITS', scope, id }), actor);
  return decided<RiskEvent>([...superseded, { type: 'LimitsChanged', scope, id, limits, actor }], [], accepted);
}

/**
 * Whether any limit of the new set allows more than it did. Unsetting one counts, whatever stands in for it; setting
 * one is measured against what stood in for it, which at FIRM and DESK was nothing.
 */
function loosens(state: RiskState, scope: ChangeLimits['scope'], before: RiskLimits, after: RiskLimits): boolean {
  return LIMIT_NAMES.some((name) => {
    const value = after[name];
    if (value === null) return before[name] !== null;
    const standIn =
      scope === 'ACCOUNT'
        ? ownLimit(state, { limits: before }, name)
        : (before[name] ?? (scope === 'DEFAULT' ? DEFAULT_LIMITS[name] : null));
    return standIn !== null && isTighter(name, standIn, value);
  });
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
