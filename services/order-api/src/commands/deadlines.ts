/**
 * Deadlines that are all equally far away, so that they come due in the order they were set: a chain and one timer do
 * for any number of them. Whoever is answered leaves the chain at once and is garbage while it is young; a queue would
 * keep it until its turn, and the collector would copy it meanwhile.
 */
import type { Clock, Scheduler, Timer } from '@oms/ports';

/** Somebody who waits for an answer. */
export abstract class Waiting {
  /** Epoch milliseconds; set when it is added. */
  dueAt = 0;
  /** Neighbours in the chain: set earlier and later. */
  earlier: Waiting | null = null;
  later: Waiting | null = null;
  /** True from the answer or the deadline on, whichever comes first. */
  settled = false;

  /** Called once, when the deadline has passed and it is still not settled. */
  abstract expired(): void;
}

const CHECK_INTERVAL_MS = 50;

export class Deadlines {
  readonly #clock: Clock;
  readonly #waitMs: number;
  readonly #timer: Timer;
  #oldest: Waiting | null = null;
  #newest: Waiting | null = null;

  constructor(clock: Clock, scheduler: Scheduler, waitMs: number) {
    this.#clock = clock;
    this.#waitMs = waitMs;
    this.#timer = scheduler.every(CHECK_INTERVAL_MS, () => this.#check());
  }

  add(waiting: Waiting): void {
    waiting.dueAt = this.#clock.now() + this.#waitMs;
    waiting.earlier = this.#newest;
    if (this.#newest === null) this.#oldest = waiting;
    else this.#newest.later = waiting;
    this.#newest = waiting;
  }

  /** It got its answer. @returns false when that comes too late: the deadline has passed */
  settle(waiting: Waiting): boolean {
    if (waiting.settled) return false;
    waiting.settled = true;
    const { earlier, later } = waiting;
    if (earlier === null) this.#oldest = later;
    else earlier.later = later;
    if (later === null) this.#newest = earlier;
    else later.earlier = earlier;
    waiting.earlier = null;
    waiting.later = null;
    return true;
  }

  close(): void {
    this.#timer.cancel();
  }

  #check(): void {
    const now = this.#clock.now();
    for (let waiting = this.#oldest; waiting !== null && waiting.dueAt <= now; waiting = this.#oldest) {
      this.settle(waiting);
      waiting.expired();
    }
  }
}
