/**
 * The client's half of WebSocket framing (RFC 6455) as far as the benchmark needs it: writes text frames, reads
 * unfragmented ones. Of the library that does all of it, an order would cost more than the rest of the generator.
 */
import type { Outgoing } from './outgoing.ts';

export const OPCODE = { TEXT: 1, CLOSE: 8, PING: 9, PONG: 10 } as const;
const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH_BITS = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const LENGTH_16_MAX = 0xffff;

/**
 * Begins a final frame; `payloadBytes` bytes must follow. Clients must mask, and masking is an exclusive or with a key
 * of the client's choice: with the key zero it changes nothing and costs nothing. RFC 6455 (5.3) wants keys that
 * cannot be predicted, so that a script in a browser cannot feed a proxy bytes of its choice; here is neither.
 */
export function putFrameHeader(out: Outgoing, opcode: number, payloadBytes: number): void {
  if (payloadBytes > LENGTH_16_MAX) throw new RangeError(`a frame of ${payloadBytes} bytes`);
  out.reserve(8 + payloadBytes);
  const { bytes } = out;
  let at = out.length;
  bytes[at++] = FINAL | opcode;
  if (payloadBytes < LENGTH_16) bytes[at++] = MASKED | payloadBytes;
  else {
    bytes[at++] = MASKED | LENGTH_16;
    bytes[at++] = payloadBytes >>> 8;
    bytes[at++] = payloadBytes & 0xff;
  }
  bytes[at++] = 0;
  bytes[at++] = 0;
  bytes[at++] = 0;
  bytes[at++] = 0;
  out.length = at;
}

/** Told of every frame: its opcode, and where its payload is. */
export type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number) => void;

/**
 * Reads the server's frame at `start`, as a TakeMessage.
 * @throws Error for a masked or fragmented frame, which our server never sends
 */
export function takeFrame(bytes: Buffer, start: number, end: number, onFrame: OnFrame): number {
  if (end - start < 2) return 0;
  const first = bytes[start]!;
  const second = bytes[start + 1]!;
  const short = second & LENGTH_BITS;
  const header = short === LENGTH_64 ? 10 : short === LENGTH_16 ? 4 : 2;
  if (end - start < header) return 0;
  const payload =
    header === 2 ? short : header === 4 ? bytes.readUInt16BE(start + 2) : Number(bytes.readBigUInt64BE(start + 2));
  const total = header + payload;
  if (end - start < total) return 0;
  if ((first & FINAL) === 0 || (first & 0xf) === 0) throw new Error('the server fragments its messages');
  if ((second & MASKED) !== 0) throw new Error('the server masks its frames');
  onFrame(first & 0xf, bytes, start + header, start + total);
  return total;
}
