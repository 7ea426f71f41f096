/**
 * Values in few bytes: what orders at rest are packed with (packedTable.ts). Only ever read by the process that wrote it, so the
 * form is free to change; what is stored for longer is written by @oms/codec.
 */

const VARINT_BITS = 7;
const CONTINUES = 0x80;
const LOW_BITS = 0x7f;
/** Below it a number can be shifted as an int32. */
const INT32_LIMIT = 0x8000_0000;
/** What is taken off a larger one at once, so that its two parts can be shifted. */
const LOW_PART_BITS = 28;
const LOW_PART = 2 ** LOW_PART_BITS;
/** Integers within ± this go through number arithmetic, two bits being used for sign and kind. */
const NARROW_LIMIT = 2n ** 51n;
const NEGATIVE = 1;
const WIDE = 2;
const HEX = 16;
/** A text of other characters than these is stored in two bytes each. */
const ASCII_MAX = 127;

export class PackedWriter {
  bytes = new Uint8Array(4096);
  length = 0;

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array((this.length + count) * 2);
    grown.set(this.bytes);
    this.bytes = grown;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = value;
  }

  /** @param value whole, 0 to 2⁵³ − 1 */
  number(value: number): void {
    this.#reserve(8);
    const { bytes } = this;
    let at = this.length;
    let rest = value;
    if (rest >= INT32_LIMIT) {
      const high = Math.floor(value / LOW_PART);
      const low = value - high * LOW_PART;
      for (let shift = 0; shift < LOW_PART_BITS; shift += VARINT_BITS) {
        bytes[at++] = ((low >>> shift) & LOW_BITS) | CONTINUES;
      }
      rest = high;
    }
    while (rest > LOW_BITS) {
      bytes[at++] = (rest & LOW_BITS) | CONTINUES;
      rest >>>= VARINT_BITS;
    }
    bytes[at++] = rest;
    this.length = at;
  }

  integer(value: bigint): void {
    if (value === 0n) {
      this.byte(0);
      return;
    }
    const magnitude = value < 0n ? -value : value;
    const sign = value < 0n ? NEGATIVE : 0;
    if (magnitude < NARROW_LIMIT) {
      this.number(Number(magnitude) * 4 + sign);
      return;
    }
    this.number(WIDE + sign);
    this.text(magnitude.toString(HEX));
  }

  text(text: string): void {
    const { length } = text;
    this.#reserve(8 + 2 * length);
    let isAscii = true;
    for (let i = 0; i < length && isAscii; i++) isAscii = text.charCodeAt(i) <= ASCII_MAX;
    this.number(length * 2 + (isAscii ? 0 : 1));
    const { bytes } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      bytes[this.length++] = code & 0xff;
      if (!isAscii) bytes[this.length++] = code >>> 8;
    }
  }
}

export class PackedReader {
  bytes: Uint8Array;
  offset: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  byte(): number {
    return this.bytes[this.offset++]!;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.offset++]!;
      value += (byte & LOW_BITS) * scale;
      if (byte < CONTINUES) return value;
      scale *= CONTINUES;
    }
  }

  integer(): bigint {
    const coded = this.number();
    const isNegative = coded % 2 === NEGATIVE;
    const magnitude = coded % 4 >= WIDE ? BigInt(`0x${this.text()}`) : BigInt(Math.floor(coded / 4));
    return isNegative ? -magnitude : magnitude;
  }

  text(): string {
    const coded = this.number();
    const length = Math.floor(coded / 2);
    const step = (coded % 2) + 1;
    const codes = new Array<number>(length);
    for (let i = 0; i < length; i++) {
      codes[i] = this.bytes[this.offset]! | (step === 2 ? this.bytes[this.offset + 1]! << 8 : 0);
      this.offset += step;
    }
    return String.fromCharCode(...codes);
  }
}

/** Words beyond it are stored as they are: what a venue makes up must not grow memory for ever. */
const WORDS_MAX = 1 << 20;

/** Numbers words that come again and again: accounts, instruments, currencies. */
export class Dictionary {
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];

  write(word: string, writer: PackedWriter): void {
    let number = this.#numbers.get(word);
    if (number === undefined && this.#words.length < WORDS_MAX) {
      this.#words.push(word);
      number = this.#words.length;
      this.#numbers.set(word, number);
    }
    writer.number(number ?? 0);
    if (number === undefined) writer.text(word);
  }

  read(reader: PackedReader): string {
    const number = reader.number();
    return number === 0 ? reader.text() : this.#words[number - 1]!;
  }
}

/** Not the value of any price: what a given zero is stored as. */
const ZERO_GIVEN = -1n;

/** A price or quantity that may be left out. It is above zero where it is given, so that a zero can say it is not. */
export function packGiven(value: bigint | null, writer: PackedWriter): void {
  if (value === null) writer.byte(0);
  else writer.integer(value === 0n ? ZERO_GIVEN : value);
}

export function unpackGiven(reader: PackedReader): bigint | null {
  const value = reader.integer();
  if (value === 0n) return null;
  return value === ZERO_GIVEN ? 0n : value;
}
