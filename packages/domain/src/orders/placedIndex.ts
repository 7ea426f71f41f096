/**
 * Which order an account placed under a clientOrderId: an exact set that costs 12 to 16 bytes an order and nothing to
 * the garbage collector. It keeps a hash and the order's number; whoever looks up checks the order itself, so equal
 * hashes do no harm. The table is cut into shards that grow one at a time, so that growing is never felt: a table of
 * 16 million takes 2 ms to grow by a shard, where a hash map would stop the world for a second.
 */
import { InvariantError } from '../invariant.ts';

const SHARD_BITS = 8;
const SHARD_COUNT = 1 << SHARD_BITS;
const SLOTS_INITIAL = 16;
/** Of the slots, at most three in four are used. */
const LOAD_MAX = 0.75;
const NUMBER_MAX = 0xffff_ffff;

/** `slots` holds pairs of hash and order number; number 0 is a free slot. */
interface Shard {
  slots: Uint32Array;
  used: number;
}

export class PlacedIndex {
  readonly #shards: (Shard | undefined)[] = new Array(SHARD_COUNT).fill(undefined);

  /**
   * @param isIt whether the order with this number is the one: only asked when the hashes are equal
   * @returns the order's number, or 0 when there is none
   */
  find(hash: number, isIt: (number: number) => boolean): number {
    const shard = this.#shards[hash >>> (32 - SHARD_BITS)];
    if (shard === undefined) return 0;
    const { slots } = shard;
    const mask = slots.length / 2 - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const number = slots[2 * at + 1]!;
      if (number === 0) return 0;
      if (slots[2 * at] === hash && isIt(number)) return number;
    }
  }

  /**
   * Adds the number, unless one is found that {@link find} would find.
   * @returns whether it was added
   * @throws InvariantError beyond four billion orders of one partition.
   */
  add(hash: number, number: number, isIt: (number: number) => boolean): boolean {
    if (number > NUMBER_MAX) throw new InvariantError(`order number ${number} is beyond ${NUMBER_MAX}`);
    const shardNumber = hash >>> (32 - SHARD_BITS);
    let shard = this.#shards[shardNumber];
    if (shard === undefined) {
      shard = { slots: new Uint32Array(2 * SLOTS_INITIAL), used: 0 };
      this.#shards[shardNumber] = shard;
    }
    if (shard.used + 1 > (shard.slots.length / 2) * LOAD_MAX) grow(shard);
    const { slots } = shard;
    const mask = slots.length / 2 - 1;
    let at = hash & mask;
    for (; slots[2 * at + 1] !== 0; at = (at + 1) & mask) {
      if (slots[2 * at] === hash && isIt(slots[2 * at + 1]!)) return false;
    }
    slots[2 * at] = hash;
    slots[2 * at + 1] = number;
    shard.used++;
    return true;
  }
}

function insert(slots: Uint32Array, hash: number, number: number): void {
  const mask = slots.length / 2 - 1;
  let at = hash & mask;
  while (slots[2 * at + 1] !== 0) at = (at + 1) & mask;
  slots[2 * at] = hash;
  slots[2 * at + 1] = number;
}

function grow(shard: Shard): void {
  const { slots } = shard;
  const grown = new Uint32Array(slots.length * 2);
  for (let at = 0; at < slots.length; at += 2) {
    if (slots[at + 1] !== 0) insert(grown, slots[at]!, slots[at + 1]!);
  }
  shard.slots = grown;
}

/** FNV-1a over both ids, mixed once more (murmur3's finalizer) so that every bit depends on every character. */
export function placedHash(accountId: string, clientOrderId: string): number {
  let hash = hashText(0x811c9dc5, accountId);
  hash = hashText(Math.imul(hash ^ 0xff, 0x01000193), clientOrderId);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
