/**
 * I10, all of it: the production fold of the journal from its start, its state against the reference model's, and
 * once more from the newest snapshot. It reads the files itself, so that it can do so in a thread of its own.
 */
import { cellKeysOf } from '@oms/actors';
import { openSnapshotFiles } from '@oms/adapter-embedded';
import { InvariantError } from '@oms/domain';
import { Findings, type Tallies } from '../findings.ts';
import { type Frame, piecesOf, type SegmentFile, segmentFilesOf } from '../journal/segments.ts';
import type { ModelFacts } from '../model/modelFacts.ts';
import { StateComparison } from './compareStates.ts';
import { ProductionFold } from './productionFold.ts';

export interface ReplaySource {
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
}

export interface ReplayProgress {
  /** Folded so far. */
  readonly records: number;
  /** Where the fold could not go on, and why; null while it can. */
  readonly stopped: { readonly position: number; readonly why: string } | null;
}

export interface SnapshotReplay {
  /** Files of snapshots that cannot be read. */
  readonly damaged: readonly string[];
  readonly snapshot: ReplayedSnapshot | null;
}

export interface ReplayedSnapshot {
  readonly position: number;
  /** Keys of the cells in it. */
  readonly cells: readonly number[];
  /** Of the state that it and what follows it give, or why there is none. */
  readonly hash: string;
}

export interface ReplayVerdict {
  readonly stateHash: string;
  /** What the comparison found. */
  readonly tallies: Tallies;
}

export class Replay {
  readonly #source: ReplaySource;
  readonly #segments: readonly SegmentFile[];
  readonly #groups: Iterator<Frame, void>;
  readonly #findings = new Findings();
  readonly #fold = new ProductionFold();
  #stopped: ReplayProgress['stopped'] = null;

  constructor(source: ReplaySource) {
    this.#source = source;
    this.#segments = segmentFilesOf(source.journalDirectory);
    this.#groups = groupsOf(this.#segments);
  }

  /** Folds the next groups of the journal, which the caller has found to be whole. */
  async fold(groups: number): Promise<ReplayProgress> {
    for (let left = groups; left > 0 && this.#stopped === null; left--) {
      const group = this.#groups.next().value;
      if (group === undefined) throw new InvariantError('the journal has fewer groups than were found in it');
      if (!this.#fold.fold(group)) this.#stopped = { position: group.firstPosition, why: this.#fold.stopped! };
    }
    return { records: this.#fold.records, stopped: this.#stopped };
  }

  /** The state that the groups so far gave, against the reference model's. */
  async compare(model: ModelFacts): Promise<void> {
    const comparison = new StateComparison(this.#findings);
    comparison.orders(this.#fold.statesOf('order-processor'), model);
    for (const state of this.#fold.statesOf('risk-engine')) {
      const facts = model.risk.get(state.partition);
      if (facts !== undefined) comparison.risk(state, facts);
    }
  }

  /** @param cells that the state has as well, though nothing happened to them */
  async verdict(cells: readonly number[]): Promise<ReplayVerdict> {
    for (const key of cells) this.#fold.host(key);
    return { stateHash: this.#fold.hash(), tallies: this.#findings.tallies };
  }

  /** Another fold: from the newest whole snapshot to the end of the history. */
  async fromSnapshot(): Promise<SnapshotReplay> {
    const fold = new ProductionFold();
    const { position, cells, damaged } = this.#load(fold);
    if (position === null) return { damaged, snapshot: null };
    const later = this.#segments.filter((_, i) => (this.#segments[i + 1]?.firstPosition ?? Infinity) - 1 > position);
    let next: number | null = null;
    for (const group of groupsOf(later)) {
      // What follows a gap is no part of the history.
      if (next !== null && group.firstPosition !== next) break;
      next = group.firstPosition + group.recordCount;
      fold.fold(group);
    }
    const hash = fold.stopped === null ? fold.hash() : `none: ${fold.stopped}`;
    return { damaged, snapshot: { position, cells, hash } };
  }

  async close(): Promise<void> {}

  /** A function of its own, so that the snapshot's bytes, the size of the state, are gone before the fold goes on. */
  #load(fold: ProductionFold) {
    const { snapshot, damaged } = openSnapshotFiles(this.#source.snapshotDirectory).load(Number.MAX_SAFE_INTEGER);
    if (snapshot === null) return { position: null, cells: [], damaged };
    fold.load(snapshot);
    return { position: snapshot.position, cells: cellKeysOf(snapshot.bytes), damaged };
  }
}

/** What holds records, in order. */
function* groupsOf(segments: readonly SegmentFile[]): Generator<Frame, void> {
  for (const segment of segments) {
    for (const piece of piecesOf(segment)) if (piece.kind === 'frame' && piece.recordCount > 0) yield piece;
  }
}
