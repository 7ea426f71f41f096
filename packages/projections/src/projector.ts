/**
 * Projects journal records to documents: decodes the events of a record and folds them into orders, executions,
 * positions, balances and the audit trail. Pure: it reads the store through DocumentSource and never writes.
 */
import {
  type JournalRecord,
  orderEventCodec,
  readEvents,
  riskEventCodec,
  runtimeEventCodec,
  venueEventCodec,
} from '@oms/codec';
import type { OrderEvent, RiskEvent, RiskState } from '@oms/domain';
import {
  type AuditContent,
  auditEntryOf,
  auditOfQuarantinedMessage,
  auditOfQuarantinedReport,
  auditOfRiskEvent,
  auditOfVenueFaults,
} from './auditEntries.ts';
import type { AccountChanges, AuditDocument, DocumentChanges, DocumentSource } from './documents.ts';
import { OrderProjection } from './orderProjection.ts';
import { RiskProjection } from './riskProjection.ts';

/** Services by their number in journal records. */
const RUNTIME = 0;
const ORDER_PROCESSOR = 1;
const RISK_ENGINE = 2;
const VENUE_SIMULATOR = 3;

/** Where a record stands in the journal. */
interface Place {
  position: number;
  now: number;
  /** Audit entries the record gave so far. */
  entries: number;
}

export class Projector {
  readonly #orders: OrderProjection;
  readonly #risk: RiskProjection;
  readonly #place: Place = { position: 0, now: 0, entries: 0 };
  #audit: AuditDocument[] = [];
  #auditOrdinal: number;
  #venueFaults: unknown;

  /**
   * @param source holds the documents as of the position to go on from
   * @param riskStates as of the same position, or of an earlier one from which `foldRisk` is given the records between
   */
  constructor(source: DocumentSource, riskStates: Map<number, RiskState>) {
    this.#orders = new OrderProjection(source);
    this.#risk = new RiskProjection(riskStates);
    this.#auditOrdinal = source.ordinals().audit;
    this.#venueFaults = source.lastAudit('VENUE_FAULTS_CHANGED')?.after ?? null;
  }

  /** The risk states as of the last record; to be kept with the documents now and then. */
  get riskStates(): ReadonlyMap<number, RiskState> {
    return this.#risk.states;
  }

  get openOrders(): number {
    return this.#orders.size;
  }

  /**
   * Folds the record in.
   * @throws InvariantError when an event cannot follow the state, InfrastructureError CODEC_* when it is none
   */
  apply(record: JournalRecord, position: number, now: number): void {
    this.#place.position = position;
    this.#place.now = now;
    this.#place.entries = 0;
    switch (record.service) {
      case ORDER_PROCESSOR:
        readEvents(record, orderEventCodec, this.#applyOrderEvent);
        return;
      case RISK_ENGINE:
        readEvents(record, riskEventCodec, (event) => this.#applyRiskEvent(record.partition, event));
        return;
      case VENUE_SIMULATOR:
        this.#applyVenueRecord(record);
        return;
      case RUNTIME:
        this.#applyRuntimeRecord(record);
        return;
    }
  }

  /** Folds a record that is in the documents already, only to bring the risk states to their position. */
  foldRisk(record: JournalRecord, now: number): void {
    if (record.service !== RISK_ENGINE) return;
    readEvents(record, riskEventCodec, (event) => this.#risk.fold(record.partition, event, now));
  }

  /** What changed since the last call. The store must have it before the next record is applied. */
  take(): DocumentChanges {
    const changes = { ...this.#orders.take(), audit: this.#audit };
    this.#audit = [];
    return changes;
  }

  /** Whose positions and balances changed since the last call; may be taken less often. */
  takeAccounts(): AccountChanges {
    return this.#risk.take();
  }

  readonly #applyOrderEvent = (event: OrderEvent): void => {
    const { position, now } = this.#place;
    switch (event.type) {
      case 'AccountRegistered':
        return;
      case 'ReportQuarantined':
        this.#note(auditOfQuarantinedReport(event, this.#orders.accountOf(event.orderId)));
        return;
      default:
        this.#orders.apply(event, position, now);
    }
  };

  #applyRiskEvent(partition: number, event: RiskEvent): void {
    const entry = auditOfRiskEvent(this.#risk.stateOf(partition), event);
    if (entry !== null) this.#note(entry);
    this.#risk.apply(partition, event, this.#place.now);
  }

  #applyVenueRecord(record: JournalRecord): void {
    // Every partition's venue is told of the same switches.
    if (record.partition !== 0) return;
    readEvents(record, venueEventCodec, (event) => {
      if (event.type !== 'VenueFaultsChanged') return;
      const entry = auditOfVenueFaults(event, this.#venueFaults);
      this.#venueFaults = entry.after;
      this.#note(entry);
    });
  }

  #applyRuntimeRecord(record: JournalRecord): void {
    readEvents(record, runtimeEventCodec, (event) => {
      if (event.type === 'MessageQuarantined') this.#note(auditOfQuarantinedMessage(event));
    });
  }

  #note(content: AuditContent): void {
    const { position, now, entries } = this.#place;
    const auditId = entries === 0 ? `${position}` : `${position}.${entries}`;
    this.#place.entries++;
    this.#audit.push({ ordinal: ++this.#auditOrdinal, entry: auditEntryOf(content, auditId, now) });
  }
}
