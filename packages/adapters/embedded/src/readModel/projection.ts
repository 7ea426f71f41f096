/**
 * Brings the documents up to the journal, a short chunk at a time, in one transaction with the position it reaches.
 * Goes on from where the store stands; whether the store may be gone on from is decided once, at the start.
 */
import { type JournalRecord, readRecords } from '@oms/codec';
import { InfrastructureError, type JournalGroup } from '@oms/ports';
import { Projector } from '@oms/projections';
import type { Checkpoint, DocumentStore } from './documentStore.ts';
import { digestOf, type JournalGroups, lastPositionOf, type OpenJournalGroups } from './journalGroups.ts';

export interface ProjectionLimits {
  /** Events of a chunk: few enough that a query waits some milliseconds at most. */
  readonly chunkEvents: number;
  /** Events of a transaction while there is more to do; what is level is committed at once. */
  readonly commitEvents: number;
  /**
   * Records between two keepings of the risk states, which a restart folds again at most; more when many orders are
   * open, for the states grow with them.
   */
  readonly riskStatesRecords: number;
}

export const PROJECTION_LIMITS: ProjectionLimits = {
  chunkEvents: 1_000,
  commitEvents: 20_000,
  riskStatesRecords: 50_000,
};
const RISK_STATES_RECORDS_PER_OPEN_ORDER = 4;

const START: Checkpoint = { position: 0, time: 0, groupDigest: '' };

export class Projection {
  readonly #limits: ProjectionLimits;
  readonly #store: DocumentStore;
  readonly #groups: JournalGroups;
  readonly #projector: Projector;
  #checkpoint: Checkpoint;
  /** Position the risk states are kept as of. */
  #riskStatesKeptAt: number;
  #group: JournalGroup | null = null;
  #groupDigest = '';
  #records: Iterator<JournalRecord> | null = null;
  /** Of the record read last. */
  #position: number;
  /** Events since the last commit. */
  #uncommitted = 0;

  /** @throws InfrastructureError CODEC_* when what the store kept cannot be read */
  constructor(store: DocumentStore, openGroups: OpenJournalGroups, limits: ProjectionLimits) {
    this.#limits = limits;
    const kept = store.riskStates();
    this.#store = store;
    this.#checkpoint = store.checkpoint() ?? START;
    this.#riskStatesKeptAt = kept.position;
    this.#position = kept.position;
    this.#projector = new Projector(store, kept.states);
    this.#groups = openGroups(kept.position + 1);
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /**
   * Projects one chunk of what is durable.
   * @returns whether there is more to do
   * @throws whatever reading, folding or storing throws; the projection is of no use after that, its store is.
   */
  step(durablePosition: number): boolean {
    let events = 0;
    while (events < this.#limits.chunkEvents) {
      const record = this.#nextRecord(durablePosition);
      if (record === null) break;
      const { now } = this.#group!;
      if (this.#position <= this.#checkpoint.position) this.#projector.foldRisk(record, now);
      else this.#projector.apply(record, this.#position, now);
      events += record.eventCount;
    }
    if (this.#position > this.#checkpoint.position) this.#write();
    this.#uncommitted += events;
    const isLevel = events < this.#limits.chunkEvents;
    if (isLevel || this.#uncommitted >= this.#limits.commitEvents) this.#commit();
    return !isLevel;
  }

  /** Writes what chunks leave for the commit, so that a query sees it. */
  flush(): void {
    this.#store.writeAccounts(this.#projector.takeAccounts());
  }

  /** Commits what is written, and keeps the risk states so that the next start has nothing to fold again. */
  close(): void {
    this.flush();
    if (this.#position === this.#checkpoint.position && this.#position > this.#riskStatesKeptAt) this.#keepRiskStates();
    this.#store.commit();
    this.#groups.close();
  }

  #write(): void {
    this.#checkpoint = { position: this.#position, time: this.#group!.now, groupDigest: this.#groupDigest };
    this.#store.write(this.#projector.take(), this.#checkpoint);
  }

  #commit(): void {
    this.flush();
    if (this.#riskStatesAreDue()) this.#keepRiskStates();
    this.#store.commit();
    this.#uncommitted = 0;
  }

  #keepRiskStates(): void {
    this.#store.keepRiskStates(this.#projector.riskStates, this.#position);
    this.#riskStatesKeptAt = this.#position;
  }

  #riskStatesAreDue(): boolean {
    if (this.#position < this.#checkpoint.position) return false;
    const due = Math.max(
      this.#limits.riskStatesRecords,
      this.#projector.openOrders * RISK_STATES_RECORDS_PER_OPEN_ORDER,
    );
    return this.#position - this.#riskStatesKeptAt >= due;
  }

  /** The record after #position; null when no more is durable. */
  #nextRecord(durablePosition: number): JournalRecord | null {
    for (;;) {
      if (this.#records === null) {
        this.#group = this.#groups.next(durablePosition) ?? this.#group;
        if (this.#group === null || lastPositionOf(this.#group) <= this.#position) return null;
        this.#groupDigest = digestOf(this.#group);
        this.#records = readRecords(this.#group.payload);
        for (let p = this.#group.firstPosition; p <= this.#position; p++) this.#records.next();
      }
      const { value, done } = this.#records.next();
      if (done !== true) {
        this.#position++;
        return value;
      }
      this.#records = null;
    }
  }
}

/**
 * Whether the journal is the one the store was made from.
 * @returns why not, or null when the projection may go on
 */
export function findForeignJournal(
  store: DocumentStore,
  openGroups: OpenJournalGroups,
  durablePosition: number,
): string | null {
  const checkpoint = store.checkpoint();
  if (checkpoint === null) return null;
  const { position, groupDigest } = checkpoint;
  if (position > durablePosition) return `it goes to position ${position}, the journal only to ${durablePosition}`;
  const groups = openGroups(position);
  try {
    const group = groups.next(durablePosition);
    if (group !== null && digestOf(group) === groupDigest) return null;
    return `the journal has another group at position ${position}`;
  } catch (error) {
    // A damaged journal tells nothing; what cannot be read will stop the projecting, with a notice.
    if (error instanceof InfrastructureError && error.code === 'JOURNAL_DAMAGED') return null;
    throw error;
  } finally {
    groups.close();
  }
}
