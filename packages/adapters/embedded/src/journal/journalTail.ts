/**
 * Reads groups beside the writer, also from another thread or process. It needs nothing of the writer but the durable
 * position: up to there every byte is final, and beyond it nothing is looked at. Everything handed out is verified.
 */
import type { FileSystem, JournalGroup, OpenFile } from '@oms/ports';
import { nodeFileSystem } from '../files/nodeFileSystem.ts';
import { FrameChain } from './frameChain.ts';
import {
  chainHashAfter,
  type FrameFault,
  frameBytes,
  frameLengthAt,
  GROUP_HEADER_BYTES,
  type GroupFrame,
  isFault,
  readFrame,
} from './groupFrame.ts';
import { journalDamaged, listSegments, readSegmentHeader, SEGMENT_HEADER_BYTES, segmentPath } from './segmentFile.ts';

const CHUNK_BYTES = 256 * 1024;

interface Segment {
  readonly file: OpenFile;
  readonly firstPosition: number;
}

export class JournalTail {
  readonly #directory: string;
  readonly #fileSystem: FileSystem;
  readonly #fromPosition: number;
  #segment: Segment | null = null;
  #chain: FrameChain;
  /** Where in the file the next frame is. */
  #offset = 0;
  #chunk = new Uint8Array(CHUNK_BYTES);
  #view = viewOf(this.#chunk);
  /** The part of the file that the chunk holds. */
  #chunkStart = 0;
  #chunkEnd = 0;
  /** Where in the chunk the group is that was handed out last. */
  #groupAt = 0;
  /** What was durable when the chunk was read: bytes of later groups in it may have been read half-written. */
  #chunkThrough = 0;

  /** @param fromPosition of a record, from 1; reading starts with the group that contains it */
  constructor(directory: string, fromPosition: number, fileSystem: FileSystem = nodeFileSystem) {
    this.#directory = directory;
    this.#fileSystem = fileSystem;
    this.#fromPosition = Math.max(1, fromPosition);
    this.#chain = new FrameChain(this.#fromPosition, 0);
  }

  /**
   * The next group, when all of it is at or below `throughPosition`, which must be durable; null when there is none
   * yet. The group stays valid: its payload is a copy.
   * @throws InfrastructureError JOURNAL_DAMAGED
   */
  next(throughPosition: number): JournalGroup | null {
    while (this.#chain.nextPosition <= throughPosition) {
      this.#segment ??= this.#openFirst();
      const frame = this.#frame(this.#segment, throughPosition);
      if (frame === 'end of segment') {
        this.#moveOn(this.#segment);
        continue;
      }
      if (frame.firstPosition + frame.recordCount - 1 > throughPosition) return null;
      const fault = this.#chain.follow(frame);
      if (fault !== null) throw journalDamaged(this.#segment.file.path, this.#offset, fault);
      this.#groupAt = this.#offset - this.#chunkStart;
      const start = this.#groupAt + GROUP_HEADER_BYTES;
      this.#offset += frameBytes(frame.payloadBytes);
      if (frame.recordCount === 0 || this.#chain.nextPosition <= this.#fromPosition) continue;
      const { firstPosition, recordCount, now, epoch, payloadBytes } = frame;
      const payload = this.#chunk.slice(start, start + payloadBytes);
      return { firstPosition, recordCount, now, epoch, payload };
    }
    return null;
  }

  /** The chain's hash after the group that {@link next} just gave, one character for each byte. */
  hash(): string {
    return chainHashAfter(this.#chunk, this.#view, this.#groupAt);
  }

  close(): void {
    this.#segment?.file.close();
    this.#segment = null;
  }

  #openFirst(): Segment {
    const position = this.#fromPosition;
    const firstPosition = listSegments(this.#directory, this.#fileSystem).findLast((first) => first <= position);
    if (firstPosition === undefined) {
      throw journalDamaged(this.#directory, 0, `expected a segment with position ${position}, there is none`);
    }
    const { segment, previousCrc } = this.#openSegment(firstPosition);
    this.#chain = new FrameChain(firstPosition, previousCrc);
    return segment;
  }

  /** After the last frame of a segment: the next segment is named by the position that comes next. */
  #moveOn(from: Segment): void {
    const { nextPosition } = this.#chain;
    const next = listSegments(this.#directory, this.#fileSystem).find((first) => first > from.firstPosition);
    if (next !== nextPosition) {
      throw journalDamaged(
        from.file.path,
        this.#offset,
        `expected the group with position ${nextPosition}, there is none`,
      );
    }
    // That it continues this one shows in its first frame.
    this.#segment = this.#openSegment(next).segment;
    from.file.close();
  }

  #openSegment(firstPosition: number): { segment: Segment; previousCrc: number } {
    const file = this.#fileSystem.open(segmentPath(this.#directory, firstPosition), 'read');
    try {
      const { previous } = readSegmentHeader(file, firstPosition);
      this.#offset = SEGMENT_HEADER_BYTES;
      this.#chunkStart = 0;
      this.#chunkEnd = 0;
      return { segment: { file, firstPosition }, previousCrc: previous.crc };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  #frame(segment: Segment, throughPosition: number): GroupFrame | 'end of segment' {
    if (this.#chain.nextPosition > this.#chunkThrough) {
      this.#chunkThrough = throughPosition;
      this.#chunkEnd = this.#chunkStart;
    }
    this.#load(segment, GROUP_HEADER_BYTES);
    const at = this.#offset - this.#chunkStart;
    const end = this.#chunkEnd - this.#chunkStart;
    if (end - at < GROUP_HEADER_BYTES || this.#view.getUint32(at, true) === 0) return 'end of segment';
    const length = frameLengthAt(this.#view, at, end);
    if (typeof length !== 'number') throw this.#damaged(segment, length);
    this.#load(segment, length);
    const start = this.#offset - this.#chunkStart;
    const frame = readFrame(this.#chunk, this.#view, start, this.#chunkEnd - this.#chunkStart);
    if (isFault(frame)) throw this.#damaged(segment, frame);
    return frame;
  }

  #damaged(segment: Segment, { fault }: FrameFault): Error {
    return journalDamaged(segment.file.path, this.#offset, fault);
  }

  /** Has `length` bytes from the offset on in the chunk, fewer at the end of the file. */
  #load({ file }: Segment, length: number): void {
    if (this.#offset >= this.#chunkStart && this.#offset + length <= this.#chunkEnd) return;
    if (length > this.#chunk.length) {
      // No longer than the file has bytes for: a damaged length must not ask for a gigabyte.
      const wanted = Math.min(length, Math.max(CHUNK_BYTES, file.size() - this.#offset));
      this.#chunk = new Uint8Array(Math.max(wanted, this.#chunk.length));
      this.#view = viewOf(this.#chunk);
    }
    this.#chunkStart = this.#offset;
    this.#chunkEnd = this.#offset + file.read(this.#chunk, this.#offset);
  }
}

const viewOf = (chunk: Uint8Array): DataView => new DataView(chunk.buffer, chunk.byteOffset, chunk.length);

/**
 * Groups from the one that contains `fromPosition` up to `throughPosition`, which must be durable; oldest first.
 * @throws InfrastructureError JOURNAL_DAMAGED, when it comes to the damage
 */
export function* readJournal(
  directory: string,
  fromPosition: number,
  throughPosition: number,
  fileSystem: FileSystem = nodeFileSystem,
): Generator<JournalGroup, void> {
  if (fromPosition > throughPosition) return;
  const tail = new JournalTail(directory, fromPosition, fileSystem);
  try {
    for (let group = tail.next(throughPosition); group !== null; group = tail.next(throughPosition)) yield group;
  } finally {
    tail.close();
  }
}
