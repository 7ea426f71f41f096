/** Which requests of a run were acknowledged, by number, a bit each: the client's own record, to be held against the journal. */

/** Requests are numbered from here on, so that all numbers have as many digits and all frames the same shape. */
export const FIRST_NUMBER = 10_000_000;
export const LAST_NUMBER = 99_999_999;
export const NUMBER_DIGITS = 8;

const INITIAL_BYTES = 1 << 13;

export class Acknowledged {
  #bits: Uint8Array;
  #count: number;

  /** @param bits and count of a record made elsewhere */
  constructor(bits: Uint8Array = new Uint8Array(INITIAL_BYTES), count = 0) {
    this.#bits = bits;
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  get bits(): Uint8Array {
    return this.#bits;
  }

  /** @returns whether it was new */
  add(number: number): boolean {
    const index = number - FIRST_NUMBER;
    const byte = index >>> 3;
    if (byte >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(byte + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const bit = 1 << (index & 7);
    const before = this.#bits[byte]!;
    if ((before & bit) !== 0) return false;
    this.#bits[byte] = before | bit;
    this.#count++;
    return true;
  }

  has(number: number): boolean {
    const index = number - FIRST_NUMBER;
    return ((this.#bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}
