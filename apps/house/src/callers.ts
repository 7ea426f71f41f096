/**
 * Who waits for which answer. Addresses count up and nearly all answers come in the order of the questions, so a ring
 * holds the newest; whoever is still waiting when the ring comes round moves to a map. A map for all of them would
 * cost an insertion and a deletion in a large hash table for every order.
 */
const SLOTS = 16_384;

export class Callers<Answered> {
  readonly #slots: number;
  readonly #addresses: Float64Array;
  readonly #waiting: (((answer: Answered) => void) | undefined)[];
  readonly #late = new Map<number, (answer: Answered) => void>();
  #lastAddress = 0;

  /** @param slots a power of two */
  constructor(slots = SLOTS) {
    this.#slots = slots;
    this.#addresses = new Float64Array(slots);
    this.#waiting = new Array(slots).fill(undefined);
  }

  /** An address that nobody had before. */
  newAddress(): number {
    return ++this.#lastAddress;
  }

  wait(address: number, done: (answer: Answered) => void): void {
    const slot = address & (this.#slots - 1);
    const earlier = this.#waiting[slot];
    if (earlier !== undefined) this.#late.set(this.#addresses[slot]!, earlier);
    this.#addresses[slot] = address;
    this.#waiting[slot] = done;
  }

  /** @returns who waits there, once; undefined when nobody does */
  take(address: number): ((answer: Answered) => void) | undefined {
    const slot = address & (this.#slots - 1);
    if (this.#addresses[slot] === address) {
      const done = this.#waiting[slot];
      this.#waiting[slot] = undefined;
      return done;
    }
    const late = this.#late.get(address);
    if (late !== undefined) this.#late.delete(address);
    return late;
  }
}
