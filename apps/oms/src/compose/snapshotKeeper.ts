/** Decides when a snapshot is due: after so many records, never two at once, and one at a clean stop. */

/** Replaying this many records takes a few seconds: the longest a start should need. */
const RECORDS_PER_SNAPSHOT = 2_000_000;

/** Saves its state as of now; resolves with the position once it is durable. */
interface Snapshotting {
  snapshot(): Promise<number>;
}

export class SnapshotKeeper {
  readonly #runtime: Snapshotting;
  readonly #notice: (notice: { readonly code: string; readonly message: string }) => void;
  #lastPosition: number;
  #saving: Promise<void> | null = null;

  /** @param lastPosition of the snapshot the process started from */
  constructor(
    lastPosition: number,
    runtime: Snapshotting,
    notice: (notice: { readonly code: string; readonly message: string }) => void,
  ) {
    this.#lastPosition = lastPosition;
    this.#runtime = runtime;
    this.#notice = notice;
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
    this.#saving = this.#runtime.snapshot().then(
      (position) => {
        this.#lastPosition = position;
      },
      // The journal has everything: a snapshot that could not be written costs time at the next start, no more.
      (error: unknown) => this.#notice({ code: 'SNAPSHOT_WRITE_FAILED', message: `no snapshot was saved: ${error}` }),
    );
    await this.#saving;
    this.#saving = null;
  }
}
