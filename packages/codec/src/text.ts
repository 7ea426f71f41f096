/**
 * Text as length-prefixed UTF-8. Nearly all of ours is short ASCII, which is copied character by character; anything
 * else goes through TextEncoder and TextDecoder. Lone surrogates have no UTF-8 and are refused: replacing them would
 * make the replayed state differ from the live one.
 */
import type { ByteReader, ByteWriter } from '@oms/ports';
import { malformed } from './malformed.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes UTF-8 at `start`, with room reserved for it. @returns its length in bytes. */
function encodeAt(bytes: Uint8Array, start: number, text: string, bytesMax: number, where: string): number {
  const length = text.length;
  if (length <= bytesMax) {
    let i = 0;
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) break;
      bytes[start + i] = code;
    }
    if (i === length) return length;
  }
  if (!text.isWellFormed()) malformed(where, 'text has a lone surrogate');
  const { written } = encoder.encodeInto(text, bytes.subarray(start));
  if (written > bytesMax) malformed(where, `text of ${written} bytes exceeds ${bytesMax}`);
  return written;
}

/** Writes at the writer's length and leaves `tail` more bytes reserved behind it. */
export function writeText8(writer: ByteWriter, text: string, tail: number, where: string): void {
  writer.reserve(1 + 3 * text.length + tail);
  const at = writer.length;
  const written = encodeAt(writer.bytes, at + 1, text, 0xff, where);
  writer.bytes[at] = written;
  writer.length = at + 1 + written;
}

export function writeText16(writer: ByteWriter, text: string, tail: number, where: string): void {
  writer.reserve(2 + 3 * text.length + tail);
  const at = writer.length;
  const written = encodeAt(writer.bytes, at + 2, text, 0xffff, where);
  writer.view.setUint16(at, written, true);
  writer.length = at + 2 + written;
}

/** Longest text that is read character by character; longer ones are quicker in native code. */
const SHORT = 24;
/** One array of character codes for each short length, so that reading makes no array. */
const CODES = Array.from({ length: SHORT + 1 }, (_, length) => new Array<number>(length).fill(0));

function decodeAt(bytes: Uint8Array, start: number, end: number, where: string): string {
  const length = end - start;
  if (length <= SHORT) {
    const codes = CODES[length]!;
    let i = 0;
    for (; i < length; i++) {
      const code = bytes[start + i]!;
      if (code > 127) break;
      codes[i] = code;
    }
    // One call gives a flat string; adding up characters would leave a chain of fragments in the state.
    if (i === length) return String.fromCharCode.apply(null, codes);
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return malformed(where, `not UTF-8 at byte ${start}`);
  }
}

/** Reads at the reader's offset and moves it on. */
export function readText8(reader: ByteReader, where: string): string {
  const start = reader.offset + 1;
  if (start > reader.end) malformed(where, `truncated at byte ${reader.offset}`);
  const end = start + reader.bytes[reader.offset]!;
  if (end > reader.end) malformed(where, `truncated at byte ${reader.offset}`);
  reader.offset = end;
  return decodeAt(reader.bytes, start, end, where);
}

export function readText16(reader: ByteReader, where: string): string {
  const start = reader.offset + 2;
  if (start > reader.end) malformed(where, `truncated at byte ${reader.offset}`);
  const end = start + reader.view.getUint16(reader.offset, true);
  if (end > reader.end) malformed(where, `truncated at byte ${reader.offset}`);
  reader.offset = end;
  return decodeAt(reader.bytes, start, end, where);
}
