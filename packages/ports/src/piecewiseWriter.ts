/** Takes any amount of bytes in the memory of one piece: each full piece is handed on and forgotten. */
import { ByteWriter } from './bytes.ts';

const PIECE_BYTES = 1 << 20;

export class PiecewiseWriter extends ByteWriter {
  readonly #take: (piece: Uint8Array) => void;
  readonly #pieceBytes: number;
  #handedOn = 0;

  /** @param take given bytes that are valid until it returns */
  constructor(take: (piece: Uint8Array) => void, pieceBytes = PIECE_BYTES) {
    super();
    this.#take = take;
    this.#pieceBytes = pieceBytes;
  }

  override reserve(count: number): void {
    if (this.length >= this.#pieceBytes) this.#handOn();
    super.reserve(count);
  }

  /** Hands on what is left. @returns how many bytes there were in all */
  end(): number {
    this.#handOn();
    return this.#handedOn;
  }

  #handOn(): void {
    this.#take(this.written());
    this.#handedOn += this.length;
    this.length = 0;
  }
}
