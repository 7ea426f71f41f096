/** Which orders of a run were acknowledged, by number: the client's own record, to be held against the journal. */

const INITIAL_NUMBERS = 1 << 16;

export class Acknowledged {
  #flags = new Uint8Array(INITIAL_NUMBERS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(number: number): void {
    if (number >= this.#flags.length) {
      const grown = new Uint8Array(Math.max(number + 1, this.#flags.length * 2));
      grown.set(this.#flags);
      this.#flags = grown;
    }
    if (this.#flags[number] === 0) this.#count++;
    this.#flags[number] = 1;
  }

  has(number: number): boolean {
    return this.#flags[number] === 1;
  }
}
