/**
 * Finds short ASCII texts in bytes, within bounds. Buffer.indexOf has no end to stop at and costs a call into native
 * code; this skips ahead by the text's length (Horspool) and reads about a tenth of the bytes.
 */

const BYTE = { QUOTE: 0x22, BACKSLASH: 0x5c, OPEN: 0x7b, CLOSE: 0x7d } as const;

export class Needle {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #skips: Uint8Array;

  /** @param text 1 to 255 ASCII characters */
  constructor(text: string) {
    this.#bytes = Buffer.from(text, 'latin1');
    this.length = this.#bytes.length;
    this.#skips = new Uint8Array(256).fill(this.length);
    for (let i = 0; i < this.length - 1; i++) this.#skips[this.#bytes[i]!] = this.length - 1 - i;
  }

  isAt(bytes: Uint8Array, offset: number, end: number): boolean {
    const wanted = this.#bytes;
    if (offset + wanted.length > end) return false;
    for (let i = 0; i < wanted.length; i++) if (bytes[offset + i] !== wanted[i]) return false;
    return true;
  }

  /** Offset just behind the first occurrence in [start, end); -1 when there is none. */
  endIn(bytes: Uint8Array, start: number, end: number): number {
    const wanted = this.#bytes;
    const last = wanted.length - 1;
    let at = start + last;
    while (at < end) {
      const byte = bytes[at]!;
      let matched = 0;
      while (matched <= last && bytes[at - matched] === wanted[last - matched]) matched++;
      if (matched > last) return at + 1;
      at += this.#skips[byte]!;
    }
    return -1;
  }
}

/** Offset behind the JSON object that begins at `start`; `end` when it does not end before. */
export function endOfObject(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === BYTE.QUOTE) {
      at++;
      while (at < end && bytes[at] !== BYTE.QUOTE) at += bytes[at] === BYTE.BACKSLASH ? 2 : 1;
    } else if (byte === BYTE.OPEN) depth++;
    else if (byte === BYTE.CLOSE && --depth === 0) return at + 1;
  }
  return end;
}
