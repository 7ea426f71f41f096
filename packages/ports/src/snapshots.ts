/** The snapshot port: states as of a journal position, so that start-up does not depend on the journal's length. */

export interface Snapshot {
  /** Everything up to and including this record is folded in. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

export interface SnapshotStore {
  /** Newest whole snapshot at or below `maxPosition`; a damaged one is skipped and reported, the older one is used. */
  load(maxPosition: number): { readonly snapshot: Snapshot | null; readonly damaged: readonly string[] };
  /** Durable when it resolves; keeps the previous one. @throws InfrastructureError SNAPSHOT_WRITE_FAILED */
  save(snapshot: Snapshot): Promise<void>;
}
