/**
 * I9 and I11 over the frames of all segments: gap-free positions, unbroken chains of checksums and hashes, epochs and
 * durable positions that never go back. Tells a torn tail (an unacknowledged write, which is no breach) from damage.
 */
import type { Findings } from './findings.ts';
import { type Anchor, HashChain, type Head } from './hashChain.ts';
import {
  FRAME_HEADER,
  type Frame,
  type JournalPiece,
  placeOf,
  type SegmentStart,
  type Unreadable,
} from './journal/segments.ts';

/** An unfinished write at the journal's end, which the next start cuts off. */
export interface TornTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export class FrameChecks {
  readonly #findings: Findings;
  readonly #chain: HashChain;
  #nextPosition = 1;
  #crc = 0;
  #epoch = 0;
  #durablePosition = 0;
  #previousSegment = 0;
  /** Unreadable bytes that no later frame has shown to be acknowledged yet. */
  #suspects: Unreadable[] = [];
  #suspectFrom = 0;
  /** Of the last group before them. */
  #headBeforeSuspects: Head | null = null;
  /** A segment header that is broken, until something after it shows that it was acknowledged. */
  #brokenHeader: SegmentStart | null = null;
  /** Where the newest piece ends, for the length of a cut. */
  #end = 0;
  /** Set once records are missing: nothing after them can be judged by content. */
  incomplete = false;

  /** @param anchors heads that the journal must contain */
  constructor(findings: Findings, anchors: readonly Anchor[] = []) {
    this.#findings = findings;
    this.#chain = new HashChain(findings, anchors);
  }

  get lastPosition(): number {
    return this.#nextPosition - 1;
  }

  /** Of the last group that is not cut off; known after {@link end}. */
  get head(): Head {
    return this.#headBeforeSuspects ?? this.#chain.head;
  }

  /** @returns whether the piece is a frame whose records continue the history */
  follow(piece: JournalPiece): piece is Frame {
    if (piece.kind === 'frame') this.#end = piece.offset + FRAME_HEADER + piece.payload.length;
    else this.#end = piece.kind === 'segment' ? 0 : piece.offset + piece.bytes;
    switch (piece.kind) {
      case 'segment':
        this.#segment(piece);
        return false;
      case 'unreadable':
        this.#suspect(piece);
        return false;
      case 'frame':
        this.#frame(piece);
        return !this.incomplete;
    }
  }

  #suspect(piece: Unreadable): void {
    if (this.#suspects.length === 0) {
      this.#suspectFrom = this.#nextPosition;
      this.#headBeforeSuspects = this.#chain.head;
    }
    this.#suspects.push(piece);
  }

  #segment(piece: SegmentStart): void {
    this.#findings.looked('I9');
    this.#condemnHeader();
    // A segment begins only after the one before it was durable to its end.
    if (this.#suspects.length > 0) this.#condemn();
    const fault = piece.fault === null ? this.#segmentFault(piece) : null;
    if (piece.fault !== null) this.#brokenHeader = piece;
    if (fault !== null) this.#findings.breach('I9', 0, `${piece.file} at byte 0: ${fault}`);
    this.#previousSegment = piece.firstPosition;
  }

  #condemnHeader(): void {
    if (this.#brokenHeader === null) return;
    this.#findings.breach('I9', 0, `${this.#brokenHeader.file} at byte 0: ${this.#brokenHeader.fault}`);
    this.#brokenHeader = null;
  }

  #segmentFault(piece: SegmentStart): string | null {
    const { firstPosition, previousFirstPosition, previousCrc } = piece;
    if (previousFirstPosition !== this.#previousSegment) {
      return `the segment follows one that begins with position ${previousFirstPosition}, found ${this.#previousSegment}`;
    }
    if (firstPosition !== this.#nextPosition) return `expected position ${this.#nextPosition}, found ${firstPosition}`;
    const fault = this.#chain.faultOf(piece);
    if (fault !== null || previousCrc === this.#crc) return fault;
    return 'the segment does not continue the chain of checksums';
  }

  #frame(frame: Frame): void {
    const { firstPosition, recordCount, previousCrc, epoch, durablePosition } = frame;
    const where = placeOf(frame);
    this.#findings.looked('I9');
    this.#condemnHeader();
    const isAfterGap = this.#suspects.length > 0;
    if (isAfterGap) this.#judgeSuspects(durablePosition);
    const follows = firstPosition === this.#nextPosition && !isAfterGap;
    if (firstPosition !== this.#nextPosition) {
      if (!isAfterGap) this.#breach(firstPosition, `${where}: ${this.#positionFault(firstPosition)}`);
      this.incomplete = true;
    }
    if (this.#chain.follow(frame, follows) && follows && previousCrc !== this.#crc) {
      this.#breach(firstPosition, `${where}: the group does not continue the chain of checksums`);
    }
    if (durablePosition < this.#durablePosition || durablePosition >= Math.max(firstPosition, 1)) {
      this.#breach(firstPosition, `${where}: durable position ${durablePosition} after ${this.#durablePosition}`);
    }
    this.#findings.expect(
      epoch >= this.#epoch,
      'I11',
      firstPosition,
      () => `${where}: a group of epoch ${epoch} follows one of epoch ${this.#epoch}`,
    );
    this.#nextPosition = firstPosition + recordCount;
    this.#crc = frame.crc;
    this.#epoch = Math.max(this.#epoch, epoch);
    this.#durablePosition = Math.max(this.#durablePosition, durablePosition);
  }

  #positionFault(found: number): string {
    const cause = found > this.#nextPosition ? 'removed' : 'inserted';
    return `expected position ${this.#nextPosition}, found ${found}: groups were ${cause} or moved`;
  }

  /** A later group that knew the missing one to be durable proves that it was acknowledged. */
  #judgeSuspects(durablePosition: number): void {
    this.incomplete = true;
    if (durablePosition >= this.#suspectFrom) this.#condemn();
  }

  #condemn(): void {
    this.incomplete = true;
    for (const { file, offset, bytes, what } of this.#suspects) {
      this.#breach(
        this.#suspectFrom,
        `${file} at byte ${offset}, ${bytes} bytes: ${what}; the records after it are checked as frames only`,
      );
    }
    this.#suspects = [];
    this.#headBeforeSuspects = null;
  }

  /** @returns the write that the next start will cut off, if there is one */
  end(): TornTail | null {
    const first = this.#suspects[0];
    const isDamage = first !== undefined && this.#chain.knownDurable >= this.#suspectFrom;
    if (isDamage) this.#condemn();
    this.#chain.end(this.lastPosition, isDamage ? this.#suspectFrom : Infinity);
    if (this.#brokenHeader !== null) return this.#cutHeader(this.#brokenHeader, first);
    if (first === undefined || this.#suspects.length === 0) return null;
    this.#nextPosition = this.#suspectFrom;
    return { file: first.file, offset: first.offset, bytes: this.#end - first.offset };
  }

  /** The last segment was being made; zeros are space that was only reserved. */
  #cutHeader({ file, isEmpty }: SegmentStart, after: Unreadable | undefined): TornTail | null {
    return isEmpty && after === undefined ? null : { file, offset: 0, bytes: Math.max(this.#end, 1) };
  }

  #breach(position: number, what: string): void {
    this.#findings.breach('I9', position, what);
  }
}
