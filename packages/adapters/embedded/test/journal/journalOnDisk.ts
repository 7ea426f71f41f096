/** A journal on the faulty disk, for tests: writing groups that are known, stopping, reading back, copying the disk. */
import type { Journal, JournalGroup, JournalHead, JournalRecovery } from '@oms/ports';
import { FaultyFileSystem } from '@oms/testkit';
import { openFileJournal } from '../../src/journal/fileJournal.ts';
import { journalHeadAt } from '../../src/journal/journalHead.ts';

export const DIRECTORY = '/data/journal';
export const SEGMENT_BYTES = 1_152;
/** Of a segment, and of a frame. */
export const SEGMENT_HEADER_BYTES = 72;
export const FRAME_HEADER_BYTES = 88;

export interface OpenedJournal {
  readonly journal: Journal;
  readonly recovery: JournalRecovery;
}

export const openOn = (fileSystem: FaultyFileSystem, options: { expectedHead?: JournalHead; epoch?: number } = {}) =>
  openFileJournal({ directory: DIRECTORY, fileSystem, segmentBytes: SEGMENT_BYTES, ...options });

/** The group a test expects at a position: its payload follows from position, length and epoch. */
export function groupAt(firstPosition: number, recordCount: number, payloadBytes: number, epoch: number): JournalGroup {
  const payload = Uint8Array.from({ length: payloadBytes }, (_, i) => firstPosition * 31 + epoch * 7 + i);
  return { firstPosition, recordCount, now: 5_000 + firstPosition, epoch, payload };
}

export function append(journal: Journal, payloadBytes: number, recordCount = 1): JournalGroup {
  const group = groupAt(journal.lastPosition + 1, recordCount, payloadBytes, journal.epoch);
  journal.append(group);
  return group;
}

/** Appends and flushes batches, each a list of payload lengths. @returns all groups */
export async function write(journal: Journal, batches: readonly (readonly number[])[]): Promise<JournalGroup[]> {
  const groups: JournalGroup[] = [];
  for (const batch of batches) {
    for (const payloadBytes of batch) groups.push(append(journal, payloadBytes));
    await journal.flush();
  }
  return groups;
}

/** The chain's hash at a position of which a test knows that it has one. */
export const headAt = (fileSystem: FaultyFileSystem, position: number): JournalHead =>
  journalHeadAt(DIRECTORY, position, fileSystem);

/** A new disk with the same files. */
export function copyOf(fileSystem: FaultyFileSystem): FaultyFileSystem {
  const copy = new FaultyFileSystem();
  for (const path of fileSystem.paths()) copy.setContent(path, fileSystem.contentOf(path));
  return copy;
}

export const contentsOf = (fileSystem: FaultyFileSystem): [string, Uint8Array][] =>
  fileSystem.paths().map((path) => [path, fileSystem.contentOf(path)]);

export const segmentPaths = (fileSystem: FaultyFileSystem): string[] =>
  fileSystem.paths().filter((path) => path.endsWith('.journal'));

/** @param edit changes the bytes, or returns others */
export function change(fileSystem: FaultyFileSystem, path: string, edit: (bytes: Uint8Array) => unknown): void {
  const bytes = fileSystem.contentOf(path);
  const edited = edit(bytes);
  fileSystem.setContent(path, edited instanceof Uint8Array ? edited : bytes);
}

export const readAll = (journal: Journal, position = 1): JournalGroup[] => [...journal.read(position)];

export const lastPositionOf = (groups: readonly JournalGroup[]): number => {
  const last = groups.at(-1);
  return last === undefined ? 0 : last.firstPosition + last.recordCount - 1;
};
