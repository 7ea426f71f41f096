/**
 * A set of numbers kept in ascending order, for sets that grow at the end, shrink anywhere and are read in order: the
 * open orders of an account. A removed number stays as its negative until such gaps are the most of the list.
 */
import { InvariantError } from './invariant.ts';

const GAPS_TOLERATED = 32;

export class AscendingNumbers implements Iterable<number> {
  /** Ascending by magnitude. */
  #numbers: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return this.#numbers[this.#indexOf(number)] === number;
  }

  /**
   * @param number whole and above zero
   * @throws InvariantError when it is in the set already.
   */
  add(number: number): void {
    const numbers = this.#numbers;
    const { length } = numbers;
    if (length === 0 || Math.abs(numbers[length - 1]!) < number) {
      numbers.push(number);
    } else {
      const at = this.#indexOf(number);
      if (numbers[at] === number) throw new InvariantError(`${number} is in the set already`);
      if (numbers[at] === -number) numbers[at] = number;
      else numbers.splice(at, 0, number);
    }
    this.#size++;
  }

  /** @returns whether it was in the set. */
  delete(number: number): boolean {
    const at = this.#indexOf(number);
    if (this.#numbers[at] !== number) return false;
    this.#numbers[at] = -number;
    this.#size--;
    this.#closeGaps();
    return true;
  }

  *[Symbol.iterator](): Generator<number, void, void> {
    for (const number of this.#numbers) if (number > 0) yield number;
  }

  /** Index of the first number that is not smaller; the newest are asked for most, so they are looked at first. */
  #indexOf(number: number): number {
    const numbers = this.#numbers;
    let high = numbers.length;
    let low = 0;
    for (let step = 1; step <= numbers.length; step *= 2) {
      const at = numbers.length - step;
      if (Math.abs(numbers[at]!) < number) {
        low = at + 1;
        break;
      }
      high = at;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Math.abs(numbers[middle]!) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Gaps at the end go at once; those between when they outnumber what is left. */
  #closeGaps(): void {
    const numbers = this.#numbers;
    while (numbers.length > 0 && numbers[numbers.length - 1]! < 0) numbers.pop();
    if (numbers.length - this.#size <= this.#size + GAPS_TOLERATED) return;
    this.#numbers = numbers.filter((number) => number > 0);
  }
}
