/**
 * Deadlines that are all equally far away, so that a queue and one timer do for any number of them: they come due in
 * the order they were set.
 */
import type { Clock, Scheduler, Timer } from '@oms/ports';

export interface Waiting {
  readonly settled: boolean;
  /** Called once, when the deadline has passed and it is still not settled. */
  expired(): void;
}

const CHECK_INTERVAL_MS = 50;
/** Settled entries at the head are dropped in bulk once there are this many. */
const COMPACT_LENGTH = 4096;

export class Deadlines {
  readonly #clock: Clock;
  readonly #waitMs: number;
  readonly #timer: Timer;
  #queue: { readonly at: number; readonly waiting: Waiting }[] = [];
  #head = 0;

  constructor(clock: Clock, scheduler: Scheduler, waitMs: number) {
    this.#clock = clock;
    this.#waitMs = waitMs;
    this.#timer = scheduler.every(CHECK_INTERVAL_MS, () => this.#check());
  }

  add(waiting: Waiting): void {
    this.#queue.push({ at: this.#clock.now() + this.#waitMs, waiting });
  }

  close(): void {
    this.#timer.cancel();
  }

  #check(): void {
    const now = this.#clock.now();
    const queue = this.#queue;
    while (this.#head < queue.length) {
      const { at, waiting } = queue[this.#head]!;
      if (!waiting.settled) {
        if (at > now) break;
        waiting.expired();
      }
      this.#head++;
    }
    if (this.#head === queue.length || this.#head > COMPACT_LENGTH) {
      this.#queue = queue.slice(this.#head);
      this.#head = 0;
    }
  }
}
