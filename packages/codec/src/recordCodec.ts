/**
 * Framing of the records inside a journal group's payload. One record is one decision:
 *   u32 bytes of the rest, u8 service, u16 partition, u8 cause kind, u48 cause sequence, u16 event count, events.
 * Writing patches the frame afterwards and reading reuses one record object, so neither allocates per record.
 */
import { ByteReader, type ByteWriter, type Codec } from '@oms/ports';
import { malformed } from './malformed.ts';

/** Bytes before a record's events; the first four are not counted in its length. */
export const RECORD_HEADER_BYTES = 16;
const LENGTH_BYTES = 4;
const EVENT_COUNT_OFFSET = 14;
const SEQUENCE_MAX = 2 ** 48 - 1;

/** Service number of the runtime's own records, whose events are `RuntimeEvent`s. */
export const RUNTIME_SERVICE_NUMBER = 0;
/** Cause kind of a decision that no journalled or sequenced message caused; its sequence is 0. */
export const CAUSE_EXTERNAL = 0;

/**
 * Writes a record's frame; its events are encoded behind it, then {@link endRecord} completes it.
 * @returns the offset to hand to endRecord
 * @throws InfrastructureError CODEC_MALFORMED when a number does not fit its field
 */
export function beginRecord(
  writer: ByteWriter,
  service: number,
  partition: number,
  causeKind: number,
  causeSequence: number,
): number {
  if ((service & 0xff) !== service || (partition & 0xffff) !== partition || (causeKind & 0xff) !== causeKind)
    malformed('record', `service ${service}, partition ${partition} or cause kind ${causeKind} is out of range`);
  if (!Number.isInteger(causeSequence) || causeSequence < 0 || causeSequence > SEQUENCE_MAX)
    malformed('record', `cause sequence ${causeSequence} is out of range`);
  writer.reserve(RECORD_HEADER_BYTES);
  const { view, length: offset } = writer;
  view.setUint8(offset + 4, service);
  view.setUint16(offset + 5, partition, true);
  view.setUint8(offset + 7, causeKind);
  view.setUint32(offset + 8, causeSequence >>> 0, true);
  view.setUint16(offset + 12, Math.floor(causeSequence / 0x1_0000_0000), true);
  writer.length = offset + RECORD_HEADER_BYTES;
  return offset;
}

/** Completes the record begun at `offset` once its events are written. */
export function endRecord(writer: ByteWriter, offset: number, eventCount: number): void {
  if ((eventCount & 0xffff) !== eventCount) malformed('record', `${eventCount} events do not fit one record`);
  writer.view.setUint32(offset, writer.length - offset - LENGTH_BYTES, true);
  writer.view.setUint16(offset + EVENT_COUNT_OFFSET, eventCount, true);
}

/** One record while it is visited: valid until the next one is asked for. */
export interface JournalRecord {
  readonly service: number;
  readonly partition: number;
  readonly causeKind: number;
  readonly causeSequence: number;
  readonly eventCount: number;
  /** Stands at the first event and ends with the record. */
  readonly reader: ByteReader;
}

/**
 * Walks over the records of a payload, in order, whether or not their events are read; is itself the record it stands
 * at. For those who read millions: {@link readRecords} is the same as an iterable.
 */
export class RecordReader implements JournalRecord {
  service = 0;
  partition = 0;
  causeKind = 0;
  causeSequence = 0;
  eventCount = 0;
  readonly reader: ByteReader;
  #next = 0;

  constructor(payload: Uint8Array) {
    this.reader = new ByteReader(payload);
  }

  /**
   * Moves to the next record, at first to the first. @returns false behind the last
   * @throws InfrastructureError CODEC_MALFORMED when the frames do not fill the payload exactly
   */
  next(): boolean {
    const { reader } = this;
    const { view } = reader;
    const { length } = reader.bytes;
    const offset = this.#next;
    if (offset === length) return false;
    if (offset + RECORD_HEADER_BYTES > length) malformed('record', `truncated at byte ${offset}`);
    const end = offset + LENGTH_BYTES + view.getUint32(offset, true);
    if (end > length || end < offset + RECORD_HEADER_BYTES)
      malformed('record', `the record at byte ${offset} ends at ${end} of ${length}`);
    this.service = view.getUint8(offset + 4);
    this.partition = view.getUint16(offset + 5, true);
    this.causeKind = view.getUint8(offset + 7);
    this.causeSequence = view.getUint32(offset + 8, true) + view.getUint16(offset + 12, true) * 0x1_0000_0000;
    this.eventCount = view.getUint16(offset + EVENT_COUNT_OFFSET, true);
    reader.offset = offset + RECORD_HEADER_BYTES;
    reader.end = end;
    this.#next = end;
    return true;
  }
}

/**
 * The records of a payload, in order. The object given is the same each time.
 * @throws InfrastructureError CODEC_MALFORMED when the frames do not fill the payload exactly
 */
export function* readRecords(payload: Uint8Array): Generator<JournalRecord, void, void> {
  const records = new RecordReader(payload);
  while (records.next()) yield records;
}

/**
 * Decodes the events of a record and hands them over in order.
 * @throws InfrastructureError CODEC_* also when the events do not fill the record exactly
 */
export function readEvents<Event>(record: JournalRecord, codec: Codec<Event>, visit: (event: Event) => void): void {
  for (let i = 0; i < record.eventCount; i++) visit(codec.decode(record.reader));
  const { offset, end } = record.reader;
  if (offset !== end) malformed('record', `${end - offset} bytes follow its ${record.eventCount} events`);
}
