/**
 * Walks over the plainest JSON there is, straight in the bytes: texts of printable ASCII without escapes, and spaces as
 * the only white space. Says no to everything else, also to much that is good JSON: then somebody thorough has to read.
 */
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const TILDE = 126;
const ZERO = 48;
const NINE = 57;
/** Digits of which a double holds any number exactly. */
const DIGITS_MAX = 15;

export class JsonCursor {
  bytes: Buffer = Buffer.alloc(0);
  /** The newest text taken is from here to before {@link textEnd}. */
  textStart = 0;
  textEnd = 0;
  #at = 0;

  start(bytes: Buffer): void {
    this.bytes = bytes;
    this.#at = 0;
  }

  /** Whether nothing but spaces is left. */
  isAtEnd(): boolean {
    this.#skipSpaces();
    return this.#at === this.bytes.length;
  }

  /** Takes one character of punctuation. */
  takes(code: number): boolean {
    this.#skipSpaces();
    if (this.bytes[this.#at] !== code) return false;
    this.#at++;
    return true;
  }

  /** Takes a text. */
  takesText(): boolean {
    if (!this.takes(QUOTE)) return false;
    const { bytes } = this;
    this.textStart = this.#at;
    for (let at = this.#at; at < bytes.length; at++) {
      const code = bytes[at]!;
      if (code === QUOTE) {
        this.textEnd = at;
        this.#at = at + 1;
        return true;
      }
      if (code === BACKSLASH || code < SPACE || code > TILDE) return false;
    }
    return false;
  }

  /** Takes this very word, without quotes: true, false. */
  takesWord(word: string): boolean {
    this.#skipSpaces();
    if (!this.#isAt(this.#at, word)) return false;
    this.#at += word.length;
    return true;
  }

  /** Takes a whole number of at most 15 digits. @returns −1 when there is none */
  takeNumber(): number {
    this.#skipSpaces();
    const { bytes } = this;
    const start = this.#at;
    let number = 0;
    let at = start;
    for (; at < bytes.length; at++) {
      const code = bytes[at]!;
      if (code < ZERO || code > NINE) break;
      number = number * 10 + (code - ZERO);
    }
    const digits = at - start;
    if (digits === 0 || digits > DIGITS_MAX || (digits > 1 && bytes[start] === ZERO)) return -1;
    this.#at = at;
    return number;
  }

  get textLength(): number {
    return this.textEnd - this.textStart;
  }

  /** Whether the newest text is this one. */
  textIs(text: string): boolean {
    return this.textLength === text.length && this.#isAt(this.textStart, text);
  }

  text(): string {
    return this.bytes.toString('latin1', this.textStart, this.textEnd);
  }

  #isAt(start: number, text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #skipSpaces(): void {
    while (this.bytes[this.#at] === SPACE) this.#at++;
  }
}
