/**
 * The states of all cells as bytes: a version, the source sequences, the keys of the cells, then their states one
 * after the other. Nothing is written back into earlier bytes, so a writer may hand them on piece by piece.
 */
import { ByteReader, ByteWriter, InfrastructureError } from '@oms/ports';
import type { Cells } from './cell.ts';
import type { SourceSequences } from './sourceSequences.ts';

const VERSION = 2;

export function writeSnapshot(cells: Cells, sources: SourceSequences, writer: ByteWriter): void {
  const entries = sources.entries();
  u32(writer, VERSION);
  u32(writer, entries.length);
  for (const [kind, sequence] of entries) {
    u32(writer, kind);
    u64(writer, sequence);
  }
  u32(writer, cells.all.length);
  for (const { key } of cells.all) u32(writer, key);
  for (const { definition, state } of cells.all) definition.stateCodec.encode(state, writer);
}

/** All of it in one piece of memory. */
export function encodeSnapshot(cells: Cells, sources: SourceSequences): Uint8Array {
  const writer = new ByteWriter();
  writeSnapshot(cells, sources, writer);
  return writer.written().slice();
}

/** Puts the states into the cells. @throws InfrastructureError SNAPSHOT_DAMAGED, CODEC_* */
export function decodeSnapshot(bytes: Uint8Array, cells: Cells, sources: SourceSequences): void {
  const reader = new ByteReader(bytes);
  const { entries, keys } = readHead(reader);
  sources.load(entries);
  const left = new Set(cells.all);
  for (const key of keys) {
    const cell = cells.byKey(key);
    if (cell === undefined) damaged(`holds cell ${key}, which this process does not host`);
    if (!left.delete(cell)) damaged(`holds cell ${key} twice`);
    cell.state = cell.definition.stateCodec.decode(reader);
  }
  // The journal is replayed from the snapshot on: a cell it knows nothing of would silently begin in the middle.
  for (const { key } of left) damaged(`lacks cell ${key}`);
  if (reader.offset !== reader.end) damaged(`has ${reader.end - reader.offset} bytes too many`);
}

/** Keys of the cells a snapshot holds. @throws InfrastructureError CODEC_UNKNOWN_VERSION */
export const cellKeysOf = (bytes: Uint8Array): readonly number[] => readHead(new ByteReader(bytes)).keys;

function readHead(reader: ByteReader) {
  const version = readU32(reader);
  if (version !== VERSION) {
    throw new InfrastructureError(
      'CODEC_UNKNOWN_VERSION',
      `snapshot layout ${version} is not known; this build reads ${VERSION}`,
    );
  }
  const entries = Array.from({ length: readCount(reader, 12) }, () => [readU32(reader), readU64(reader)] as const);
  const keys = Array.from({ length: readCount(reader, 4) }, () => readU32(reader));
  return { entries, keys };
}

function damaged(what: string): never {
  throw new InfrastructureError('SNAPSHOT_DAMAGED', `snapshot ${what}`);
}

function u32(writer: ByteWriter, value: number): void {
  writer.reserve(4);
  writer.view.setUint32(writer.length, value, true);
  writer.length += 4;
}

function u64(writer: ByteWriter, value: number): void {
  writer.reserve(8);
  writer.view.setBigUint64(writer.length, BigInt(value), true);
  writer.length += 8;
}

/** How many items follow, each of so many bytes. */
function readCount(reader: ByteReader, itemBytes: number): number {
  const count = readU32(reader);
  if (count * itemBytes > reader.end - reader.offset) damaged(`says ${count} items where they do not fit`);
  return count;
}

/** Moves over the next bytes. @returns where they begin */
function take(reader: ByteReader, bytes: number): number {
  const { offset } = reader;
  if (offset + bytes > reader.end) damaged(`is cut off at byte ${offset}`);
  reader.offset = offset + bytes;
  return offset;
}

const readU32 = (reader: ByteReader): number => reader.view.getUint32(take(reader, 4), true);

/** Sequences are counts: at most 2⁵³ − 1. */
function readU64(reader: ByteReader): number {
  const value = reader.view.getBigUint64(take(reader, 8), true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) damaged(`has the sequence ${value}`);
  return Number(value);
}
