/**
 * The one thread of a simulation: tasks by their time, then by the order they were set. Between two tasks everything
 * that promises set off is run to its end, so that nothing but the tasks' order decides what happens.
 */
import { Heap } from '@oms/actors';
import type { Timer } from '@oms/ports';

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** It settles no promise: nothing can have been set off. */
  readonly isPlain: boolean;
  canceled: boolean;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class SimulatedTime {
  readonly #tasks = new Heap<Task>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  #now = 0;
  #order = 0;
  #stopped = false;

  /** Milliseconds since the simulation began; finer parts count. */
  get now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#add(delayMs, run, false);
  }

  /** For tasks that neither settle promises nor call what does; far cheaper. */
  afterPlain(delayMs: number, run: () => void): Timer {
    return this.#add(delayMs, run, true);
  }

  /** Lets time pass up to and including that moment, or until {@link stop}. */
  async runUntil(endMs: number): Promise<void> {
    for (let task = this.#tasks.peek(); task !== undefined; task = this.#tasks.peek()) {
      if (task.at > endMs || this.#stopped) break;
      this.#tasks.pop();
      if (task.canceled) continue;
      this.#now = task.at;
      task.run();
      if (!task.isPlain) await nextTurn();
    }
    if (!this.#stopped) this.#now = endMs;
  }

  /** Nothing more is run. */
  stop(): void {
    this.#stopped = true;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  #add(delayMs: number, run: () => void, isPlain: boolean): Timer {
    const task: Task = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run, isPlain, canceled: false };
    this.#tasks.push(task);
    return {
      cancel() {
        task.canceled = true;
      },
    };
  }
}
