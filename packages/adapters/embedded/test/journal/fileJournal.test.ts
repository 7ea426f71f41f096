/** Segments of the file journal: rotation, preparation ahead, groups larger than a segment, epochs, exact layout, heads. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { JournalGroup, JournalHead, OpenFile } from '@oms/ports';
import { FaultyFileSystem } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import {
  append,
  contentsOf,
  copyOf,
  DIRECTORY,
  FRAME_HEADER_BYTES,
  headAt,
  openOn,
  readAll,
  SEGMENT_BYTES,
  SEGMENT_HEADER_BYTES,
  segmentPaths,
  write,
} from './journalOnDisk.ts';

const nameOf = (path: string) => path.slice(DIRECTORY.length + 1);
const firstPositionOf = (path: string) => Number(nameOf(path).slice(0, 20));

describe('rotation', () => {
  it('names segments by their first position and keeps every group in one of them', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const groups = await write(journal, [[400], [400], [400], [100, 400, 400, 400], [400]]);
    expect(segmentPaths(disk).map(firstPositionOf)).toEqual([1, 3, 5, 7]);
    expect(readAll(journal)).toEqual(groups);
    for (const position of [1, 3, 5, 7]) expect(readAll(journal, position)).toEqual(groups.slice(position - 1));
  });

  it('goes on in the same segment after a restart while there is room', async () => {
    const disk = new FaultyFileSystem();
    const groups: JournalGroup[] = [];
    for (let run = 0; run < 6; run++) {
      const { journal } = openOn(disk);
      groups.push(...(await write(journal, [[100]])));
      await journal.close();
    }
    expect(segmentPaths(disk).map(firstPositionOf)).toEqual([1, 5]);
    expect(readAll(openOn(disk).journal)).toEqual(groups);
  });

  it('writes into files whose size and zeros were synced before: no write changes a size', async () => {
    const disk = new FaultyFileSystem();
    const synced: { file: OpenFile; bytes: number; zeros: boolean }[] = [];
    const open = disk.open.bind(disk);
    disk.open = (path, mode): OpenFile => {
      const file = open(path, mode);
      const datasync = file.datasync;
      file.datasync = async () => {
        await datasync();
        const content = new Uint8Array(file.size());
        file.read(content, 0);
        synced.push({ file, bytes: content.length, zeros: content.every((byte) => byte === 0) });
      };
      return file;
    };
    const { journal } = openOn(disk);
    await write(journal, [[100], [700], [10, 20, 30], [800]]);
    const files = [...new Set(synced.map(({ file }) => file))];
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const [first, ...later] = synced.filter((sync) => sync.file === file);
      expect(first).toMatchObject({ bytes: SEGMENT_BYTES, zeros: true });
      expect(later.every(({ bytes, zeros }) => bytes === SEGMENT_BYTES && !zeros)).toBe(true);
    }
  });

  it('prepares the next segment when half of this one is used, not before', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    await write(journal, [[300]]);
    expect(disk.paths().map(nameOf)).toEqual(['00000000000000000001.journal']);
    await write(journal, [[200]]);
    expect(disk.paths().map(nameOf)).toEqual(['00000000000000000001.journal', 'next.prepared']);
    await journal.close();
    expect(disk.paths().map(nameOf)).toEqual(['00000000000000000001.journal']);
  });

  it('goes on when preparing ahead failed and the disk has room again by the time it is needed', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const groups = await write(journal, [[300]]);
    disk.fail({ operation: 'create', nth: 1, error: 'ENOSPC' });
    groups.push(...(await write(journal, [[200]])), ...(await write(journal, [[800]])));
    expect(readAll(journal)).toEqual(groups);
  });

  it('fails for good when there is no room for the segment that is needed', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    await write(journal, [[300]]);
    disk.fail({ operation: 'create', nth: 1, error: 'ENOSPC' });
    disk.fail({ operation: 'create', nth: 2, error: 'ENOSPC' });
    await write(journal, [[200]]);
    append(journal, 800);
    await expect(journal.flush()).rejects.toMatchObject({
      code: 'JOURNAL_WRITE_FAILED',
      cause: expect.objectContaining({ code: 'ENOSPC' }),
    });
    await journal.close();
  });
});

describe('a group larger than a segment', () => {
  it.each([
    ['first of all', [[5_000], [10]]],
    ['between others, in the same flush', [[10], [20, 5_000, 30], [40]]],
    ['twice in a row', [[10], [5_000], [6_000], [10]]],
    ['of exactly a segment', [[SEGMENT_BYTES - SEGMENT_HEADER_BYTES - FRAME_HEADER_BYTES], [SEGMENT_BYTES], [1]]],
  ])('gets a segment of its own: %s', async (_, batches) => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const groups = await write(journal, batches);
    expect(readAll(journal)).toEqual(groups);
    disk.losePower();
    const reopened = openOn(disk);
    expect(reopened.recovery).toMatchObject({ lastPosition: groups.length, cutBytes: 0 });
    const more = await write(reopened.journal, [[10]]);
    expect(readAll(reopened.journal)).toEqual([...groups, ...more]);
  });

  it('replaces a segment that was named but holds nothing yet', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    const groups = await write(journal, [[400], [400]]);
    append(journal, 400);
    // The name of the third group's segment is durable, the group itself is not.
    disk.fail({ operation: 'syncDirectory', nth: 1, error: 'POWER' });
    await expect(journal.flush()).rejects.toThrow();
    disk.losePower(undefined, 2);
    expect(segmentPaths(disk).map(firstPositionOf)).toEqual([1, 3]);
    const reopened = openOn(disk);
    groups.push(...(await write(reopened.journal, [[5_000], [10]])));
    disk.losePower();
    expect(readAll(openOn(disk).journal)).toEqual(groups);
  });
});

describe('epochs', () => {
  it.each([1, 2])('refuses epoch %i when the journal was written at 2', async (epoch) => {
    const disk = new FaultyFileSystem();
    await write(openOn(disk).journal, [[10]]);
    await write(openOn(disk).journal, [[10]]);
    disk.kill();
    expect(() => openOn(disk, { epoch })).toThrow(expect.objectContaining({ code: 'JOURNAL_FENCED' }));
    expect(openOn(disk, { epoch: 7 }).journal.epoch).toBe(7);
  });
});

describe('the layout', () => {
  it('is the documented one, byte for byte', async () => {
    const disk = new FaultyFileSystem();
    const { journal } = openOn(disk);
    journal.append({
      firstPosition: 1,
      recordCount: 2,
      now: 1_700_000_000_000,
      epoch: 1,
      payload: Uint8Array.of(1, 2),
    });
    await journal.flush();
    journal.append({ firstPosition: 3, recordCount: 1, now: 1_700_000_000_001, epoch: 1, payload: new Uint8Array(8) });
    await journal.close();
    const bytes = Buffer.from(disk.contentOf(segmentPaths(disk)[0]!));
    const header = Buffer.concat([
      Buffer.from('ff4f4d534a524e4c020000000000000001', 'hex'),
      Buffer.alloc(SEGMENT_HEADER_BYTES - 4 - 17),
    ]);
    expect(bytes.subarray(0, SEGMENT_HEADER_BYTES - 4)).toEqual(header);
    expect(bytes.readUInt32LE(SEGMENT_HEADER_BYTES - 4)).toBe(crc32(header));
    const frames = [
      { at: 72, length: 2, count: 2, position: 1n, now: 1_700_000_000_000n, durable: 0n },
      { at: 168, length: 8, count: 1, position: 3n, now: 1_700_000_000_001n, durable: 2n },
      { at: 264, length: 0, count: 0, position: 4n, now: 0n, durable: 3n },
    ];
    let previousCrc = 0;
    let previousHash = Buffer.alloc(32);
    for (const { at, length, count, position, now, durable } of frames) {
      const end = at + FRAME_HEADER_BYTES + Math.ceil(length / 8) * 8;
      expect(bytes.toString('hex', at, at + 8)).toBe('ff4f4d4702000000');
      expect([bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20)]).toEqual([length, count]);
      const fields = [24, 32, 40, 48].map((field) => bytes.readBigUInt64LE(at + field));
      expect(fields).toEqual([position, now, 1n, durable]);
      expect(bytes.subarray(at + 56, at + 88)).toEqual(previousHash);
      expect(bytes.readUInt32LE(at + 8)).toBe(previousCrc);
      const covered = [bytes.subarray(at, at + 12), bytes.subarray(at + 16, end)];
      previousCrc = bytes.readUInt32LE(at + 12);
      expect(previousCrc).toBe(crc32(Buffer.concat(covered)));
      if (count > 0)
        previousHash = createHash('sha256')
          .update(bytes.subarray(at + 16, end))
          .digest();
    }
    expect(journal.head).toEqual({ position: 3, hash: previousHash.toString('hex') });
    expect(bytes.subarray(352).every((byte) => byte === 0)).toBe(true);
  });
});

describe('a journal of the first version of the format', () => {
  const ofVersion1 = () => {
    const bytes = new Uint8Array(SEGMENT_BYTES);
    const view = new DataView(bytes.buffer);
    bytes.set(Buffer.from('ff4f4d534a524e4c', 'hex'));
    view.setUint32(8, 1, true);
    view.setBigUint64(16, 1n, true);
    view.setUint32(36, crc32(bytes.subarray(0, 36)), true);
    // What follows is of no matter: it must not be taken for a torn write.
    return bytes.fill(0xab, 40, 200);
  };

  it('is refused with what to do, and left as it is', () => {
    const disk = new FaultyFileSystem();
    const path = `${DIRECTORY}/00000000000000000001.journal`;
    disk.setContent(path, ofVersion1());
    expect(() => openOn(disk)).toThrow(
      expect.objectContaining({
        code: 'JOURNAL_VERSION_UNSUPPORTED',
        message: expect.stringMatching(/1\.journal has format version 1, .* version 2\. .*empty data directory/),
      }),
    );
    expect(disk.contentOf(path)).toEqual(ofVersion1());
  });

  it.each([3, 255])('so is one of a later version (%i), whose header may have another form', (version) => {
    const disk = new FaultyFileSystem();
    const path = `${DIRECTORY}/00000000000000000001.journal`;
    const bytes = ofVersion1().fill(version, 8, 9);
    disk.setContent(path, bytes);
    expect(() => openOn(disk)).toThrow(`expected format version 2, found ${version}`);
    expect(disk.contentOf(path)).toEqual(bytes);
  });
});

describe('the head', () => {
  it('is found again at every position that ended a group, over rotations, marks and restarts', async () => {
    const disk = new FaultyFileSystem();
    const heads: JournalHead[] = [];
    for (let run = 0; run < 3; run++) {
      const { journal } = openOn(disk);
      for (const length of [300, 20, 400, 5_000, 7]) {
        await write(journal, [[length]]);
        heads.push(journal.head);
      }
      await journal.close();
    }
    expect(heads.map(({ position }) => headAt(disk, position))).toEqual(heads);
  });

  it('goes on when the segments that a snapshot covers were moved away', async () => {
    const batches = [[400], [400], [400], [400], [400]];
    const whole = new FaultyFileSystem();
    const { journal } = openOn(whole);
    await write(journal, batches);
    const expectedHead = headAt(whole, 2);
    await journal.close();
    const left = copyOf(whole);
    await left.remove(segmentPaths(left)[0]!);
    const ends: JournalHead[] = [];
    for (const disk of [whole, left]) {
      const reopened = openOn(disk, { expectedHead, epoch: 9 }).journal;
      await write(reopened, [[30], [900]]);
      ends.push(reopened.head);
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  it('that a snapshot knows must be there: another history is refused, and one that grouped otherwise', async () => {
    const disk = new FaultyFileSystem();
    const other = new FaultyFileSystem();
    await write(openOn(disk).journal, [[30], [30], [30]]);
    await write(openOn(other).journal, [[30], [31], [30]]);
    disk.kill();
    const before = contentsOf(disk);
    expect(() => openOn(disk, { expectedHead: headAt(other, 3) })).toThrow('the snapshot is of another journal');
    expect(contentsOf(disk)).toEqual(before);
    expect(openOn(disk, { expectedHead: headAt(other, 1) }).recovery.lastPosition).toBe(3);
    const grouped = new FaultyFileSystem();
    const { journal } = openOn(grouped);
    append(journal, 60, 2);
    await journal.flush();
    grouped.kill();
    expect(() => openOn(grouped, { expectedHead: headAt(other, 1) })).toThrow('a group that ends with position 1');
  });
});
