/** Short histories with a death at every call on the disk; those of three operations are in exhaustive.long.test.ts. */
import { expect, it } from 'vitest';
import { smallHistories } from '../src/exhaustive/smallHistories.ts';
import { exhaust } from '../src/index.ts';

it('knows every history that makes sense', () => {
  expect(smallHistories(1)).toEqual([['rest'], ['take'], ['cancelAll']]);
  expect(smallHistories(3)).toHaveLength(3 + 17 + 115);
});

it.each([
  { lengthMax: 2, segmentBytes: 64 * 1024, name: 'a roomy segment' },
  { lengthMax: 1, segmentBytes: 2 * 1024, name: 'segments that are soon full' },
])(
  'up to $lengthMax operations with $name: nothing lost, nothing twice',
  async ({ lengthMax, segmentBytes }) => {
    const { histories, crashes, breaches } = await exhaust({ lengthMax, segmentBytes });
    process.stdout.write(`${histories} histories, ${crashes} crashes\n`);
    expect(breaches).toEqual([]);
    expect(crashes).toBeGreaterThan(histories * 20);
  },
  240_000,
);

it('finds an answer that is given before the sync', async () => {
  const { breaches } = await exhaust({
    lengthMax: 1,
    segmentBytes: 64 * 1024,
    sabotage: {
      fileSystem: (disk) => ({
        makeDirectory: (path) => disk.makeDirectory(path),
        list: (directory) => disk.list(directory),
        rename: (from, to) => disk.rename(from, to),
        remove: (path) => disk.remove(path),
        syncDirectory: (path) => disk.syncDirectory(path),
        open: (path, mode) => ({ ...disk.open(path, mode), datasync: async () => {} }),
      }),
    },
  });
  expect(breaches.join('\n')).toMatch(/I1:/);
});
