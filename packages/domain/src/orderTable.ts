/**
 * Values by order id. An id is its partition and a number that counts up, so the table is pages of an array: the
 * orders in flight lie side by side, where a hash table would spread them over all of its memory (measured: a lookup
 * among a million costs a tenth). Pages whose values are all gone are dropped, but for the newest: orders that end as
 * soon as they come would make it anew each time.
 */
import { InvariantError } from './invariant.ts';
import { numberOfOrderId, partitionOfOrderId } from './partitionKey.ts';

const PAGE_BITS = 7;
const PAGE_LENGTH = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_LENGTH - 1;

interface Page<T> {
  readonly values: (T | undefined)[];
  count: number;
}

export class OrderTable<T> implements Iterable<T> {
  /** By partition, then by page number. */
  readonly #partitions: (Page<T> | undefined)[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(orderId: string): T | undefined {
    const number = numberOfOrderId(orderId);
    if (number < 0) return undefined;
    return this.#partitions[partitionOfOrderId(orderId)!]?.[pageOf(number)]?.values[number & PAGE_MASK];
  }

  /** The same by the two numbers in the id. */
  at(partition: number, number: number): T | undefined {
    return this.#partitions[partition]?.[pageOf(number)]?.values[number & PAGE_MASK];
  }

  has(orderId: string): boolean {
    return this.get(orderId) !== undefined;
  }

  /** @throws InvariantError when the text is no order id. */
  set(orderId: string, value: T): void {
    const number = numberOfOrderId(orderId);
    if (number < 0) throw new InvariantError(`"${orderId}" is no order id`);
    const page = this.#pageAt(partitionOfOrderId(orderId)!, pageOf(number));
    const at = number & PAGE_MASK;
    if (page.values[at] === undefined) {
      page.count++;
      this.#size++;
    }
    page.values[at] = value;
  }

  /** @returns whether there was one. */
  delete(orderId: string): boolean {
    const number = numberOfOrderId(orderId);
    if (number < 0) return false;
    const pages = this.#partitions[partitionOfOrderId(orderId)!];
    const page = pages?.[pageOf(number)];
    const at = number & PAGE_MASK;
    if (pages === undefined || page?.values[at] === undefined) return false;
    page.values[at] = undefined;
    page.count--;
    this.#size--;
    if (page.count === 0 && pageOf(number) < pages.length - 1) pages[pageOf(number)] = undefined;
    return true;
  }

  /** One more than the highest partition there ever was. */
  get partitionsEnd(): number {
    return this.#partitions.length;
  }

  /** Beyond the highest number there ever was in the partition. */
  numbersEnd(partition: number): number {
    return (this.#partitions[partition]?.length ?? 0) * PAGE_LENGTH;
  }

  /** By partition, then by number: in the order the orders were placed. */
  *values(): Generator<T, void, void> {
    for (const pages of this.#partitions) {
      for (const page of pages ?? []) {
        if (page === undefined) continue;
        for (const value of page.values) if (value !== undefined) yield value;
      }
    }
  }

  /** Those of a partition with numbers above `after` and up to `through`, ascending; missing pages cost nothing. */
  *between(partition: number, after: number, through: number): Generator<T, void, void> {
    const pages = this.#partitions[partition] ?? [];
    const last = Math.min(pageOf(through), pages.length - 1);
    for (let at = pageOf(after + 1); at <= last; at++) {
      const page = pages[at];
      if (page === undefined) continue;
      const from = Math.max(after + 1 - at * PAGE_LENGTH, 0);
      const to = Math.min(through - at * PAGE_LENGTH, PAGE_LENGTH - 1);
      for (let i = from; i <= to; i++) {
        const value = page.values[i];
        if (value !== undefined) yield value;
      }
    }
  }

  [Symbol.iterator](): Generator<T, void, void> {
    return this.values();
  }

  #pageAt(partition: number, pageNumber: number): Page<T> {
    while (this.#partitions.length <= partition) this.#partitions.push([]);
    const pages = this.#partitions[partition]!;
    if (pages.length <= pageNumber) {
      const newest = pages.length - 1;
      if (pages[newest]?.count === 0) pages[newest] = undefined;
      while (pages.length <= pageNumber) pages.push(undefined);
    }
    let page = pages[pageNumber];
    if (page === undefined) {
      page = { values: new Array<T | undefined>(PAGE_LENGTH).fill(undefined), count: 0 };
      pages[pageNumber] = page;
    }
    return page;
  }
}

/** Not a shift: order numbers may exceed 32 bits. */
const pageOf = (number: number): number => Math.floor(number / PAGE_LENGTH);
