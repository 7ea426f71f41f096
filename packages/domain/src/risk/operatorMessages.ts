/** Messages of operators to the risk engine besides changes themselves: the second person's word, and facts to note. */

/** The second person's word on a change that waits. */
export interface DecideApproval {
  readonly type: 'DecideApproval';
  readonly approvalId: string;
  readonly approve: boolean;
  readonly actor: string | null;
  readonly reason: string | null;
  /** Where the answer goes; null when nobody waits. */
  readonly replyTo: number | null;
}

/** Puts a fact from outside into the audit trail. */
export interface NoteAudit {
  readonly type: 'NoteAudit';
  readonly action: string;
  readonly actor: string | null;
  readonly address: string | null;
  readonly accountId: string | null;
  /** JSON; never a secret. */
  readonly details: string;
  readonly replyTo: number | null;
}

/** A change that may have to wait for a second person. */
export interface Approvable {
  /** The id it gets if it has to wait. Left out, it is applied at once: at start-up, and where nobody signs in. */
  readonly approvalId?: string;
}
