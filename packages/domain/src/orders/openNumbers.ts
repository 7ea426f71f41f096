/**
 * The numbers of all open orders of a partition, one bit each: a page of them is found without looking at closed ones.
 * Derived from the orders; an order that comes or goes costs one bit.
 */
const WORD_BITS = 32;
const FIRST_WORDS = 1_024;

export class OpenNumbers {
  #words = new Uint32Array(FIRST_WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param number whole and above zero; in the set already: nothing happens */
  add(number: number): void {
    const word = Math.floor(number / WORD_BITS);
    if (word >= this.#words.length) this.#grow(word);
    const bit = 1 << (number % WORD_BITS);
    if ((this.#words[word]! & bit) !== 0) return;
    this.#words[word]! |= bit;
    this.#size++;
  }

  delete(number: number): void {
    const word = Math.floor(number / WORD_BITS);
    const bit = 1 << (number % WORD_BITS);
    if (((this.#words[word] ?? 0) & bit) === 0) return;
    this.#words[word]! &= ~bit;
    this.#size--;
  }

  /** At most `limit` numbers above `after`, ascending. */
  page(after: number, limit: number): number[] {
    const found: number[] = [];
    const first = after + 1;
    for (let word = Math.floor(first / WORD_BITS); word < this.#words.length && found.length < limit; word++) {
      let bits = this.#words[word]!;
      if (word * WORD_BITS < first) bits &= -1 << (first % WORD_BITS);
      while (bits !== 0 && found.length < limit) {
        const lowest = bits & -bits;
        found.push(word * WORD_BITS + 31 - Math.clz32(lowest));
        bits ^= lowest;
      }
    }
    return found;
  }

  #grow(word: number): void {
    const grown = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    grown.set(this.#words);
    this.#words = grown;
  }
}
