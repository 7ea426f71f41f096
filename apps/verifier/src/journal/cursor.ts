/**
 * A place in a group's payload, and the reading of plain values there. Every read is bounded, and says what is wrong
 * with the bytes when they are not what the format says.
 */

/** Bytes that are not what the format says. The message tells what; where is the caller's to say. */
export class UnreadableError extends Error {}

export const fail = (message: string): never => {
  throw new UnreadableError(message);
};

const ITEMS_BYTES = 4;

/** Texts up to this length are read letter by letter: three in four of the time that a native call takes. */
const SHORT = 24;
/** One list of letters for each length, so that reading makes none. */
const CODES = Array.from({ length: SHORT + 1 }, (_, length) => new Array<number>(length).fill(0));

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class Cursor {
  readonly bytes: Buffer;
  readonly view: DataView;
  at = 0;
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
  }

  /** Moves over the next bytes. @returns where they begin */
  take(count: number): number {
    const start = this.at;
    if (start + count > this.end) fail(`${count} bytes are needed at byte ${start}, ${this.end - start} are left`);
    this.at = start + count;
    return start;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  i64(): bigint {
    return this.view.getBigInt64(this.take(8), true);
  }

  /** A byte that can only be so large. */
  below(bound: number): number {
    const value = this.bytes[this.take(1)]!;
    return value < bound ? value : fail(`${value} at byte ${this.at - 1} is not below ${bound}`);
  }

  count(): number {
    const start = this.take(8);
    const value = this.view.getUint32(start, true) + this.view.getUint32(start + 4, true) * 0x1_0000_0000;
    return value <= Number.MAX_SAFE_INTEGER ? value : fail(`${this.view.getBigUint64(start, true)} is no count`);
  }

  /** How many items follow: each takes a byte at least. */
  items(): number {
    const count = this.view.getUint32(this.take(ITEMS_BYTES), true);
    return count <= this.end - this.at ? count : fail(`${count} items do not fit`);
  }

  /** Words of 64 bits, lowest first; the highest carries the sign. */
  big(): bigint {
    const words = this.bytes[this.take(1)]!;
    if (words === 1) return this.view.getBigInt64(this.take(8), true);
    if (words === 0) fail(`a number without words at byte ${this.at - 1}`);
    let value = 0n;
    for (let word = 0; word < words - 1; word++) {
      value += this.view.getBigUint64(this.take(8), true) << BigInt(64 * word);
    }
    return value + (this.view.getBigInt64(this.take(8), true) << BigInt(64 * (words - 1)));
  }

  text8(): string {
    return this.#text(this.u8());
  }

  text16(): string {
    return this.#text(this.u16());
  }

  #text(length: number): string {
    const start = this.take(length);
    const short = length <= SHORT ? this.#shortText(start, length) : null;
    return short ?? this.#longText(start);
  }

  /** @returns null when it is not all ASCII */
  #shortText(start: number, length: number): string | null {
    const codes = CODES[length]!;
    for (let i = 0; i < length; i++) {
      const code = this.bytes[start + i]!;
      if (code > 127) return null;
      codes[i] = code;
    }
    return String.fromCharCode.apply(null, codes);
  }

  #longText(start: number): string {
    try {
      return utf8.decode(this.bytes.subarray(start, this.at));
    } catch {
      return fail(`the text at byte ${start} is not UTF-8`);
    }
  }
}
