/**
 * The plain reference of the compiled codecs: walks a layout field by field with nothing but single bytes,
 * TextEncoder and TextDecoder. Slow and obvious; tests hold the compiled functions against it byte by byte.
 */
import type { ByteReader, ByteWriter } from '@oms/ports';
import type { NodeKind, NodeOf, StructNode, TypeNode } from './fieldTypes.ts';
import { leastBytes } from './layoutSize.ts';
import { malformed } from './malformed.ts';

/** Writes `value` as its type says. @throws InfrastructureError CODEC_MALFORMED when it does not fit */
export function interpretEncode(node: TypeNode, value: unknown, writer: ByteWriter): void {
  const write = WRITERS[node.kind] as Write<NodeKind>;
  write(node, value as never, writer);
}

/** Reads one value. @throws InfrastructureError CODEC_MALFORMED for anything the encoder would not write */
export function interpretDecode(node: TypeNode, reader: ByteReader): unknown {
  const read = READERS[node.kind] as Read<NodeKind>;
  return read(node, reader);
}

type Members = Readonly<Record<string, unknown>>;

/** What a value of each kind is, as far as writing it needs to know. */
interface ValueOf extends Record<NodeKind, unknown> {
  u8: number;
  u16: number;
  u32: number;
  u64: number;
  i64: bigint;
  bigInteger: bigint;
  bool: boolean;
  text8: string;
  text16: string;
  textRecord: Readonly<Record<string, string>>;
  oneOf: string;
  array: readonly unknown[];
  map: ReadonlyMap<unknown, unknown>;
  mapBy: ReadonlyMap<string, Members>;
  struct: Members;
  union: Members;
}

type Write<Kind extends NodeKind> = (node: NodeOf<Kind>, value: ValueOf[Kind], writer: ByteWriter) => void;
type Read<Kind extends NodeKind> = (node: NodeOf<Kind>, reader: ByteReader) => unknown;

const WRITERS: { readonly [Kind in NodeKind]: Write<Kind> } = {
  u8: (_, value, writer) => writeInteger(writer, wholeNumber(value), 1),
  u16: (_, value, writer) => writeInteger(writer, wholeNumber(value), 2),
  u32: (_, value, writer) => writeInteger(writer, wholeNumber(value), 4),
  u64: (_, value, writer) => writeInteger(writer, wholeNumber(value), 8),
  i64: (_, value, writer) => writeSigned(writer, value, 8),
  bigInteger: (_, value, writer) => {
    let words = 1;
    while (BigInt.asIntN(64 * words, value) !== value) words++;
    writeInteger(writer, BigInt(words), 1);
    writeSigned(writer, value, 8 * words);
  },
  bool: (_, value, writer) => writeInteger(writer, value ? 1n : 0n, 1),
  text8: (_, value, writer) => writeText(writer, value, 1),
  text16: (_, value, writer) => writeText(writer, value, 2),
  textRecord: (_, value, writer) => {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    writeInteger(writer, BigInt(members.length), 4);
    for (const member of members) for (const text of member) writeText(writer, text, 2);
  },
  oneOf: (node, value, writer) => writeIndex(writer, node.values.indexOf(value)),
  nullable: (node, value, writer) => {
    writeIndex(writer, value === null ? 0 : 1);
    if (value !== null) interpretEncode(node.of, value, writer);
  },
  array: (node, value, writer) => {
    writeInteger(writer, BigInt(value.length), 4);
    for (const item of value) interpretEncode(node.item, item, writer);
  },
  map: (node, value, writer) => {
    writeInteger(writer, BigInt(value.size), 4);
    for (const [key, item] of value) {
      interpretEncode(node.key, key, writer);
      interpretEncode(node.value, item, writer);
    }
  },
  mapBy: (node, value, writer) => {
    writeInteger(writer, BigInt(value.size), 4);
    for (const [key, item] of value) {
      if (item[node.keyField] !== key) malformed('mapBy', `key ${key} is not the ${node.keyField}`);
      interpretEncode(node.value, item, writer);
    }
  },
  struct: (node, value, writer) => {
    for (const [field, type] of node.fields) interpretEncode(type, value[field], writer);
  },
  union: (node, value, writer) => {
    const index = node.variants.findIndex(([tag]) => tag === value[node.tagField]);
    writeIndex(writer, index);
    interpretEncode(node.variants[index]![1], value, writer);
  },
};

const wholeNumber = (value: number): bigint =>
  Number.isSafeInteger(value) ? BigInt(value) : malformed('number', `${value} is no whole number`);

function writeInteger(writer: ByteWriter, value: bigint, bytes: number): void {
  if (BigInt.asUintN(8 * bytes, value) !== value) malformed('integer', `${value} does not fit ${bytes} bytes`);
  writer.reserve(bytes);
  for (let i = 0; i < bytes; i++) writer.bytes[writer.length++] = Number((value >> BigInt(8 * i)) & 0xffn);
}

function writeSigned(writer: ByteWriter, value: bigint, bytes: number): void {
  if (BigInt.asIntN(8 * bytes, value) !== value) malformed('integer', `${value} does not fit ${bytes} bytes`);
  writeInteger(writer, BigInt.asUintN(8 * bytes, value), bytes);
}

function writeIndex(writer: ByteWriter, index: number): void {
  if (index < 0) malformed('index', 'no such word or variant');
  writeInteger(writer, BigInt(index), 1);
}

function writeText(writer: ByteWriter, text: string, lengthBytes: number): void {
  if (!text.isWellFormed()) malformed('text', 'has a lone surrogate');
  const encoded = new TextEncoder().encode(text);
  writeInteger(writer, BigInt(encoded.length), lengthBytes);
  writer.reserve(encoded.length);
  writer.bytes.set(encoded, writer.length);
  writer.length += encoded.length;
}

const READERS: { readonly [Kind in NodeKind]: Read<Kind> } = {
  u8: (_, reader) => Number(readInteger(reader, 1)),
  u16: (_, reader) => Number(readInteger(reader, 2)),
  u32: (_, reader) => Number(readInteger(reader, 4)),
  u64: (_, reader) => {
    const value = Number(readInteger(reader, 8));
    return Number.isSafeInteger(value) ? value : malformed('u64', `${value} exceeds 2^53 - 1`);
  },
  i64: (_, reader) => BigInt.asIntN(64, readInteger(reader, 8)),
  bigInteger: (_, reader) => {
    const words = Number(readInteger(reader, 1));
    if (words === 0) malformed('bigInteger', 'has no words');
    const value = BigInt.asIntN(64 * words, readInteger(reader, 8 * words));
    const needless = words > 1 && BigInt.asIntN(64 * (words - 1), value) === value;
    return needless ? malformed('bigInteger', `needs fewer than ${words} words`) : value;
  },
  bool: (_, reader) => readIndex(reader, 2) === 1,
  text8: (_, reader) => readText(reader, 1),
  text16: (_, reader) => readText(reader, 2),
  textRecord: (_, reader) => {
    const members = readItems(reader, 4, () => [readText(reader, 2), readText(reader, 2)] as const);
    for (const [index, [key]] of members.entries())
      if (index > 0 && key <= members[index - 1]![0]) malformed('textRecord', 'keys do not ascend');
    return Object.fromEntries(members);
  },
  oneOf: (node, reader) => node.values[readIndex(reader, node.values.length)],
  nullable: (node, reader) => (readIndex(reader, 2) === 1 ? interpretDecode(node.of, reader) : null),
  array: (node, reader) => readItems(reader, leastBytes(node.item), () => interpretDecode(node.item, reader)),
  map: (node, reader) => {
    const least = leastBytes(node.key) + leastBytes(node.value);
    return asMap(
      readItems(reader, least, () => [interpretDecode(node.key, reader), interpretDecode(node.value, reader)] as const),
    );
  },
  mapBy: (node, reader) => {
    const items = readItems(reader, leastBytes(node.value), () => interpretDecode(node.value, reader) as Members);
    return asMap(items.map((item) => [item[node.keyField], item] as const));
  },
  struct: (node, reader) => readStruct(node, reader),
  union: (node, reader) => {
    const [kind, variant] = node.variants[readIndex(reader, node.variants.length)]!;
    return { [node.tagField]: kind, ...readStruct(variant, reader) };
  },
};

const readStruct = (node: StructNode, reader: ByteReader): Members =>
  Object.fromEntries(node.fields.map(([field, type]) => [field, interpretDecode(type, reader)]));

function readItems<Item>(reader: ByteReader, itemBytesLeast: number, readItem: () => Item): Item[] {
  const size = Number(readInteger(reader, 4));
  if (size * itemBytesLeast > reader.end - reader.offset) malformed('count', `${size} items do not fit`);
  const items: Item[] = [];
  for (let i = 0; i < size; i++) items.push(readItem());
  return items;
}

function asMap(entries: readonly (readonly [unknown, unknown])[]): Map<unknown, unknown> {
  const map = new Map(entries);
  return map.size === entries.length ? map : malformed('map', 'a key appears twice');
}

function readInteger(reader: ByteReader, bytes: number): bigint {
  if (reader.offset + bytes > reader.end) malformed('integer', `truncated at byte ${reader.offset}`);
  let value = 0n;
  for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(reader.bytes[reader.offset + i]!);
  reader.offset += bytes;
  return value;
}

function readIndex(reader: ByteReader, bound: number): number {
  const index = Number(readInteger(reader, 1));
  return index < bound ? index : malformed('index', `${index} is not below ${bound}`);
}

function readText(reader: ByteReader, lengthBytes: number): string {
  const end = Number(readInteger(reader, lengthBytes)) + reader.offset;
  if (end > reader.end) malformed('text', `truncated at byte ${reader.offset}`);
  const encoded = reader.bytes.subarray(reader.offset, end);
  reader.offset = end;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(encoded);
  } catch {
    return malformed('text', 'is not UTF-8');
  }
}
