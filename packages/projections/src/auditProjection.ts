/**
 * The audit trail of the journal. What a change says of before it comes from a fold of the risk events without their
 * holds: limits, trading states and what accounts own need none, and holds are most of what risk journals. So its
 * states stay small, however many orders are open.
 */
import {
  type JournalRecord,
  RISK_EVENTS,
  RUNTIME_SERVICE_NUMBER,
  readEvents,
  riskEventCodec,
  runtimeEventCodec,
  VENUE_EVENTS,
  venueEventCodec,
} from '@oms/codec';
import {
  evolveRisk,
  initialRiskState,
  type ReconciliationEvent,
  type ReportQuarantined,
  type RiskEvent,
  type RiskState,
} from '@oms/domain';
import {
  type AuditContent,
  auditEntryOf,
  auditOfQuarantinedMessage,
  auditOfQuarantinedReport,
  auditOfReconciliation,
  auditOfRiskEvent,
  auditOfVenueFaults,
} from './auditEntries.ts';
import type { AuditDocument, ListSource } from './documents.ts';
import { RISK_ENGINE, VENUE_SIMULATOR } from './services.ts';

const HOLD_EVENTS = ['HoldPlaced', 'HoldRaised', 'HoldRetermed', 'HoldShrunk', 'HoldReleased'] as const;

/** By the number an event begins with. */
const IS_HOLD_EVENT = new Uint8Array(256);
for (const type of HOLD_EVENTS) IS_HOLD_EVENT[RISK_EVENTS[type].number] = 1;

/** Nearly all risk records: one hold, placed or released. Told by its first byte, it need not be decoded. */
const isOneHoldEvent = ({ eventCount, reader }: JournalRecord): boolean =>
  eventCount === 1 && IS_HOLD_EVENT[reader.bytes[reader.offset]!] === 1;

/** The switches are a decision of their own: their record begins with the event. */
const isVenueFaults = ({ eventCount, reader }: JournalRecord): boolean =>
  eventCount > 0 && reader.bytes[reader.offset] === VENUE_EVENTS.VenueFaultsChanged.number;

const isHoldEvent = (event: RiskEvent): boolean => IS_HOLD_EVENT[RISK_EVENTS[event.type].number] === 1;

export class AuditProjection {
  readonly #states: Map<number, RiskState>;
  #ordinal: number;
  #venueFaults: unknown;
  #documents: AuditDocument[] = [];
  /** Of the record being applied, and the entries it gave so far. */
  #position = 0;
  #now = 0;
  #entries = 0;

  /** @param states as of the position the projection goes on from, or of an earlier one: see `foldOnly` */
  constructor(source: ListSource, states: Map<number, RiskState>) {
    this.#states = states;
    this.#ordinal = source.ordinals().audit;
    this.#venueFaults = source.lastAudit('VENUE_FAULTS_CHANGED')?.after ?? null;
  }

  get states(): ReadonlyMap<number, RiskState> {
    return this.#states;
  }

  get ordinal(): number {
    return this.#ordinal;
  }

  /** The entries since the last `clear`. */
  get documents(): readonly AuditDocument[] {
    return this.#documents;
  }

  clear(): void {
    this.#documents = [];
  }

  /** Before the events of a record. */
  begin(position: number, now: number): void {
    this.#position = position;
    this.#now = now;
    this.#entries = 0;
  }

  /** @throws InvariantError when an event cannot follow the state */
  applyRecord(record: JournalRecord): void {
    switch (record.service) {
      case RISK_ENGINE:
        if (isOneHoldEvent(record)) return;
        readEvents(record, riskEventCodec, (event) => {
          const content = auditOfRiskEvent(this.#stateOf(record.partition), event);
          if (content !== null) this.#note(content);
          this.#fold(record.partition, event, this.#now);
        });
        return;
      case VENUE_SIMULATOR:
        this.#applyVenueRecord(record);
        return;
      case RUNTIME_SERVICE_NUMBER:
        readEvents(record, runtimeEventCodec, (event) => {
          if (event.type === 'MessageQuarantined') this.#note(auditOfQuarantinedMessage(event));
        });
        return;
    }
  }

  /** Folds a record whose entries are made already, only to bring the states to its position. */
  foldOnly(record: JournalRecord, now: number): void {
    if (record.service !== RISK_ENGINE || isOneHoldEvent(record)) return;
    readEvents(record, riskEventCodec, (event) => this.#fold(record.partition, event, now));
  }

  reportQuarantined(event: ReportQuarantined, accountId: string | null): void {
    this.#note(auditOfQuarantinedReport(event, accountId));
  }

  reconciled(event: ReconciliationEvent): void {
    const content = auditOfReconciliation(event);
    if (content !== null) this.#note(content);
  }

  #fold(partition: number, event: RiskEvent, now: number): void {
    if (isHoldEvent(event)) return;
    const withoutHold = event.type === 'FillReversed' ? { ...event, reopened: null } : event;
    evolveRisk(this.#stateOf(partition), withoutHold, now);
  }

  #stateOf(partition: number): RiskState {
    let state = this.#states.get(partition);
    if (state === undefined) {
      state = initialRiskState(partition);
      this.#states.set(partition, state);
    }
    return state;
  }

  #applyVenueRecord(record: JournalRecord): void {
    // Every partition's venue is told of the same switches.
    if (record.partition !== 0 || !isVenueFaults(record)) return;
    readEvents(record, venueEventCodec, (event) => {
      if (event.type !== 'VenueFaultsChanged') return;
      const entry = auditOfVenueFaults(event, this.#venueFaults);
      this.#venueFaults = entry.after;
      this.#note(entry);
    });
  }

  #note(content: AuditContent): void {
    const auditId = this.#entries === 0 ? `${this.#position}` : `${this.#position}.${this.#entries}`;
    this.#entries++;
    this.#documents.push({ ordinal: ++this.#ordinal, entry: auditEntryOf(content, auditId, this.#now) });
  }
}
