/** WebSocket frames by hand (RFC 6455): what a client may send, and may not; and what the server sent. */
import { EVIL_LENGTHS } from './evilValues.ts';
import type { FuzzRandom } from './fuzzRandom.ts';
import { mutatedBytes } from './mutations.ts';

export const HANDSHAKE = Buffer.from(
  'GET /v1/ws HTTP/1.1\r\nHost: fuzz\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
);

const CLOSE = 8;
const MASK = Buffer.from([1, 2, 3, 4]);

interface FrameParts {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly fin?: boolean;
  readonly reservedBits?: number;
  readonly masked?: boolean;
  /** What the header says instead of the truth. */
  readonly saidLength?: number;
}

export function clientFrame(parts: FrameParts): Buffer {
  const { opcode, payload, fin = true, reservedBits = 0, masked = true, saidLength = payload.length } = parts;
  const head = [(fin ? 0x80 : 0) | (reservedBits << 4) | opcode];
  const maskBit = masked ? 0x80 : 0;
  if (saidLength < 126) head.push(maskBit | saidLength);
  else if (saidLength < 0x1_0000) head.push(maskBit | 126, saidLength >> 8, saidLength & 0xff);
  else {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(saidLength));
    head.push(maskBit | 127, ...length);
  }
  if (!masked) return Buffer.concat([Buffer.from(head), payload]);
  return Buffer.concat([Buffer.from(head), MASK, payload.map((byte, i) => byte ^ MASK[i & 3]!)]);
}

/** A text that is sent as frames with something wrong about them. */
export function evilFrames(text: string, random: FuzzRandom): Buffer {
  const payload = Buffer.from(text);
  const half = random.below(payload.length + 1);
  const first = (fin: boolean, part: Uint8Array) => clientFrame({ opcode: 1, fin, payload: part });
  const rest = (fin: boolean, part: Uint8Array) => clientFrame({ opcode: 0, fin, payload: part });
  const ways: readonly (() => Buffer)[] = [
    () => clientFrame({ opcode: random.below(16), payload }),
    () => clientFrame({ opcode: 1, payload, reservedBits: 1 + random.below(7) }),
    () => clientFrame({ opcode: 1, payload, masked: false }),
    () => clientFrame({ opcode: 1, payload, saidLength: random.pick(EVIL_LENGTHS) }),
    () => clientFrame({ opcode: 1, payload, saidLength: 2 ** 52 }),
    () => clientFrame({ opcode: 8 + random.below(3), payload: Buffer.alloc(126 + random.below(200), 0x41) }),
    () => clientFrame({ opcode: 8 + random.below(3), payload: payload.subarray(0, 100), fin: false }),
    () => clientFrame({ opcode: CLOSE, payload: Buffer.from([random.below(256), random.below(256), 0xff]) }),
    () => clientFrame({ opcode: 1, payload: Buffer.concat([payload.subarray(0, half), Buffer.from([0xc3, 0x28])]) }),
    () => Buffer.concat([first(false, payload.subarray(0, half)), rest(true, payload.subarray(half))]),
    () => Buffer.concat([first(false, payload.subarray(0, half)), first(true, payload.subarray(half))]),
    () => Buffer.concat([rest(true, payload), first(true, payload)]),
    () => Buffer.concat(Array.from({ length: 100 }, (_, i) => (i === 0 ? first : rest)(false, Buffer.alloc(0)))),
    () => Buffer.from(mutatedBytes(clientFrame({ opcode: 1, payload }), random)),
    () =>
      Buffer.concat([first(true, payload), clientFrame({ opcode: CLOSE, payload: Buffer.from([3, 232]) }), payload]),
  ];
  return random.pick(ways)();
}

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The frames that the server sent after its handshake. @throws Error when they are none a server may send */
export function serverFrames(bytes: Buffer): ServerFrame[] {
  const frames: ServerFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [head, short] = [bytes[at]!, bytes[at + 1]!];
    if ((head & 0xf0) !== 0x80 || ![1, 8, 9, 10].includes(head & 15) || short > 127) {
      throw new Error(`no server frame: ${bytes.subarray(at, at + 20).toString('hex')}`);
    }
    let start = at + 2;
    let length = short;
    if (short === 126) {
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (short === 127) {
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    if (start + length > bytes.length) throw new Error('half a server frame');
    frames.push({ opcode: head & 15, payload: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return frames;
}

const CLOSE_CODES: ReadonlySet<number> = new Set([1000, 1001, 1002, 1003, 1005, 1007, 1009, 4008]);

/** @returns what is wrong with how the server closed, or null */
export function complaintOnClose({ opcode, payload }: ServerFrame, sent: Buffer): string | null {
  if (opcode !== CLOSE || payload.length === 0) return null;
  const code = payload.readUInt16BE(0);
  // A close of ours is echoed, whatever code of an application it bears.
  const isEcho = code >= 3000 && sent.includes(clientFrame({ opcode: CLOSE, payload }).subarray(6, 8));
  return CLOSE_CODES.has(code) || isEcho || (code > 1000 && code < 1015) ? null : `the server closed with ${code}`;
}
