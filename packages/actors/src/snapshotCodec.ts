/** The states of all cells as bytes: a version, the source sequences, then each cell with its length. */
import { ByteReader, ByteWriter, InfrastructureError } from '@oms/ports';
import type { Cells } from './cell.ts';
import type { SourceSequences } from './sourceSequences.ts';

const VERSION = 1;

export function encodeSnapshot(cells: Cells, sources: SourceSequences): Uint8Array {
  const writer = new ByteWriter(1 << 20);
  const entries = sources.entries();
  u32(writer, VERSION);
  u32(writer, entries.length);
  for (const [kind, sequence] of entries) {
    u32(writer, kind);
    u64(writer, sequence);
  }
  u32(writer, cells.all.length);
  for (const cell of cells.all) {
    u32(writer, cell.key);
    const lengthAt = writer.length;
    u64(writer, 0);
    cell.definition.stateCodec.encode(cell.state, writer);
    writer.view.setBigUint64(lengthAt, BigInt(writer.length - lengthAt - 8), true);
  }
  return writer.written().slice();
}

/** Puts the states into the cells. @throws InfrastructureError SNAPSHOT_DAMAGED, CODEC_* */
export function decodeSnapshot(bytes: Uint8Array, cells: Cells, sources: SourceSequences): void {
  const reader = new ByteReader(bytes);
  const version = readU32(reader);
  if (version !== VERSION) {
    throw new InfrastructureError(
      'CODEC_UNKNOWN_VERSION',
      `snapshot layout ${version} is not known; this build reads ${VERSION}`,
    );
  }
  const entries = Array.from({ length: readU32(reader) }, () => [readU32(reader), readU64(reader)] as const);
  sources.load(entries);
  const count = readU32(reader);
  for (let i = 0; i < count; i++) {
    const key = readU32(reader);
    const length = readU64(reader);
    const cell = cells.byKey(key);
    if (cell === undefined) {
      throw new InfrastructureError('SNAPSHOT_DAMAGED', `snapshot holds cell ${key}, which this process does not host`);
    }
    const end = reader.offset + length;
    cell.state = cell.definition.stateCodec.decode(new ByteReader(bytes, reader.offset, end));
    reader.offset = end;
  }
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

function readU32(reader: ByteReader): number {
  const value = reader.view.getUint32(reader.offset, true);
  reader.offset += 4;
  return value;
}

function readU64(reader: ByteReader): number {
  const value = Number(reader.view.getBigUint64(reader.offset, true));
  reader.offset += 8;
  return value;
}
