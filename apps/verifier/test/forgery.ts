/**
 * An attacker who can write every byte of a journal and knows its format: takes frames apart, and lays changed ones out
 * again with positions, checksums and, if he wants, all hashes as they should be.
 */
import { crc32 } from 'node:zlib';
import { Findings } from '../src/findings.ts';
import { FrameChecks } from '../src/frameChecks.ts';
import type { Anchor, Head } from '../src/hashChain.ts';
import { endOfFrame, piecesIn, SEGMENT_HEADER } from '../src/journal/segments.ts';
import type { SegmentBytes } from '../src/journalAudit.ts';
import { hashOf, sealFrame } from './history.ts';

/** Bytes of the frames of each segment. */
export type Frames = Buffer[][];

export interface Repairs {
  /** Positions and durable positions without gaps, epochs that never go back; else each frame keeps its own. */
  readonly positions: boolean;
  /** The hash of the group before, in every frame. */
  readonly hashes: boolean;
}

const PREVIOUS_CRC_AT = 8;
const CRC_AT = 12;
const RECORD_COUNT_AT = 20;
const POSITION_AT = 24;
const EPOCH_AT = 40;
const DURABLE_POSITION_AT = 48;
const PREVIOUS_HASH_AT = 56;

/** Copies, to be changed at will. */
export const framesOf = (segments: readonly SegmentBytes[]): Frames =>
  segments.map(({ bytes, file, firstPosition }) =>
    [...piecesIn(bytes, file, firstPosition)].flatMap((piece) =>
      piece.kind === 'frame' ? [Buffer.from(bytes.slice(piece.offset, endOfFrame(piece)))] : [],
    ),
  );

export const isGroup = (frame: Buffer): boolean => frame.readUInt32LE(RECORD_COUNT_AT) > 0;

/** Every position that ends a group, with its hash. */
export const headsOf = (segments: readonly SegmentBytes[]): Head[] =>
  framesOf(segments)
    .flat()
    .filter(isGroup)
    .map((frame) => {
      const position = Number(frame.readBigUInt64LE(POSITION_AT)) + frame.readUInt32LE(RECORD_COUNT_AT) - 1;
      return { position, hash: hashOf(frame).toString('hex') };
    });

/** What follows from frame to frame. */
interface Line {
  position: number;
  epoch: bigint;
  crc: number;
  hash: Buffer;
}

/** The frames as segments again; checksums are right, and so are the headers of the segments. */
export function layOut(frames: Frames, repairs: Repairs): SegmentBytes[] {
  const line: Line = { position: 1, epoch: 0n, crc: 0, hash: Buffer.alloc(32) };
  let previousFirst = 0;
  return frames
    .filter((segment) => segment.length > 0)
    .map((segment) => {
      const first = repairs.positions ? line.position : Number(segment[0]!.readBigUInt64LE(POSITION_AT));
      const header = headerOf(first, previousFirst, line);
      previousFirst = first;
      for (const frame of segment) join(frame, line, repairs);
      const file = `${String(first).padStart(20, '0')}.journal`;
      return { file, firstPosition: first, bytes: Buffer.concat([header, ...segment, Buffer.alloc(512)]) };
    });
}

function join(frame: Buffer, line: Line, repairs: Repairs): void {
  if (repairs.positions) {
    const epoch = frame.readBigUInt64LE(EPOCH_AT);
    if (epoch > line.epoch) line.epoch = epoch;
    frame.writeBigUInt64LE(line.epoch, EPOCH_AT);
    frame.writeBigUInt64LE(BigInt(line.position), POSITION_AT);
    frame.writeBigUInt64LE(BigInt(line.position - 1), DURABLE_POSITION_AT);
  }
  if (repairs.hashes) frame.set(line.hash, PREVIOUS_HASH_AT);
  frame.writeUInt32LE(line.crc, PREVIOUS_CRC_AT);
  sealFrame(frame);
  const records = frame.readUInt32LE(RECORD_COUNT_AT);
  line.position += records;
  line.crc = frame.readUInt32LE(CRC_AT);
  if (records > 0) line.hash = hashOf(frame);
}

function headerOf(first: number, previousFirst: number, { hash, crc }: Line): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER);
  header.write('ff4f4d534a524e4c02', 'hex');
  header.writeBigUInt64LE(BigInt(first), 16);
  header.writeBigUInt64LE(BigInt(previousFirst), 24);
  header.set(hash, 32);
  header.writeUInt32LE(crc, 64);
  header.writeUInt32LE(crc32(header.subarray(0, 68)), 68);
  return header;
}

/** What the checks of frames say, without those of what is in them. */
export function frameBreaches(segments: readonly SegmentBytes[], heads: readonly Head[] = []): string[] {
  const findings = new Findings();
  const anchors: Anchor[] = heads.map((head) => ({ ...head, knownBy: 'the anchor' }));
  const checks = new FrameChecks(findings, anchors);
  for (const { bytes, file, firstPosition } of segments) {
    for (const piece of piecesIn(bytes, file, firstPosition)) checks.follow(piece);
  }
  checks.end();
  return findings.results().flatMap(({ breaches }) => breaches);
}
