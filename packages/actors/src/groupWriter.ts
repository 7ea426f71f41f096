/** Writes the records of one batch into one journal group. One record is one decision with all its events. */
import { beginRecord, endRecord, type RuntimeEvent, runtimeEventCodec } from '@oms/codec';
import { ByteWriter, type JournalGroup } from '@oms/ports';
import type { Cell } from './cell.ts';
import type { Envelope } from './mailbox.ts';

export class GroupWriter {
  readonly #writer = new ByteWriter();
  #recordCount = 0;
  #firstPosition = 0;

  /** Starts a group whose first record will have this position. */
  begin(firstPosition: number): void {
    this.#writer.reset();
    this.#recordCount = 0;
    this.#firstPosition = firstPosition;
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  /** Position the next record will have. */
  get nextPosition(): number {
    return this.#firstPosition + this.#recordCount;
  }

  /**
   * @returns the record's position
   * @throws InfrastructureError CODEC_MALFORMED when an event does not fit its layout; nothing is written then
   */
  record(cell: Cell, cause: Envelope, events: readonly unknown[]): number {
    const writer = this.#writer;
    const before = writer.length;
    try {
      const start = beginRecord(writer, cell.serviceNumber, cell.partition, cause.causeKind, cause.causeSequence);
      for (const event of events) cell.definition.eventCodec.encode(event, writer);
      endRecord(writer, start, events.length);
    } catch (error) {
      writer.length = before;
      throw error;
    }
    return this.#firstPosition + this.#recordCount++;
  }

  /** A record of the runtime itself (service 0). @returns its position. */
  runtimeRecord(partition: number, cause: Envelope, event: RuntimeEvent): number {
    const start = beginRecord(this.#writer, 0, partition, cause.causeKind, cause.causeSequence);
    runtimeEventCodec.encode(event, this.#writer);
    endRecord(this.#writer, start, 1);
    return this.#firstPosition + this.#recordCount++;
  }

  /** The group; its payload is valid until the next `begin`. */
  end(now: number, epoch: number): JournalGroup {
    return {
      firstPosition: this.#firstPosition,
      recordCount: this.#recordCount,
      now,
      epoch,
      payload: this.#writer.written(),
    };
  }
}
