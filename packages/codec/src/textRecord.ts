/**
 * `Record<string, string>`: a u32 count, then key and value as text16 each, in ascending order of the keys' UTF-16
 * code units, so that equal records give equal bytes whatever order their members were added in.
 */
import type { ByteReader, ByteWriter } from '@oms/ports';
import { malformed } from './malformed.ts';
import { readText16, writeText16 } from './text.ts';

type TextRecord = Readonly<Record<string, string>>;

/** Writes at the writer's length and leaves `tail` more bytes reserved behind it. */
export function writeTextRecord(writer: ByteWriter, record: TextRecord, tail: number, where: string): void {
  const keys = Object.keys(record);
  if (keys.length > 1) keys.sort();
  writer.reserve(4 + tail);
  writer.view.setUint32(writer.length, keys.length, true);
  writer.length += 4;
  for (const key of keys) {
    writeText16(writer, key, 0, where);
    writeText16(writer, record[key]!, tail, where);
  }
}

/** Reads at the reader's offset and moves it on. */
export function readTextRecord(reader: ByteReader, where: string): TextRecord {
  const start = reader.offset;
  if (start + 4 > reader.end) malformed(where, `truncated at byte ${start}`);
  const count = reader.view.getUint32(start, true);
  if (count * 4 > reader.end - start - 4) malformed(where, `${count} members do not fit the bytes left at ${start}`);
  reader.offset = start + 4;
  const record: Record<string, string> = {};
  let previous = '';
  for (let i = 0; i < count; i++) {
    const key = readText16(reader, where);
    if (i > 0 && key <= previous) malformed(where, 'keys are not in ascending order');
    const value = readText16(reader, where);
    // Assigning `__proto__` would set the prototype instead of a member.
    if (key === '__proto__') {
      Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
    } else {
      record[key] = value;
    }
    previous = key;
  }
  return record;
}
