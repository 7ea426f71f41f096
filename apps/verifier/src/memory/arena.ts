/**
 * Bytes by the million, kept outside the garbage collector's reach: records of whole words in pages. What is freed is
 * used again by records of the same length.
 */

const PAGE_WORDS = 1 << 18;
const PAGE_BITS = 18;
/** Of one record. */
export const RECORD_BYTES_MAX = 4_096;

export class Arena {
  readonly pages: Uint32Array<ArrayBuffer>[] = [];
  /** Places of freed records, by their length in words. */
  readonly #free: number[][] = [];
  #used = PAGE_WORDS;

  /** @param pages of an arena that nothing will be added to any more: read on here */
  constructor(pages: readonly Uint32Array<ArrayBuffer>[] = []) {
    this.pages.push(...pages);
  }

  /** Keeps a copy of the first `length` words. @returns its place, from 1 */
  add(record: Uint32Array, length: number): number {
    const place = this.#free[length]?.pop() ?? this.#newPlace(length);
    const page = this.pages[(place - 1) >>> PAGE_BITS]!;
    const start = (place - 1) & (PAGE_WORDS - 1);
    page[start] = length;
    for (let i = 0; i < length; i++) page[start + 1 + i] = record[i]!;
    return place;
  }

  /** Copies the record. @returns its length in words */
  read(place: number, into: Uint32Array): number {
    const page = this.pages[(place - 1) >>> PAGE_BITS]!;
    const start = (place - 1) & (PAGE_WORDS - 1);
    const length = page[start]!;
    for (let i = 0; i < length; i++) into[i] = page[start + 1 + i]!;
    return length;
  }

  free(place: number): void {
    const length = this.pages[(place - 1) >>> PAGE_BITS]![(place - 1) & (PAGE_WORDS - 1)]!;
    const free = this.#free[length];
    if (free === undefined) this.#free[length] = [place];
    else free.push(place);
  }

  /** Each record has its length before it. */
  #newPlace(length: number): number {
    if (this.#used + 1 + length > PAGE_WORDS) {
      this.pages.push(new Uint32Array(PAGE_WORDS));
      this.#used = 0;
    }
    const place = (this.pages.length - 1) * PAGE_WORDS + this.#used + 1;
    this.#used += 1 + length;
    return place;
  }
}
