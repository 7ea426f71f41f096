/**
 * Values by order id, most of them at rest: an order that nothing happens to lies packed in a few dozen bytes, side
 * by side with others in large blocks that the garbage collector never looks into; it becomes an object again when
 * something happens to it. Objects that live on are what a collector pays for, so with all orders as objects half of
 * the processor went into moving them about; with this table a million open orders cost as little as a thousand.
 *
 * Nobody can see which form a value has, except that `get` may give a copy: who changes a value must ask `change`.
 */
import { InvariantError } from './invariant.ts';
import { OrderTable } from './orderTable.ts';
import { Dictionary, PackedReader, PackedWriter } from './packedBytes.ts';
import { numberOfOrderId, partitionOfOrderId } from './partitionKey.ts';

/** How a value is packed. Unpacking gives a value equal in every member; `texts` keeps words that come again. */
export interface PackedForm<T> {
  pack(value: T, writer: PackedWriter, texts: Dictionary): void;
  unpack(reader: PackedReader, texts: Dictionary): T;
}

/** Objects in use that are kept as such: enough for those of one batch, few enough to die young. */
const AWAKE_MAX = 1024;
const BLOCK_BITS = 18;
const BLOCK_BYTES = 1 << BLOCK_BITS;
/** Values start at multiples of eight bytes, so that 32 bits address 32 GiB. */
const UNIT_BITS = 3;
const UNIT_BYTES = 1 << UNIT_BITS;
const UNITS_PER_BLOCK_BITS = BLOCK_BITS - UNIT_BITS;
const PAGE_LENGTH = 1024;

/** Addresses by number: 0, or one more than the address in units. */
interface AddressPage {
  readonly addresses: Uint32Array;
  used: number;
}

export class PackedTable<T> implements Iterable<T> {
  readonly #form: PackedForm<T>;
  readonly #awake = new OrderTable<T>();
  /** Ids in the order they were woken; each round of the ring packs what was woken a round ago. */
  readonly #ring: (string | undefined)[] = new Array(AWAKE_MAX).fill(undefined);
  #nextInRing = 0;
  readonly #texts = new Dictionary();
  readonly #writer = new PackedWriter();
  readonly #reader = new PackedReader(new Uint8Array(0), 0);
  readonly #blocks: Uint8Array[] = [];
  /** Bytes used of the last block. */
  #used = BLOCK_BYTES;
  /** Addresses of former values, by their length in units. */
  readonly #free: number[][] = [];
  /** By partition, then by page. */
  readonly #pages: (AddressPage | undefined)[][] = [];
  #packedCount = 0;

  constructor(form: PackedForm<T>) {
    this.#form = form;
  }

  get size(): number {
    return this.#awake.size + this.#packedCount;
  }

  has(orderId: string): boolean {
    return this.#awake.has(orderId) || this.#addressOf(orderId) !== 0;
  }

  /** The value, or a copy of it: to look at only. */
  get(orderId: string): T | undefined {
    const awake = this.#awake.get(orderId);
    if (awake !== undefined) return awake;
    const address = this.#addressOf(orderId);
    return address === 0 ? undefined : this.#unpack(address);
  }

  /** The same by the two numbers in the id. */
  at(partition: number, number: number): T | undefined {
    const awake = this.#awake.at(partition, number);
    if (awake !== undefined) return awake;
    const address = this.#addressAt(partition, number);
    return address === 0 ? undefined : this.#unpack(address);
  }

  /** The value itself, to change. Valid until about a thousand others were woken after it. */
  change(orderId: string): T | undefined {
    const awake = this.#awake.get(orderId);
    if (awake !== undefined) return awake;
    const address = this.#addressOf(orderId);
    if (address === 0) return undefined;
    const value = this.#unpack(address);
    this.#release(orderId, address);
    this.#wake(orderId, value);
    return value;
  }

  /** @throws InvariantError when the text is no order id, or there is a value already. */
  add(orderId: string, value: T): void {
    if (this.has(orderId)) throw new InvariantError(`${orderId} is in the table already`);
    this.#wake(orderId, value);
  }

  /** @returns whether there was one. */
  delete(orderId: string): boolean {
    if (this.#awake.delete(orderId)) return true;
    const address = this.#addressOf(orderId);
    if (address !== 0) this.#release(orderId, address);
    return address !== 0;
  }

  /**
   * Reads the beginning of a packed value without unpacking the rest.
   * @returns undefined when the value is not packed, or there is none
   */
  peek<R>(partition: number, number: number, read: (reader: PackedReader, texts: Dictionary) => R): R | undefined {
    const address = this.#addressAt(partition, number);
    return address === 0 ? undefined : read(this.#readerAt(address), this.#texts);
  }

  /**
   * By partition, then by number: in the order the orders were placed.
   * @param isWanted told by the beginning of a packed value; the others are not unpacked
   */
  *values(isWanted?: (reader: PackedReader) => boolean): Generator<T, void, void> {
    const partitions = Math.max(this.#awake.partitionsEnd, this.#pages.length);
    for (let partition = 0; partition < partitions; partition++) {
      const end = Math.max(this.#awake.numbersEnd(partition), (this.#pages[partition]?.length ?? 0) * PAGE_LENGTH);
      for (let number = 0; number < end; number++) {
        if (isWanted !== undefined && this.peek(partition, number, isWanted) === false) continue;
        const value = this.at(partition, number);
        if (value !== undefined) yield value;
      }
    }
  }

  [Symbol.iterator](): Generator<T, void, void> {
    return this.values();
  }

  #wake(orderId: string, value: T): void {
    this.#awake.set(orderId, value);
    const earlier = this.#ring[this.#nextInRing];
    this.#ring[this.#nextInRing] = orderId;
    this.#nextInRing = (this.#nextInRing + 1) % AWAKE_MAX;
    if (earlier !== undefined) this.#putToRest(earlier);
  }

  /** A value too large for a block stays an object. */
  #putToRest(orderId: string): void {
    const value = this.#awake.get(orderId);
    if (value === undefined) return;
    const writer = this.#writer;
    writer.length = UNIT_BYTES / 4;
    this.#form.pack(value, writer, this.#texts);
    const units = (writer.length + UNIT_BYTES - 1) >>> UNIT_BITS;
    if (units << UNIT_BITS > BLOCK_BYTES) return;
    writer.bytes[0] = units & 0xff;
    writer.bytes[1] = units >>> 8;
    const address = this.#free[units]?.pop() ?? this.#allocate(units);
    const unit = address - 1;
    const block = this.#blocks[unit >>> UNITS_PER_BLOCK_BITS]!;
    const start = (unit & ((1 << UNITS_PER_BLOCK_BITS) - 1)) << UNIT_BITS;
    // Shorter than a call of `set` for so few bytes.
    for (let i = 0; i < writer.length; i++) block[start + i] = writer.bytes[i]!;
    this.#setAddress(orderId, address);
    this.#awake.delete(orderId);
    this.#packedCount++;
  }

  #allocate(units: number): number {
    if (this.#used + (units << UNIT_BITS) > BLOCK_BYTES) {
      this.#blocks.push(new Uint8Array(BLOCK_BYTES));
      this.#used = 0;
    }
    const address = (this.#blocks.length - 1) * (1 << UNITS_PER_BLOCK_BITS) + (this.#used >>> UNIT_BITS) + 1;
    this.#used += units << UNIT_BITS;
    return address;
  }

  #release(orderId: string, address: number): void {
    const reader = this.#readerAt(address);
    const start = reader.offset - UNIT_BYTES / 4;
    const units = reader.bytes[start]! | (reader.bytes[start + 1]! << 8);
    const free = this.#free[units];
    if (free === undefined) this.#free[units] = [address];
    else free.push(address);
    this.#setAddress(orderId, 0);
    this.#packedCount--;
  }

  #unpack(address: number): T {
    return this.#form.unpack(this.#readerAt(address), this.#texts);
  }

  #readerAt(address: number): PackedReader {
    const unit = address - 1;
    const reader = this.#reader;
    reader.bytes = this.#blocks[unit >>> UNITS_PER_BLOCK_BITS]!;
    reader.offset = ((unit & ((1 << UNITS_PER_BLOCK_BITS) - 1)) << UNIT_BITS) + UNIT_BYTES / 4;
    return reader;
  }

  #addressOf(orderId: string): number {
    const number = numberOfOrderId(orderId);
    return number < 0 ? 0 : this.#addressAt(partitionOfOrderId(orderId)!, number);
  }

  #addressAt(partition: number, number: number): number {
    const page = this.#pages[partition]?.[Math.floor(number / PAGE_LENGTH)];
    return page === undefined ? 0 : page.addresses[number % PAGE_LENGTH]!;
  }

  #setAddress(orderId: string, address: number): void {
    const number = numberOfOrderId(orderId);
    const pages = this.#pagesOf(partitionOfOrderId(orderId)!);
    const at = Math.floor(number / PAGE_LENGTH);
    while (pages.length <= at) pages.push(undefined);
    let page = pages[at];
    if (page === undefined) {
      page = { addresses: new Uint32Array(PAGE_LENGTH), used: 0 };
      pages[at] = page;
    }
    page.addresses[number % PAGE_LENGTH] = address;
    page.used += address === 0 ? -1 : 1;
    if (page.used === 0) pages[at] = undefined;
  }

  #pagesOf(partition: number): (AddressPage | undefined)[] {
    while (this.#pages.length <= partition) this.#pages.push([]);
    return this.#pages[partition]!;
  }
}
