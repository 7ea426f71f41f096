/**
 * Reads the segment files of a journal directory by docs/reference/journal-format.md: every frame of every segment in
 * order, and what lies where a frame should be. It judges nothing but checksums; see frameChecks.ts.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

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
  readonly previousCrc: number;
  readonly crc: number;
  readonly payload: Uint8Array;
}

export interface SegmentStart {
  readonly kind: 'segment';
  readonly file: string;
  readonly firstPosition: number;
  readonly previousFirstPosition: number;
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
const SEGMENT_HEADER = 40;
const FRAME_HEADER = 56;
const CRC_AT = 52;
const ALIGNMENT = 8;
const FORMAT_VERSION = 1;

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

/** All pieces of a segment, in order. A segment is read whole: it is of bounded size. */
export function* piecesOf({ file, firstPosition }: SegmentFile): Generator<JournalPiece> {
  const bytes = contentsOf(file);
  yield segmentStartOf(bytes, file, firstPosition);
  let at = Math.min(SEGMENT_HEADER, bytes.length);
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
    previousCrc: 0,
    fault,
    isEmpty: bytes.subarray(0, SEGMENT_HEADER).every((byte) => byte === 0),
  });
  if (bytes.length < SEGMENT_HEADER) return broken(`the segment header is ${bytes.length} bytes of ${SEGMENT_HEADER}`);
  if (!bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return broken('the segment header has no magic');
  const stored = bytes.readUInt32LE(36);
  const actual = crc32(bytes.subarray(0, 36));
  if (stored !== actual) return broken(`the segment header says checksum ${stored}, its bytes have ${actual}`);
  const inHeader = Number(bytes.readBigUInt64LE(16));
  return {
    kind: 'segment',
    file,
    firstPosition,
    previousFirstPosition: Number(bytes.readBigUInt64LE(24)),
    previousCrc: bytes.readUInt32LE(32),
    fault:
      inHeader === firstPosition ? null : `the segment header says position ${inHeader}, the name ${firstPosition}`,
    isEmpty: false,
  };
}

const lengthOf = (payloadBytes: number): number => Math.ceil((FRAME_HEADER + payloadBytes) / ALIGNMENT) * ALIGNMENT;

/** The frame that begins here, or why there is none. */
function frameAt(bytes: Buffer, at: number, file: string): Frame | string {
  if (at + FRAME_HEADER > bytes.length) return `a group header is cut off after ${bytes.length - at} bytes`;
  if (!bytes.subarray(at, at + 4).equals(FRAME_MAGIC)) return 'no group begins here';
  const version = bytes.readUInt32LE(at + 4);
  if (version !== FORMAT_VERSION) return `the group has format version ${version}`;
  const payloadBytes = bytes.readUInt32LE(at + 8);
  const end = at + lengthOf(payloadBytes);
  if (end > bytes.length) return `the group of ${end - at} bytes is cut off after ${bytes.length - at}`;
  const stored = bytes.readUInt32LE(at + CRC_AT);
  const actual = crc32(bytes.subarray(at + FRAME_HEADER, end), crc32(bytes.subarray(at, at + CRC_AT)));
  if (stored !== actual) return `the group says checksum ${stored}, its bytes have ${actual}`;
  return {
    kind: 'frame',
    file,
    offset: at,
    recordCount: bytes.readUInt32LE(at + 12),
    firstPosition: Number(bytes.readBigUInt64LE(at + 16)),
    now: Number(bytes.readBigUInt64LE(at + 24)),
    epoch: Number(bytes.readBigUInt64LE(at + 32)),
    durablePosition: Number(bytes.readBigUInt64LE(at + 40)),
    previousCrc: bytes.readUInt32LE(at + 48),
    crc: stored,
    payload: bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + payloadBytes),
  };
}

/** Where the next whole frame begins; null when there is none. */
function nextFrameAfter(bytes: Buffer, at: number, file: string): number | null {
  for (let next = bytes.indexOf(FRAME_MAGIC, at + 1); next >= 0; next = bytes.indexOf(FRAME_MAGIC, next + 1)) {
    if (next % ALIGNMENT === 0 && typeof frameAt(bytes, next, file) !== 'string') return next;
  }
  return null;
}
