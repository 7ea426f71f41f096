/**
 * Integers of any size: one byte that counts 64-bit words, then the two's complement, lowest word first, in as few
 * words as hold it. A value within int64 takes one word.
 */
import type { ByteReader, ByteWriter } from '@oms/ports';
import { malformed } from './malformed.ts';

const WORDS_MAX = 255;

/** Writes at the writer's length and leaves `tail` more bytes reserved behind it. */
export function writeBigInteger(writer: ByteWriter, value: bigint, tail: number, where: string): void {
  let words = 1;
  for (let rest = value; BigInt.asIntN(64, rest) !== rest; rest >>= 64n) words++;
  if (words > WORDS_MAX) malformed(where, `integer needs more than ${WORDS_MAX} words`);
  writer.reserve(1 + 8 * words + tail);
  let at = writer.length;
  writer.bytes[at++] = words;
  for (let rest = value; words > 0; words--, at += 8, rest >>= 64n) {
    writer.view.setBigInt64(at, BigInt.asIntN(64, rest), true);
  }
  writer.length = at;
}

/** Reads at the reader's offset and moves it on. */
export function readBigInteger(reader: ByteReader, where: string): bigint {
  const start = reader.offset;
  const words = start < reader.end ? reader.bytes[start]! : 0;
  const end = start + 1 + 8 * words;
  if (words === 0 || end > reader.end) malformed(where, `no integer at byte ${start}`);
  let value = reader.view.getBigInt64(end - 8, true);
  for (let at = end - 16; at > start; at -= 8) value = (value << 64n) | reader.view.getBigUint64(at, true);
  if (words > 1 && BigInt.asIntN(64 * (words - 1), value) === value) malformed(where, 'integer has a needless word');
  reader.offset = end;
  return value;
}
