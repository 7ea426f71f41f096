/**
 * Decides when a snapshot is due: often enough that a restart folds no more than some seconds' worth of records, and
 * otherwise when the house is calm. A worker makes it, one at a time; a failing one is told and costs time at the next
 * start, no more, for the journal has everything.
 */
import type { Scheduler, Timer } from '@oms/ports';
import type { SnapshotThread } from './snapshotThread.ts';

/** A tail worth a snapshot once the house is calm: folding it takes one to three seconds. */
export const TAIL_WORTH_RECORDS = 500_000;
/** A tail that must not get longer, calm or not: folding it takes about ten seconds. */
export const TAIL_MAX_RECORDS = 3_000_000;
/** At a clean stop: folding so many takes about a second, and so does a snapshot. */
export const TAIL_AT_STOP_RECORDS = 300_000;
const CHECK_INTERVAL_MS = 1_000;
/** Above it the house is busy: some 5,000 orders a second. */
export const CALM_RECORDS_PER_CHECK = 30_000;

/** When a snapshot is due, by what a restart would have to fold. */
export interface SnapshotTiming {
  readonly tailWorthRecords: number;
  readonly tailMaxRecords: number;
  readonly tailAtStopRecords: number;
  readonly checkIntervalMs: number;
}

export const SNAPSHOT_TIMING: SnapshotTiming = {
  tailWorthRecords: TAIL_WORTH_RECORDS,
  tailMaxRecords: TAIL_MAX_RECORDS,
  tailAtStopRecords: TAIL_AT_STOP_RECORDS,
  checkIntervalMs: CHECK_INTERVAL_MS,
};

interface House {
  readonly durablePosition: number;
  /** Makes one of the journal up to the position, elsewhere. */
  startSnapshot(position: number): SnapshotThread;
  /** Saves the live state, while nothing else is done. @returns its position */
  snapshotNow(): Promise<number>;
}

export class SnapshotKeeper {
  readonly #house: House;
  readonly #notice: (notice: { readonly code: string; readonly message: string }) => void;
  readonly #timing: SnapshotTiming;
  readonly #timer: Timer;
  /** Of the newest snapshot, or of the last attempt: what failed is not tried again at once. */
  #lastPosition: number;
  #seenPosition: number;
  #thread: SnapshotThread | null = null;

  /** @param lastPosition of the snapshot the process started from */
  constructor(
    lastPosition: number,
    house: House,
    scheduler: Scheduler,
    notice: (notice: { readonly code: string; readonly message: string }) => void,
    timing: SnapshotTiming = SNAPSHOT_TIMING,
  ) {
    this.#lastPosition = lastPosition;
    this.#seenPosition = house.durablePosition;
    this.#house = house;
    this.#notice = notice;
    this.#timing = timing;
    this.#timer = scheduler.every(timing.checkIntervalMs, () => this.#check());
  }

  /** Looks no more, ends a worker under way, and saves the state when folding the tail would take longer. */
  async finish(): Promise<void> {
    this.#timer.cancel();
    const thread = this.#thread;
    this.#thread = null;
    await thread?.cancel();
    // Where a worker was at it, the tail is long.
    if (thread === null && this.#house.durablePosition - this.#lastPosition < this.#timing.tailAtStopRecords) return;
    await this.#house.snapshotNow().catch((error: unknown) => this.#failed(error));
  }

  #check(): void {
    const { durablePosition } = this.#house;
    const arrived = durablePosition - this.#seenPosition;
    this.#seenPosition = durablePosition;
    if (this.#thread !== null) return;
    const tail = durablePosition - this.#lastPosition;
    const { tailMaxRecords, tailWorthRecords } = this.#timing;
    const isDue = tail >= tailMaxRecords || (tail >= tailWorthRecords && arrived <= CALM_RECORDS_PER_CHECK);
    if (isDue) this.#start(durablePosition);
  }

  #start(position: number): void {
    this.#lastPosition = position;
    const thread = this.#house.startSnapshot(position);
    this.#thread = thread;
    const ended = (): boolean => {
      if (this.#thread !== thread) return false;
      this.#thread = null;
      return true;
    };
    thread.made.then(ended, (error: unknown) => {
      if (ended()) this.#failed(error);
    });
  }

  #failed(error: unknown): void {
    this.#notice({ code: 'SNAPSHOT_WRITE_FAILED', message: `no snapshot was saved: ${error}` });
  }
}
