/**
 * Brings the lists up to the journal: folds it slice by slice, and writes what a chunk of slices changed at once, in
 * one transaction with the position it reaches. Queries see what is written. Goes on from where the store stands;
 * whether the store may be gone on from is decided once, at the start.
 */
import type { JournalRecord } from '@oms/codec';
import { InfrastructureError } from '@oms/ports';
import { Projector } from '@oms/projections';
import type { Checkpoint, RiskStates } from './checkpoints.ts';
import type { DocumentStore } from './documentStore.ts';
import { digestOf, type OpenJournalGroups } from './journalGroups.ts';
import { RecordCursor } from './recordCursor.ts';

export interface ProjectionLimits {
  /** Events folded at once: few enough that a query waits some milliseconds at most. */
  readonly sliceEvents: number;
  /** Events of a chunk while there is more to do: the more, the less each costs; their writing keeps queries waiting. */
  readonly chunkEvents: number;
  /** Records between two keepings of risk states, which a restart folds again at most; more when the states are large. */
  readonly riskStatesRecords: number;
}

/** An order is some nine events of all services. */
export const PROJECTION_LIMITS: ProjectionLimits = {
  sliceEvents: 4_000,
  chunkEvents: 400_000,
  riskStatesRecords: 50_000,
};
const RISK_STATES_RECORDS_PER_ACCOUNT = 16;

const START: Checkpoint = { position: 0, time: 0, groupDigest: '' };

/** 'level': nothing more is durable; 'held': level, but what was folded waits to be written with more. */
export type StepOutcome = 'more' | 'level' | 'held';

export class Projection {
  readonly #limits: ProjectionLimits;
  readonly #store: DocumentStore;
  readonly #openGroups: OpenJournalGroups;
  #projector!: Projector;
  #cursor!: RecordCursor;
  #checkpoint!: Checkpoint;
  /** Position the risk states are kept as of. */
  #riskStatesKeptAt!: number;
  /** Events folded since the last writing. */
  #events = 0;
  /** The record that cannot be projected, and why. */
  #failure: { readonly position: number; readonly error: unknown } | null = null;

  /** @throws StoredBodyError when what the store kept cannot be read */
  constructor(store: DocumentStore, openGroups: OpenJournalGroups, limits: ProjectionLimits) {
    this.#limits = limits;
    this.#store = store;
    this.#openGroups = openGroups;
    this.#start();
  }

  /** As of the last writing. */
  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /**
   * Projects one slice of what is durable.
   * @param mayHold leaves a small chunk to be written with what comes
   * @throws whatever reading, folding or storing throws, once everything before it is written; the projection is of no
   *   use after that, its store is.
   */
  step(durablePosition: number, mayHold = false): StepOutcome {
    const isLevel = this.#fold(durablePosition);
    if (!isLevel && this.#events < this.#limits.chunkEvents) return 'more';
    if (isLevel && mayHold && this.#failure === null && this.#cursor.position > this.#checkpoint.position)
      return 'held';
    this.#write();
    if (isLevel && this.#failure !== null) throw this.#failure.error;
    return isLevel ? 'level' : 'more';
  }

  /** Writes what is folded, and keeps the risk states so that the next start has nothing to fold again. */
  close(): void {
    this.#write(true);
    this.#cursor.close();
  }

  #start(): void {
    const kept = this.#store.listsRiskStates();
    this.#checkpoint = this.#store.listsCheckpoint() ?? START;
    this.#riskStatesKeptAt = kept.position;
    this.#projector = new Projector(this.#store, kept.states);
    this.#cursor = new RecordCursor(this.#openGroups, kept.position);
    this.#events = 0;
  }

  /** @returns whether there was less than a slice */
  #fold(durablePosition: number): boolean {
    for (let events = 0; events < this.#limits.sliceEvents; ) {
      const record = this.#next(durablePosition);
      if (record === null) return true;
      const { position, now } = this.#cursor;
      if (position <= this.#checkpoint.position) this.#projector.foldOnly(record, now);
      else {
        try {
          this.#projector.apply(record, position, now);
        } catch (error) {
          this.#startAgainBefore(position, error);
          return false;
        }
      }
      events += record.eventCount;
      this.#events += record.eventCount;
    }
    return false;
  }

  #next(durablePosition: number): JournalRecord | null {
    const { position } = this.#cursor;
    if (this.#failure !== null && position >= this.#failure.position - 1) return null;
    try {
      return this.#cursor.next(durablePosition);
    } catch (error) {
      this.#failure = { position: position + 1, error };
      return null;
    }
  }

  /** A record is projected whole or not at all: the chunk is folded again, up to the one that cannot be. */
  #startAgainBefore(position: number, error: unknown): void {
    this.#failure = { position, error };
    this.#cursor.close();
    this.#start();
  }

  #write(isLast = false): void {
    this.#events = 0;
    const { position } = this.#cursor;
    const mustKeep = isLast && position === this.#checkpoint.position && position > this.#riskStatesKeptAt;
    if (position <= this.#checkpoint.position && !mustKeep) return;
    this.#checkpoint = this.#cursor.checkpoint();
    this.#store.writeLists(this.#projector.changes, this.#checkpoint, this.#dueRiskStates(isLast));
    this.#projector.clear();
  }

  #dueRiskStates(isLast: boolean): RiskStates | null {
    const { riskStates } = this.#projector;
    const { position } = this.#cursor;
    let due = this.#limits.riskStatesRecords;
    for (const { accounts } of riskStates.values())
      due = Math.max(due, accounts.size * RISK_STATES_RECORDS_PER_ACCOUNT);
    if (!isLast && position - this.#riskStatesKeptAt < due) return null;
    this.#riskStatesKeptAt = position;
    return riskStates;
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
  const checkpoint = store.listsCheckpoint();
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
