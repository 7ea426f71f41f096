/**
 * Orders that rest at the venue, as candidates for a replace or cancel: the newest few thousand, oldest first. An older
 * one is forgotten when there is no room, for what rested long may well have traded.
 */
const CAPACITY = 4_096;
const ID_BYTES_MAX = 31;
const SLOT_BYTES = ID_BYTES_MAX + 1;

export class RestingOrders {
  /** A slot is the id's length in one byte, and the id. */
  readonly slots = new Uint8Array(CAPACITY * SLOT_BYTES);
  readonly #terms = new Uint16Array(CAPACITY);
  #first = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param terms which ones the order has; kept with it */
  add(bytes: Uint8Array, idStart: number, idEnd: number, terms: number): void {
    const length = idEnd - idStart;
    if (length <= 0 || length > ID_BYTES_MAX) return;
    const index = (this.#first + this.#count) % CAPACITY;
    const slot = index * SLOT_BYTES;
    this.slots[slot] = length;
    for (let i = 0; i < length; i++) this.slots[slot + 1 + i] = bytes[idStart + i]!;
    this.#terms[index] = terms;
    if (this.#count < CAPACITY) this.#count++;
    else this.#first = (this.#first + 1) % CAPACITY;
  }

  /** Takes the oldest out into `order`; there must be one. */
  takeInto(order: TakenOrder): void {
    const slot = this.#first * SLOT_BYTES;
    order.id = this.slots.subarray(slot + 1, slot + 1 + this.slots[slot]!);
    order.terms = this.#terms[this.#first]!;
    this.#first = (this.#first + 1) % CAPACITY;
    this.#count--;
  }
}

export interface TakenOrder {
  /** Valid until the next order is added. */
  id: Uint8Array;
  terms: number;
}
