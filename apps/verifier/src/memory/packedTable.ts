/**
 * Things by order id, millions of them: what the group under way is about lies here as objects, all else packed. What
 * does not fit the packed form stays an object; which it is changes nothing that can be seen.
 */
import { Arena } from './arena.ts';
import { PackedBytes } from './packedBytes.ts';

/** How one kind of thing is packed. */
export interface Packing<Thing> {
  pack(thing: Thing, bytes: PackedBytes): void;
  unpack(orderId: string, bytes: PackedBytes): Thing;
}

/** What a table consists of between two groups: plain data that a thread may send another. */
export interface TableMemory<Thing> {
  readonly pages: readonly Uint32Array<ArrayBuffer>[];
  readonly places: readonly (Uint32Array<ArrayBuffer> | undefined)[];
  readonly unpackable: ReadonlyMap<string, Thing>;
  readonly packed: number;
}

/** Numbers this far beyond the end of a partition's table make it no longer than that. */
const NUMBERS_AHEAD = 4_096;
const PARTITIONS = 65_536;

export class PackedTable<Thing> {
  readonly #packing: Packing<Thing>;
  readonly #bytes = new PackedBytes();
  readonly #arena: Arena;
  /** Things of the group under way. */
  readonly #objects = new Map<string, Thing>();
  /** Things that cannot be packed as they are. */
  readonly #unpackable: Map<string, Thing>;
  /** By partition and number of the order: the place in the arena, 0 for none. */
  readonly #places: (Uint32Array<ArrayBuffer> | undefined)[];
  #packed: number;

  /** @param memory of another such table, between two groups: this one goes on with it */
  constructor(packing: Packing<Thing>, memory?: TableMemory<Thing>) {
    this.#packing = packing;
    this.#arena = new Arena(memory?.pages);
    this.#places = [...(memory?.places ?? [])];
    this.#unpackable = new Map(memory?.unpackable);
    this.#packed = memory?.packed ?? 0;
  }

  get memory(): TableMemory<Thing> {
    return { pages: this.#arena.pages, places: this.#places, unpackable: this.#unpackable, packed: this.#packed };
  }

  get size(): number {
    return this.#objects.size + this.#unpackable.size + this.#packed;
  }

  has(orderId: string): boolean {
    return this.#objects.has(orderId) || this.#unpackable.has(orderId) || this.#placeOf(orderId) > 0;
  }

  /** To be looked at and changed until the group ends. */
  get(orderId: string): Thing | undefined {
    return this.#objects.get(orderId) ?? this.#fetch(orderId);
  }

  /** To be looked at only. */
  peek(orderId: string): Thing | undefined {
    const object = this.#objects.get(orderId) ?? this.#unpackable.get(orderId);
    if (object !== undefined) return object;
    const place = this.#placeOf(orderId);
    return place === 0 ? undefined : this.#unpack(orderId, place);
  }

  /** Adds a thing that is not there yet. */
  add(orderId: string, thing: Thing): void {
    this.#objects.set(orderId, thing);
  }

  /** Takes away what {@link get} gave. */
  delete(orderId: string): void {
    this.#objects.delete(orderId);
  }

  /** The group is over: packs what it was about. */
  settle(): void {
    for (const [orderId, thing] of this.#objects) {
      const places = this.#placesFor(orderId);
      const { number } = id;
      this.#bytes.begin();
      this.#packing.pack(thing, this.#bytes);
      if (places === null || !this.#bytes.fits) {
        this.#unpackable.set(orderId, thing);
        continue;
      }
      places[number] = this.#arena.add(this.#bytes.words, this.#bytes.wordCount);
      this.#packed++;
    }
    this.#objects.clear();
  }

  /** All of them, to be looked at: by partition and number, then those that are not packed. */
  *values(): Generator<Thing, void, void> {
    for (const [partition, places] of this.#places.entries()) {
      for (const [number, place] of places?.entries() ?? []) {
        if (place > 0) yield this.#unpack(`o-${partition}-${number}`, place);
      }
    }
    yield* this.#unpackable.values();
    yield* this.#objects.values();
  }

  #fetch(orderId: string): Thing | undefined {
    const place = this.#placeOf(orderId);
    let thing: Thing | undefined;
    if (place > 0) {
      thing = this.#unpack(orderId, place);
      this.#arena.free(place);
      this.#places[id.partition]![id.number] = 0;
      this.#packed--;
    } else {
      thing = this.#unpackable.get(orderId);
      if (thing === undefined) return undefined;
      this.#unpackable.delete(orderId);
    }
    this.#objects.set(orderId, thing);
    return thing;
  }

  #unpack(orderId: string, place: number): Thing {
    this.#bytes.begin();
    this.#arena.read(place, this.#bytes.words);
    return this.#packing.unpack(orderId, this.#bytes);
  }

  #placeOf(orderId: string): number {
    if (!id.read(orderId)) return 0;
    return this.#places[id.partition]?.[id.number] ?? 0;
  }

  /** The partition's table with a place for this order in it, or null when its id or number is out of the ordinary. */
  #placesFor(orderId: string): Uint32Array<ArrayBuffer> | null {
    if (!id.read(orderId)) return null;
    const places = this.#places[id.partition] ?? new Uint32Array(NUMBERS_AHEAD);
    if (id.number < places.length) {
      this.#places[id.partition] ??= places;
      return places;
    }
    if (id.number > 2 * places.length + NUMBERS_AHEAD) return null;
    const grown = new Uint32Array(2 * places.length + NUMBERS_AHEAD + 1);
    grown.set(places);
    this.#places[id.partition] = grown;
    return grown;
  }
}

/** An order id taken apart, without an object for each: valid until the next is read. */
class OrderIdParts {
  partition = 0;
  number = 0;
  #at = 0;

  /** @returns whether the text is "o-<partition>-<number>", written as the house writes it */
  read(orderId: string): boolean {
    if (orderId.charCodeAt(0) !== 111 || orderId.charCodeAt(1) !== 45) return false;
    this.#at = 2;
    this.partition = this.#digits(orderId);
    if (this.partition < 0 || this.partition >= PARTITIONS || orderId.charCodeAt(this.#at++) !== 45) return false;
    this.number = this.#digits(orderId);
    return this.number >= 0 && this.#at === orderId.length;
  }

  /** Up to nine digits without a zero in front; −1 for anything else. */
  #digits(text: string): number {
    const start = this.#at;
    let value = 0;
    for (; this.#at < text.length && this.#at < start + 9; this.#at++) {
      const digit = text.charCodeAt(this.#at) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const hasZeroInFront = text.charCodeAt(start) === 48 && this.#at > start + 1;
    return this.#at === start || hasZeroInFront ? -1 : value;
  }
}
const id = new OrderIdParts();
