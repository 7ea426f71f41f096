/** What the journal calls durable outlives a power loss at that very moment, whatever was appended meanwhile. */
import type { JournalGroup, OpenFile } from '@oms/ports';
import { FaultyFileSystem, nothingUnsyncedSurvives } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { append, lastPositionOf, openOn } from './journalOnDisk.ts';

/** Calls `during` in the middle of every sync of a file. */
function interruptSyncs(disk: FaultyFileSystem, during: () => void): void {
  const open = disk.open.bind(disk);
  disk.open = (path, mode): OpenFile => {
    const file = open(path, mode);
    const datasync = file.datasync;
    file.datasync = () => {
      during();
      return datasync();
    };
    return file;
  };
}

describe('durablePosition', () => {
  it.each([1, 2, 5])(
    'after %i flushes covers what was synced, not what was appended during the sync',
    async (flushes) => {
      const disk = new FaultyFileSystem();
      const meanwhile: JournalGroup[] = [];
      interruptSyncs(disk, () => {
        if (journal.lastPosition > 0) meanwhile.push(append(journal, 10));
      });
      const { journal } = openOn(disk);
      for (let flush = 0; flush < flushes; flush++) {
        append(journal, 10);
        await journal.flush();
      }
      const { durablePosition } = journal;
      expect(meanwhile.length).toBeGreaterThanOrEqual(flushes);
      expect(durablePosition).toBeLessThan(lastPositionOf(meanwhile));
      disk.losePower(nothingUnsyncedSurvives);
      expect(openOn(disk).recovery.lastPosition).toBeGreaterThanOrEqual(durablePosition);
    },
  );
});
