/** Handlers of the two-person rule: what waits for a second person, and that person's word. */
import { randomUUID } from 'node:crypto';
import { approvalDecisionShape } from '@oms/api-contract';
import { type ApiAnswer, type ApiRequest, type Handlers, okay, wholeList } from '../http/routeHandler.ts';
import { invalid, type Refusal, refuse } from '../refusal.ts';
import type { RouteContext } from './routeContext.ts';

type ApprovalOperation = 'listApprovals' | 'approveChange' | 'rejectChange';
type Decision = Pick<ApiRequest<never>, 'body' | 'actor'> & { readonly params: { readonly approvalId: string } };

/** Where nobody signs in there is no second person to wait for. */
export const approvalIdFor = (actor: string | null): string | null => (actor === null ? null : randomUUID());

/** The change waits: 202 with the approval. */
export async function pendingApproval({ house, live }: RouteContext, approvalId: string): Promise<ApiAnswer | Refusal> {
  const approvals = await house.query(() => live.approvals());
  const approval = approvals.find((each) => each.approvalId === approvalId);
  return approval === undefined ? refuse('UNKNOWN_APPROVAL') : { ...okay(approval), status: 202 };
}

export function approvalRoutes(context: RouteContext): Pick<Handlers, ApprovalOperation> {
  const { desk, house, live } = context;
  const decide = async ({ params, body = {}, actor }: Decision, approve: boolean): Promise<ApiAnswer | Refusal> => {
    if (!approvalDecisionShape.matches(body)) return invalid(approvalDecisionShape.errorsOf(body));
    const find = () => live.approvals().find(({ approvalId }) => approvalId === params.approvalId);
    const approval = await house.query(find);
    if (approval === undefined) return refuse('UNKNOWN_APPROVAL');
    const accountId = approval.scope === 'ACCOUNT' ? approval.id : null;
    const refusal = await desk.decideApproval(params.approvalId, accountId, approve, body.reason ?? null, actor);
    return refusal ?? okay(await house.query(find));
  };
  return {
    listApprovals: async ({ query }) => {
      const approvals = await house.query(() => live.approvals());
      return wholeList(approvals.filter(({ status }) => query.status === undefined || status === query.status));
    },
    approveChange: (request) => decide(request, true),
    rejectChange: (request) => decide(request, false),
  };
}
