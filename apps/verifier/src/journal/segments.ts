/**
 * Reads the segment files of a journal directory by docs/reference/journal-format.md: every frame of every segment in
 * order, and what lies where a frame should be. It judges nothing but checksums; see frameChecks.ts.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { InfrastructureError } from '@oms/ports';

/** A group as its bytes say, the checksum verified. `recordCount` 0 is a mark. */
export interface Frame {
  readonly kind: 'frame';
  readonly file: string;
  readonly offset: number;
  readonly firstPosition: number;
  readonly recordCount: number;
  readonly now: number;
  readonly epoch: number;
  readonly durablePosition: number;
  readonly previousHash: Buffer;
  readonly previousCrc: number;
  readonly crc: number;
  readonly payload: Uint8Array;
  /** What the hash is of: the header from the length on, payload and padding. */
  readonly hashed: Buffer;
}

export interface SegmentStart {
  readonly kind: 'segment';
  readonly file: string;
  readonly firstPosition: number;
  readonly previousFirstPosition: number;
  readonly previousHash: Buffer;
  readonly previousCrc: number;
  /** What is wrong with the header, or null. */
  readonly fault: string | null;
  /** The header is all zeros: space that was only reserved. */
  readonly isEmpty: boolean;
}

/** Bytes that are neither a frame nor the zeros of space not yet used. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly what: string;
}

export type JournalPiece = Frame | SegmentStart | Unreadable;

const SEGMENT_MAGIC = Buffer.from('ff4f4d534a524e4c', 'hex');
const FRAME_MAGIC = Buffer.from('ff4f4d47', 'hex');
export const SEGMENT_HEADER = 72;
const SEGMENT_CRC_AT = 68;
/** Where version 1, which had no hashes, kept it. */
const SEGMENT_CRC_AT_IN_VERSION_1 = 36;
export const FRAME_HEADER = 88;
const CRC_AT = 12;
const HASHED_FROM = 16;
const ALIGNMENT = 8;
const FORMAT_VERSION = 2;
const NO_HASH = Buffer.alloc(32);

export const placeOf = ({ file, offset }: { readonly file: string; readonly offset: number }): string =>
  `${file} at byte ${offset}`;

export interface SegmentFile {
  readonly file: string;
  readonly firstPosition: number;
}

export function segmentFilesOf(directory: string): SegmentFile[] {
  return readdirSync(directory)
    .filter((name) => /^\d{20}\.journal$/.test(name))
    .sort()
    .map((name) => ({ file: path.join(directory, name), firstPosition: Number(name.slice(0, 20)) }));
}

/**
 * All pieces of a segment, in order. A segment is read whole: it is of bounded size.
 * @throws InfrastructureError JOURNAL_VERSION_UNSUPPORTED for a segment of the format's first version
 */
export const piecesOf = ({ file, firstPosition }: SegmentFile): Generator<JournalPiece> =>
  piecesIn(contentsOf(file), file, firstPosition);

/**
 * The pieces in a segment's bytes, wherever those come from.
 * @param from where a piece begins that nothing before is wanted of; 0: all of them, the segment's start first
 */
export function* piecesIn(content: Uint8Array, file: string, firstPosition: number, from = 0): Generator<JournalPiece> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (from === 0) yield segmentStartOf(bytes, file, firstPosition);
  let at = Math.min(Math.max(from, SEGMENT_HEADER), bytes.length);
  let end = bytes.length;
  while (end > at && bytes[end - 1] === 0) end--;
  while (at < end) {
    const frame = frameAt(bytes, at, file);
    if (typeof frame !== 'string') {
      yield frame;
      at += lengthOf(frame.payload.length);
      continue;
    }
    const next = nextFrameAfter(bytes, at, file);
    yield { kind: 'unreadable', file, offset: at, bytes: (next ?? end) - at, what: frame };
    if (next === null) return;
    at = next;
  }
}

/** Where the next piece begins after this frame. */
export const endOfFrame = ({ offset, payload }: Frame): number => offset + lengthOf(payload.length);

function contentsOf(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.allocUnsafe(fstatSync(descriptor).size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}

function segmentStartOf(bytes: Buffer, file: string, firstPosition: number): SegmentStart {
  const broken = (fault: string): SegmentStart => ({
    kind: 'segment',
    file,
    firstPosition,
    previousFirstPosition: 0,
    previousHash: NO_HASH,
    previousCrc: 0,
    fault,
    isEmpty: bytes.subarray(0, SEGMENT_HEADER).every((byte) => byte === 0),
  });
  if (bytes.length < SEGMENT_HEADER) return broken(`the segment header is ${bytes.length} bytes of ${SEGMENT_HEADER}`);
  if (!bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return broken('the segment header has no magic');
  const version = bytes.readUInt32LE(8);
  if (version === 1) refuseFirstVersion(bytes, file);
  if (version !== FORMAT_VERSION) return broken(`the segment header has format version ${version}`);
  const stored = bytes.readUInt32LE(SEGMENT_CRC_AT);
  const actual = crc32(bytes.subarray(0, SEGMENT_CRC_AT));
  if (stored !== actual) return broken(`the segment header says checksum ${stored}, its bytes have ${actual}`);
  if (bytes.readUInt32LE(12) !== 0) return broken('bytes 12 to 15 of the segment header are not 0');
  const inHeader = Number(bytes.readBigUInt64LE(16));
  return {
    kind: 'segment',
    file,
    firstPosition,
    previousFirstPosition: Number(bytes.readBigUInt64LE(24)),
    previousHash: bytes.subarray(32, 64),
    previousCrc: bytes.readUInt32LE(64),
    fault:
      inHeader === firstPosition ? null : `the segment header says position ${inHeader}, the name ${firstPosition}`,
    isEmpty: false,
  };
}

function refuseFirstVersion(bytes: Buffer, file: string): void {
  const at = SEGMENT_CRC_AT_IN_VERSION_1;
  if (crc32(bytes.subarray(0, at)) !== bytes.readUInt32LE(at)) return;
  throw new InfrastructureError(
    'JOURNAL_VERSION_UNSUPPORTED',
    `${file} has format version 1, which has no hashes; verify it with the program that wrote it`,
  );
}

const lengthOf = (payloadBytes: number): number => Math.ceil((FRAME_HEADER + payloadBytes) / ALIGNMENT) * ALIGNMENT;

/** The frame that begins here, or why there is none. */
function frameAt(bytes: Buffer, at: number, file: string): Frame | string {
  if (at + FRAME_HEADER > bytes.length) return `a group header is cut off after ${bytes.length - at} bytes`;
  if (!bytes.subarray(at, at + 4).equals(FRAME_MAGIC)) return 'no group begins here';
  const version = bytes.readUInt32LE(at + 4);
  if (version !== FORMAT_VERSION) return `the group has format version ${version}`;
  const payloadBytes = bytes.readUInt32LE(at + 16);
  const end = at + lengthOf(payloadBytes);
  if (end > bytes.length) return `the group of ${end - at} bytes is cut off after ${bytes.length - at}`;
  const stored = bytes.readUInt32LE(at + CRC_AT);
  const actual = crc32(bytes.subarray(at + HASHED_FROM, end), crc32(bytes.subarray(at, at + CRC_AT)));
  if (stored !== actual) return `the group says checksum ${stored}, its bytes have ${actual}`;
  return {
    kind: 'frame',
    file,
    offset: at,
    recordCount: bytes.readUInt32LE(at + 20),
    firstPosition: Number(bytes.readBigUInt64LE(at + 24)),
    now: Number(bytes.readBigUInt64LE(at + 32)),
    epoch: Number(bytes.readBigUInt64LE(at + 40)),
    durablePosition: Number(bytes.readBigUInt64LE(at + 48)),
    previousHash: bytes.subarray(at + 56, at + FRAME_HEADER),
    previousCrc: bytes.readUInt32LE(at + 8),
    crc: stored,
    payload: bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + payloadBytes),
    hashed: bytes.subarray(at + HASHED_FROM, end),
  };
}

/** Where the next whole frame begins; null when there is none. */
function nextFrameAfter(bytes: Buffer, at: number, file: string): number | null {
  for (let next = bytes.indexOf(FRAME_MAGIC, at + 1); next >= 0; next = bytes.indexOf(FRAME_MAGIC, next + 1)) {
    if (next % ALIGNMENT === 0 && typeof frameAt(bytes, next, file) !== 'string') return next;
  }
  return null;
}
