/** The journal contract on real files, and on the faulty disk that is killed, loses power or writes short. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileSystem, Journal, OpenFile } from '@oms/ports';
import { type JournalSubject, journalContract } from '@oms/ports/contract/journalContract';
import { FaultyFileSystem, randomFate } from '@oms/testkit';
import { nodeFileSystem } from '../../src/files/nodeFileSystem.ts';
import { openFileJournal } from '../../src/journal/fileJournal.ts';
import { below, seededRandom } from '../seededRandom.ts';

const SEGMENT_BYTES = 4_096;

/** The real file system, one sync of which can be made to fail. */
class BreakableFiles {
  #broken = false;

  readonly fileSystem: FileSystem = {
    ...nodeFileSystem,
    open: (path, mode) => this.#breakable(nodeFileSystem.open(path, mode)),
  };

  breakNextSync(): void {
    this.#broken = true;
  }

  #breakable(file: OpenFile): OpenFile {
    const datasync = file.datasync.bind(file);
    file.datasync = () => {
      if (!this.#broken) return datasync();
      this.#broken = false;
      return Promise.reject(new Error('EIO: datasync'));
    };
    return file;
  }
}

journalContract('real files', async (): Promise<JournalSubject> => {
  const root = mkdtempSync(join(tmpdir(), 'oms-journal-'));
  const files = new BreakableFiles();
  const writers: Journal[] = [];
  let run = 0;
  const directory = () => join(root, String(run));
  return {
    async open() {
      const opened = openFileJournal({
        directory: directory(),
        segmentBytes: SEGMENT_BYTES,
        fileSystem: files.fileSystem,
      });
      writers.push(opened.journal);
      return opened;
    },
    // What is on the disk at this moment is what a killed process leaves; the writer lives on with the old copy.
    async stop() {
      const left = directory();
      run++;
      cpSync(left, directory(), { recursive: true });
    },
    breakNextFlush: () => files.breakNextSync(),
    async dispose() {
      for (const writer of writers) await writer.close();
      rmSync(root, { recursive: true });
    },
  };
});

const onFaultyDisk = (fileSystem: FaultyFileSystem, stop: () => void) => async (): Promise<JournalSubject> => {
  const directory = `/data/journal-${Math.floor(fileSystem.calls)}`;
  return {
    open: async () => openFileJournal({ directory, segmentBytes: SEGMENT_BYTES, fileSystem }),
    stop: async () => stop(),
    breakNextFlush: () => fileSystem.fail({ operation: 'datasync', nth: 1, error: 'EIO' }),
    async dispose() {
      fileSystem.kill();
    },
  };
};

const killed = new FaultyFileSystem();
journalContract(
  'a disk that outlives its process',
  onFaultyDisk(killed, () => killed.kill()),
);

const unplugged = new FaultyFileSystem({ shortWrites: seededRandom(2) });
const chance = seededRandom(1);
journalContract(
  'a disk that loses power and writes short',
  onFaultyDisk(unplugged, () => unplugged.losePower(randomFate(chance), below(chance, 3))),
);
