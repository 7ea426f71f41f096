/**
 * The bytes that a connection sends next: a growing buffer that requests are written into one after the other, so that
 * a whole tick leaves in one write.
 */
const INITIAL_BYTES = 1 << 16;
const DIGIT_ZERO = 48;

export class Outgoing {
  bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  /** Bytes written so far. */
  length = 0;

  /** Makes room for `count` more bytes at `length`. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe((this.length + count) * 2);
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  put(piece: Uint8Array): void {
    this.reserve(piece.length);
    this.bytes.set(piece, this.length);
    this.length += piece.length;
  }

  /** A whole number of at least 0, in decimal digits without leading zeros. */
  putNumber(value: number): void {
    let digits = 1;
    for (let bound = 10; bound <= value; bound *= 10) digits++;
    this.reserve(digits);
    putDigits(this.bytes, this.length, value, digits);
    this.length += digits;
  }

  /** Gives the buffer away, because somebody still reads it, and goes on with a fresh one. */
  replaceBytes(): void {
    this.bytes = Buffer.allocUnsafe(this.bytes.length);
    this.length = 0;
  }
}

/** Writes `value` right-aligned into `digits` bytes at `offset`. */
export function putDigits(bytes: Uint8Array, offset: number, value: number, digits: number): void {
  let rest = value;
  for (let at = offset + digits - 1; at >= offset; at--) {
    const shorter = Math.trunc(rest / 10);
    bytes[at] = DIGIT_ZERO + rest - shorter * 10;
    rest = shorter;
  }
}
