/** A journal that also measures how long its flushes take, for metrics and status. */
import { createHistogram, performance } from 'node:perf_hooks';
import type { Journal, JournalGroup, JournalHead } from '@oms/ports';

export class MeasuredJournal implements Journal {
  readonly #journal: Journal;
  /** Nanoseconds per flush. */
  readonly flushNs = createHistogram();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get lastPosition(): number {
    return this.#journal.lastPosition;
  }

  get durablePosition(): number {
    return this.#journal.durablePosition;
  }

  get head(): JournalHead {
    return this.#journal.head;
  }

  get epoch(): number {
    return this.#journal.epoch;
  }

  get flushMsP99(): number {
    return this.flushNs.count === 0 ? 0 : this.flushNs.percentile(99) / 1e6;
  }

  append(group: JournalGroup): void {
    this.#journal.append(group);
  }

  async flush(): Promise<void> {
    const startedAt = performance.now();
    await this.#journal.flush();
    this.flushNs.record(Math.max(1, Math.round((performance.now() - startedAt) * 1e6)));
  }

  read(position: number): Iterable<JournalGroup> {
    return this.#journal.read(position);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}
