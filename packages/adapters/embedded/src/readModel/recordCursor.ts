/** Goes through the records of the journal one by one, as far as it is durable. */
import { type JournalRecord, readRecords } from '@oms/codec';
import type { JournalGroup } from '@oms/ports';
import type { Checkpoint } from './checkpoints.ts';
import { digestOf, type JournalGroups, lastPositionOf, type OpenJournalGroups } from './journalGroups.ts';

export class RecordCursor {
  readonly #groups: JournalGroups;
  /** The one read last: valid until the next is asked for. */
  #group: JournalGroup | null = null;
  #records: Iterator<JournalRecord> | null = null;
  #position: number;

  /** @param position the first record it gives comes after it */
  constructor(openGroups: OpenJournalGroups, position: number) {
    this.#groups = openGroups(position + 1);
    this.#position = position;
  }

  /** Of the record given last. */
  get position(): number {
    return this.#position;
  }

  /** Of the record given last, epoch milliseconds. */
  get now(): number {
    return this.#group?.now ?? 0;
  }

  /**
   * The next record, which is valid until the one after it is asked for; null when no more is durable.
   * @throws InfrastructureError JOURNAL_DAMAGED, CODEC_MALFORMED
   */
  next(durablePosition: number): JournalRecord | null {
    for (;;) {
      if (this.#records === null && !this.#openGroup(durablePosition)) return null;
      const { value, done } = this.#records!.next();
      if (done !== true) {
        this.#position++;
        return value;
      }
      this.#records = null;
    }
  }

  /** Where it is, in the group of the record given last. */
  checkpoint(): Checkpoint {
    const groupDigest = this.#group === null ? '' : digestOf(this.#group);
    return { position: this.#position, time: this.now, groupDigest };
  }

  close(): void {
    this.#groups.close();
  }

  #openGroup(durablePosition: number): boolean {
    const group = this.#groups.next(durablePosition);
    if (group === null || lastPositionOf(group) <= this.#position) return false;
    this.#group = group;
    this.#records = readRecords(group.payload);
    for (let position = group.firstPosition; position <= this.#position; position++) this.#records.next();
    return true;
  }
}
