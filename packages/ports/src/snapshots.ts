/** The snapshot port: states as of a journal position, so that start-up does not depend on the journal's length. */

import type { ByteWriter } from './bytes.ts';
import type { JournalHead } from './journal.ts';

/** Everything up to and including its position is folded in; the hash tells of which journal. */
export interface Snapshot extends JournalHead {
  readonly bytes: Uint8Array;
}

export interface SnapshotStore {
  /**
   * Newest whole snapshot at or below `maxPosition`; one that is damaged, or of another version of the format, is
   * skipped and reported, and the older one is used.
   */
  load(maxPosition: number): { readonly snapshot: Snapshot | null; readonly damaged: readonly string[] };
  /**
   * Durable when it resolves; keeps the previous one. One at a time.
   * @param head of the journal that the state was folded from
   * @param write called once, before this returns: writes the state, which is nowhere whole in memory
   * @throws InfrastructureError SNAPSHOT_WRITE_FAILED, also while another one is being saved
   */
  save(head: JournalHead, write: (writer: ByteWriter) => void): Promise<void>;
}
