/**
 * When requests are due: at a constant rate, or at one that rises evenly from nothing (the warm-up). Times are
 * milliseconds from the start of the round.
 */
import type { Round } from '../benchOptions.ts';

export class Schedule {
  /** Requests in all. */
  readonly total: number;
  readonly #perMs: number;
  readonly #durationMs: number;
  readonly #rising: boolean;

  constructor({ rate, seconds, rising = false }: Round) {
    this.#perMs = rate / 1000;
    this.#durationMs = seconds * 1000;
    this.#rising = rising;
    this.total = Math.round(rising ? (rate * seconds) / 2 : rate * seconds);
  }

  /** How many requests are due after `elapsedMs`: those planned at or before it. */
  dueAt(elapsedMs: number): number {
    if (elapsedMs < 0) return 0;
    const passed = this.#rising
      ? (this.#perMs * elapsedMs * elapsedMs) / (2 * this.#durationMs)
      : this.#perMs * elapsedMs;
    return Math.min(this.total, Math.floor(passed) + 1);
  }

  /** When request `index` (from 0) is due. */
  plannedAt(index: number): number {
    return this.#rising ? Math.sqrt((2 * this.#durationMs * index) / this.#perMs) : index / this.#perMs;
  }
}
