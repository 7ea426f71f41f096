/**
 * One pass over the journal: frames, records, reference model and production fold side by side; then the comparison,
 * and the second fold from the snapshot. Memory is that of the server's own state, whatever the journal's length.
 */
import type { Snapshot } from '@oms/ports';
import { StateComparison } from './compareStates.ts';
import { type CheckResult, Findings } from './findings.ts';
import { FrameChecks, type TornTail } from './frameChecks.ts';
import { UnreadableError } from './journal/eventReader.ts';
import { recordsOf } from './journal/records.ts';
import { type Frame, piecesOf, type SegmentFile, segmentFilesOf } from './journal/segments.ts';
import { ReferenceModel } from './model/referenceModel.ts';
import { cellKeysOf, keyOfRecord, ProductionFold } from './productionFold.ts';

export interface VerifyReport {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
  /** SHA-256 over the state as a snapshot has it; empty when the journal could not be replayed to its end. */
  readonly stateHash: string;
  readonly lastPosition: number;
  /** Orders placed in the journal. */
  readonly orders: number;
  readonly cut: TornTail | null;
}

export interface VerifyOptions {
  /** Told now and then how far the journal is read. */
  readonly onProgress?: (positionDone: number, positionLast: number) => void;
}

export interface JournalToVerify extends VerifyOptions {
  readonly journalDirectory: string;
  readonly snapshot: Snapshot | null;
  /** Files of snapshots that cannot be read. */
  readonly damagedSnapshots: readonly string[];
}

const GROUPS_PER_TURN = 256;

export async function verifyJournal(journal: JournalToVerify): Promise<VerifyReport> {
  return new Verification(journal).run();
}

class Verification {
  readonly #journal: JournalToVerify;
  readonly #segments: readonly SegmentFile[];
  readonly #findings = new Findings();
  readonly #frames = new FrameChecks(this.#findings);
  readonly #model = new ReferenceModel(this.#findings);
  #fold = new ProductionFold();
  /** The content could be read and folded so far. */
  #whole = true;

  constructor(journal: JournalToVerify) {
    this.#journal = journal;
    this.#segments = segmentFilesOf(journal.journalDirectory);
  }

  async run(): Promise<VerifyReport> {
    const { snapshot, damagedSnapshots } = this.#journal;
    for (const file of damagedSnapshots) this.#findings.breach('I9', 0, `the snapshot ${file} is damaged`);
    await this.#readAll((frame) => this.#group(frame));
    const cut = this.#frames.end(snapshot?.position ?? 0);
    if (this.#frames.incomplete && cut === null) this.#whole = false;
    const stateHash = await this.#endOfJournal();
    const checks = this.#findings.results();
    return {
      ok: checks.every((check) => check.ok),
      checks,
      stateHash,
      lastPosition: this.#frames.lastPosition,
      orders: this.#model.orders.orders.size,
      cut,
    };
  }

  /** Every group that continues the history; the event loop gets a turn now and then. */
  async #readAll(visit: (frame: Frame) => void): Promise<void> {
    const positionLast = this.#estimateLast();
    let groups = 0;
    for (const segment of this.#segments) {
      for (const piece of piecesOf(segment)) {
        if (!this.#frames.follow(piece) || piece.recordCount === 0) continue;
        visit(piece);
        if (++groups % GROUPS_PER_TURN !== 0) continue;
        this.#progress(this.#frames.lastPosition, positionLast);
        await new Promise(setImmediate);
      }
    }
    this.#progress(this.#frames.lastPosition, this.#frames.lastPosition);
  }

  #progress(positionDone: number, positionLast: number): void {
    this.#journal.onProgress?.(positionDone, Math.max(positionDone, positionLast));
  }

  /** The newest position, read ahead from the last segment for the progress bar. */
  #estimateLast(): number {
    const last = this.#segments.at(-1);
    let position = 0;
    if (last === undefined) return 0;
    for (const piece of piecesOf(last)) {
      if (piece.kind === 'frame') position = piece.firstPosition + piece.recordCount - 1;
    }
    return position;
  }

  #group(frame: Frame): void {
    if (!this.#whole) return;
    const { file, offset, firstPosition, recordCount, payload, now, epoch } = frame;
    const breachesBefore = this.#findings.breachCount;
    let records = 0;
    try {
      for (const record of recordsOf(payload, firstPosition)) {
        records++;
        this.#fold.host(keyOfRecord(record.service, record.partition));
        this.#model.apply(record, now, epoch);
      }
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      this.#whole = false;
      this.#findings.breach('I9', firstPosition, `${file} at byte ${offset}: ${error.message}`);
      return;
    }
    this.#model.endOfGroup();
    this.#findings.expect(
      records === recordCount,
      'I9',
      firstPosition,
      () => `${file} at byte ${offset}: the group says ${recordCount} records and has ${records}`,
    );
    const wasFolding = this.#fold.stopped === null;
    if (this.#fold.fold({ firstPosition, recordCount, now, epoch, payload }) || !wasFolding) return;
    // Where the reference model objects as well, the cause is told already.
    if (this.#findings.breachCount > breachesBefore) return;
    this.#findings.breach('I10', firstPosition, `the journal cannot be replayed: ${this.#fold.stopped}`);
  }

  async #endOfJournal(): Promise<string> {
    this.#findings.looked('I10', this.#fold.records);
    if (!this.#whole) return '';
    this.#model.end();
    if (this.#fold.stopped !== null) return '';
    const comparison = new StateComparison(this.#findings);
    comparison.orders(this.#fold.statesOf('order-processor'), this.#model.orders);
    for (const state of this.#fold.statesOf('risk-engine')) {
      const model = this.#model.risk.get(state.partition);
      if (model !== undefined) comparison.risk(state, model.facts);
    }
    const { snapshot } = this.#journal;
    const isComparable = snapshot !== null && snapshot.position <= this.#frames.lastPosition;
    // A state is hashed with every cell, also those that nothing happened to.
    if (isComparable) for (const key of cellKeysOf(snapshot.bytes)) this.#fold.host(key);
    const { keys } = this.#fold;
    const stateHash = this.#fold.hash();
    // One state at a time in memory.
    this.#fold = new ProductionFold();
    if (isComparable) await this.#compareWithSnapshot(snapshot, keys, stateHash);
    return stateHash;
  }

  async #compareWithSnapshot(snapshot: Snapshot, keys: readonly number[], expected: string): Promise<void> {
    const { lastPosition } = this.#frames;
    this.#fold.load(snapshot);
    for (const key of keys) this.#fold.host(key);
    for (const segment of this.#segments.filter((_, i) => this.#endsAfter(i, snapshot.position))) {
      for (const piece of piecesOf(segment)) {
        if (piece.kind === 'frame' && piece.recordCount > 0 && piece.firstPosition <= lastPosition)
          this.#fold.fold(piece);
      }
      await new Promise(setImmediate);
    }
    const { stopped } = this.#fold;
    const found = stopped === null ? this.#fold.hash() : `none: ${stopped}`;
    this.#findings.expect(
      found === expected,
      'I10',
      0,
      () =>
        `replay from position 1 gives state ${expected}, the snapshot at position ${snapshot.position} with what follows gives ${found}`,
    );
  }

  #endsAfter(segment: number, position: number): boolean {
    const next = this.#segments[segment + 1];
    return next === undefined || next.firstPosition - 1 > position;
  }
}
