/**
 * I9 and I11 over the frames of all segments: gap-free positions, an unbroken chain of checksums, epochs and durable
 * positions that never go back. Tells a torn tail (an unacknowledged write, which is no breach) from damage.
 */
import type { Findings } from './findings.ts';
import type { Frame, JournalPiece, SegmentStart, Unreadable } from './journal/segments.ts';

const FRAME_HEADER_BYTES = 56;

/** An unfinished write at the journal's end, which the next start cuts off. */
export interface TornTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export class FrameChecks {
  readonly #findings: Findings;
  #nextPosition = 1;
  #crc = 0;
  #epoch = 0;
  #durablePosition = 0;
  #previousSegment = 0;
  /** Unreadable bytes that no later frame has shown to be acknowledged yet. */
  #suspects: Unreadable[] = [];
  #suspectFrom = 0;
  /** A segment header that is broken, until something after it shows that it was acknowledged. */
  #brokenHeader: SegmentStart | null = null;
  /** Where the newest piece ends, for the length of a cut. */
  #end = 0;
  /** Set once records are missing: nothing after them can be judged by content. */
  incomplete = false;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  get lastPosition(): number {
    return this.#nextPosition - 1;
  }

  /** @returns whether the piece is a frame whose records continue the history */
  follow(piece: JournalPiece): piece is Frame {
    if (piece.kind === 'frame') this.#end = piece.offset + FRAME_HEADER_BYTES + piece.payload.length;
    else this.#end = piece.kind === 'segment' ? 0 : piece.offset + piece.bytes;
    switch (piece.kind) {
      case 'segment':
        this.#segment(piece);
        return false;
      case 'unreadable':
        if (this.#suspects.length === 0) this.#suspectFrom = this.#nextPosition;
        this.#suspects.push(piece);
        return false;
      case 'frame':
        this.#frame(piece);
        return !this.incomplete;
    }
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

  #segmentFault({ firstPosition, previousFirstPosition, previousCrc }: SegmentStart): string | null {
    if (previousFirstPosition !== this.#previousSegment) {
      return `the segment follows one that begins with position ${previousFirstPosition}, found ${this.#previousSegment}`;
    }
    if (firstPosition !== this.#nextPosition) return `expected position ${this.#nextPosition}, found ${firstPosition}`;
    return previousCrc === this.#crc ? null : 'the segment does not continue the checksum chain';
  }

  #frame(frame: Frame): void {
    const { file, offset, firstPosition, recordCount, previousCrc, epoch, durablePosition } = frame;
    const where = `${file} at byte ${offset}`;
    this.#findings.looked('I9');
    this.#condemnHeader();
    const isAfterGap = this.#suspects.length > 0;
    if (isAfterGap) this.#judgeSuspects(durablePosition);
    if (firstPosition !== this.#nextPosition) {
      if (!isAfterGap)
        this.#breach(firstPosition, `${where}: expected position ${this.#nextPosition}, found ${firstPosition}`);
      this.incomplete = true;
    } else if (!isAfterGap && previousCrc !== this.#crc) {
      this.#breach(
        firstPosition,
        `${where}: the group does not continue the checksum chain: groups were removed or moved`,
      );
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
  }

  /** @param knownDurable a position that something else (a snapshot) knows to have been durable */
  end(knownDurable: number): TornTail | null {
    const first = this.#suspects[0];
    if (first !== undefined && knownDurable >= this.#suspectFrom) this.#condemn();
    if (knownDurable > this.lastPosition && !this.incomplete) {
      this.#findings.breach(
        'I9',
        0,
        `a snapshot knows position ${knownDurable}, the journal ends with ${this.lastPosition}`,
      );
    }
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
