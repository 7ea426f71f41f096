/** The rows of the table of routes for those who watch: limits, trading states, the second person's word, the audit. */
import { riskManagers } from './access.ts';
import {
  AccountLimitsSchema,
  AuditPage,
  AuditQuerySchema,
  LimitsBody,
  TradingStateBody,
  TradingStateSchema,
} from './accountSchemas.ts';
import { ApprovalDecisionBody, ApprovalPage, ApprovalPath, ApprovalSchema, ApprovalsQuery } from './approvalSchemas.ts';
import { AccountId, Closed } from './primitives.ts';
import { LOST, NONE, ok, type RouteDefinition } from './routeParts.ts';

const waits = {
  202: { description: 'It allows more than before, so it waits for a second person.', schema: ApprovalSchema },
};

export const APPROVAL_ROUTES = {
  changeLimits: {
    method: 'PUT',
    path: '/v1/accounts/{accountId}/limits',
    tag: 'accounts',
    summary: 'Change limits of an account',
    access: riskManagers('path'),
    params: Closed('LimitsPath', { accountId: AccountId }),
    query: NONE,
    body: LimitsBody,
    answers: { ...ok('The limits as they are now.', AccountLimitsSchema), ...waits },
    errors: ['UNKNOWN_ACCOUNT', ...LOST],
  },
  changeTradingState: {
    method: 'PUT',
    path: '/v1/trading-state',
    tag: 'accounts',
    summary: 'Change a trading state; HALTED is the kill switch',
    access: riskManagers('none'),
    params: NONE,
    query: NONE,
    body: TradingStateBody,
    answers: { ...ok('The state as it is now.', TradingStateSchema), ...waits },
    errors: ['UNKNOWN_ACCOUNT', 'UNKNOWN_SYMBOL', 'SECOND_PERSON_REQUIRED', ...LOST],
  },
  listApprovals: {
    method: 'GET',
    path: '/v1/approvals',
    tag: 'accounts',
    summary: 'Changes that wait for a second person, and the newest that did',
    access: riskManagers('none'),
    params: NONE,
    query: ApprovalsQuery,
    body: null,
    answers: ok('Newest first; decided ones are kept for a while.', ApprovalPage),
    errors: [],
  },
  approveChange: {
    method: 'POST',
    path: '/v1/approvals/{approvalId}/approve',
    tag: 'accounts',
    summary: 'Approve a change that another person asked for',
    access: riskManagers('none'),
    params: ApprovalPath,
    query: NONE,
    body: ApprovalDecisionBody,
    answers: ok('It is applied.', ApprovalSchema),
    errors: ['UNKNOWN_APPROVAL', 'APPROVAL_NOT_PENDING', 'SECOND_PERSON_REQUIRED', ...LOST],
  },
  rejectChange: {
    method: 'POST',
    path: '/v1/approvals/{approvalId}/reject',
    tag: 'accounts',
    summary: 'Reject a change, or take an own request back',
    access: riskManagers('none'),
    params: ApprovalPath,
    query: NONE,
    body: ApprovalDecisionBody,
    answers: ok('It will not be applied.', ApprovalSchema),
    errors: ['UNKNOWN_APPROVAL', 'APPROVAL_NOT_PENDING', ...LOST],
  },
  listAudit: {
    method: 'GET',
    path: '/v1/audit',
    tag: 'accounts',
    summary: 'Who did what, when, before and after; newest first',
    access: riskManagers('listed'),
    params: NONE,
    query: AuditQuerySchema,
    body: null,
    answers: ok('A page; `X-Staleness-Ms` says how far it may trail.', AuditPage),
    errors: ['READ_MODEL_UNAVAILABLE'],
  },
} as const satisfies Record<string, RouteDefinition>;
