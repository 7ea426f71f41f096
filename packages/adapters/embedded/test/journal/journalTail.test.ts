/** Reading beside the writer: in step with it, from any position, across segments, from another thread. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { JournalGroup } from '@oms/ports';
import { FaultyFileSystem } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { openFileJournal } from '../../src/journal/fileJournal.ts';
import { JournalTail, readJournal } from '../../src/journal/journalTail.ts';
import { below, seededRandom } from '../seededRandom.ts';
import { append, change, DIRECTORY, openOn, segmentPaths, write } from './journalOnDisk.ts';

const drain = (tail: JournalTail, through: number): JournalGroup[] => {
  const groups: JournalGroup[] = [];
  for (let group = tail.next(through); group !== null; group = tail.next(through)) groups.push(group);
  return groups;
};

describe('JournalTail', () => {
  it('follows the writer group by group, over rotations, restarts and marks', async () => {
    const disk = new FaultyFileSystem();
    const random = seededRandom(3);
    const tail = new JournalTail(DIRECTORY, 1, disk);
    const read = new JournalTail(DIRECTORY, 1, disk);
    expect(tail.next(0)).toBeNull();
    const expected: JournalGroup[] = [];
    const late: JournalGroup[] = [];
    for (let run = 0; run < 5; run++) {
      const { journal } = openOn(disk);
      for (let flush = 0; flush < 20; flush++) {
        const batch = Array.from({ length: 1 + below(random, 3) }, () => below(random, 500));
        const groups = await write(journal, [batch]);
        expected.push(...groups);
        expect(drain(tail, journal.durablePosition)).toEqual(groups);
        if (below(random, 5) === 0) late.push(...drain(read, journal.durablePosition));
      }
      await journal.close();
    }
    late.push(...drain(read, expected.length));
    expect(late).toEqual(expected);
  });

  it('does not look at what is not durable yet, even when it has read the bytes before', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const tail = new JournalTail(DIRECTORY, 1, disk);
    const [first] = await write(journal, [[50]]);
    const [path] = segmentPaths(disk);
    // Half of a frame, as the operating system shows it while it is being written.
    change(disk, path!, (bytes) => bytes.fill(0xaa, 72 + 144, 72 + 144 + 30));
    expect(tail.next(1)).toEqual(first);
    expect(tail.next(1)).toBeNull();
    change(disk, path!, (bytes) => bytes.fill(0, 72 + 144, 72 + 144 + 30));
    const [second] = await write(journal, [[60]]);
    expect(tail.next(2)).toEqual(second);
  });

  it('gives a group only when all of it is within the bound', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const group = append(journal, 10, 3);
    await journal.flush();
    const tail = new JournalTail(DIRECTORY, 2, disk);
    expect([tail.next(0), tail.next(2)]).toEqual([null, null]);
    expect(tail.next(3)).toEqual(group);
  });

  it('reads groups larger than its buffer', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const groups = await write(journal, [[10], [700_000], [10], [900_000]]);
    expect(drain(new JournalTail(DIRECTORY, 1, disk), 4)).toEqual(groups);
  });

  it('names file and offset of a damaged group when it comes to it, not before', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const [first] = await write(journal, [[50], [50], [50]]);
    const [path] = segmentPaths(disk);
    change(disk, path!, (bytes) => bytes.fill(1, 72 + 144 + 92, 72 + 144 + 93));
    const tail = new JournalTail(DIRECTORY, 1, disk);
    expect(tail.next(3)).toEqual(first);
    expect(() => tail.next(3)).toThrow(`${path} at byte ${72 + 144}: expected checksum`);
  });

  it('says so when a durable position is not in the journal', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    await write(journal, [[50]]);
    expect(() => [...readJournal(DIRECTORY, 1, 2, disk)]).toThrow('expected the group with position 2, there is none');
    expect(() => [...readJournal('/nowhere', 5, 5, disk)]).toThrow('expected a segment with position 5');
    expect([...readJournal('/nowhere', 6, 5, disk)]).toEqual([]);
  });

  it('reads in another thread while this one writes', async () => {
    const root = mkdtempSync(join(tmpdir(), 'oms-tail-'));
    const { journal } = openFileJournal({ directory: root, segmentBytes: 32 * 1024 });
    const worker = new Worker(new URL('./tailWorker.ts', import.meta.url), { workerData: { directory: root } });
    const read: JournalGroup[] = [];
    worker.on('message', (groups: JournalGroup[]) => read.push(...groups));
    const failed = once(worker, 'error').then(([error]) => Promise.reject(error));
    const random = seededRandom(11);
    const written: JournalGroup[] = [];
    try {
      for (let flush = 0; flush < 200; flush++) {
        for (let count = 1 + below(random, 4); count > 0; count--) written.push(append(journal, below(random, 3_000)));
        await journal.flush();
        worker.postMessage(journal.durablePosition);
      }
      while (read.length < written.length) await Promise.race([once(worker, 'message'), failed]);
      expect(read).toEqual(written);
    } finally {
      failed.catch(() => undefined);
      await worker.terminate();
      await journal.close();
      rmSync(root, { recursive: true });
    }
  });
});
