/**
 * Sets a trading state. HALTED is the kill switch: it also cancels everything open in its scope. Pulling it takes one
 * person and happens at once; allowing more again waits for a second one (proposeChange.ts), and is never done by the
 * very person who pulled it.
 */
import { type Decision, type DecisionContext, decided, replyTo, type Send } from '../decision.ts';
import type { ChangeTradingState } from '../messages.ts';
import { type Reason, reason } from '../reason.ts';
import { targetOf } from './approvals.ts';
import { unknownAccount } from './assessOrder.ts';
import { unknownInstrument } from './checks/instrumentChecks.ts';
import type { RiskEvent } from './events.ts';
import { propose, supersede } from './proposeChange.ts';
import type { RiskState } from './state.ts';
import { STRICTNESS, tradingStateKey } from './strictestState.ts';

export function changeTradingState(
  message: ChangeTradingState,
  state: RiskState,
  context: DecisionContext,
): Decision<RiskEvent> {
  const { scope, id, reason: why, actor, approvalId } = message;
  const current = state.tradingStates.get(tradingStateKey(scope, id))?.state ?? 'ACTIVE';
  const waits = approvalId !== undefined && actor !== null && STRICTNESS[message.state] < STRICTNESS[current];
  const refusal = whyUnknown(message, state) ?? (waits ? null : whySecondPerson(message, state));
  if (refusal !== null) return decided<RiskEvent>([], [], replyTo(message.replyTo, 'REFUSED', null, refusal));
  const accepted = replyTo(message.replyTo, 'ACCEPTED', null);
  // Pulled again, the kill switch cancels again: harmless, and what somebody in a hurry expects.
  const sends = message.state === 'HALTED' ? [cancelEverything(message)] : [];
  if (waits) {
    const change = { kind: 'TRADING_STATE', scope, id, before: current, after: message.state, reason: why } as const;
    return propose(approvalId, change, actor, state, context, message.replyTo);
  }
  // Pulled again, it also ends what was asked before: who approves that might not know.
  const superseded = supersede(state, targetOf({ kind: 'TRADING_STATE', scope, id }), actor);
  if (current === message.state) return decided<RiskEvent>(superseded, sends, accepted);
  return decided<RiskEvent>(
    [...superseded, { type: 'TradingStateChanged', scope, id, state: message.state, reason: why, actor }],
    sends,
    accepted,
  );
}

const cancelEverything = ({ scope, id }: ChangeTradingState): Send => ({
  to: 'order-processor',
  message: {
    type: 'CancelMatching',
    accountId: scope === 'ACCOUNT' ? id : null,
    symbol: scope === 'INSTRUMENT' ? id : null,
    side: null,
    origin: 'KILL_SWITCH',
    replyTo: null,
  },
});

function whyUnknown({ scope, id }: ChangeTradingState, state: RiskState): Reason | null {
  if (scope === 'ACCOUNT' && (id === null || !state.accounts.has(id))) return unknownAccount(id ?? '');
  if (scope === 'INSTRUMENT' && (id === null || !state.instruments.has(id))) return unknownInstrument(id ?? '');
  return null;
}

function whySecondPerson({ scope, id, state: asked, actor }: ChangeTradingState, state: RiskState): Reason | null {
  const current = state.tradingStates.get(tradingStateKey(scope, id));
  if (current?.state !== 'HALTED' || asked === 'HALTED' || actor === null || actor !== current.actor) return null;
  const message = `${actor} set HALTED, so somebody else must lift it`;
  return reason('OMS', 'SECOND_PERSON_REQUIRED', message, { actor, scope, id: id ?? '' });
}
