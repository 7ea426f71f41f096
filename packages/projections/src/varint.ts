/**
 * Whole numbers in as few bytes as they need: seven bits a byte, the low ones first, the top bit set on all but the
 * last. Most of what the read model stores beside the events is small differences.
 */
import { malformed } from '@oms/codec';
import type { ByteReader, ByteWriter } from '@oms/ports';

const BYTES_MAX = 8;
const LOW = 0x7f;
const MORE = 0x80;
/** Above it, shifts would cut the number. */
const SHIFTED_MAX = 0x7fff_ffff;

/** @param value 0 … 2^53 − 1 */
export function writeVarint(writer: ByteWriter, value: number): void {
  writer.reserve(BYTES_MAX);
  const { bytes } = writer;
  let at = writer.length;
  let rest = value;
  while (rest > SHIFTED_MAX) {
    bytes[at++] = (rest % MORE) | MORE;
    rest = Math.floor(rest / MORE);
  }
  while (rest > LOW) {
    bytes[at++] = (rest & LOW) | MORE;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  writer.length = at;
}

/** @throws InfrastructureError CODEC_MALFORMED when the bytes end before the number does */
export function readVarint(reader: ByteReader): number {
  const { bytes, end } = reader;
  let at = reader.offset;
  let value = 0;
  for (let scale = 1; at < end; scale *= MORE) {
    const byte = bytes[at++]!;
    value += (byte & LOW) * scale;
    if (byte < MORE) {
      reader.offset = at;
      return value;
    }
  }
  return malformed('varint', `truncated at byte ${at}`);
}

/** Numbers of either sign, −2^52 … 2^52 − 1: small ones of both kinds are short. */
export const writeSigned = (writer: ByteWriter, value: number): void =>
  writeVarint(writer, value < 0 ? -2 * value - 1 : 2 * value);

export function readSigned(reader: ByteReader): number {
  const value = readVarint(reader);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
