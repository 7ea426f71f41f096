/**
 * Cuts a stream of bytes into messages. Messages are handled where the bytes were received; only one that is not
 * complete yet is copied, to be continued with the next chunk.
 */

/**
 * Handles the message that starts at `start`.
 * @returns its length in bytes, 0 when it does not end before `end` (then nothing was handled)
 */
export type TakeMessage = (bytes: Buffer, start: number, end: number) => number;

const INITIAL_BYTES = 1 << 16;

export class MessageAssembler {
  readonly #take: TakeMessage;
  #kept = Buffer.allocUnsafe(INITIAL_BYTES);
  #keptBytes = 0;

  constructor(take: TakeMessage) {
    this.#take = take;
  }

  /** @param chunk whose first `length` bytes were received; free to be overwritten afterwards */
  push(chunk: Buffer, length: number): void {
    if (this.#keptBytes === 0) {
      const taken = this.#takeAll(chunk, length);
      if (taken < length) this.#keep(chunk, taken, length);
      return;
    }
    this.#keep(chunk, 0, length);
    const taken = this.#takeAll(this.#kept, this.#keptBytes);
    this.#kept.copyWithin(0, taken, this.#keptBytes);
    this.#keptBytes -= taken;
  }

  #takeAll(bytes: Buffer, end: number): number {
    let start = 0;
    while (start < end) {
      const taken = this.#take(bytes, start, end);
      if (taken === 0) break;
      start += taken;
    }
    return start;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const needed = this.#keptBytes + end - start;
    if (needed > this.#kept.length) {
      const grown = Buffer.allocUnsafe(needed * 2);
      this.#kept.copy(grown, 0, 0, this.#keptBytes);
      this.#kept = grown;
    }
    chunk.copy(this.#kept, this.#keptBytes, start, end);
    this.#keptBytes = needed;
  }
}
