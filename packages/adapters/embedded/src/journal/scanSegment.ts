/**
 * Verifies a whole segment: every checksum, position, chain link and epoch. What comes after the last valid group is
 * judged: nothing, a torn write, or damage to something that was provably durable.
 */
import type { FileSystem } from '@oms/ports';
import { type ChainEnd, EMPTY_CHAIN } from './chainHash.ts';
import { FrameChain } from './frameChain.ts';
import { chainHashAfter, type FrameFault, frameBytes, GROUP_MAGIC, isFault, readFrame } from './groupFrame.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES, type SegmentHeader } from './segmentFile.ts';

export interface SegmentScan {
  readonly path: string;
  readonly firstPosition: number;
  readonly bytes: Buffer;
  /** Null when the header itself is not valid; then there is no valid group either. */
  readonly header: SegmentHeader | null;
  /** State after the last valid frame. */
  readonly chain: FrameChain;
  /** What the next frame has to continue. */
  readonly chainEnd: ChainEnd;
  /** Frames that are valid and in their place, marks included. */
  readonly frames: number;
  /** Where the last valid frame ends: the next one is written here. */
  readonly validEnd: number;
  /** Where the last write began, its segment header included: nothing in the segment proves that it was synced. */
  readonly lastWriteAt: number;
  /** Why nothing valid is at `validEnd`; of interest only when there is more than zeros. */
  readonly fault: FrameFault;
  /** End of the last byte that is not zero, at least `validEnd`. */
  readonly usedEnd: number;
}

export function scanSegment(path: string, firstPosition: number, fileSystem: FileSystem): SegmentScan {
  const bytes = readWhole(path, fileSystem);
  const header = decodeSegmentHeader(bytes.subarray(0, SEGMENT_HEADER_BYTES), firstPosition, path);
  if (isFault(header)) return withoutHeader(path, firstPosition, bytes, header);
  const chain = new FrameChain(firstPosition, header.previous.crc);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = SEGMENT_HEADER_BYTES;
  let lastFrameAt = 0;
  let lastWriteAt = 0;
  let frames = 0;
  for (;;) {
    const frame = readFrame(bytes, view, at, bytes.length);
    const durableBefore = chain.durablePosition;
    // A whole frame in the wrong place was put there by something else than a torn write of ours.
    const fault = isFault(frame) ? frame : { fault: chain.follow(frame), foreign: true };
    if (isFault(frame) || fault.fault !== null) {
      const found = { fault: fault.fault!, foreign: fault.foreign };
      // Of all frames only the last one's hash is needed to go on: `oms verify` checks the others.
      const hash = frames > 0 ? chainHashAfter(bytes, view, lastFrameAt) : header.previous.hash;
      const chainEnd = { crc: chain.crc, hash };
      const ends = { validEnd: at, lastWriteAt, fault: found, usedEnd: endOfUsed(bytes, at) };
      return { path, firstPosition, bytes, header, chain, chainEnd, frames, ...ends };
    }
    if (frame.durablePosition > durableBefore && frames > 0) lastWriteAt = at;
    lastFrameAt = at;
    at += frameBytes(frame.payloadBytes);
    frames++;
  }
}

function withoutHeader(path: string, firstPosition: number, bytes: Buffer, fault: FrameFault): SegmentScan {
  const chain = new FrameChain(firstPosition, EMPTY_CHAIN.crc);
  const ends = { validEnd: 0, lastWriteAt: 0, fault, usedEnd: endOfUsed(bytes, 0) };
  return { path, firstPosition, bytes, header: null, chain, chainEnd: EMPTY_CHAIN, frames: 0, ...ends };
}

/**
 * Looks behind the last valid group for a group that proves the bytes in between were durable once.
 * @returns why the bytes at `validEnd` must not be cut, or null
 */
export function proofOfDamage(scan: SegmentScan): string | null {
  if (scan.fault.foreign) return scan.fault.fault;
  const { bytes, usedEnd, chain } = scan;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = bytes.indexOf(GROUP_MAGIC, scan.validEnd);
  for (; at >= 0 && at < usedEnd; at = bytes.indexOf(GROUP_MAGIC, at + 1)) {
    if (at % 8 !== 0) continue;
    const frame = readFrame(bytes, view, at, bytes.length);
    if (isFault(frame) || frame.durablePosition < chain.nextPosition) continue;
    return `${scan.fault.fault}; the group at byte ${at} shows that position ${chain.nextPosition} was durable`;
  }
  return null;
}

function readWhole(path: string, fileSystem: FileSystem): Buffer {
  const file = fileSystem.open(path, 'read');
  try {
    const bytes = Buffer.allocUnsafeSlow(file.size());
    return bytes.subarray(0, file.read(bytes, 0));
  } finally {
    file.close();
  }
}

const ZEROS = Buffer.alloc(64 * 1024);

function endOfUsed(bytes: Buffer, from: number): number {
  let end = bytes.length;
  while (end > from) {
    const start = Math.max(from, end - ZEROS.length);
    if (!bytes.subarray(start, end).equals(ZEROS.subarray(0, end - start))) break;
    end = start;
  }
  while (end > from && bytes[end - 1] === 0) end--;
  return end;
}
