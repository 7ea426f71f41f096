/**
 * Makes the end of a verified journal what it seems to be: writes the last write again and syncs it, because bytes that
 * can be read may never have reached the disk (killed before the sync, or after a failed one); zeroes what was torn; and
 * marks the whole as durable, so that later damage to it is never taken for a torn write.
 */
import { ByteWriter, type FileSystem, InfrastructureError, type OpenFile } from '@oms/ports';
import { writeAllNow } from '../files/wholeWrites.ts';
import type { ChainEnd } from './chainHash.ts';
import { appendMark, MARK_BYTES, sealFrame } from './groupFrame.ts';
import type { SegmentScan } from './scanSegment.ts';

/** Where the writer goes on. */
export interface WritePlace {
  /** The last segment; null when there is none yet. */
  readonly segment: OpenSegment | null;
  /** Where the next frame goes in it; 0 when its header is still to be written. */
  readonly offset: number;
  /** First position of the segment before it; 0 when there is none. */
  readonly previousFirstPosition: number;
  readonly chainEnd: ChainEnd;
}

export interface OpenSegment {
  readonly file: OpenFile;
  readonly firstPosition: number;
  readonly size: number;
}

export interface Repair {
  readonly scan: SegmentScan;
  readonly epoch: number;
  /** Its last frame may be in the segment before. */
  readonly chainEnd: ChainEnd;
  readonly previousFirstPosition: number;
  readonly segmentBytes: number;
  readonly fileSystem: FileSystem;
}

/** @throws InfrastructureError JOURNAL_WRITE_FAILED */
export function repairTail(repair: Repair): WritePlace {
  const { scan, previousFirstPosition } = repair;
  const { firstPosition } = scan;
  const tail = tailOf(repair);
  try {
    const file = repair.fileSystem.open(scan.path, 'update');
    try {
      const size = growTo(file, scan.bytes.length, repair.segmentBytes);
      if (tail.bytes.length > 0) writeAllNow(file, tail.bytes, scan.lastWriteAt);
      file.datasyncNow();
      return {
        segment: { file, firstPosition, size },
        offset: tail.end,
        previousFirstPosition,
        chainEnd: tail.chainEnd,
      };
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    throw new InfrastructureError('JOURNAL_WRITE_FAILED', `the end of ${scan.path} could not be written`, error);
  }
}

/** What belongs from `lastWriteAt` on: the last write, a mark if it helps, zeros over what was torn. */
function tailOf({ scan, epoch, chainEnd }: Repair): { bytes: Uint8Array; end: number; chainEnd: ChainEnd } {
  const { chain, frames, lastWriteAt, validEnd, usedEnd, bytes } = scan;
  if (frames === 0) return { bytes: new Uint8Array(usedEnd), end: 0, chainEnd };
  const writer = new ByteWriter(Math.max(usedEnd, validEnd + MARK_BYTES) - lastWriteAt);
  writer.bytes.set(bytes.subarray(lastWriteAt, validEnd));
  writer.length = validEnd - lastWriteAt;
  const unproven = chain.durablePosition < chain.nextPosition - 1;
  if (!unproven || validEnd + MARK_BYTES > bytes.length) {
    return { bytes: writer.bytes.subarray(0, Math.max(usedEnd, validEnd) - lastWriteAt), end: validEnd, chainEnd };
  }
  const at = writer.length;
  appendMark(writer, chain.nextPosition, epoch);
  const withMark = sealFrame(writer, at, chain.nextPosition - 1, chainEnd);
  return { bytes: writer.bytes, end: validEnd + MARK_BYTES, chainEnd: withMark };
}

const ZEROS = new Uint8Array(1024 * 1024);

/** A file that lost its end gets it back: writing must not change its size. */
function growTo(file: OpenFile, size: number, wanted: number): number {
  for (let at = size; at < wanted; at += ZEROS.length) {
    writeAllNow(file, ZEROS.subarray(0, Math.min(ZEROS.length, wanted - at)), at);
  }
  return Math.max(size, wanted);
}
