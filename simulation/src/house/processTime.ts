/**
 * Timers of one process: gone when it dies, late while it is stopped (SIGSTOP), and a little late always, as in any
 * event loop. The clock is the wall's.
 */
import type { Scheduler, Timer } from '@oms/ports';
import type { SeededRandom } from '../world/seededRandom.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';

/** Between putting a task off and its turn. */
const TURN_MS_MAX = 0.3;

export class ProcessTime {
  readonly #time: SimulatedTime;
  readonly #random: SeededRandom;
  #alive = true;
  /** What waits for the process to run again; null while it runs. */
  #held: (() => void)[] | null = null;

  constructor(time: SimulatedTime, random: SeededRandom) {
    this.#time = time;
    this.#random = random;
  }

  get alive(): boolean {
    return this.#alive;
  }

  end(): void {
    this.#alive = false;
  }

  /** Nothing of the process runs until {@link resume}. */
  pause(): void {
    this.#held ??= [];
  }

  /** What was due meanwhile comes now, in its order, each in a turn of its own; what comes now waits behind it. */
  resume(): void {
    this.#time.after(0, () => {
      const task = this.#held?.shift();
      if (task === undefined) {
        this.#held = null;
        return;
      }
      if (this.#alive) task();
      this.resume();
    });
  }

  /** Runs the task now, or when the process runs again; never when it is dead. */
  readonly deliver = (task: () => void): void => {
    if (!this.#alive) return;
    if (this.#held === null) task();
    else this.#held.push(task);
  };

  /** @param plain its timers settle no promises, nor does what they call */
  scheduler(plain: { readonly every: boolean }): Scheduler {
    return {
      soon: (task) => void this.#time.after(this.#random.next() * TURN_MS_MAX, () => this.deliver(task)),
      after: (delayMs, task) => this.#time.after(delayMs, () => this.deliver(task)),
      every: (intervalMs, task) => this.#every(intervalMs, task, plain.every),
    };
  }

  #every(intervalMs: number, task: () => void, isPlain: boolean): Timer {
    let canceled = false;
    const run = (): void => {
      if (canceled || !this.#alive) return;
      this.deliver(() => {
        if (!canceled) task();
      });
      next();
    };
    const next = (): void => {
      if (isPlain) this.#time.afterPlain(intervalMs, run);
      else this.#time.after(intervalMs, run);
    };
    next();
    return {
      cancel() {
        canceled = true;
      },
    };
  }
}
