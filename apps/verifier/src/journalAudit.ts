/**
 * The checks of `oms verify` on a journal that is still being written: follows what became durable, piece by piece, and
 * says at any moment what is wrong so far and which state the records give. For whoever has the journal's bytes at hand
 * again and again, as the simulation does; `oms verify` itself reads a data directory once.
 */
import { Findings } from './findings.ts';
import { FrameChecks } from './frameChecks.ts';
import { UnreadableError } from './journal/cursor.ts';
import { recordsOf, type VerifiedRecord } from './journal/records.ts';
import { endOfFrame, type Frame, type JournalPiece, piecesIn, SEGMENT_HEADER } from './journal/segments.ts';
import { ReferenceModel } from './model/referenceModel.ts';
import { StateComparison } from './replay/compareStates.ts';
import { ProductionFold } from './replay/productionFold.ts';

export interface SegmentBytes {
  readonly file: string;
  readonly firstPosition: number;
  readonly bytes: Uint8Array;
}

export interface JournalAuditOptions {
  /** Told of every record, after the reference model. */
  readonly onRecord?: (record: VerifiedRecord, now: number) => void;
}

export class JournalAudit {
  readonly #options: JournalAuditOptions;
  readonly #findings = new Findings();
  readonly #frames = new FrameChecks(this.#findings);
  readonly #model = new ReferenceModel(this.#findings);
  readonly #fold = new ProductionFold();
  /** First position of the segment that is read, and how far. */
  #segment = 0;
  #offset = 0;
  readonly #told = new Map<string, number>();
  /** Time of the newest group. */
  #now = 0;

  constructor(options: JournalAuditOptions = {}) {
    this.#options = options;
  }

  /** Everything up to here was checked. */
  get lastPosition(): number {
    return this.#frames.lastPosition;
  }

  /**
   * Checks what was added. Segments that were read to their end need not be given again.
   * @param segments ascending
   * @param durablePosition up to where the bytes are final; nothing after it is looked at
   * @returns breaches that are new, each with its check
   */
  follow(segments: readonly SegmentBytes[], durablePosition: number): string[] {
    for (const segment of segments) {
      if (segment.firstPosition < this.#segment) continue;
      if (!this.#read(segment, durablePosition)) break;
    }
    if (this.lastPosition < durablePosition) {
      this.#findings.breach(
        'I9',
        0,
        `position ${durablePosition} is durable, the journal ends at ${this.lastPosition}`,
      );
    }
    return this.#news();
  }

  /** SHA-256 of the state that the records so far give from nothing, with these cells. */
  stateHash(cells: readonly number[]): string {
    for (const key of cells) this.#fold.host(key);
    return this.#fold.hash();
  }

  /** The last checks: what must be level when everything was written. @returns breaches that are new */
  end(): string[] {
    this.#model.end();
    const comparison = new StateComparison(this.#findings);
    const { known } = this.#model;
    comparison.orders(this.#fold.statesOf('order-processor'), known);
    for (const state of this.#fold.statesOf('risk-engine')) {
      const facts = known.risk.get(state.partition);
      if (facts !== undefined) comparison.risk(state, facts);
    }
    return this.#news();
  }

  /** @returns whether the segment is read to what is durable, and the next may follow */
  #read({ file, firstPosition, bytes }: SegmentBytes, durablePosition: number): boolean {
    const from = firstPosition === this.#segment ? this.#offset : 0;
    for (const piece of piecesIn(bytes, file, firstPosition, from)) {
      // A segment gets its header with its first group; until then it may be made anew.
      if (piece.kind === 'segment' && piece.isEmpty) return false;
      if (piece.kind === 'frame' && piece.firstPosition + piece.recordCount - 1 > durablePosition) return false;
      if (piece.kind === 'unreadable' && this.lastPosition >= durablePosition) return false;
      const isHistory = this.#frames.follow(piece);
      this.#segment = firstPosition;
      this.#offset = endOf(piece);
      if (piece.kind === 'unreadable') this.#findings.breach('I9', 0, `${file} at byte ${piece.offset}: ${piece.what}`);
      if (isHistory && piece.kind === 'frame' && piece.recordCount > 0) this.#group(piece);
    }
    return true;
  }

  #group(frame: Frame): void {
    const { firstPosition, now, epoch } = frame;
    this.#findings.expect(now >= this.#now, 'I9', firstPosition, () => `time goes back from ${this.#now} to ${now}`);
    this.#now = now;
    try {
      for (const record of recordsOf(frame.payload, firstPosition)) {
        this.#model.apply(record, now, epoch);
        this.#options.onRecord?.(record, now);
      }
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      this.#findings.breach('I9', firstPosition, error.message);
      return;
    }
    this.#model.endOfGroup();
    if (!this.#fold.fold(frame)) {
      this.#findings.breach('I10', firstPosition, `the journal cannot be replayed: ${this.#fold.stopped}`);
    }
  }

  #news(): string[] {
    return Object.entries(this.#findings.tallies).flatMap(([id, { breaches }]) => {
      const told = this.#told.get(id) ?? 0;
      this.#told.set(id, breaches.length);
      return breaches.slice(told).map((breach) => `${id}: ${breach}`);
    });
  }
}

function endOf(piece: JournalPiece): number {
  if (piece.kind === 'segment') return SEGMENT_HEADER;
  return piece.kind === 'frame' ? endOfFrame(piece) : piece.offset + piece.bytes;
}
