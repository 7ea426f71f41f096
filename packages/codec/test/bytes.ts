/** What the codec's tests share: bytes of a value, the value of bytes, and what a decoder makes of bad bytes. */
import { ByteReader, ByteWriter, InfrastructureError } from '@oms/ports';

/** A writer that has to grow at once, so that growing is always tested too. */
export function bytesOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(1);
  write(writer);
  return writer.written().slice();
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** Inside a larger buffer, so that reading past the end would read something instead of failing by itself. */
export function readerOf(bytes: Uint8Array): ByteReader {
  const surrounded = new Uint8Array(bytes.length + 64).fill(1);
  surrounded.set(bytes, 16);
  return new ByteReader(surrounded.subarray(8), 8, 8 + bytes.length);
}

/** What decoding gave: the value and the bytes it took, or the code of the InfrastructureError. Others are thrown on. */
export function attempt(
  decode: (reader: ByteReader) => unknown,
  bytes: Uint8Array,
): { readonly value: unknown; readonly length: number } | { readonly refused: string } {
  const reader = readerOf(bytes);
  try {
    const value = decode(reader);
    return { value, length: reader.offset - 8 };
  } catch (error) {
    if (error instanceof InfrastructureError) return { refused: error.code };
    throw error;
  }
}
