/**
 * The newest pushes of one private channel, by sequence and without gaps, so that a reader who was away can go on.
 * A push is serialised when the first reader needs it, and only once.
 */
import type { PrivateChannel } from '@oms/api-contract';
import { frameOf } from './streamReader.ts';

export class ChannelHistory {
  readonly channel: PrivateChannel;
  readonly #capacity: number;
  /** Slot of sequence s is s modulo capacity: the data as given, or its frame once it was serialised. */
  readonly #slots: (object | Buffer)[] = [];
  #oldest = 0;
  /** Sequence of the newest push; 0 before the first. */
  newest = 0;

  constructor(channel: PrivateChannel, capacity: number) {
    this.channel = channel;
    this.#capacity = capacity;
  }

  add(sequence: number, data: object): void {
    // A jump means that pushes before it were never seen: what is kept does not connect to it.
    if (this.#oldest === 0 || sequence !== this.newest + 1) this.#oldest = sequence;
    this.newest = sequence;
    this.#slots[sequence % this.#capacity] = data;
    if (this.newest - this.#oldest >= this.#capacity) this.#oldest++;
  }

  /** Whether it can go on at `sequence` without a gap, be it with the next push to come. */
  reaches(sequence: number): boolean {
    return this.#oldest !== 0 && sequence >= this.#oldest && sequence <= this.newest + 1;
  }

  /** The push of a sequence that {@link reaches} and is not above {@link newest}. */
  frame(sequence: number): Buffer {
    const slot = sequence % this.#capacity;
    const kept = this.#slots[slot]!;
    if (Buffer.isBuffer(kept)) return kept;
    const frame = frameOf({ channel: this.channel, sequence, data: kept });
    this.#slots[slot] = frame;
    return frame;
  }
}
