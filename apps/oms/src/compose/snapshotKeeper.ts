/** Decides when a snapshot is due: after so many records, never two at once, and one at a clean stop. */

/** Replaying this many records takes a few seconds: the longest a start should need. */
const RECORDS_PER_SNAPSHOT = 2_000_000;

export class SnapshotKeeper {
  readonly #save: () => Promise<number>;
  readonly #failed: (error: unknown) => void;
  #lastPosition: number;
  #saving: Promise<void> | null = null;

  /** @param lastPosition of the snapshot the process started from */
  constructor(lastPosition: number, save: () => Promise<number>, failed: (error: unknown) => void) {
    this.#lastPosition = lastPosition;
    this.#save = save;
    this.#failed = failed;
  }

  /** Call whenever the journal became durable further. */
  durable(position: number): void {
    if (position - this.#lastPosition >= RECORDS_PER_SNAPSHOT && this.#saving === null) void this.#start();
  }

  /** Saves what is not saved yet; waits for one under way. */
  async finish(position: number): Promise<void> {
    await this.#saving;
    if (position > this.#lastPosition) await this.#start();
  }

  async #start(): Promise<void> {
    this.#saving = this.#save().then(
      (position) => {
        this.#lastPosition = position;
      },
      // The journal has everything: a snapshot that could not be written costs time at the next start, no more.
      (error: unknown) => this.#failed(error),
    );
    await this.#saving;
    this.#saving = null;
  }
}
