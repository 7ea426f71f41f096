/** The faulty disk itself: tests of storage are worth what its power losses and failures are. */
import { describe, expect, it } from 'vitest';
import { type Fate, FaultyFileSystem, nothingUnsyncedSurvives, randomFate } from '../src/faultyFileSystem.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

function diskWithFile(): { disk: FaultyFileSystem; path: string } {
  const disk = new FaultyFileSystem();
  disk.setContent('/d/f', bytes(1, 1, 1, 1));
  return { disk, path: '/d/f' };
}

describe('a power loss', () => {
  it.each<[string, Fate, number[]]>([
    ['nothing', nothingUnsyncedSurvives, [1, 1, 1, 1]],
    ['all', () => [[0, 3]], [1, 2, 2, 2]],
    ['the beginning', () => [[0, 1]], [1, 2, 1, 1]],
    ['the end', () => [[2, 3]], [1, 1, 1, 2]],
  ])('keeps %s of a write that was not synced', (_, fate, expected) => {
    const { disk, path } = diskWithFile();
    disk.open(path, 'update').writeNow(bytes(2, 2, 2), 1);
    expect([...disk.contentOf(path)]).toEqual([1, 2, 2, 2]);
    disk.losePower(fate);
    expect([...disk.contentOf(path)]).toEqual(expected);
  });

  it('keeps what was synced', async () => {
    const { disk, path } = diskWithFile();
    const file = disk.open(path, 'update');
    await file.write(bytes(2, 2), 0);
    await file.datasync();
    disk.losePower();
    expect([...disk.contentOf(path)]).toEqual([2, 2, 1, 1]);
  });

  it('loses names that were not synced, in order from some point on', async () => {
    const make = async () => {
      const { disk, path } = diskWithFile();
      disk.open('/d/new', 'create').datasyncNow();
      await disk.rename(path, '/d/renamed');
      return disk;
    };
    const left = async (kept: number) => {
      const disk = await make();
      disk.losePower(undefined, kept);
      return disk.list('/d');
    };
    expect([await left(0), await left(1), await left(2)]).toEqual([['f'], ['f', 'new'], ['new', 'renamed']]);
    const synced = await make();
    await synced.syncDirectory('/d');
    synced.losePower();
    expect(synced.list('/d')).toEqual(['new', 'renamed']);
  });

  it('ends every open file, in the middle of a sync too', async () => {
    const { disk, path } = diskWithFile();
    const file = disk.open(path, 'update');
    file.writeNow(bytes(2), 0);
    const syncing = file.datasync();
    disk.losePower();
    await expect(syncing).rejects.toMatchObject({ code: 'EPOWER' });
    expect(() => file.writeNow(bytes(3), 0)).toThrow('EPOWER');
    expect([...disk.contentOf(path)]).toEqual([1, 1, 1, 1]);
  });

  it('at a given call leaves that write to its fate, and refuses everything until the power is back', () => {
    const { disk, path } = diskWithFile();
    const file = disk.open(path, 'update');
    disk.fail({ operation: 'write', nth: 2, error: 'POWER' });
    file.writeNow(bytes(2), 0);
    expect(() => file.writeNow(bytes(3), 1)).toThrow('EPOWER');
    expect(() => disk.open('/d/other', 'create')).toThrow('EPOWER');
    disk.losePower(({ position }) => (position === 1 ? [[0, 1]] : []));
    expect([...disk.contentOf(path)]).toEqual([1, 3, 1, 1]);
  });

  it('by chance comes to every kind of end', () => {
    let state = 1;
    const random = {
      next() {
        state = (state * 16_807) % 2_147_483_647;
        return state / 2_147_483_647;
      },
    };
    const outcomes = Array.from({ length: 300 }, () => {
      const kept = randomFate(random)({ path: 'f', position: 0, bytes: new Uint8Array(2_000) });
      const length = kept.reduce((sum, [start, end]) => sum + end - start, 0);
      return length === 0 ? 'lost' : length === 2_000 ? 'whole' : kept.length > 1 ? 'sectors' : 'torn';
    });
    expect(new Set(outcomes)).toEqual(new Set(['lost', 'whole', 'sectors', 'torn']));
  });
});

describe('a failure', () => {
  it('happens at the given call only', async () => {
    const { disk, path } = diskWithFile();
    const file = disk.open(path, 'update');
    disk.fail({ operation: 'write', nth: 2, error: 'ENOSPC' });
    expect(await file.write(bytes(2), 0)).toBe(1);
    await expect(file.write(bytes(3), 1)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await file.write(bytes(4), 2)).toBe(1);
    expect([...disk.contentOf(path)]).toEqual([2, 1, 4, 1]);
  });

  it('of a sync drops the writes for good, though they can be read', () => {
    const { disk, path } = diskWithFile();
    const file = disk.open(path, 'update');
    file.writeNow(bytes(2), 0);
    disk.fail({ operation: 'datasync', nth: 1, error: 'EIO' });
    expect(() => file.datasyncNow()).toThrow('EIO');
    file.datasyncNow();
    expect([...disk.contentOf(path)]).toEqual([2, 1, 1, 1]);
    disk.losePower(() => [[0, 1]]);
    expect([...disk.contentOf(path)]).toEqual([1, 1, 1, 1]);
  });
});

it('short writes write at least one byte and say how many', () => {
  const disk = new FaultyFileSystem({ shortWrites: { next: () => 0.5 } });
  disk.setContent('/d/f', new Uint8Array(0));
  const file = disk.open('/d/f', 'update');
  expect([file.writeNow(bytes(1), 0), file.writeNow(bytes(1, 2, 3, 4, 5), 1)]).toEqual([1, 3]);
  expect([...disk.contentOf('/d/f')]).toEqual([1, 1, 2, 3]);
});

it('a killed process leaves what it wrote, synced or not', () => {
  const { disk, path } = diskWithFile();
  const file = disk.open(path, 'update');
  file.writeNow(bytes(2), 0);
  disk.kill();
  expect([...disk.contentOf(path)]).toEqual([2, 1, 1, 1]);
  expect(() => file.size() + file.read(bytes(0), 0)).toThrow('EPOWER');
});
