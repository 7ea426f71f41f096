/** A journal in memory that keeps the port's promises: for tests of what stands on a journal, not of journals. */
import { createHash } from 'node:crypto';
import {
  ByteWriter,
  InfrastructureError,
  type Journal,
  type JournalGroup,
  type JournalHead,
  type Snapshot,
  type SnapshotStore,
} from '@oms/ports';

export class MemoryJournal implements Journal {
  readonly epoch: number;
  readonly groups: JournalGroup[];
  #appended: JournalGroup[] = [];
  #failing: Error | null = null;
  #gate: Promise<void> | null = null;

  /** @param groups what an earlier journal made durable */
  constructor(groups: readonly JournalGroup[] = [], epoch = 1) {
    this.groups = [...groups];
    this.epoch = epoch;
  }

  get durablePosition(): number {
    const last = this.groups.at(-1);
    return last === undefined ? 0 : last.firstPosition + last.recordCount - 1;
  }

  get lastPosition(): number {
    const last = this.#appended.at(-1) ?? this.groups.at(-1);
    return last === undefined ? 0 : last.firstPosition + last.recordCount - 1;
  }

  /** Over position and payload of every durable group. */
  get head(): JournalHead {
    const position = this.durablePosition;
    if (position === 0) return { position, hash: '0'.repeat(64) };
    const hash = createHash('sha256');
    for (const group of this.groups) hash.update(`${group.firstPosition}:`).update(group.payload);
    return { position, hash: hash.digest('hex') };
  }

  /** Every later flush fails with this. */
  failWith(error: Error): void {
    this.#failing = error;
  }

  /** Keeps flushes from finishing until the returned function is called. */
  hold(): () => void {
    let release = () => {};
    this.#gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    return () => {
      this.#gate = null;
      release();
    };
  }

  append(group: JournalGroup): void {
    if (group.firstPosition !== this.lastPosition + 1) {
      throw new InfrastructureError('JOURNAL_OUT_OF_ORDER', `got ${group.firstPosition} after ${this.lastPosition}`);
    }
    this.#appended.push({ ...group, payload: group.payload.slice() });
  }

  async flush(): Promise<void> {
    const flushed = this.#appended;
    if (this.#gate !== null) await this.#gate;
    if (this.#failing !== null) throw this.#failing;
    this.groups.push(...flushed);
    this.#appended = this.#appended.filter((group) => !flushed.includes(group));
  }

  *read(position: number): Iterable<JournalGroup> {
    for (const group of this.groups) {
      if (group.firstPosition + group.recordCount > position) yield group;
    }
  }

  async close(): Promise<void> {
    await this.flush();
  }
}

export class MemorySnapshots implements SnapshotStore {
  readonly saved: Snapshot[] = [];

  load(maxPosition: number) {
    const snapshot = this.saved.filter((candidate) => candidate.position <= maxPosition).at(-1) ?? null;
    return { snapshot, damaged: [] };
  }

  async save(head: JournalHead, write: (writer: ByteWriter) => void): Promise<void> {
    const writer = new ByteWriter();
    write(writer);
    this.saved.push({ ...head, bytes: writer.written().slice() });
  }
}
