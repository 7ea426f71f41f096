/** Clock and scheduler that a test moves by hand. Timers run in order of their time, then of their making. */
import type { Clock, Scheduler, Timer } from '@oms/ports';

interface Waiting {
  at: number;
  readonly everyMs: number | null;
  readonly task: () => void;
}

export class ManualTime implements Clock, Scheduler {
  #now: number;
  #soon: (() => void)[] = [];
  readonly #waiting = new Set<Waiting>();

  constructor(startMs = Date.UTC(2026, 0, 5, 12)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  soon(task: () => void): void {
    this.#soon.push(task);
  }

  every(intervalMs: number, task: () => void): Timer {
    return this.#wait({ at: this.#now + intervalMs, everyMs: intervalMs, task });
  }

  after(delayMs: number, task: () => void): Timer {
    return this.#wait({ at: this.#now + delayMs, everyMs: null, task });
  }

  /** Moves the time without running anything: a host that is stepped by hand looks at the clock itself. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Runs what was put off with `soon`, and what that puts off. */
  runSoon(): void {
    for (let task = this.#soon.shift(); task !== undefined; task = this.#soon.shift()) task();
  }

  /** Lets time pass, running every timer at its moment. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      if (next.everyMs === null) this.#waiting.delete(next);
      else next.at += next.everyMs;
      next.task();
      this.runSoon();
    }
    this.#now = end;
  }

  #wait(waiting: Waiting): Timer {
    this.#waiting.add(waiting);
    return { cancel: () => this.#waiting.delete(waiting) };
  }

  #next(end: number): Waiting | undefined {
    let next: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.at <= end && (next === undefined || waiting.at < next.at)) next = waiting;
    }
    return next;
  }
}
