/**
 * Turns the lines of eventFormats.ts into readers: one function an event, that reads its fields one after the other
 * into an object written out in full. Its source is made here from the lines alone, never from data; walking a table
 * of fields for every event took twice the time.
 */
import { type Cursor, fail } from './cursor.ts';
import { EVENT_FORMATS, EVENT_RANGES, type JournalEvent, STRUCT_FORMATS } from './eventFormats.ts';

type Read = (cursor: Cursor) => JournalEvent;

const linesOf = (formats: string): string[][] =>
  formats
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/));

/** What a field's type is read with: a method of the cursor. */
const PLAIN = new Set(['text8', 'text16', 'u16', 'count', 'i64', 'big']);
const STRUCTS = new Map(linesOf(STRUCT_FORMATS).map(([name = '', ...fields]) => [name, fields]));

/** The expression that reads a value of the type. */
function expressionOf(type: string): string {
  if (type.startsWith('?')) return `(cursor.below(2) === 0 ? null : ${expressionOf(type.slice(1))})`;
  if (type.startsWith('*')) return `listOf(cursor, () => ${expressionOf(type.slice(1))})`;
  if (type.includes('|')) {
    const words = type.split('|');
    return `${JSON.stringify(words)}[cursor.below(${words.length})]`;
  }
  if (type === 'flag') return '(cursor.below(2) === 1)';
  if (type === 'pairs') return 'pairsOf(cursor)';
  if (PLAIN.has(type)) return `cursor.${type}()`;
  return `{ ${membersOf(STRUCTS.get(type) ?? fail(`no type ${type}`))} }`;
}

function membersOf(fields: readonly string[]): string {
  return fields
    .map((field) => {
      const [name = '', type = 'text8'] = field.split(':');
      return `${name}: ${expressionOf(type)}`;
    })
    .join(', ');
}

function listOf<Item>(cursor: Cursor, read: () => Item): Item[] {
  const list: Item[] = [];
  for (let left = cursor.items(); left > 0; left--) list.push(read());
  return list;
}

function pairsOf(cursor: Cursor): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (let left = cursor.items(); left > 0; left--) {
    const key = cursor.text16();
    Object.defineProperty(pairs, key, { value: cursor.text16(), enumerable: true, configurable: true });
  }
  return pairs;
}

function readerOf(type: string, fields: readonly string[]): Read {
  const body = `return (cursor) => ({ type: ${JSON.stringify(type)}, ${membersOf(fields)} })`;
  return new Function('listOf', 'pairsOf', body)(listOf, pairsOf) as Read;
}

const EVENTS: ({ readonly type: string; readonly read: Read } | undefined)[] = [];
for (const [number, type = '', ...fields] of linesOf(EVENT_FORMATS)) {
  EVENTS[Number(number)] = { type, read: readerOf(type, fields) };
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
  return event.read(cursor);
}
