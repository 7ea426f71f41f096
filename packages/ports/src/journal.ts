/**
 * The journal port: the one true record. A group holds the records of one batch under one checksum; all of it
 * survives or none. Positions count records from 1 without gaps. Contract: contract/journalContract.ts.
 */

export interface JournalGroup {
  /** Position of the group's first record. */
  readonly firstPosition: number;
  readonly recordCount: number;
  /** Time stamped on the batch, epoch milliseconds. */
  readonly now: number;
  /** Ownership epoch of the writer; never goes back. */
  readonly epoch: number;
  /** The records; opaque to the journal. */
  readonly payload: Uint8Array;
}

/** A place in the journal together with a hash of everything up to it: who knows it can tell whether that was changed. */
export interface JournalHead {
  /** The last of a group; 0 when the journal is empty. */
  readonly position: number;
  /** 64 hexadecimal digits; all 0 when the journal is empty. */
  readonly hash: string;
}

export interface Journal {
  /** Position of the last record appended (durable or not); 0 when empty. */
  readonly lastPosition: number;
  /** Position up to which everything is durable. */
  readonly durablePosition: number;
  /** Of what is durable; a group's never changes, and no two histories have the same. */
  readonly head: JournalHead;
  /** Epoch of this writer: higher than any in the journal. */
  readonly epoch: number;

  /**
   * Takes the group over (its payload is copied before return) as the next to write.
   * @throws InfrastructureError JOURNAL_OUT_OF_ORDER when firstPosition is not lastPosition + 1, JOURNAL_FENCED when
   *   the epoch is not this writer's, JOURNAL_CLOSED, or JOURNAL_WRITE_FAILED after an earlier failure: a journal that
   *   failed once never writes again.
   */
  append(group: JournalGroup): void;

  /**
   * Makes everything appended so far durable: one write and one fsync however many groups. One flush at a time.
   * @throws InfrastructureError JOURNAL_WRITE_FAILED; never retried.
   */
  flush(): Promise<void>;

  /** Groups from the one that contains `position` on, oldest first; durable ones only. */
  read(position: number): Iterable<JournalGroup>;

  /** Flushes, releases files. */
  close(): Promise<void>;
}

/** What opening found out about the journal it recovered. */
export interface JournalRecovery {
  readonly lastPosition: number;
  /** Bytes of an unacknowledged torn tail that were cut; 0 after a clean stop. */
  readonly cutBytes: number;
  /** Where the cut was made, for the log. */
  readonly cutAt: { readonly file: string; readonly offset: number } | null;
}
