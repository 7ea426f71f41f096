/**
 * Slows down whoever guesses. An attempt counts when it begins, so that many at once are no way round; a success clears
 * it. After the free ones each further attempt has to wait twice as long, up to a minute: long enough to make guessing
 * hopeless, too short to lock anybody out for good.
 */
import type { Clock } from '@oms/ports';

interface Attempts {
  count: number;
  lastAt: number;
}

const WAIT_FIRST_MS = 1_000;
const WAIT_MAX_MS = 60_000;
/** After so long without an attempt everything is forgiven. */
const FORGIVEN_AFTER_MS = 900_000;
const REMEMBERED_MAX = 10_000;

/** What is counted, and how many attempts of it are free. */
export interface AttemptKey {
  readonly key: string;
  readonly free: number;
}

export class AttemptThrottle {
  readonly #clock: Clock;
  readonly #attempts = new Map<string, Attempts>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns 0: go on, it has been counted. Else milliseconds to wait; nothing was counted. */
  begin(keys: readonly AttemptKey[]): number {
    const now = this.#clock.now();
    const waitMs = Math.max(...keys.map((key) => this.#waitMs(key, now)));
    if (waitMs > 0) return waitMs;
    for (const { key } of keys) {
      const attempts = this.#attemptsOf(key, now);
      // Moved to the end, so that the first entry is the one untouched for longest.
      this.#attempts.delete(key);
      this.#attempts.set(key, { count: attempts.count + 1, lastAt: now });
    }
    while (this.#attempts.size > REMEMBERED_MAX) this.#attempts.delete(this.#attempts.keys().next().value!);
    return 0;
  }

  succeeded(keys: readonly AttemptKey[]): void {
    for (const { key } of keys) this.#attempts.delete(key);
  }

  #waitMs({ key, free }: AttemptKey, now: number): number {
    const { count, lastAt } = this.#attemptsOf(key, now);
    if (count < free) return 0;
    return Math.max(0, lastAt + Math.min(WAIT_FIRST_MS * 2 ** (count - free), WAIT_MAX_MS) - now);
  }

  #attemptsOf(key: string, now: number): Readonly<Attempts> {
    const attempts = this.#attempts.get(key);
    return attempts === undefined || now - attempts.lastAt >= FORGIVEN_AFTER_MS ? { count: 0, lastAt: now } : attempts;
  }
}
