/**
 * The bytes of one packed thing, written and read field by field. What it cannot hold it says by `fits`, so that
 * whoever packs need not ask after every field.
 */
import { RECORD_BYTES_MAX } from './arena.ts';

/** The longest field: a text of 255 letters with its length. */
const FIELD_BYTES_MAX = 256;

const NULL = 0;
const ZERO = 1;
const OTHER = 2;

export class PackedBytes {
  readonly words = new Uint32Array(RECORD_BYTES_MAX / 4);
  readonly #bytes = Buffer.from(this.words.buffer);
  readonly #view = new DataView(this.words.buffer);
  at = 0;
  /** Everything written since `begin` could be written. */
  fits = true;

  begin(): void {
    this.at = 0;
    this.fits = true;
  }

  get wordCount(): number {
    return (this.at + 3) >>> 2;
  }

  /** Room for the next field, or the place of the last one again when there is none. */
  #room(): number {
    if (this.at > RECORD_BYTES_MAX - FIELD_BYTES_MAX) {
      this.fits = false;
      this.at = 0;
    }
    return this.at;
  }

  u8(value: number): void {
    const at = this.#room();
    this.#bytes[at] = value;
    this.at = at + 1;
  }

  u32(value: number): void {
    const at = this.#room();
    this.#view.setUint32(at, value, true);
    this.at = at + 4;
  }

  /** A number of money, of up to 64 bits, or null. */
  amount(value: bigint | null): void {
    const at = this.#room();
    if (value === null || value === 0n) {
      this.#bytes[at] = value === null ? NULL : ZERO;
      this.at = at + 1;
      return;
    }
    if (BigInt.asIntN(64, value) !== value) this.fits = false;
    this.#bytes[at] = OTHER;
    this.#view.setBigInt64(at + 1, value, true);
    this.at = at + 9;
  }

  /** ASCII of up to 255 letters. */
  text(value: string): void {
    const at = this.#room();
    const { length } = value;
    if (length >= FIELD_BYTES_MAX) {
      this.fits = false;
      return;
    }
    this.#bytes[at] = length;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) this.fits = false;
      this.#bytes[at + 1 + i] = code;
    }
    this.at = at + 1 + length;
  }

  // ---- reading: in the order of writing ---------------------------------------------------------------------------

  readU8(): number {
    return this.#bytes[this.at++]!;
  }

  readU32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  readAmount(): bigint | null {
    const kind = this.#bytes[this.at++]!;
    if (kind === NULL) return null;
    if (kind === ZERO) return 0n;
    this.at += 8;
    return this.#view.getBigInt64(this.at - 8, true);
  }

  readText(): string {
    const length = this.#bytes[this.at++]!;
    this.at += length;
    return this.#bytes.toString('latin1', this.at - length, this.at);
  }
}
