/**
 * Seeded randomness in 32-bit integers: the same text gives the same stream on every machine.
 * xoshiro128** for streams, a murmur-style mix where a number must be looked up instead of drawn.
 */

/** Mixes integers into one well-spread unsigned 32-bit number. */
export function mix(a: number, b: number, c = 0): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ b, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16) ^ c, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** FNV-1a of the text, mixed. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash, text.length);
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: string) {
    const hash = hashText(seed);
    this.#a = mix(hash, 1);
    this.#b = mix(hash, 2);
    this.#c = mix(hash, 3);
    this.#d = mix(hash, 4) | 1; // never all zero
  }

  /** Uniform in 0 … 2³² − 1. */
  next(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** Uniform in 0 … bound − 1; the bias of the remainder is far below what anybody could see here. */
  below(bound: number): number {
    return this.next() % bound;
  }

  /** Bell-shaped around 0 with a standard deviation of {@link BELL_DEVIATION}: the sum of four uniforms. */
  bell(): number {
    return this.below(1024) + this.below(1024) + this.below(1024) + this.below(1024) - 2046;
  }
}

/** √(4 × 1024² ÷ 12), rounded. */
export const BELL_DEVIATION = 591;
