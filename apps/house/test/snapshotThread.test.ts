/** I10 with snapshots that a worker made: live = replay from 0 = snapshot + tail, at every group of a history. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellKeysOf } from '@oms/actors';
import { openFileJournal, openSnapshotFiles } from '@oms/adapter-embedded';
import type { JournalGroup, Snapshot } from '@oms/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductionFold } from '../../verifier/src/replay/productionFold.ts';
import type { House } from '../../verifier/test/history.ts';
import { longHistory } from '../../verifier/test/stories.ts';
import { makeSnapshot, type SnapshotTask } from '../src/makeSnapshot.ts';
import { startSnapshotThread } from '../src/snapshotThread.ts';

const everything = Number.MAX_SAFE_INTEGER;
const endOf = (group: JournalGroup): number => group.firstPosition + group.recordCount - 1;

let root: string;
let house: House;
let journalDirectory: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'oms-snapshot-thread-'));
  journalDirectory = join(root, 'journal');
  house = await longHistory();
  const { journal } = openFileJournal({ directory: journalDirectory });
  for (const group of house.journal.groups) journal.append({ ...group, epoch: journal.epoch });
  await journal.close();
});
afterAll(() => rmSync(root, { recursive: true }));

const taskAt = (name: string, position: number): SnapshotTask => ({
  journalDirectory,
  snapshotDirectory: join(root, name),
  partitions: 1,
  position,
});

const newest = ({ snapshotDirectory }: SnapshotTask): Snapshot =>
  openSnapshotFiles(snapshotDirectory).load(everything).snapshot!;

/** Hash of the state folded from the snapshot, or from nothing, to the end of the history. */
function hashFrom(snapshot: Snapshot | null): string {
  const fold = new ProductionFold();
  for (const key of cellKeysOf(house.runtime.stateBytes())) fold.host(key);
  if (snapshot !== null) fold.load(snapshot);
  for (const group of house.journal.groups) fold.fold(group);
  expect(fold.stopped).toBe(null);
  return fold.hash();
}

describe('a snapshot made beside the house', () => {
  it('is the live state, byte for byte, when made of the whole journal by a thread', async () => {
    const task = taskAt('whole', house.journal.lastPosition);
    await startSnapshotThread(task).made;
    const { position, bytes } = newest(task);
    expect(position).toBe(house.journal.lastPosition);
    expect(Buffer.compare(bytes, house.runtime.stateBytes())).toBe(0);
  });

  it('made from the one before, group after group, gives the same state with the tail as a replay from 0', async () => {
    const live = hashFrom(null);
    for (const group of house.journal.groups) {
      const task = taskAt('steps', endOf(group));
      await makeSnapshot(task);
      expect(newest(task).position).toBe(endOf(group));
      expect(hashFrom(newest(task)), `position ${endOf(group)}`).toBe(live);
    }
  });

  it('leaves the former one when it is ended in the middle, and the next one is made', async () => {
    const first = taskAt('ended', endOf(house.journal.groups[3]!));
    await makeSnapshot(first);
    const thread = startSnapshotThread({ ...first, position: house.journal.lastPosition });
    const made = thread.made.then(
      () => true,
      () => false,
    );
    await thread.cancel();
    expect(newest(first).position).toBe((await made) ? house.journal.lastPosition : first.position);
    await makeSnapshot({ ...first, position: house.journal.lastPosition });
    expect(newest(first).position).toBe(house.journal.lastPosition);
    expect(readdirSync(first.snapshotDirectory).filter((name) => name.startsWith('unfinished'))).toEqual([]);
  });

  it('tells why there is none, and leaves the former ones', async () => {
    const task = taskAt('failed', endOf(house.journal.groups[3]!));
    await makeSnapshot(task);
    const beyond = { ...task, position: house.journal.lastPosition + 10 };
    await expect(startSnapshotThread(beyond).made).rejects.toThrow(/expected the group with position/);
    expect(newest(task).position).toBe(task.position);
  });
});
