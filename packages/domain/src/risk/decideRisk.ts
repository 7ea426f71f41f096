/** The risk engine's decisions: every message it takes, and who answers it. Never changes the state. */
import { type Decision, type DecisionContext, decided, replyTo } from '../decision.ts';
import type { RiskEngineMessage } from '../messages.ts';
import { listInstrument, openAccount } from './accounts.ts';
import { assessOrder } from './assessOrder.ts';
import { assessReplace, replaceAnswered, shrinkHold } from './assessReplace.ts';
import { changeLimits } from './changeLimits.ts';
import { changeTradingState } from './changeTradingState.ts';
import { comparePositions } from './comparePositions.ts';
import type { RiskEvent } from './events.ts';
import { decideApproval } from './proposeChange.ts';
import { releaseHold, reverseFill, settleFill } from './settle.ts';
import type { RiskState } from './state.ts';

/** @throws InvariantError when a message speaks of an account or instrument that cannot be unknown to us */
export function decideRisk(
  message: RiskEngineMessage,
  state: RiskState,
  context: DecisionContext,
): Decision<RiskEvent> {
  switch (message.type) {
    case 'AssessOrder':
      return assessOrder(message, state, context);
    case 'AssessReplace':
      return assessReplace(message, state, context);
    case 'SettleFill':
      return settleFill(message, state);
    case 'ReverseFill':
      return reverseFill(message, state, context);
    case 'ReplaceAnswered':
      return replaceAnswered(message, state);
    case 'ShrinkHold':
      return shrinkHold(message, state);
    case 'ReleaseHold':
      return releaseHold(message, state);
    case 'ComparePositions':
      return comparePositions(message, state);
    case 'ListInstrument':
      return listInstrument(message, state);
    case 'OpenAccount':
      return openAccount(message, state);
    case 'ChangeLimits':
      return changeLimits(message, state, context);
    case 'ChangeTradingState':
      return changeTradingState(message, state, context);
    case 'DecideApproval':
      return decideApproval(message, state, context);
    case 'NoteAudit': {
      const { type: _, replyTo: address, ...fact } = message;
      return decided<RiskEvent>([{ type: 'AuditNoted', ...fact }], [], replyTo(address, 'ACCEPTED', null));
    }
  }
}
