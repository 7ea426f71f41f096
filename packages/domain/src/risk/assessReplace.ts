/** Answers whether an order's terms may change, and holds for the increase until the replace is answered. */
import { type Decision, type DecisionContext, decided, NOTHING } from '../decision.ts';
import type { AssessReplace, ReplaceAnswered, ShrinkHold } from '../messages.ts';
import { type Reason, reason } from '../reason.ts';
import { holdOf } from './accountRisk.ts';
import { assessmentOfReplace } from './checks/assessment.ts';
import { firstRefusal } from './checks/riskChecks.ts';
import type { HoldRaised, RiskEvent } from './events.ts';
import type { Hold, RiskState } from './state.ts';

export function assessReplace(message: AssessReplace, state: RiskState, context: DecisionContext): Decision<RiskEvent> {
  const hold = holdOf(state, message.accountId, message.orderId);
  if (hold === undefined) return refused(message, orderNotOpen(message.orderId));
  if (isPending(hold, message.requestId)) return approved(message, []);

  const assessment = assessmentOfReplace(message, hold, state, context);
  const refusal = firstRefusal(assessment);
  if (refusal !== null) return refused(message, refusal);
  const { accountId, orderId, requestId, quantity, price, stopPrice } = message;
  const { holdPrice } = assessment.terms;
  const raised: HoldRaised = {
    type: 'HoldRaised',
    accountId,
    orderId,
    requestId,
    quantity,
    price,
    stopPrice,
    holdPrice,
  };
  return approved(message, [raised]);
}

/** The venue's answer to a replace. It says nothing of an order that is closed by now: its hold is gone. */
export function replaceAnswered(message: ReplaceAnswered, state: RiskState): Decision<RiskEvent> {
  const { accountId, orderId, requestId, accepted } = message;
  const hold = holdOf(state, accountId, orderId);
  if (hold === undefined || !isPending(hold, requestId)) return NOTHING;
  return decided([{ type: 'HoldRetermed', accountId, orderId, requestId, accepted }]);
}

/** The order became smaller without a request; one that is closed by now has no hold to shrink. */
export function shrinkHold(message: ShrinkHold, state: RiskState): Decision<RiskEvent> {
  const { accountId, orderId, quantity } = message;
  const hold = holdOf(state, accountId, orderId);
  if (hold === undefined || hold.terms.quantity === quantity) return NOTHING;
  return decided([{ type: 'HoldShrunk', accountId, orderId, quantity }]);
}

const isPending = (hold: Hold, requestId: string): boolean =>
  hold.pendingTerms.some((pending) => pending.requestId === requestId);

const orderNotOpen = (orderId: string): Reason =>
  reason('OMS', 'ORDER_NOT_OPEN', `order ${orderId} is not open`, { orderId });

function approved(message: AssessReplace, events: readonly RiskEvent[]): Decision<RiskEvent> {
  const { orderId, requestId, replyTo } = message;
  return decided(events, [
    { to: 'order-processor', message: { type: 'ReplaceApproved', orderId, requestId, replyTo } },
  ]);
}

function refused(message: AssessReplace, refusal: Reason): Decision<RiskEvent> {
  const { orderId, requestId, replyTo } = message;
  return decided<RiskEvent>(
    [],
    [{ to: 'order-processor', message: { type: 'ReplaceRefused', orderId, requestId, reason: refusal, replyTo } }],
  );
}
