/**
 * The two-person rule: a change that allows more than before (a limit raised or unset, trading resumed) waits for
 * another person. It is applied as it was asked, or not at all: whatever else changes its target meanwhile ends it.
 */
import type { LimitScope, RiskLimits } from './limits.ts';
import type { RiskState } from './state.ts';
import { tradingStateKey } from './strictestState.ts';
import type { TradingScope, TradingState } from './tradingState.ts';

/** How long a change waits for its second person. */
export const APPROVAL_VALID_MS = 3_600_000;
/** Approvals kept, decided ones included; beyond it the oldest decided one is forgotten. The audit trail has all. */
export const APPROVALS_KEPT = 1_000;

export const APPROVAL_STATUSES = ['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'SUPERSEDED'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export interface ProposedLimits {
  readonly kind: 'LIMITS';
  readonly scope: LimitScope;
  readonly id: string;
  readonly before: RiskLimits;
  readonly after: RiskLimits;
}

export interface ProposedTradingState {
  readonly kind: 'TRADING_STATE';
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly before: TradingState;
  readonly after: TradingState;
  readonly reason: string;
}

export type ProposedChange = ProposedLimits | ProposedTradingState;

export interface Approval {
  readonly approvalId: string;
  readonly change: ProposedChange;
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  readonly expiresAt: number;
  status: ApprovalStatus;
  decidedBy: string | null;
  decidedAt: number | null;
  decisionReason: string | null;
}

/** What a change is about; two changes of one target exclude each other. */
export const targetOf = (change: Pick<ProposedChange, 'kind' | 'id'> & { readonly scope: string }): string =>
  change.kind === 'LIMITS'
    ? `LIMITS ${change.scope}:${change.id}`
    : `TRADING_STATE ${tradingStateKey(change.scope as TradingScope, change.id)}`;

/** Those that wait, of one target or of all. */
export const pendingApprovals = (state: RiskState, target: string | null): Approval[] =>
  [...state.approvals.values()].filter(
    ({ status, change }) => status === 'PENDING' && (target === null || targetOf(change) === target),
  );

/** Makes room for one more. */
export function forgetOldestDecided(approvals: Map<string, Approval>): void {
  if (approvals.size < APPROVALS_KEPT) return;
  for (const { approvalId, status } of approvals.values()) {
    if (status === 'PENDING') continue;
    approvals.delete(approvalId);
    return;
  }
}
