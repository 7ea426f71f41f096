/**
 * Writes sealed frames into segments, one positional write and one fdatasync per batch and segment, and rotates. A
 * segment gets its name only after everything before it is synced: the name alone proves the older segments whole.
 */
import type { ByteWriter, FileSystem, OpenFile } from '@oms/ports';
import { writeAll } from '../files/wholeWrites.ts';
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
  /** Preparing the next segment failed; it is tried once more when that is needed. */
  readonly preparationFailed: (error: unknown) => void;
}

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #segment: OpenSegment | null;
  #offset: number;
  #previousFirstPosition: number;
  #crc: number;
  #next: SegmentPreparation | null = null;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#segment = options.place.segment;
    this.#offset = options.place.offset;
    this.#previousFirstPosition = options.place.previousFirstPosition;
    this.#crc = options.place.crc;
    this.#prepareWhenDue();
  }

  /** Whether a mark would fit without a rotation. */
  get hasRoomForMark(): boolean {
    return this.#segment !== null && this.#offset + MARK_BYTES <= this.#segment.size;
  }

  /** Seals and writes the frames; durable when it resolves. After it rejected, the writer must not be used again. */
  async write(batch: ByteWriter, durablePosition: number): Promise<void> {
    let written = 0;
    let sealed = 0;
    while (sealed < batch.length) {
      const length = frameBytesAt(batch.view, sealed);
      if (!this.#fits(sealed - written + length)) {
        if (sealed > written) await this.#put(batch.bytes.subarray(written, sealed));
        written = sealed;
        await this.#rotate(framePositionAt(batch.view, sealed), length);
      }
      this.#crc = sealFrame(batch, sealed, durablePosition, this.#crc);
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

  #fits(length: number): boolean {
    if (this.#segment === null) return false;
    const offset = Math.max(this.#offset, SEGMENT_HEADER_BYTES);
    return offset + length <= this.#segment.size;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    const { file } = this.#segment!;
    if (this.#offset === 0) await this.#putHeader(file);
    await writeAll(file, bytes, this.#offset);
    await file.datasync();
    this.#offset += bytes.length;
  }
}
