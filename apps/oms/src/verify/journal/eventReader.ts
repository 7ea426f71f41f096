/** Turns the lines of eventFormats.ts into readers. Slow and obvious on purpose: one small function per field. */
import { EVENT_FORMATS, EVENT_RANGES, type JournalEvent, STRUCT_FORMATS } from './eventFormats.ts';

/** Bytes that are not what the format says. The message tells what; where is the caller's to say. */
export class UnreadableError extends Error {}

const fail = (message: string): never => {
  throw new UnreadableError(message);
};

/** A place in a group's payload. */
export class Cursor {
  readonly bytes: Buffer;
  at: number;
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    this.end = bytes.length;
  }

  /** Moves over the next bytes. @returns where they begin */
  take(count: number): number {
    const start = this.at;
    if (start + count > this.end) fail(`${count} bytes are needed at byte ${start}, ${this.end - start} are left`);
    this.at = start + count;
    return start;
  }
}

type Read = (cursor: Cursor) => unknown;
type Field = readonly [name: string, read: Read];

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(cursor: Cursor, length: number): string {
  const start = cursor.take(length);
  const { bytes } = cursor;
  for (let i = start; i < cursor.at; i++) {
    if (bytes[i]! < 128) continue;
    try {
      return utf8.decode(bytes.subarray(start, cursor.at));
    } catch {
      return fail(`the text at byte ${start} is not UTF-8`);
    }
  }
  return bytes.toString('latin1', start, cursor.at);
}

const u8: Read = (cursor) => cursor.bytes[cursor.take(1)]!;
const byteBelow = (cursor: Cursor, bound: number): number => {
  const value = cursor.bytes[cursor.take(1)]!;
  return value < bound ? value : fail(`${value} at byte ${cursor.at - 1} is not below ${bound}`);
};
const countOf = (cursor: Cursor): number => {
  const value = cursor.bytes.readBigUInt64LE(cursor.take(8));
  return value <= 9_007_199_254_740_991n ? Number(value) : fail(`${value} is no count`);
};
const itemsOf = (cursor: Cursor): number => {
  const count = cursor.bytes.readUInt32LE(cursor.take(4));
  return count <= cursor.end - cursor.at ? count : fail(`${count} items do not fit`);
};

/** Words of 64 bits, lowest first; the highest carries the sign. */
function bigOf(cursor: Cursor): bigint {
  const words = cursor.bytes[cursor.take(1)]!;
  if (words === 0) fail(`a number without words at byte ${cursor.at - 1}`);
  let value = 0n;
  for (let word = 0; word < words - 1; word++) {
    value += cursor.bytes.readBigUInt64LE(cursor.take(8)) << BigInt(64 * word);
  }
  return value + (cursor.bytes.readBigInt64LE(cursor.take(8)) << BigInt(64 * (words - 1)));
}

function pairsOf(cursor: Cursor): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (let left = itemsOf(cursor); left > 0; left--) {
    const key = TYPES.text16!(cursor) as string;
    Object.defineProperty(pairs, key, { value: TYPES.text16!(cursor), enumerable: true, configurable: true });
  }
  return pairs;
}

const TYPES: Readonly<Record<string, Read>> = {
  text8: (cursor) => textOf(cursor, u8(cursor) as number),
  text16: (cursor) => textOf(cursor, cursor.bytes.readUInt16LE(cursor.take(2))),
  u16: (cursor) => cursor.bytes.readUInt16LE(cursor.take(2)),
  count: countOf,
  i64: (cursor) => cursor.bytes.readBigInt64LE(cursor.take(8)),
  big: bigOf,
  flag: (cursor) => byteBelow(cursor, 2) === 1,
  pairs: pairsOf,
};

function readerOf(type: string, structs: ReadonlyMap<string, Read>): Read {
  if (type.startsWith('?')) {
    const read = readerOf(type.slice(1), structs);
    return (cursor) => (byteBelow(cursor, 2) === 0 ? null : read(cursor));
  }
  if (type.startsWith('*')) {
    const read = readerOf(type.slice(1), structs);
    return (cursor) => Array.from({ length: itemsOf(cursor) }, () => read(cursor));
  }
  if (type.includes('|')) {
    const words = type.split('|');
    return (cursor) => words[byteBelow(cursor, words.length)];
  }
  return TYPES[type] ?? structs.get(type) ?? fail(`no type ${type}`);
}

function fieldsOf(words: readonly string[], structs: ReadonlyMap<string, Read>): Field[] {
  return words.map((word) => {
    const [name = '', type = 'text8'] = word.split(':');
    return [name, readerOf(type, structs)];
  });
}

const linesOf = (formats: string): string[][] =>
  formats
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/));

function readFields(into: Record<string, unknown>, fields: readonly Field[], cursor: Cursor): Record<string, unknown> {
  for (const [name, read] of fields) into[name] = read(cursor);
  return into;
}

const STRUCTS = new Map<string, Read>();
for (const [name = '', ...words] of linesOf(STRUCT_FORMATS)) {
  const fields = fieldsOf(words, STRUCTS);
  STRUCTS.set(name, (cursor) => readFields({}, fields, cursor));
}

const EVENTS: ({ readonly type: string; readonly fields: readonly Field[] } | undefined)[] = [];
for (const [number, type = '', ...words] of linesOf(EVENT_FORMATS)) {
  EVENTS[Number(number)] = { type, fields: fieldsOf(words, STRUCTS) };
}

const VERSION = 1;

/** Reads one event of a record of this service. @throws UnreadableError */
export function readEvent(cursor: Cursor, service: number): JournalEvent {
  const start = cursor.take(2);
  const number = cursor.bytes[start]!;
  const version = cursor.bytes[start + 1]!;
  const event = EVENTS[number];
  if (event === undefined || version !== VERSION) return fail(`event ${number} of version ${version} is unknown`);
  const [from, to] = EVENT_RANGES[service]!;
  if (number < from || number > to) fail(`service ${service} cannot write the event ${event.type}`);
  return readFields({ type: event.type }, event.fields, cursor) as unknown as JournalEvent;
}
