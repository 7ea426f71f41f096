/**
 * Projects journal records to the documents of lists: orders, their reports, trades, and the audit trail. What no
 * list needs (holds, the venue's own books) is passed over undecoded. It reads the store through ListSource and
 * never writes.
 */
import { type JournalRecord, malformed, orderEventCodec } from '@oms/codec';
import type { RiskState } from '@oms/domain';
import { AuditProjection } from './auditProjection.ts';
import type { ListChanges, ListSource } from './documents.ts';
import { OrderProjection } from './orderProjection.ts';
import { ORDER_PROCESSOR } from './services.ts';

export class Projector {
  readonly #orders: OrderProjection;
  readonly #audit: AuditProjection;

  /**
   * @param source holds the documents as of the position to go on from
   * @param riskStates of the audit trail, as of the same position, or of an earlier one from which `foldOnly` is given
   *   the records between
   */
  constructor(source: ListSource, riskStates: Map<number, RiskState>) {
    this.#orders = new OrderProjection(source);
    this.#audit = new AuditProjection(source, riskStates);
  }

  /** What the audit trail folds; to be kept with the documents now and then. Without holds. */
  get riskStates(): ReadonlyMap<number, RiskState> {
    return this.#audit.states;
  }

  /** What changed since the last `clear`; valid until the next. */
  get changes(): ListChanges {
    const { executions, orders } = this.#orders.ordinals;
    const ordinals = { orders, executions, audit: this.#audit.ordinal };
    return { ...this.#orders.changes, audit: this.#audit.documents, ordinals };
  }

  /** Once the store has the changes; before the next record is applied. */
  clear(): void {
    this.#orders.clear();
    this.#audit.clear();
  }

  /**
   * Folds the record in.
   * @throws InvariantError when an event cannot follow the state, InfrastructureError CODEC_* when it is none
   */
  apply(record: JournalRecord, position: number, now: number): void {
    this.#audit.begin(position, now);
    if (record.service === ORDER_PROCESSOR) this.#applyOrderRecord(record, now);
    else this.#audit.applyRecord(record);
  }

  /** Folds a record that is in the documents already, only to bring the risk states to their position. */
  foldOnly(record: JournalRecord, now: number): void {
    this.#audit.foldOnly(record, now);
  }

  #applyOrderRecord({ reader, eventCount }: JournalRecord, now: number): void {
    for (let i = 0; i < eventCount; i++) {
      const start = reader.offset;
      const event = orderEventCodec.decode(reader);
      switch (event.type) {
        case 'AccountRegistered':
          break;
        case 'ReportQuarantined':
          this.#audit.reportQuarantined(event, this.#orders.accountOf(event.orderId));
          break;
        case 'RequestResolved':
        case 'ReconciliationDifferenceFound':
        case 'ReconciliationDifferenceResolved':
        case 'ReconciliationCompleted':
          this.#audit.reconciled(event);
          break;
        default:
          this.#orders.apply(event, reader, start, now);
      }
    }
    const { offset, end } = reader;
    if (offset !== end) malformed('record', `${end - offset} bytes follow its ${eventCount} events`);
  }
}
