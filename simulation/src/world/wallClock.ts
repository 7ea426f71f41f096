/** The clock on the machine's wall: jumps forward and back, and stands still, whatever the real time does. */
import type { Clock } from '@oms/ports';
import type { SimulatedTime } from './simulatedTime.ts';

/** Monday, 5 January 2026, 23:59 UTC: a day ends after the first minute. */
export const START_TIME = Date.UTC(2026, 0, 5, 23, 59);

export class WallClock implements Clock {
  readonly #time: SimulatedTime;
  #offsetMs = START_TIME;
  #highestOffsetMs = START_TIME;
  #frozenAt: number | null = null;

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  /** Whole epoch milliseconds. */
  now(): number {
    return this.#frozenAt ?? this.#shown();
  }

  /** @param ms negative: back */
  jump(ms: number): void {
    this.#offsetMs += ms;
    this.#highestOffsetMs = Math.max(this.#highestOffsetMs, this.#offsetMs);
    if (this.#frozenAt !== null) this.#frozenAt += ms;
  }

  freeze(): void {
    this.#frozenAt ??= this.#shown();
  }

  /** Shows the time again as if it had run all the while. */
  unfreeze(): void {
    this.#frozenAt = null;
  }

  /** Runs again, and shows no less than it ever did. */
  repair(): void {
    this.#frozenAt = null;
    this.#offsetMs = Math.max(this.#offsetMs, this.#highestOffsetMs);
  }

  #shown(): number {
    return Math.floor(this.#time.now) + this.#offsetMs;
  }
}
