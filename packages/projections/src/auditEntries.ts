/**
 * The audit entries of events: who changed what, with the values before and after. What is broadcast to every
 * partition (firm, desk and default limits, trading states above the account, venue faults) is one act: partition 0
 * tells it.
 */
import type { MessageQuarantined } from '@oms/codec';
import {
  type ApprovalDecided,
  type AuditEntry,
  formatDecimal,
  isoTime,
  type LimitScope,
  NO_LIMITS,
  type ReconciliationEvent,
  type ReportQuarantined,
  type RiskEvent,
  type RiskLimits,
  type RiskState,
  type VenueFaultsChanged,
} from '@oms/domain';
import { limitsViewOf } from './riskViews.ts';

/** An entry that has no id and time yet: both are the record's. */
export type AuditContent = Omit<AuditEntry, 'auditId' | 'time'>;

const contentOf = (action: string, parts: Partial<AuditContent>): AuditContent => ({
  actor: null,
  address: null,
  action,
  accountId: null,
  before: null,
  after: null,
  reason: null,
  ...parts,
});

/** @param before the partition's state before the event is folded in */
export function auditOfRiskEvent(before: RiskState, event: RiskEvent): AuditContent | null {
  switch (event.type) {
    case 'AccountOpened': {
      const { accountId, name, kind, deskId } = event;
      return contentOf('ACCOUNT_OPENED', { accountId, after: { name, kind, deskId } });
    }
    case 'FundsDeposited': {
      const { accountId, currency, amount } = event;
      const total = before.accounts.get(accountId)?.balances.get(currency)?.total ?? 0n;
      return contentOf('FUNDS_DEPOSITED', {
        accountId,
        before: { currency, total: formatDecimal(total) },
        after: { currency, total: formatDecimal(total + amount), amount: formatDecimal(amount) },
      });
    }
    case 'LimitsChanged': {
      const { scope, id, actor } = event;
      if (scope !== 'ACCOUNT' && before.partition !== 0) return null;
      return contentOf('LIMITS_CHANGED', {
        actor,
        accountId: scope === 'ACCOUNT' ? id : null,
        before: { scope, id, limits: limitsViewOf(limitsOf(before, scope, id)) },
        after: { scope, id, limits: limitsViewOf(event.limits) },
      });
    }
    case 'TradingStateChanged': {
      const { scope, id, state, actor, reason } = event;
      if (scope !== 'ACCOUNT' && before.partition !== 0) return null;
      const entry = before.tradingStates.get(id === null ? scope : `${scope}:${id}`);
      return contentOf('TRADING_STATE_CHANGED', {
        actor,
        accountId: scope === 'ACCOUNT' ? id : null,
        before: { scope, id, state: entry?.state ?? 'ACTIVE', reason: entry?.reason ?? null },
        after: { scope, id, state, reason },
        reason,
      });
    }
    case 'LimitsChangeProposed': {
      const { scope, id } = event;
      if (scope !== 'ACCOUNT' && before.partition !== 0) return null;
      const shown = { approvalId: event.approvalId, scope, id };
      return contentOf('LIMITS_CHANGE_REQUESTED', {
        actor: event.actor,
        accountId: scope === 'ACCOUNT' ? id : null,
        before: { ...shown, limits: limitsViewOf(event.before) },
        after: { ...shown, limits: limitsViewOf(event.after), expiresAt: isoTime(event.expiresAt) },
      });
    }
    case 'TradingStateChangeProposed': {
      const { scope, id, reason } = event;
      if (scope !== 'ACCOUNT' && before.partition !== 0) return null;
      const shown = { approvalId: event.approvalId, scope, id };
      return contentOf('TRADING_STATE_CHANGE_REQUESTED', {
        actor: event.actor,
        accountId: scope === 'ACCOUNT' ? id : null,
        before: { ...shown, state: event.before },
        after: { ...shown, state: event.after, expiresAt: isoTime(event.expiresAt) },
        reason,
      });
    }
    case 'ApprovalDecided':
      return auditOfApproval(before, event);
    case 'AuditNoted': {
      const { action, actor, address, accountId } = event;
      return contentOf(action, { actor, address, accountId, after: parsed(event.details) });
    }
    default:
      return null;
  }
}

/** APPROVAL_APPROVED, APPROVAL_REJECTED, APPROVAL_EXPIRED or APPROVAL_SUPERSEDED. */
function auditOfApproval(
  before: RiskState,
  { approvalId, status, actor, reason }: ApprovalDecided,
): AuditContent | null {
  const approval = before.approvals.get(approvalId);
  const isOfAccount = approval?.change.scope === 'ACCOUNT';
  if (!isOfAccount && before.partition !== 0) return null;
  return contentOf(`APPROVAL_${status}`, {
    actor,
    accountId: isOfAccount ? approval.change.id : null,
    before: { approvalId, status: 'PENDING', requestedBy: approval?.requestedBy ?? null },
    after: { approvalId, status },
    reason,
  });
}

function limitsOf(state: RiskState, scope: LimitScope, id: string): RiskLimits {
  switch (scope) {
    case 'FIRM':
      return state.firm.limits;
    case 'DESK':
      return state.desks.get(id)?.limits ?? NO_LIMITS;
    case 'ACCOUNT':
      return state.accounts.get(id)?.limits ?? NO_LIMITS;
    case 'DEFAULT':
      return state.defaultLimits;
  }
}

export const auditOfQuarantinedReport = (event: ReportQuarantined, accountId: string | null): AuditContent =>
  contentOf('REPORT_QUARANTINED', {
    accountId,
    after: { orderId: event.orderId, executionId: event.executionId, report: parsed(event.report) },
    reason: event.code,
  });

/** A whole run is no act worth an entry. */
export function auditOfReconciliation(event: ReconciliationEvent): AuditContent | null {
  switch (event.type) {
    case 'RequestResolved': {
      const { actor, accountId, orderId, clientOrderId, kind, outcome, reason } = event;
      return contentOf('REQUEST_RESOLVED', {
        actor,
        accountId,
        before: { orderId, clientOrderId, kind, outcome: 'UNKNOWN' },
        after: { orderId, clientOrderId, kind, outcome },
        reason,
      });
    }
    case 'ReconciliationDifferenceFound': {
      const { kind, orderId, accountId, symbol, ours, venues, repaired } = event;
      return contentOf('RECONCILIATION_DIFFERENCE_FOUND', {
        accountId: orNull(accountId),
        before: { orderId: orNull(orderId), symbol: orNull(symbol), ours },
        after: { orderId: orNull(orderId), symbol: orNull(symbol), venues, repaired },
        reason: kind,
      });
    }
    case 'ReconciliationDifferenceResolved': {
      const { kind, orderId, accountId, symbol } = event;
      return contentOf('RECONCILIATION_DIFFERENCE_RESOLVED', {
        accountId: orNull(accountId),
        after: { orderId: orNull(orderId), symbol: orNull(symbol) },
        reason: kind,
      });
    }
    case 'ReconciliationCompleted':
      return null;
  }
}

const orNull = (text: string): string | null => (text === '' ? null : text);

export const auditOfVenueFaults = (event: VenueFaultsChanged, before: unknown): AuditContent =>
  contentOf('VENUE_FAULTS_CHANGED', { actor: event.actor, before, after: parsed(event.faults) });

export const auditOfQuarantinedMessage = (event: MessageQuarantined): AuditContent => {
  const { service, partition, messageType, message, errorName, errorMessage } = event;
  return contentOf('MESSAGE_QUARANTINED', {
    after: { service, partition, messageType, message: parsed(message) },
    reason: `${errorName}: ${errorMessage}`,
  });
};

export const auditEntryOf = (content: AuditContent, auditId: string, now: number): AuditEntry => ({
  auditId,
  time: isoTime(now),
  ...content,
});

/** Journalled JSON as a value; anything else stays the text it is. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
