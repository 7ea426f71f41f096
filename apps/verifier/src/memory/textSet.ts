/**
 * An exact set of texts by owner, for ids that must be remembered for ever: some 40 bytes each and nothing to the
 * garbage collector. A table of hashes leads to the bytes, which decide.
 */
import { Arena, RECORD_BYTES_MAX } from './arena.ts';

const SLOTS_INITIAL = 1 << 12;
/** Of the slots, at most two in three are used. */
const LOAD_MAX = 2 / 3;
/** Owner and length of the text come first. */
const HEADER_WORDS = 2;

const encoder = new TextEncoder();

export class TextSet {
  readonly #arena = new Arena();
  /** Pairs of hash and place; place 0 is a free slot. */
  #slots = new Uint32Array(2 * SLOTS_INITIAL);
  readonly #record = new Uint32Array(RECORD_BYTES_MAX / 4);
  readonly #recordBytes = new Uint8Array(this.#record.buffer);
  readonly #other = new Uint32Array(RECORD_BYTES_MAX / 4);
  #size = 0;

  /** @param text of up to 255 bytes, as ids in the journal are. @returns whether it was not there */
  add(owner: number, text: string): boolean {
    const words = this.#write(owner, text);
    let hash = 0;
    for (let i = 0; i < words; i++) hash = mixed(hash, this.#record[i]!);
    hash = finished(hash);
    const mask = this.#slots.length / 2 - 1;
    let at = hash & mask;
    for (; this.#slots[2 * at + 1] !== 0; at = (at + 1) & mask) {
      if (this.#slots[2 * at] === hash && this.#isAt(this.#slots[2 * at + 1]!, words)) return false;
    }
    this.#slots[2 * at] = hash;
    this.#slots[2 * at + 1] = this.#arena.add(this.#record, words);
    if (++this.#size > (mask + 1) * LOAD_MAX) this.#grow();
    return true;
  }

  /** The record to be looked for: owner, length, letters, zeros up to a whole word. @returns its words */
  #write(owner: number, text: string): number {
    const bytes = this.#recordBytes;
    const start = 4 * HEADER_WORDS;
    let length = text.length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        length = encoder.encodeInto(text, bytes.subarray(start)).written;
        break;
      }
      bytes[start + i] = code;
    }
    const words = HEADER_WORDS + ((length + 3) >>> 2);
    bytes.fill(0, start + length, 4 * words);
    this.#record[0] = owner;
    this.#record[1] = length;
    return words;
  }

  #isAt(place: number, words: number): boolean {
    if (this.#arena.read(place, this.#other) !== words) return false;
    for (let i = 0; i < words; i++) if (this.#other[i] !== this.#record[i]) return false;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    const mask = this.#slots.length / 2 - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let at = old[from]! & mask;
      while (this.#slots[2 * at + 1] !== 0) at = (at + 1) & mask;
      this.#slots[2 * at] = old[from]!;
      this.#slots[2 * at + 1] = old[from + 1]!;
    }
  }
}

/** FNV-1a by words, then murmur3's finalizer, so that every bit depends on every letter. */
const mixed = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, 0x01000193);
  return product ^ (product >>> 15);
};

function finished(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
