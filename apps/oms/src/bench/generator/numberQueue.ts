/** Numbers first in, first out, over a ring that doubles: what a connection is owed answers for, in their order. */
const INITIAL_LENGTH = 1 << 12;

export class NumberQueue {
  #ring = new Int32Array(INITIAL_LENGTH);
  #first = 0;
  #count = 0;

  push(number: number): void {
    if (this.#count === this.#ring.length) this.#grow();
    this.#ring[(this.#first + this.#count) & (this.#ring.length - 1)] = number;
    this.#count++;
  }

  /** @throws Error when it is empty: an answer that nobody asked for */
  shift(): number {
    if (this.#count === 0) throw new Error('the server answers what was not asked');
    const number = this.#ring[this.#first]!;
    this.#first = (this.#first + 1) & (this.#ring.length - 1);
    this.#count--;
    return number;
  }

  #grow(): void {
    const grown = new Int32Array(this.#ring.length * 2);
    for (let i = 0; i < this.#count; i++) grown[i] = this.#ring[(this.#first + i) & (this.#ring.length - 1)]!;
    this.#ring = grown;
    this.#first = 0;
  }
}
