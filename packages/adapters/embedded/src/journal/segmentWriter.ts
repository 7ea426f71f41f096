/**
 * Writes sealed frames into segments, one positional write and one fdatasync per batch and segment, and rotates. A
 * segment gets its name only after everything before it is synced: the name alone proves the older segments whole.
 */
import type { ByteWriter, FileSystem, OpenFile } from '@oms/ports';
import { writeAll } from '../files/wholeWrites.ts';
import type { ChainEnd } from './chainHash.ts';
import { frameBytesAt, framePositionAt, MARK_BYTES, sealFrame } from './groupFrame.ts';
import type { OpenSegment, WritePlace } from './repairTail.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentPath } from './segmentFile.ts';
import { SegmentPreparation } from './segmentPreparation.ts';

const PREPARED_NAME = 'next.prepared';
const OVERSIZE_NAME = 'oversize.prepared';

export interface SegmentWriterOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly segmentBytes: number;
  readonly place: WritePlace;
}

interface ReadyFile {
  readonly file: OpenFile;
  readonly path: string;
}

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #segment: OpenSegment | null;
  #offset: number;
  #previousFirstPosition: number;
  #end: ChainEnd;
  #next: SegmentPreparation | null = null;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#segment = options.place.segment;
    this.#offset = options.place.offset;
    this.#previousFirstPosition = options.place.previousFirstPosition;
    this.#end = options.place.chainEnd;
    this.#prepareWhenDue();
  }

  /** Hash of the last group that was sealed. */
  get hash(): string {
    return this.#end.hash;
  }

  /** Whether a mark fits without a rotation. */
  get hasRoomForMark(): boolean {
    return this.#segment !== null && this.#fits(this.#segment, MARK_BYTES);
  }

  /** Seals and writes the frames; durable when it resolves. After it rejected, the writer must not be used again. */
  async write(batch: ByteWriter, durablePosition: number): Promise<void> {
    let written = 0;
    let sealed = 0;
    while (sealed < batch.length) {
      const length = frameBytesAt(batch.view, sealed);
      if (this.#segment === null || !this.#fits(this.#segment, sealed - written + length)) {
        await this.#put(batch.bytes.subarray(written, sealed));
        written = sealed;
        await this.#rotate(framePositionAt(batch.view, sealed), length);
      }
      if (this.#offset === 0) await this.#putHeader();
      this.#end = sealFrame(batch, sealed, durablePosition, this.#end);
      sealed += length;
    }
    await this.#put(batch.bytes.subarray(written, sealed));
    this.#prepareWhenDue();
  }

  async close(): Promise<void> {
    await this.#next?.cancel();
    this.#segment?.file.close();
    this.#segment = null;
  }

  #fits(segment: OpenSegment, length: number): boolean {
    return Math.max(this.#offset, SEGMENT_HEADER_BYTES) + length <= segment.size;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (this.#segment === null || bytes.length === 0) return;
    const { file } = this.#segment;
    await writeAll(file, bytes, this.#offset);
    await file.datasync();
    this.#offset += bytes.length;
  }

  /** Synced together with the frames that follow. */
  async #putHeader(): Promise<void> {
    const { file, firstPosition } = this.#segment!;
    const previousFirstPosition = this.#previousFirstPosition;
    await writeAll(file, encodeSegmentHeader({ firstPosition, previousFirstPosition, previous: this.#end }), 0);
    this.#offset = SEGMENT_HEADER_BYTES;
  }

  async #rotate(firstPosition: number, frameLength: number): Promise<void> {
    const { directory, fileSystem, segmentBytes } = this.#options;
    const size = Math.max(segmentBytes, SEGMENT_HEADER_BYTES + frameLength + MARK_BYTES);
    const { file, path } = await (size > segmentBytes ? this.#make(OVERSIZE_NAME, size) : this.#takePrepared());
    const left = this.#segment;
    // A segment left by a stop before its first group was written is replaced, and is nobody's predecessor.
    if (left !== null && left.firstPosition !== firstPosition) this.#previousFirstPosition = left.firstPosition;
    left?.file.close();
    this.#segment = { file, firstPosition, size };
    this.#offset = 0;
    await fileSystem.rename(path, segmentPath(directory, firstPosition));
    await fileSystem.syncDirectory(directory);
  }

  /** When preparing ahead failed it is done now: nothing of the journal is in the file, and there may be room again. */
  async #takePrepared(): Promise<ReadyFile> {
    const ahead = this.#next;
    this.#next = null;
    const prepared = await ahead?.done;
    if (ahead === null || prepared === undefined || 'error' in prepared) {
      return this.#make(PREPARED_NAME, this.#options.segmentBytes);
    }
    return { file: prepared.file, path: ahead.path };
  }

  async #make(name: string, size: number): Promise<ReadyFile> {
    const preparation = this.#prepare(name, size);
    const prepared = await preparation.done;
    if ('error' in prepared) throw prepared.error;
    return { file: prepared.file, path: preparation.path };
  }

  #prepare(name: string, size: number): SegmentPreparation {
    const { directory, fileSystem } = this.#options;
    return new SegmentPreparation(directory, name, size, fileSystem);
  }

  /** Only once half of the segment is used: a short run does not fill a file that it never needs. */
  #prepareWhenDue(): void {
    if (this.#next !== null) return;
    if (this.#segment !== null && this.#offset < this.#segment.size / 2) return;
    this.#next = this.#prepare(PREPARED_NAME, this.#options.segmentBytes);
  }
}
