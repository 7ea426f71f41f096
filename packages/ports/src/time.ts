/** Clock, timers and randomness as ports: the system's in production, simulated in tests. */

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Timer {
  cancel(): void;
}

export interface Scheduler {
  /** Runs the task as soon as the current one and the I/O that is ready are done. */
  soon(task: () => void): void;
  /** Runs the task every `intervalMs` until canceled; does not keep the process alive by itself. */
  every(intervalMs: number, task: () => void): Timer;
  after(delayMs: number, task: () => void): Timer;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}
