/** Bytes that are no snapshot of these cells are told as damaged; none of them reads past the end or leaves a cell out. */
import { InfrastructureError } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { Cells, createCell } from '../src/cell.ts';
import { decodeSnapshot, encodeSnapshot } from '../src/snapshotCodec.ts';
import { SourceSequences } from '../src/sourceSequences.ts';
import { counter } from './toyActors.ts';

const cellsOf = (...partitions: number[]) => new Cells(partitions.map((partition) => createCell(counter(), partition)));
const bytes = encodeSnapshot(cellsOf(0, 1), new SourceSequences());
/** Version, no sources, two keys. */
const [SOURCES_AT, CELLS_AT, FIRST_KEY_AT, SECOND_KEY_AT] = [4, 8, 12, 16] as const;

function changed(at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}

const read = (snapshot: Uint8Array, cells = cellsOf(0, 1)): void =>
  decodeSnapshot(snapshot, cells, new SourceSequences());

describe('a damaged snapshot', () => {
  const firstKey = new DataView(bytes.buffer, bytes.byteOffset).getUint32(FIRST_KEY_AT, true);

  it.each([
    ['that says 2^31 sources', changed(SOURCES_AT, 2 ** 31)],
    ['that says 2^32 - 1 cells', changed(CELLS_AT, 2 ** 32 - 1)],
    ['that holds a cell twice', changed(SECOND_KEY_AT, firstKey)],
    ['that holds a cell of nobody', changed(SECOND_KEY_AT, 0xffff_ffff)],
    ['with bytes too many', new Uint8Array([...bytes, 0])],
    ['that lacks a cell we host', encodeSnapshot(cellsOf(0), new SourceSequences())],
  ])('%s is refused', (_name, snapshot) => {
    expect(() => read(bytes)).not.toThrow();
    expect(() => read(snapshot)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_DAMAGED' }));
  });

  it('is refused wherever its head is cut off', () => {
    for (let length = 0; length < SECOND_KEY_AT + 4; length++) {
      expect(() => read(bytes.subarray(0, length))).toThrow(InfrastructureError);
    }
  });
});
