/** Recovery of a damaged journal: an unacknowledged torn end is cut, everything else is refused by file and offset. */
import { ByteWriter, type JournalGroup, type JournalHead } from '@oms/ports';
import { FaultyFileSystem } from '@oms/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashOf } from '../../src/journal/chainHash.ts';
import { appendFrame, sealFrame } from '../../src/journal/groupFrame.ts';
import { below, seededRandom } from '../seededRandom.ts';
import {
  append,
  change,
  contentsOf,
  copyOf,
  FRAME_HEADER_BYTES,
  SEGMENT_HEADER_BYTES as HEADER,
  headAt,
  lastPositionOf,
  openOn,
  readAll,
  segmentPaths,
  write,
} from './journalOnDisk.ts';

const flip = (bytes: Uint8Array, at: number, bits: number) => {
  bytes[at]! ^= bits;
};
const frame = (payloadBytes: number) => Math.ceil((FRAME_HEADER_BYTES + payloadBytes) / 8) * 8;

/** Batches as they were flushed, groups in them, and the disk as a crash after the last flush leaves it. */
async function written(batches: readonly (readonly number[])[]) {
  const disk = new FaultyFileSystem();
  const { journal } = openOn(disk);
  const groups = await write(journal, batches);
  disk.kill();
  return { disk, groups };
}

interface Outcome {
  readonly refused: { readonly code: unknown; readonly message: string } | null;
  readonly groups: readonly JournalGroup[];
  readonly cutBytes: number;
}

/** Opens a copy of the disk and reads everything; a refusal to open must leave the disk as it was. */
function recover(disk: FaultyFileSystem, expectedHead?: JournalHead): Outcome {
  const before = contentsOf(disk);
  try {
    const { journal, recovery } = openOn(disk, expectedHead === undefined ? {} : { expectedHead });
    const groups = readAll(journal);
    expect(lastPositionOf(groups)).toBe(journal.lastPosition);
    return { refused: null, groups, cutBytes: recovery.cutBytes };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code !== 'JOURNAL_DAMAGED') throw error;
    expect(contentsOf(disk)).toEqual(before);
    return { refused: { code, message }, groups: [], cutBytes: 0 };
  } finally {
    disk.kill();
  }
}

describe('a journal cut off at any byte of its last two groups', () => {
  const first = HEADER + frame(30) + frame(9);
  const end = first + frame(41) + frame(17);

  describe.each([
    ['flushed one by one', [[30], [9], [41], [17]]],
    ['flushed together', [[30], [9], [41, 17]]],
  ])('%s', (_, batches) => {
    it.each(['zeros after it', 'the file ends there'])('%s: the whole groups before it remain', async (kind) => {
      const { disk, groups } = await written(batches);
      // Zeros behind a payload are what its padding is anyway.
      const ends =
        kind === 'the file ends there'
          ? [first + frame(41), end]
          : [first + FRAME_HEADER_BYTES + 41, first + frame(41) + FRAME_HEADER_BYTES + 17];
      for (let at = first; at < end; at++) {
        const torn = copyOf(disk);
        const [path] = segmentPaths(torn);
        change(torn, path!, (bytes) => (kind === 'zeros after it' ? bytes.fill(0, at) : bytes.slice(0, at)));
        const { refused, groups: left } = recover(torn);
        expect(refused, `cut at ${at}`).toBeNull();
        expect(left, `cut at ${at}`).toEqual(groups.slice(0, 2 + ends.filter((needed) => needed <= at).length));
        expect(recover(torn)).toEqual({ refused: null, groups: left, cutBytes: 0 });
      }
    });
  });

  it('reports what was cut and where, and goes on there', async () => {
    const { disk, groups } = await written([[30], [9], [41], [17]]);
    const [path] = segmentPaths(disk);
    change(disk, path!, (bytes) => bytes.fill(0, end - 20));
    const { journal, recovery } = openOn(disk);
    const lost = first + frame(41);
    expect(recovery).toEqual({ lastPosition: 3, cutBytes: end - 20 - lost, cutAt: { file: path, offset: lost } });
    const more = await write(journal, [[5]]);
    disk.losePower();
    expect(recover(disk)).toEqual({ refused: null, groups: [...groups.slice(0, 3), ...more], cutBytes: 0 });
  });

  it('cuts groups of the same write behind the torn one too', async () => {
    const { disk, groups } = await written([[30], [9], [41, 17]]);
    const [path] = segmentPaths(disk);
    change(disk, path!, (bytes) => bytes.fill(0, first + 8, first + 92));
    const { refused, groups: left, cutBytes } = recover(disk);
    expect([refused, left, cutBytes]).toEqual([null, groups.slice(0, 2), frame(41) + FRAME_HEADER_BYTES + 17]);
  });
});

describe('damage before a group that shows it was durable', () => {
  it('is refused at every byte, with file and offset of the damaged group', async () => {
    const { disk } = await written([[30], [9], [41], [17]]);
    const [path] = segmentPaths(disk);
    const starts = [HEADER, HEADER + frame(30), HEADER + frame(30) + frame(9)];
    const lastGroup = starts[2]! + frame(41);
    for (let at = 0; at < lastGroup; at++) {
      const damaged = copyOf(disk);
      change(damaged, path!, (bytes) => flip(bytes, at, 0x10));
      const offset = starts.findLast((start) => start <= at) ?? 0;
      expect(recover(damaged).refused?.message, `byte ${at}`).toContain(`${path} at byte ${offset}: `);
    }
  });

  it('is refused after a clean stop even in the last group', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    await write(journal, [[30], [9]]);
    await journal.close();
    const [path] = segmentPaths(disk);
    change(disk, path!, (bytes) => flip(bytes, HEADER + frame(30) + 92, 1));
    expect(recover(disk).refused?.message).toContain(`${path} at byte ${HEADER + frame(30)}: `);
  });

  it('is refused in the last group once a restart has recovered it', async () => {
    const { disk } = await written([[30], [9]]);
    openOn(disk);
    disk.kill();
    const [path] = segmentPaths(disk);
    change(disk, path!, (bytes) => flip(bytes, HEADER + frame(30) + 92, 1));
    expect(recover(disk).refused?.message).toContain(`${path} at byte ${HEADER + frame(30)}: `);
  });
});

describe('a bit flipped anywhere', () => {
  let disk: FaultyFileSystem;
  let groups: JournalGroup[];
  /** Everything up to here was acknowledged before the last write. */
  let proven: number;

  beforeAll(async () => {
    const batches = [[200, 300], [250], [120, 10], [400, 5, 6], [300], [60], [7, 80]];
    ({ disk, groups } = await written(batches));
    proven = groups.length - 2;
    expect(segmentPaths(disk).length).toBeGreaterThan(2);
  });

  it('is refused, or cut from the last write, or met by reading; never a wrong group', () => {
    const random = seededRandom(7);
    const counts = { refused: 0, cut: 0, met: 0, harmless: 0 };
    for (const path of segmentPaths(disk)) {
      const { length } = disk.contentOf(path);
      for (let at = 0; at < length; at++) {
        const damaged = copyOf(disk);
        change(damaged, path, (bytes) => flip(bytes, at, 1 << below(random, 8)));
        const outcome = openAndRead(damaged);
        counts[outcome.kind]++;
        if ('groups' in outcome) {
          expect(outcome.groups, `${path} byte ${at}`).toEqual(groups.slice(0, outcome.groups.length));
          expect(outcome.groups.length).toBeGreaterThanOrEqual(outcome.kind === 'cut' ? proven : groups.length);
        } else {
          expect(outcome.message).toMatch(/\.journal at byte \d+: /);
        }
      }
    }
    for (const kind of ['refused', 'cut', 'met', 'harmless'] as const) expect(counts[kind], kind).toBeGreaterThan(0);
  });

  type BitOutcome =
    | { kind: 'refused' | 'met'; message: string }
    | { kind: 'cut' | 'harmless'; groups: readonly JournalGroup[] };

  function openAndRead(damaged: FaultyFileSystem): BitOutcome {
    let opened = false;
    try {
      const { journal, recovery } = openOn(damaged);
      opened = true;
      return { kind: recovery.cutBytes > 0 ? 'cut' : 'harmless', groups: readAll(journal) };
    } catch (error) {
      const { code, message } = error as { code?: unknown; message: string };
      expect(code).toBe('JOURNAL_DAMAGED');
      return { kind: opened ? 'met' : 'refused', message };
    } finally {
      damaged.kill();
    }
  }
});

describe('groups and files that are missing or moved', () => {
  const batches = [[200], [300], [250], [120], [400], [300], [60]];

  it('refuses a removed group, and two that changed places', async () => {
    const { disk } = await written([[30], [30], [30], [30]]);
    const [path] = segmentPaths(disk);
    const group = (bytes: Uint8Array, index: number) =>
      bytes.slice(HEADER + index * frame(30), HEADER + (index + 1) * frame(30));
    const removed = copyOf(disk);
    change(removed, path!, (bytes) => {
      const rest = bytes.slice(HEADER + 2 * frame(30));
      bytes.fill(0, HEADER + frame(30)).set(rest, HEADER + frame(30));
    });
    const swapped = copyOf(disk);
    change(swapped, path!, (bytes) => {
      const [second, third] = [group(bytes, 1), group(bytes, 2)];
      bytes.set(third, HEADER + frame(30));
      bytes.set(second, HEADER + 2 * frame(30));
    });
    for (const damaged of [removed, swapped]) {
      expect(recover(damaged).refused?.message).toContain(`${path} at byte ${HEADER + frame(30)}: expected position 2`);
    }
  });

  it('refuses a group from another journal at the right position', async () => {
    const { disk } = await written([[30], [30], [30]]);
    const { disk: other } = await written([[31], [30], [30]]);
    const [path] = segmentPaths(disk);
    const foreign = other.contentOf(path!).slice(HEADER + frame(31), HEADER + frame(31) + frame(30));
    change(disk, path!, (bytes) => {
      bytes.fill(0, HEADER + frame(30)).set(foreign, HEADER + frame(30));
    });
    expect(recover(disk).refused?.message).toContain('does not continue the one before it');
  });

  it.each<[string, Partial<JournalGroup>, number, string]>([
    ['an epoch that goes back', { epoch: 1 }, 2, 'expected epoch 2 or higher, found 1'],
    ['a durable position that goes back', {}, 1, 'expected a durable position from 2 to 3, found 1'],
    ['a durable position that it cannot know', {}, 4, 'expected a durable position from 2 to 3, found 4'],
    ['a position again', { firstPosition: 3 }, 2, 'expected position 4, found 3'],
  ])('refuses a group, whole and in the chain, with %s', async (_, wrong, durablePosition, expected) => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk, { epoch: 2 });
    await write(journal, [[30], [30], [30]]);
    disk.kill();
    const [path] = segmentPaths(disk);
    const end = HEADER + 3 * frame(30);
    change(disk, path!, (bytes) => {
      const crc = Buffer.from(bytes).readUInt32LE(end - frame(30) + 12);
      const hash = hashOf(bytes.subarray(end - frame(30) + 16, end));
      const writer = new ByteWriter();
      appendFrame(writer, { firstPosition: 4, recordCount: 1, now: 1, epoch: 2, payload: new Uint8Array(5), ...wrong });
      sealFrame(writer, 0, durablePosition, { crc, hash });
      bytes.set(writer.written(), end);
    });
    expect(recover(disk).refused?.message).toContain(`${path} at byte ${end}: ${expected}`);
  });

  it('refuses a group of a later format version instead of cutting it', async () => {
    const { disk } = await written([[30], [30]]);
    const [path] = segmentPaths(disk);
    change(disk, path!, (bytes) => bytes.fill(3, HEADER + frame(30) + 4, HEADER + frame(30) + 5));
    expect(recover(disk).refused?.message).toContain('expected format version 2, found 3');
  });

  it('meets a segment of another journal when reading', async () => {
    const { disk } = await written(batches);
    const { disk: other } = await written([[201], ...batches.slice(1)]);
    const [first] = segmentPaths(disk);
    disk.setContent(first!, other.contentOf(first!));
    const { journal } = openOn(disk);
    expect(() => readAll(journal)).toThrow('does not continue the one before it');
  });

  it('refuses any missing segment but the last', async () => {
    const { disk } = await written(batches);
    const paths = segmentPaths(disk);
    for (const path of paths.slice(0, -1)) {
      const damaged = copyOf(disk);
      await damaged.remove(path);
      expect(recover(damaged).refused?.message, path).toMatch(/expected the segment/);
    }
  });

  it('refuses a journal that ends below the newest snapshot, and one that is gone', async () => {
    const { disk, groups } = await written(batches);
    const end = headAt(disk, groups.length);
    expect(recover(copyOf(disk), end).refused).toBeNull();
    expect(recover(copyOf(disk), { ...end, position: end.position + 1 }).refused?.message).toContain(
      `the journal ends at ${groups.length}`,
    );
    expect(recover(new FaultyFileSystem(), end).refused?.message).toContain('there is no segment');
    await disk.remove(segmentPaths(disk).at(-1)!);
    expect(recover(disk, end).refused?.message).toMatch(/ at byte \d+: expected groups up to position 7/);
  });

  it('starts without old segments that a snapshot covers, and refuses to read what is gone', async () => {
    const { disk, groups } = await written(batches);
    const [first, second] = segmentPaths(disk);
    const start = Number(second!.slice(-28, -8));
    const expectedHead = headAt(disk, start - 1);
    await disk.remove(first!);
    const { journal } = openOn(disk, { expectedHead });
    expect(readAll(journal, start)).toEqual(groups.slice(start - 1));
    expect(() => readAll(journal, start - 1)).toThrow(expect.objectContaining({ code: 'JOURNAL_DAMAGED' }));
  });

  it('refuses a last segment without groups when the one before it is damaged', async () => {
    const { disk } = await written(batches);
    const [before, last] = segmentPaths(disk).slice(-2);
    change(disk, last!, (bytes) => bytes.fill(0));
    change(disk, before!, (bytes) => flip(bytes, HEADER + 92, 1));
    expect(recover(disk).refused?.message).toContain(`${before} at byte ${HEADER}: `);
  });

  it('goes on in a last segment whose only write was lost', async () => {
    const { disk, groups } = await written(batches);
    const last = segmentPaths(disk).at(-1)!;
    change(disk, last, (bytes) => bytes.fill(0));
    const firstLost = Number(last.slice(-28, -8));
    const { journal, recovery } = openOn(disk);
    expect(recovery).toEqual({ lastPosition: firstLost - 1, cutBytes: 0, cutAt: null });
    const more = await write(journal, [[44]]);
    disk.losePower();
    expect(recover(disk).groups).toEqual([...groups.slice(0, firstLost - 1), ...more]);
  });
});

describe('bytes that could be read but were never on the disk', () => {
  it('are made durable by recovery: a failed sync, a restart, then a power loss', async () => {
    const { disk, groups } = await written([[30], [9]]);
    const { journal } = openOn(disk);
    const lost = append(journal, 50);
    disk.fail({ operation: 'datasync', nth: 1, error: 'EIO' });
    await expect(journal.flush()).rejects.toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
    disk.kill();
    const reopened = openOn(disk);
    expect(readAll(reopened.journal)).toEqual([...groups, lost]);
    disk.losePower();
    expect(recover(disk).groups).toEqual([...groups, lost]);
  });
});
