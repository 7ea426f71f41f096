/** Field types one by one: exact bytes, limits, and what is refused on the way in and on the way out. */
import {
  arrayOf,
  bigInteger,
  bool,
  count,
  type FieldType,
  i64,
  mapBy,
  mapOf,
  nullable,
  oneOf,
  stateCodec,
  struct,
  text8,
  text16,
  textRecord,
  time,
  u8,
  u16,
  u32,
  unionOf,
} from '@oms/codec';
import { InvariantError } from '@oms/domain';
import { ByteWriter } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { attempt, bytesOf, bytesOfHex, hexOf, readerOf } from './bytes.ts';

/** A codec of the bare value: the version byte is left out of what it gives and takes. */
function bare<T>(type: FieldType<T>) {
  const codec = stateCodec<{ value: T }>({ name: 'Bare', fields: { value: type } });
  return {
    hex: (value: unknown) => hexOf(bytesOf((writer) => codec.encode({ value: value as T }, writer)).subarray(1)),
    attempt: (hex: string) => attempt((reader) => codec.decode(reader).value, bytesOfHex(`01${hex}`)),
  };
}

const MALFORMED = expect.objectContaining({ name: 'InfrastructureError', code: 'CODEC_MALFORMED' });
const A = struct<{ id: string }>('A', { id: text8 });
const either = unionOf<{ kind: 'X'; x: number } | { kind: 'Y' }, 'kind'>('Either', 'kind', { X: { x: u8 }, Y: {} });
const words = (...values: bigint[]) => values.map((word) => hexOf(new Uint8Array(new BigUint64Array([word]).buffer)));

describe('a value has exactly these bytes', () => {
  it.each([
    { type: u8, value: 255, hex: 'ff' },
    { type: u16, value: 0x0102, hex: '0201' },
    { type: u32, value: 0xfffefdfc, hex: 'fcfdfeff' },
    { type: count, value: 0, hex: '0000000000000000' },
    { type: count, value: 2 ** 53 - 1, hex: 'ffffffffffff1f00' },
    { type: time, value: 2 ** 32, hex: '0000000001000000' },
    { type: i64, value: -1n, hex: 'ffffffffffffffff' },
    { type: i64, value: -(2n ** 63n), hex: '0000000000000080' },
    { type: bigInteger, value: 2n ** 63n - 1n, hex: '01ffffffffffffff7f' },
    { type: bigInteger, value: 2n ** 63n, hex: `02${words(2n ** 63n, 0n).join('')}` },
    { type: bigInteger, value: -(2n ** 63n) - 1n, hex: `02${words(2n ** 63n - 1n, 2n ** 64n - 1n).join('')}` },
    { type: bigInteger, value: 2n ** 128n + 5n, hex: `03${words(5n, 0n, 1n).join('')}` },
    { type: bool, value: true, hex: '01' },
    { type: text8, value: '', hex: '00' },
    { type: text8, value: 'é€', hex: '05c3a9e282ac' },
    { type: text8, value: '\uFEFFa', hex: '04efbbbf61' },
    { type: text8, value: 'a'.repeat(255), hex: `ff${'61'.repeat(255)}` },
    { type: text16, value: '\u{1F3E6}', hex: '0400f09f8fa6' },
    { type: text16, value: 'é'.repeat(128), hex: `0001${'c3a9'.repeat(128)}` },
    { type: oneOf('A', 'B', 'C'), value: 'C', hex: '02' },
    { type: nullable(u8), value: null, hex: '00' },
    { type: nullable(nullable(u8)), value: 7, hex: '010107' },
    { type: arrayOf(u16), value: [1, 2], hex: '0200000001000200' },
    { type: arrayOf(arrayOf(bool)), value: [[true], []], hex: '02000000010000000100000000' },
    {
      type: mapOf(text8, u8),
      value: new Map([
        ['b', 1],
        ['a', 2],
      ]),
      hex: '020000000162010161' + '02',
    },
    { type: mapOf(bool, bool), value: new Map([[true, false]]), hex: '010000000100' },
    { type: mapBy('id', A), value: new Map([['k', { id: 'k' }]]), hex: '01000000016b' },
    { type: textRecord, value: { b: '', a: 'x' }, hex: '02000000' + '010061' + '010078' + '010062' + '0000' },
    { type: textRecord, value: JSON.parse('{"__proto__":"x"}'), hex: '0100000009005f5f70726f746f5f5f010078' },
    { type: either, value: { kind: 'X', x: 9 }, hex: '0009' },
    { type: either, value: { kind: 'Y' }, hex: '01' },
  ])('$type.node.kind $hex', ({ type, value, hex }) => {
    const codec = bare(type as FieldType<unknown>);
    expect(codec.hex(value)).toBe(hex);
    const read = codec.attempt(hex);
    expect(read).toEqual({ value, length: 1 + hex.length / 2 });
    expect(codec.hex('value' in read ? read.value : undefined)).toBe(hex);
  });
});

describe('a value outside its type is refused on the way in', () => {
  it.each([
    { type: u8, value: 256 },
    { type: u8, value: -1 },
    { type: u8, value: Number.NaN },
    { type: u16, value: 65_536 },
    { type: u32, value: 2 ** 32 },
    { type: u32, value: 0.5 },
    { type: count, value: -1 },
    { type: count, value: 2 ** 53 },
    { type: time, value: Number.POSITIVE_INFINITY },
    { type: time, value: 1.5 },
    { type: i64, value: 2n ** 63n },
    { type: i64, value: -(2n ** 63n) - 1n },
    { type: bigInteger, value: 2n ** (64n * 255n) },
    { type: text8, value: 'a'.repeat(256) },
    { type: text8, value: 'é'.repeat(128) },
    { type: text16, value: 'a'.repeat(65_536) },
    { type: text8, value: 'lone \uD800 surrogate' },
    { type: textRecord, value: { '\uDC00': '' } },
    { type: oneOf('A', 'B'), value: 'C' },
    { type: mapBy('id', A), value: new Map([['k', { id: 'other' }]]) },
    { type: either, value: { kind: 'Z' } },
  ])('$type.node.kind', ({ type, value }) => {
    expect(() => bare(type as FieldType<unknown>).hex(value)).toThrow(MALFORMED);
  });
});

describe('bytes that no value has are refused on the way out', () => {
  it.each([
    { type: count, hex: '0000000000002000', why: '2^53' },
    { type: bool, hex: '02', why: 'no boolean' },
    { type: nullable(u8), hex: '0207', why: 'no null flag' },
    { type: oneOf('A', 'B'), hex: '02', why: 'no such word' },
    { type: either, hex: '02', why: 'no such variant' },
    { type: bigInteger, hex: '00', why: 'no words' },
    { type: bigInteger, hex: `02${words(5n, 0n).join('')}`, why: 'a needless word' },
    { type: bigInteger, hex: `02${words(2n ** 64n - 5n, 2n ** 64n - 1n).join('')}`, why: 'a needless negative word' },
    { type: text8, hex: '02c328', why: 'no UTF-8' },
    { type: text8, hex: '02c080', why: 'overlong UTF-8' },
    { type: text8, hex: '03eda080', why: 'a surrogate in UTF-8' },
    { type: arrayOf(u8), hex: 'ffffffff', why: 'an absurd count' },
    { type: arrayOf(u16), hex: '02000000010002', why: 'more items than bytes' },
    { type: mapOf(text8, u8), hex: 'ffffffff', why: 'an absurd count' },
    { type: mapOf(text8, u8), hex: '02000000016101016102', why: 'a key twice' },
    { type: mapBy('id', A), hex: '0200000001610161', why: 'a key twice' },
    { type: textRecord, hex: 'ffffffff', why: 'an absurd count' },
    { type: textRecord, hex: '02000000' + '0100620000' + '0100610000', why: 'keys that descend' },
    { type: textRecord, hex: '02000000' + '0100610000' + '0100610000', why: 'a key twice' },
  ])('$type.node.kind with $why', ({ type, hex }) => {
    expect(bare(type as FieldType<unknown>).attempt(hex)).toEqual({ refused: 'CODEC_MALFORMED' });
  });
});

describe('a count that the bytes left cannot hold is refused before any item is read', () => {
  it.each([
    { type: arrayOf(u16), hex: '02000000' + '010002' },
    { type: arrayOf(nullable(i64)), hex: 'ffffffff' + '0000' },
    { type: mapOf(text8, u8), hex: '02000000' + '016101' },
    { type: mapBy('id', A), hex: '03000000' + '0161' },
    { type: textRecord, hex: '02000000' + '01006101' + '000000' },
  ])('$type.node.kind', ({ type, hex }) => {
    const codec = stateCodec<{ value: unknown }>({ name: 'Bare', fields: { value: type as FieldType<unknown> } });
    expect(() => codec.decode(readerOf(bytesOfHex(`01${hex}`)))).toThrow(/do not fit the bytes left/);
  });
});

describe('a layout', () => {
  it('that repeats items without bytes does not compile', () => {
    expect(() => bare(arrayOf(struct<object>('Empty', {})))).toThrow(InvariantError);
  });

  it('grows the writer wherever it must', () => {
    const codec = stateCodec<{ texts: readonly string[]; after: bigint }>({
      name: 'Growing',
      fields: { texts: arrayOf(text16), after: i64 },
    });
    for (let length = 0; length < 300; length++) {
      const value = { texts: ['x'.repeat(length), 'é'.repeat(length)], after: -5n };
      const writer = new ByteWriter(8);
      codec.encode(value, writer);
      expect(codec.decode(readerOf(writer.written()))).toEqual(value);
    }
  });
});
