/**
 * Everything that happens, in order, as lines: hashed as they come, for equal hashes mean byte-identical runs, and
 * counted. Whoever wants to read along is given each line.
 */
import { createHash } from 'node:crypto';
import type { SimulatedTime } from './simulatedTime.ts';

export class Chronicle {
  readonly #time: SimulatedTime;
  readonly #hash = createHash('sha256');
  readonly #onLine: ((line: string) => void) | null;
  readonly #doses = new Map<string, number>();
  readonly #breaches: string[] = [];

  constructor(time: SimulatedTime, onLine: ((line: string) => void) | null) {
    this.#time = time;
    this.#onLine = onLine;
  }

  note(what: string): void {
    const line = `${this.#time.now.toFixed(3)} ${what}`;
    this.#hash.update(line).update('\n');
    this.#onLine?.(line);
  }

  /** Bytes that are part of what happened, too many to be lines. */
  include(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Counts a fault, or something done, by its name. */
  dose(name: string, count = 1): void {
    this.#doses.set(name, (this.#doses.get(name) ?? 0) + count);
  }

  /** An invariant that does not hold. */
  breach(what: string): void {
    this.#breaches.push(`${this.#time.now.toFixed(3)} ms: ${what}`);
    this.note(`BREACH ${what}`);
  }

  get breaches(): readonly string[] {
    return this.#breaches;
  }

  /** By name, in alphabetical order. */
  get doses(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#doses].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Of everything; call once, at the end. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
