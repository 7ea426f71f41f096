/**
 * Values in the ascending order of their numbers (order numbers, arrivals), for lists that grow at the end, shrink
 * anywhere and are read in order. A removed value leaves a gap that is closed once gaps are the most of the list.
 */
import { InvariantError } from './invariant.ts';

const GAPS_TOLERATED = 32;

export class NumberedList<T> implements Iterable<T> {
  #numbers: number[] = [];
  #values: (T | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @throws InvariantError when the number is taken. */
  add(number: number, value: T): void {
    const last = this.#numbers.length - 1;
    if (last < 0 || number > this.#numbers[last]!) {
      this.#numbers.push(number);
      this.#values.push(value);
    } else {
      this.#insert(number, value);
    }
    this.#size++;
  }

  /** @returns whether there was one. */
  delete(number: number): boolean {
    const at = this.#indexOf(number);
    if (this.#numbers[at] !== number || this.#values[at] === undefined) return false;
    this.#values[at] = undefined;
    this.#size--;
    this.#closeGaps();
    return true;
  }

  *values(): Generator<T, void, void> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }

  [Symbol.iterator](): Generator<T, void, void> {
    return this.values();
  }

  #insert(number: number, value: T): void {
    const at = this.#indexOf(number);
    if (this.#numbers[at] !== number) {
      this.#numbers.splice(at, 0, number);
      this.#values.splice(at, 0, value);
      return;
    }
    if (this.#values[at] !== undefined) throw new InvariantError(`${number} is in the list already`);
    this.#values[at] = value;
  }

  /** Index of the first number that is not smaller; the newest are asked for most, so they are looked at first. */
  #indexOf(number: number): number {
    const numbers = this.#numbers;
    let high = numbers.length;
    if (high > 0 && numbers[high - 1]! < number) return high;
    let low = 0;
    for (let step = 1; high - step > 0; step *= 2) {
      if (numbers[high - step]! < number) {
        low = high - step + 1;
        break;
      }
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Gaps at the end go at once; those between when they outnumber what is left. */
  #closeGaps(): void {
    while (this.#values.length > 0 && this.#values[this.#values.length - 1] === undefined) {
      this.#values.pop();
      this.#numbers.pop();
    }
    if (this.#values.length - this.#size <= this.#size + GAPS_TOLERATED) return;
    const numbers = this.#numbers.filter((_, index) => this.#values[index] !== undefined);
    this.#values = this.#values.filter((value) => value !== undefined);
    this.#numbers = numbers;
  }
}
