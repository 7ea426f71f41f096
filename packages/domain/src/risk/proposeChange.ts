/** Decides what becomes of a change that may need a second person: it is applied, or it waits for approval. */
import { type Decision, type DecisionContext, decided, replyTo, type Send } from '../decision.ts';
import { type Reason, reason } from '../reason.ts';
import {
  APPROVAL_VALID_MS,
  APPROVALS_KEPT,
  type Approval,
  type ApprovalStatus,
  type ProposedChange,
  pendingApprovals,
  targetOf,
} from './approvals.ts';
import type { ApprovalDecided, LimitsChanged, RiskEvent, TradingStateChanged } from './events.ts';
import type { DecideApproval } from './operatorMessages.ts';
import type { RiskState } from './state.ts';

const NO_SENDS: readonly Send[] = [];

/** What everybody who waits for the target is told when it changes by another way. */
export const supersede = (state: RiskState, target: string, actor: string | null): ApprovalDecided[] =>
  pendingApprovals(state, target).map((approval) => closing(approval, 'SUPERSEDED', actor, null));

/** Those whose time is over. */
const expire = (state: RiskState, now: number): ApprovalDecided[] =>
  pendingApprovals(state, null)
    .filter(({ expiresAt }) => expiresAt <= now)
    .map((approval) => closing(approval, 'EXPIRED', null, null));

const closing = (
  { approvalId }: Approval,
  status: Exclude<ApprovalStatus, 'PENDING'>,
  actor: string | null,
  why: string | null,
): ApprovalDecided => ({ type: 'ApprovalDecided', approvalId, status, actor, reason: why });

/** The change waits. The same id again is the same request again. */
export function propose(
  approvalId: string,
  change: ProposedChange,
  actor: string,
  state: RiskState,
  { now }: DecisionContext,
  address: number | null,
): Decision<RiskEvent> {
  if (state.approvals.has(approvalId)) return decided<RiskEvent>([], [], replyTo(address, 'PENDING', null));
  const expired = expire(state, now);
  if (pendingApprovals(state, null).length - expired.length >= APPROVALS_KEPT) {
    const why = reason('OMS', 'TOO_MANY_APPROVALS', `${APPROVALS_KEPT} changes wait for approval already`);
    return decided<RiskEvent>(expired, [], replyTo(address, 'REFUSED', null, why));
  }
  const { kind, ...terms } = change;
  const proposed = { approvalId, actor, expiresAt: now + APPROVAL_VALID_MS };
  const event: RiskEvent =
    kind === 'LIMITS'
      ? {
          type: 'LimitsChangeProposed',
          ...(terms as Omit<Extract<ProposedChange, { kind: 'LIMITS' }>, 'kind'>),
          ...proposed,
        }
      : {
          type: 'TradingStateChangeProposed',
          ...(terms as Omit<Extract<ProposedChange, { kind: 'TRADING_STATE' }>, 'kind'>),
          ...proposed,
        };
  return decided<RiskEvent>([...expired, event], [], replyTo(address, 'PENDING', null));
}

/** The second person's word. Whoever asked may take the request back, but not approve it. */
export function decideApproval(
  message: DecideApproval,
  state: RiskState,
  { now }: DecisionContext,
): Decision<RiskEvent> {
  const { approvalId, approve, actor, reason: why } = message;
  const expired = expire(state, now);
  const approval = state.approvals.get(approvalId);
  const refusal = whyNot(message, approval, now);
  if (refusal !== null || approval === undefined) {
    return decided<RiskEvent>(expired, [], replyTo(message.replyTo, 'REFUSED', null, refusal));
  }
  const accepted = replyTo(message.replyTo, 'ACCEPTED', null);
  if (!approve) return decided<RiskEvent>([...expired, closing(approval, 'REJECTED', actor, why)], [], accepted);
  const others = supersede(state, targetOf(approval.change), actor).filter(
    (each) => each.approvalId !== approvalId && !expired.some((gone) => gone.approvalId === each.approvalId),
  );
  const events = [...expired, ...others, closing(approval, 'APPROVED', actor, why), changeOf(approval)];
  return decided<RiskEvent>(events, NO_SENDS, accepted);
}

function whyNot(
  { approvalId, approve, actor }: DecideApproval,
  approval: Approval | undefined,
  now: number,
): Reason | null {
  const details = { approvalId };
  if (approval === undefined) return reason('OMS', 'UNKNOWN_APPROVAL', 'There is no such approval', details);
  const status = approval.status === 'PENDING' && approval.expiresAt <= now ? 'EXPIRED' : approval.status;
  if (status !== 'PENDING') {
    return reason('OMS', 'APPROVAL_NOT_PENDING', `The approval is ${status}`, { ...details, status });
  }
  if (!approve || actor === null || actor !== approval.requestedBy) return null;
  return reason('OMS', 'SECOND_PERSON_REQUIRED', `${actor} asked for it, so somebody else must approve it`, details);
}

/** As it was asked, in the name of whoever asked; who approved it stands right before it. */
function changeOf({ change, requestedBy: actor }: Approval): LimitsChanged | TradingStateChanged {
  if (change.kind === 'LIMITS') {
    const { scope, id, after: limits } = change;
    return { type: 'LimitsChanged', scope, id, limits, actor };
  }
  const { scope, id, after: state, reason: why } = change;
  return { type: 'TradingStateChanged', scope, id, state, reason: why, actor };
}
