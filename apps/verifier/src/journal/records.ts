/** The records of a group's payload, one decision each, with their events read. */
import { Cursor, UnreadableError } from './cursor.ts';
import { EVENT_RANGES, type JournalEvent } from './eventFormats.ts';
import { readEvent } from './eventReader.ts';

/** One journal record. */
export interface VerifiedRecord {
  readonly position: number;
  readonly service: number;
  readonly partition: number;
  /** 0 from outside, 1 from a record of this journal, higher from a numbered source. */
  readonly causeKind: number;
  readonly causeSequence: number;
  readonly events: readonly JournalEvent[];
}

const FRAME_BYTES = 16;

/**
 * Reads the records one after the other.
 * @throws UnreadableError at the first that does not follow the format, naming its position
 */
export function* recordsOf(payload: Uint8Array, firstPosition: number): Generator<VerifiedRecord> {
  const cursor = new Cursor(payload);
  for (let position = firstPosition; cursor.at < payload.length; position++) {
    try {
      yield readRecord(cursor, payload.length, position);
    } catch (error) {
      if (error instanceof UnreadableError) throw new UnreadableError(`position ${position}: ${error.message}`);
      throw error;
    }
  }
}

function readRecord(cursor: Cursor, payloadEnd: number, position: number): VerifiedRecord {
  const { bytes, view } = cursor;
  cursor.end = payloadEnd;
  const start = cursor.take(FRAME_BYTES);
  const end = start + 4 + view.getUint32(start, true);
  if (end > payloadEnd || end < cursor.at) throw new UnreadableError(`the record's length leads to byte ${end}`);
  cursor.end = end;
  const service = bytes[start + 4]!;
  if (EVENT_RANGES[service] === undefined) throw new UnreadableError(`there is no service ${service}`);
  const events: JournalEvent[] = [];
  for (let left = view.getUint16(start + 14, true); left > 0; left--) events.push(readEvent(cursor, service));
  if (cursor.at !== end) throw new UnreadableError(`${end - cursor.at} bytes follow the record's last event`);
  return {
    position,
    service,
    partition: view.getUint16(start + 5, true),
    causeKind: bytes[start + 7]!,
    causeSequence: view.getUint32(start + 8, true) + view.getUint16(start + 12, true) * 0x1_0000_0000,
    events,
  };
}
