/** Snapshot files: the port's contract on real files and on a faulty disk, damage anywhere, power loss at every call. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SnapshotStore } from '@oms/ports';
import { type SnapshotSubject, snapshotContract } from '@oms/ports/contract/snapshotContract';
import { FaultyFileSystem, randomFate } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../src/files/nodeFileSystem.ts';
import { openSnapshotFiles } from '../../src/snapshots/snapshotFiles.ts';
import { below, seededRandom } from '../seededRandom.ts';

const DIRECTORY = '/data/snapshots';
const nameOf = (position: number) => `${String(position).padStart(20, '0')}.snapshot`;
const everything = Number.MAX_SAFE_INTEGER;

snapshotContract('real files', async (): Promise<SnapshotSubject> => {
  const root = mkdtempSync(join(tmpdir(), 'oms-snapshots-'));
  let run = 0;
  let broken = false;
  const directory = () => join(root, String(run));
  const fileSystem = {
    ...nodeFileSystem,
    async rename(from: string, to: string) {
      if (broken) {
        broken = false;
        throw new Error('EIO: rename');
      }
      await nodeFileSystem.rename(from, to);
    },
  };
  return {
    open: async () => openSnapshotFiles(directory(), fileSystem),
    async stop() {
      const left = directory();
      run++;
      cpSync(left, directory(), { recursive: true });
    },
    damage(position) {
      const path = join(directory(), nameOf(position));
      const bytes = readFileSync(path);
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(path, bytes);
    },
    breakNextSave() {
      broken = true;
    },
    dispose: async () => rmSync(root, { recursive: true }),
  };
});

snapshotContract('a disk that loses power and writes short', async (): Promise<SnapshotSubject> => {
  const random = seededRandom(5);
  const disk = new FaultyFileSystem({ shortWrites: random });
  return {
    open: async () => openSnapshotFiles(DIRECTORY, disk),
    stop: async () => disk.losePower(randomFate(random), below(random, 2)),
    damage(position) {
      const path = `${DIRECTORY}/${nameOf(position)}`;
      disk.setContent(path, disk.contentOf(path).fill(7, 100, 101));
    },
    breakNextSave: () => disk.fail({ operation: 'datasync', nth: 1, error: 'EIO' }),
    dispose: async () => disk.kill(),
  };
});

const headAt = (position: number) => ({ position, hash: position.toString(16).padStart(64, 'a') });
const stateAt = (position: number) => Uint8Array.from({ length: 50 }, (_, i) => position * 3 + i);

/** In pieces of a thousand, as a state is written item by item. */
const save = (store: SnapshotStore, position: number, bytes: Uint8Array): Promise<void> =>
  store.save(headAt(position), (writer) => {
    for (let at = 0; at < bytes.length; at += 1_000) writer.append(bytes.subarray(at, at + 1_000));
  });

describe('snapshot files', () => {
  it('keeps the newest two files and nothing unfinished', async () => {
    const disk = new FaultyFileSystem();
    const store = openSnapshotFiles(DIRECTORY, disk);
    for (const position of [5, 40, 300, 2_000]) await save(store, position, stateAt(position));
    expect(disk.list(DIRECTORY)).toEqual([nameOf(300), nameOf(2_000)]);
    disk.fail({ operation: 'write', nth: 2, error: 'ENOSPC' });
    await expect(save(store, 2_001, stateAt(1))).rejects.toThrow();
    expect(disk.list(DIRECTORY)).toEqual([nameOf(300), nameOf(2_000)]);
  });

  it('takes a file with any byte changed, missing or added for damaged', async () => {
    const disk = new FaultyFileSystem();
    const store = openSnapshotFiles(DIRECTORY, disk);
    await save(store, 1, stateAt(1));
    await save(store, 2, stateAt(2));
    const path = `${DIRECTORY}/${nameOf(2)}`;
    const whole = disk.contentOf(path);
    const versions = Array.from({ length: whole.length }, (_, at) => [
      whole.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte)),
      whole.slice(0, at),
    ]).flat();
    for (const bytes of [...versions, Uint8Array.of(...whole, 0)]) {
      disk.setContent(path, bytes);
      expect(store.load(everything)).toMatchObject({ snapshot: { position: 1 }, damaged: [path] });
    }
  });

  it('refuses a save while another one is under way, which it leaves alone', async () => {
    const disk = new FaultyFileSystem();
    const store = openSnapshotFiles(DIRECTORY, disk);
    const first = save(store, 1, stateAt(1));
    await expect(save(store, 2, stateAt(2))).rejects.toMatchObject({ code: 'SNAPSHOT_WRITE_FAILED' });
    await first;
    expect(store.load(everything)).toEqual({ snapshot: { ...headAt(1), bytes: stateAt(1) }, damaged: [] });
  });

  it('passes over a file of an earlier version of the format', async () => {
    const disk = new FaultyFileSystem();
    const store = openSnapshotFiles(DIRECTORY, disk);
    await save(store, 1, stateAt(1));
    const path = `${DIRECTORY}/${nameOf(1)}`;
    const bytes = disk.contentOf(path);
    bytes[8] = 1;
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(68, crc32(bytes.subarray(0, 68)), true);
    disk.setContent(path, bytes);
    expect(store.load(everything)).toEqual({ snapshot: null, damaged: [path] });
  });

  it('tells of a state that cannot be written, and has the former one', async () => {
    const store = openSnapshotFiles(DIRECTORY, new FaultyFileSystem());
    await save(store, 1, stateAt(1));
    const fails = store.save(headAt(2), () => {
      throw new Error('no such word');
    });
    await expect(fails).rejects.toMatchObject({ code: 'SNAPSHOT_WRITE_FAILED' });
    expect(store.load(everything)).toEqual({ snapshot: { ...headAt(1), bytes: stateAt(1) }, damaged: [] });
  });

  it('writes states of several chunks', async () => {
    const root = mkdtempSync(join(tmpdir(), 'oms-snapshot-'));
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 17, 'abcdefg');
    await save(openSnapshotFiles(join(root, 'new')), 9, bytes);
    const { snapshot } = openSnapshotFiles(join(root, 'new')).load(9);
    expect(bytes.equals(snapshot!.bytes)).toBe(true);
    expect(readdirSync(join(root, 'new'))).toEqual([nameOf(9)]);
    rmSync(root, { recursive: true });
  });

  it('has the old or the new one after a power loss at any call, never a broken one', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = seededRandom(seed);
      const disk = new FaultyFileSystem();
      const store = openSnapshotFiles(DIRECTORY, disk);
      await save(store, 1, stateAt(1));
      await save(store, 2, stateAt(2));
      disk.fail({ nth: 1 + (seed % 8), error: 'POWER' });
      const saved = await save(store, 3, stateAt(3)).then(
        () => true,
        () => false,
      );
      disk.clearFaults();
      disk.losePower(randomFate(random), below(random, 4));
      const { snapshot, damaged } = openSnapshotFiles(DIRECTORY, disk).load(everything);
      expect(damaged, `seed ${seed}`).toEqual([]);
      expect(snapshot?.position).toBeGreaterThanOrEqual(saved ? 3 : 2);
      expect(snapshot?.bytes).toEqual(stateAt(snapshot!.position));
    }
  });
});
