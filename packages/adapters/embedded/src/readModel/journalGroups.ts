/** What the projection needs of the journal: its durable groups in order, read beside the writer. */
import { crc32 } from 'node:zlib';
import type { JournalGroup } from '@oms/ports';

export interface JournalGroups {
  /**
   * The next group, when all of it is at or below `throughPosition`; its payload is valid until the next call.
   * @throws InfrastructureError JOURNAL_DAMAGED
   */
  next(throughPosition: number): JournalGroup | null;
  close(): void;
}

/** Starts with the group that contains `fromPosition` (≥ 1). */
export type OpenJournalGroups = (fromPosition: number) => JournalGroups;

/** The mark of a group: no other journal has the same at its position. */
export const digestOf = (group: JournalGroup): string =>
  `${group.firstPosition}+${group.recordCount}@${group.now}/${group.epoch}#${crc32(group.payload).toString(16)}`;

export const lastPositionOf = (group: JournalGroup): number => group.firstPosition + group.recordCount - 1;
