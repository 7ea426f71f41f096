/**
 * The production fold from the snapshot; then one pass over the journal by the reference model, with the production
 * fold from the start close behind it; then their comparison. There is one production state in memory at a time, and
 * some hundred bytes an order more, whatever the journal's length.
 */
import { type CheckResult, Findings } from './findings.ts';
import { FrameChecks, type TornTail } from './frameChecks.ts';
import type { Head } from './hashChain.ts';
import { UnreadableError } from './journal/cursor.ts';
import { recordsOf } from './journal/records.ts';
import { type Frame, piecesOf, type SegmentFile, segmentFilesOf } from './journal/segments.ts';
import { snapshotHeadsOf } from './journal/snapshotHeads.ts';
import { ReferenceModel } from './model/referenceModel.ts';
import { Replay, type ReplayedSnapshot, type ReplayProgress } from './replay/replay.ts';
import { ReplayThread } from './replay/replayThread.ts';

export interface VerifyReport {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
  /** SHA-256 over the state as a snapshot has it; empty when the journal could not be replayed to its end. */
  readonly stateHash: string;
  readonly lastPosition: number;
  /** Of the last group: an anchor for a later check, when it is kept where whoever can write the journal cannot. */
  readonly head: Head;
  /** Orders placed in the journal. */
  readonly orders: number;
  readonly cut: TornTail | null;
}

export interface VerifyOptions {
  /** Heads that the journal must still contain: kept from earlier reports, or from the notices of the server. */
  readonly anchors?: readonly Head[];
  /** Told now and then how far the journal is read. */
  readonly onProgress?: (positionDone: number, positionLast: number) => void;
}

export interface JournalToVerify extends VerifyOptions {
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
  /** Whether the replay gets a thread of its own. Default: when the journal is long enough for it to pay. */
  readonly inThreads?: boolean;
}

const GROUPS_PER_TURN = 256;
/** So many turns the replay may lag behind before it is waited for. */
const TURNS_AHEAD = 4;
/** Records from which on a second thread pays for its start. */
const LONG_JOURNAL = 100_000;

export async function verifyJournal(journal: JournalToVerify): Promise<VerifyReport> {
  return new Verification(journal).run();
}

class Verification {
  readonly #journal: JournalToVerify;
  readonly #segments: readonly SegmentFile[];
  readonly #findings = new Findings();
  readonly #frames: FrameChecks;
  readonly #positionLast: number;
  /** What the replay is at, oldest first. */
  readonly #replaying: Promise<ReplayProgress>[] = [];
  #replayed: ReplayProgress = { records: 0, stopped: null };
  /** Groups in which the reference model objected, by their first position. */
  readonly #objections = new Set<number>();
  #model = new ReferenceModel(this.#findings);
  /** The content could be read so far. */
  #whole = true;

  constructor(journal: JournalToVerify) {
    this.#journal = journal;
    this.#segments = segmentFilesOf(journal.journalDirectory);
    const given = (journal.anchors ?? []).map((head) => ({ ...head, knownBy: 'the anchor' }));
    this.#frames = new FrameChecks(this.#findings, [...given, ...snapshotHeadsOf(journal.snapshotDirectory)]);
    this.#positionLast = this.#estimateLast();
  }

  async run(): Promise<VerifyReport> {
    this.#progress(0, this.#positionLast);
    const { damaged, snapshot } = await this.#withReplay((replay) => replay.fromSnapshot());
    for (const file of damaged) this.#findings.breach('I9', 0, `the snapshot ${file} is damaged`);
    return this.#withReplay((replay) => this.#run(replay, snapshot));
  }

  /** Each replay is over before the next begins: its state is most of the memory that all this takes. */
  async #withReplay<Result>(use: (replay: Replay | ReplayThread) => Promise<Result>): Promise<Result> {
    const { journalDirectory, snapshotDirectory, inThreads = this.#positionLast >= LONG_JOURNAL } = this.#journal;
    const source = { journalDirectory, snapshotDirectory };
    const replay = inThreads ? new ReplayThread(source) : new Replay(source);
    try {
      return await use(replay);
    } finally {
      await replay.close();
    }
  }

  async #run(replay: Replay | ReplayThread, snapshot: ReplayedSnapshot | null): Promise<VerifyReport> {
    await this.#readAll(replay);
    const cut = this.#frames.end();
    if (this.#frames.incomplete && cut === null) this.#whole = false;
    const orders = this.#model.orders.orders.size;
    const stateHash = await this.#endOfJournal(replay, snapshot);
    const { lastPosition, head } = this.#frames;
    this.#progress(lastPosition, lastPosition);
    const checks = this.#findings.results();
    return { ok: checks.every((check) => check.ok), checks, stateHash, lastPosition, head, orders, cut };
  }

  /** Every group that continues the history; the event loop gets a turn now and then. */
  async #readAll(replay: Replay | ReplayThread): Promise<void> {
    let groups = 0;
    for (const segment of this.#segments) {
      for (const piece of piecesOf(segment)) {
        if (!this.#frames.follow(piece) || piece.recordCount === 0 || !this.#group(piece)) continue;
        if (++groups < GROUPS_PER_TURN) continue;
        await this.#replayNext(replay, groups);
        groups = 0;
        this.#progress(this.#frames.lastPosition, this.#positionLast);
        await new Promise(setImmediate);
      }
    }
    await this.#replayNext(replay, groups);
    while (this.#replaying.length > 0) await this.#noteReplayed();
  }

  /** Lets the replay follow with these groups. */
  async #replayNext(replay: Replay | ReplayThread, groups: number): Promise<void> {
    const progress = replay.fold(groups);
    // It is awaited later; until then a failure is not unhandled.
    progress.catch(() => undefined);
    this.#replaying.push(progress);
    if (this.#replaying.length > TURNS_AHEAD) await this.#noteReplayed();
  }

  async #noteReplayed(): Promise<void> {
    const hadStopped = this.#replayed.stopped !== null;
    this.#replayed = await this.#replaying.shift()!;
    const { stopped } = this.#replayed;
    // Where the reference model objects as well, the cause is told already.
    if (stopped === null || hadStopped || this.#objections.has(stopped.position)) return;
    this.#findings.breach('I10', stopped.position, `the journal cannot be replayed: ${stopped.why}`);
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

  /** @returns whether its content could be read */
  #group(frame: Frame): boolean {
    if (!this.#whole) return false;
    const { file, offset, firstPosition, recordCount, payload, now, epoch } = frame;
    const breachesBefore = this.#findings.breachCount;
    let records = 0;
    try {
      for (const record of recordsOf(payload, firstPosition)) {
        records++;
        this.#model.apply(record, now, epoch);
      }
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      this.#whole = false;
      this.#findings.breach('I9', firstPosition, `${file} at byte ${offset}: ${error.message}`);
      return false;
    }
    this.#model.endOfGroup();
    this.#findings.expect(
      records === recordCount,
      'I9',
      firstPosition,
      () => `${file} at byte ${offset}: the group says ${recordCount} records and has ${records}`,
    );
    if (this.#findings.breachCount > breachesBefore) this.#objections.add(firstPosition);
    return true;
  }

  /** @returns the hash of the state, '' when there is none */
  async #endOfJournal(replay: Replay | ReplayThread, snapshot: ReplayedSnapshot | null): Promise<string> {
    this.#findings.looked('I10', this.#replayed.records);
    if (!this.#whole) return '';
    this.#model.end();
    if (this.#replayed.stopped !== null) return '';
    await replay.compare(this.#model.known);
    // What was compared is not needed any more, its memory is.
    this.#model = new ReferenceModel(this.#findings);
    const comparable = snapshot !== null && snapshot.position <= this.#frames.lastPosition ? snapshot : null;
    // A state is hashed with every cell, also those that nothing happened to.
    const { stateHash, tallies } = await replay.verdict(comparable?.cells ?? []);
    this.#findings.add(tallies);
    if (comparable !== null) this.#compareHashes(stateHash, comparable);
    return stateHash;
  }

  #compareHashes(stateHash: string, { position, hash }: ReplayedSnapshot): void {
    this.#findings.expect(
      hash === stateHash,
      'I10',
      0,
      () =>
        `replay from position 1 gives state ${stateHash}, the snapshot at position ${position} with what follows gives ${hash}`,
    );
  }
}
