/** One entry of the audit trail: a privileged act, who did it, and the values before and after. */
export interface AuditEntry {
  /** Journal position of the record, as text; `.n` is added for further entries of the same record. */
  readonly auditId: string;
  readonly time: string;
  /** Null when nobody is signed in. */
  readonly actor: string | null;
  /** Where it came from; null where that is not known. */
  readonly address: string | null;
  /** LIMITS_CHANGED, TRADING_STATE_CHANGED, ACCOUNT_OPENED, FUNDS_DEPOSITED, VENUE_FAULTS_CHANGED, MESSAGE_QUARANTINED … */
  readonly action: string;
  readonly accountId: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
}
