/**
 * Brings positions and balances up to the journal, behind the lists. What an account has set aside needs a fold of
 * every hold, which costs as much as the lists do; while orders come fast it waits. A query for positions or balances
 * is answered once it is level with the lists.
 */
import { AccountProjection } from '@oms/projections';
import type { Checkpoint, RiskStates } from './checkpoints.ts';
import type { DocumentStore } from './documentStore.ts';
import type { OpenJournalGroups } from './journalGroups.ts';
import type { ProjectionLimits } from './projection.ts';
import { RecordCursor } from './recordCursor.ts';

const RISK_STATES_RECORDS_PER_OPEN_ORDER = 4;

const START: Checkpoint = { position: 0, time: 0, groupDigest: '' };

export class AccountsProjection {
  readonly #limits: ProjectionLimits;
  readonly #store: DocumentStore;
  readonly #accounts: AccountProjection;
  readonly #cursor: RecordCursor;
  #checkpoint: Checkpoint;
  #riskStatesKeptAt: number;
  #events = 0;

  /** @throws StoredBodyError when what the store kept cannot be read */
  constructor(store: DocumentStore, openGroups: OpenJournalGroups, limits: ProjectionLimits) {
    const kept = store.accountsRiskStates();
    this.#limits = limits;
    this.#store = store;
    this.#checkpoint = store.accountsCheckpoint() ?? START;
    this.#riskStatesKeptAt = kept.position;
    this.#accounts = new AccountProjection(kept.states);
    this.#cursor = new RecordCursor(openGroups, kept.position);
  }

  /** Up to where positions and balances are written. */
  get position(): number {
    return this.#checkpoint.position;
  }

  /**
   * Projects one slice.
   * @param throughPosition to where the lists are written; `durablePosition` is at or above it
   * @returns whether there is more to do
   * @throws as Projection.step
   */
  step(throughPosition: number, durablePosition: number): boolean {
    const isLevel = this.#fold(throughPosition, durablePosition);
    if (isLevel || this.#events >= this.#limits.chunkEvents) this.#write();
    return !isLevel;
  }

  close(): void {
    this.#write(true);
    this.#cursor.close();
  }

  #fold(throughPosition: number, durablePosition: number): boolean {
    for (let events = 0; events < this.#limits.sliceEvents; ) {
      const record = this.#cursor.position < throughPosition ? this.#cursor.next(durablePosition) : null;
      if (record === null) return true;
      const { position, now } = this.#cursor;
      if (position <= this.#checkpoint.position) this.#accounts.foldOnly(record, now);
      else this.#accounts.apply(record, now);
      events += record.eventCount;
      this.#events += record.eventCount;
    }
    return false;
  }

  #write(isLast = false): void {
    this.#events = 0;
    const { position } = this.#cursor;
    const mustKeep = isLast && position === this.#checkpoint.position && position > this.#riskStatesKeptAt;
    if (position <= this.#checkpoint.position && !mustKeep) return;
    this.#checkpoint = this.#cursor.checkpoint();
    this.#store.writeAccounts(this.#accounts.take(), this.#checkpoint, this.#dueRiskStates(isLast));
  }

  #dueRiskStates(isLast: boolean): RiskStates | null {
    const { position } = this.#cursor;
    const due = Math.max(
      this.#limits.riskStatesRecords,
      this.#accounts.openOrders * RISK_STATES_RECORDS_PER_OPEN_ORDER,
    );
    if (!isLast && position - this.#riskStatesKeptAt < due) return null;
    this.#riskStatesKeptAt = position;
    return this.#accounts.states;
  }
}
