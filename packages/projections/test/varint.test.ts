/** Numbers in few bytes: what was written is read again, and bytes that stop short are refused. */
import { ByteReader, ByteWriter } from '@oms/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSigned, readVarint, writeSigned, writeVarint } from '../src/index.ts';

describe('varint', () => {
  it('reads what was written, in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (values) => {
        const writer = new ByteWriter(1);
        for (const value of values) writeVarint(writer, value);
        const reader = new ByteReader(writer.written());
        expect(values.map(() => readVarint(reader))).toEqual(values);
        expect(reader.offset).toBe(writer.length);
      }),
    );
  });

  it.each([
    [0, 1],
    [127, 1],
    [128, 2],
    [2 ** 31 - 1, 5],
    [2 ** 31, 5],
    [2 ** 32, 5],
    [Number.MAX_SAFE_INTEGER, 8],
  ])('writes %d in %d bytes', (value, bytes) => {
    const writer = new ByteWriter();
    writeVarint(writer, value);
    expect(writer.length).toBe(bytes);
  });

  it('takes numbers of either sign', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.constantFrom(1, 2 ** 21), (value, scale) => {
        const writer = new ByteWriter();
        writeSigned(writer, value * scale);
        expect(readSigned(new ByteReader(writer.written()))).toBe(value * scale);
      }),
    );
  });

  it('refuses bytes that stop short', () => {
    const writer = new ByteWriter();
    writeVarint(writer, 300);
    expect(() => readVarint(new ByteReader(writer.written(), 0, 1))).toThrow('truncated');
  });
});
