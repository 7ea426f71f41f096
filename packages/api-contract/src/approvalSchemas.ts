/** Changes that wait for a second person, as the wire shows them. */
import { APPROVAL_STATUSES } from '@oms/domain';
import { Type } from 'typebox';
import { Closed, FreeText, Nullable, PageOf, TimeText } from './primitives.ts';
import { shapeOf } from './shape.ts';

const APPROVAL_ID = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', maxLength: 64, description: 'Ours.' });

export const ApprovalSchema = Closed(
  'Approval',
  {
    approvalId: APPROVAL_ID,
    status: Type.Enum([...APPROVAL_STATUSES]),
    kind: Type.Enum(['LIMITS', 'TRADING_STATE']),
    scope: Type.String(),
    id: Nullable(Type.String({ description: 'Account, desk or symbol; null for FIRM.' })),
    before: Type.Unknown({ description: 'What it was when it was asked for; of limits only those that change.' }),
    after: Type.Unknown({ description: 'What it will be.' }),
    reason: Nullable(Type.String()),
    requestedBy: Type.String(),
    requestedAt: TimeText,
    expiresAt: TimeText,
    decidedBy: Nullable(Type.String()),
    decidedAt: Nullable(TimeText),
    decisionReason: Nullable(Type.String()),
  },
  'A change that allows more than before. It is applied as it was asked once another person approves it in time.',
);

export const ApprovalPage = PageOf('ApprovalPage', ApprovalSchema);
export const ApprovalsQuery = Closed('ApprovalsQuery', { status: Type.Optional(Type.Enum([...APPROVAL_STATUSES])) });
export const ApprovalPath = Closed('ApprovalPath', { approvalId: APPROVAL_ID });
export const ApprovalDecisionBody = Closed('ApprovalDecision', {
  reason: Type.Optional(FreeText(500, 'Why; kept in the audit trail.')),
});
export const approvalDecisionShape = shapeOf(ApprovalDecisionBody);
