/** The newest `capacity` items in the order they came; older ones are overwritten, so memory is bounded. */
export class BoundedRing<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  /** Where the oldest item is once the ring is full. */
  #oldest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }

  /** The newest `limit` items, oldest first. */
  newest(limit: number): T[] {
    const count = Math.max(0, Math.min(limit, this.#items.length));
    const start = this.#oldest + this.#items.length - count;
    return Array.from({ length: count }, (_, i) => this.#items[(start + i) % this.#items.length]!);
  }
}
