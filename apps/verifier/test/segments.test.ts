/**
 * `oms verify` on journals of many segments and two partitions, as the production journal writes them: whole ones pass,
 * and damage in any segment is found and placed.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFileJournal } from '@oms/adapter-embedded';
import { decimal } from '@oms/domain';
import { MemoryJournal } from '@oms/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { VerifyReport } from '../src/index.ts';
import { type Frame, piecesOf, type SegmentFile, segmentFilesOf } from '../src/journal/segments.ts';
import { ReplayThread } from '../src/replay/replayThread.ts';
import { verifyJournal } from '../src/verifyJournal.ts';
import { FRAME_HEADER_BYTES, House, type StateAt, saveSnapshot } from './history.ts';

/** Small enough for a handful of groups each. */
const SEGMENT_BYTES = 2_048;

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** Orders of two accounts that live in different partitions, most of them filled. */
async function history(): Promise<{ house: House; middle: StateAt }> {
  const house = await new House(new MemoryJournal(), 2).open();
  const trade = async (accountId: string, price: string) => {
    const order = await house.place({ price: decimal(price) }, accountId);
    await house.venue('ack', order);
    await house.venue('fill', order, { quantity: '0.4' });
    return order;
  };
  for (let round = 0; round < 4; round++) for (const account of ['A', 'B']) await trade(account, '100');
  const middle = { position: house.journal.lastPosition, bytes: house.runtime.stateBytes() };
  for (let round = 0; round < 3; round++) {
    for (const account of ['A', 'B']) {
      const order = await trade(account, '99');
      await house.cancel(order);
      await house.venue('cancel', order);
    }
  }
  return { house, middle };
}

interface Written {
  readonly directory: string;
  readonly segments: readonly SegmentFile[];
  /** Hashes of the journal by position. */
  readonly hashes: ReadonlyMap<number, string>;
}

/** The history on the disk, with marks as a journal leaves them that was closed. */
async function written(house: House, epoch = 1): Promise<Written> {
  const directory = mkdtempSync(path.join(tmpdir(), 'oms-segments-'));
  directories.push(directory);
  const journalDirectory = path.join(directory, 'journal');
  const options = { directory: journalDirectory, segmentBytes: SEGMENT_BYTES, epoch };
  const { journal } = openFileJournal(options);
  const hashes = new Map<number, string>();
  for (const group of house.journal.groups) {
    journal.append({ ...group, epoch });
    await journal.flush();
    hashes.set(journal.head.position, journal.head.hash);
  }
  await journal.close();
  const segments = segmentFilesOf(journalDirectory);
  expect(segments.length).toBeGreaterThan(5);
  return { directory, segments, hashes };
}

async function verified({ directory, hashes }: Written, state: StateAt | null = null, inThreads = false) {
  const snapshotDirectory = path.join(directory, 'snapshots');
  if (state !== null) await saveSnapshot(snapshotDirectory, { ...state, hash: hashes.get(state.position)! });
  return verifyJournal({ journalDirectory: path.join(directory, 'journal'), snapshotDirectory, inThreads });
}

const breachesOf = (report: VerifyReport) =>
  Object.fromEntries(report.checks.filter((check) => !check.ok).map((check) => [check.id, check.breaches]));

const framesOf = (segment: SegmentFile): Frame[] => [...piecesOf(segment)].filter((piece) => piece.kind === 'frame');

function change({ file }: SegmentFile, edit: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  edit(bytes);
  writeFileSync(file, bytes);
}

describe('a whole journal of many segments and two partitions', () => {
  it.each([
    ['in one thread', false],
    ['with the replay in another', true],
  ])('passes, with the hash of the state it is of, %s', async (_, inThreads) => {
    const { house, middle } = await history();
    const report = await verified(await written(house), middle, inThreads);
    expect(breachesOf(report)).toEqual({});
    expect(report.stateHash).toBe(createHash('sha256').update(house.runtime.stateBytes()).digest('hex'));
    expect(report).toMatchObject({ ok: true, lastPosition: house.journal.lastPosition, orders: 14, cut: null });
  });

  it('gives the same report with one thread and two, also of one that breaks rules', async () => {
    const { house, middle } = await history();
    const intact = await written(house);
    const before = [...intact.hashes.keys()].findLast((position) => position < middle.position)!;
    const other = { ...middle, position: before };
    const one = await verified(intact, other);
    const two = await verified(await written(house), other, true);
    expect(Object.keys(breachesOf(one))).toEqual(['I10']);
    expect(two).toEqual(one);
  });
});

describe('a replay in a thread of its own', () => {
  it('fails what it is asked, and all after it, when it cannot go on', async () => {
    const { directory } = await written((await history()).house);
    const source = {
      journalDirectory: path.join(directory, 'journal'),
      snapshotDirectory: path.join(directory, 'snapshots'),
    };
    const replay = new ReplayThread(source);
    try {
      await expect(replay.fold(3)).resolves.toMatchObject({ stopped: null });
      await expect(replay.fold(1_000)).rejects.toThrow('fewer groups');
      await expect(replay.fromSnapshot()).rejects.toThrow('fewer groups');
    } finally {
      await replay.close();
    }
  });
});

describe('damage', () => {
  it('is a cut when the last write is torn, at any byte of it', async () => {
    const { house } = await history();
    const intact = await written(house);
    const last = intact.segments.at(-1)!;
    const torn = framesOf(last).findLast(({ recordCount }) => recordCount > 0)!;
    const whole = readFileSync(last.file);
    for (let kept = 1; kept < torn.payload.length + FRAME_HEADER_BYTES; kept += 29) {
      writeFileSync(last.file, Buffer.concat([whole.subarray(0, torn.offset + kept), Buffer.alloc(512)]));
      const report = await verified(intact);
      expect(breachesOf(report)).toEqual({});
      expect(report).toMatchObject({ lastPosition: torn.firstPosition - 1, cut: { file: last.file } });
      expect(report.stateHash).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('is a cut when of two groups in one write the first is torn; neither replay goes beyond it', async () => {
    const { house, middle } = await history();
    const directory = mkdtempSync(path.join(tmpdir(), 'oms-segments-'));
    directories.push(directory);
    const { journal } = openFileJournal({ directory: path.join(directory, 'open') });
    const hashes = new Map<number, string>();
    const { groups } = house.journal;
    for (const [index, group] of groups.entries()) {
      journal.append({ ...group, epoch: 1 });
      if (index === groups.length - 2) continue;
      await journal.flush();
      hashes.set(journal.head.position, journal.head.hash);
    }
    // Without the mark of a journal that was closed.
    cpSync(path.join(directory, 'open'), path.join(directory, 'journal'), { recursive: true });
    await journal.close();
    const [segment] = segmentFilesOf(path.join(directory, 'journal'));
    const torn = framesOf(segment!).at(-2)!;
    change(segment!, (bytes) => {
      bytes[torn.offset + 92]! ^= 1;
    });
    const report = await verified({ directory, segments: [segment!], hashes }, middle);
    expect(breachesOf(report)).toEqual({});
    expect(report).toMatchObject({ lastPosition: torn.firstPosition - 1, cut: { offset: torn.offset } });
    expect(report.stateHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is a cut when the last segment was being made', async () => {
    const { house } = await history();
    const intact = await written(house);
    const last = intact.segments.at(-1)!;
    truncateSync(last.file, 17);
    const report = await verified(intact);
    expect(breachesOf(report)).toEqual({});
    expect(report).toMatchObject({ lastPosition: last.firstPosition - 1, cut: { file: last.file, offset: 0 } });
  });

  it('is found where a bit was flipped in the middle of an older segment', async () => {
    const { house } = await history();
    const intact = await written(house);
    const older = intact.segments[2]!;
    const frame = framesOf(older)[1]!;
    change(older, (bytes) => {
      bytes[frame.offset + FRAME_HEADER_BYTES + 20]! ^= 4;
    });
    const report = await verified(intact);
    expect(breachesOf(report)).toEqual({
      I9: [expect.stringMatching(`^position ${frame.firstPosition}: ${older.file} at byte ${frame.offset}, `)],
    });
    expect(report).toMatchObject({ stateHash: '', lastPosition: house.journal.lastPosition, cut: null });
  });

  it('is found where an older segment ends early', async () => {
    const { house } = await history();
    const intact = await written(house);
    const older = intact.segments[2]!;
    const lost = framesOf(older).at(-1)!;
    change(older, (bytes) => bytes.fill(0, lost.offset));
    const next = intact.segments[3]!;
    const expected = `expected position ${lost.firstPosition}, found ${next.firstPosition}`;
    const { I9, ...others } = breachesOf(await verified(intact));
    expect(others).toEqual({});
    expect(I9![0]).toBe(`${next.file} at byte 0: ${expected}`);
  });

  it.each([
    ['the first', 0],
    ['one in the middle', 3],
  ])('is found where a segment is missing: %s', async (_, index) => {
    const { house } = await history();
    const intact = await written(house);
    const before = intact.segments[index - 1]?.firstPosition ?? 0;
    const { file, firstPosition } = intact.segments[index]!;
    const next = intact.segments[index + 1]!;
    rmSync(file);
    const report = await verified(intact);
    const { I9, ...others } = breachesOf(report);
    expect(others).toEqual({});
    expect(I9![0]).toBe(
      `${next.file} at byte 0: the segment follows one that begins with position ${firstPosition}, found ${before}`,
    );
    expect(report.stateHash).toBe('');
  });

  it('is found where the last segment is missing and a snapshot knows of it', async () => {
    const { house } = await history();
    const intact = await written(house);
    const { file, firstPosition } = intact.segments.at(-1)!;
    rmSync(file);
    expect(breachesOf(await verified(intact))).toEqual({});
    const end = { position: house.journal.lastPosition, bytes: house.runtime.stateBytes() };
    expect(breachesOf(await verified(intact, end))).toEqual({
      I9: [
        expect.stringMatching(
          `^the snapshot .* knows position ${end.position}, the journal ends with ${firstPosition - 1}$`,
        ),
      ],
    });
  });

  it('is found where segments changed places', async () => {
    const { house } = await history();
    const intact = await written(house);
    const [one, other] = [intact.segments[1]!, intact.segments[4]!];
    const aside = path.join(intact.directory, 'aside');
    renameSync(one.file, aside);
    renameSync(other.file, one.file);
    renameSync(aside, other.file);
    const report = await verified(intact);
    const { I9, ...others } = breachesOf(report);
    expect(others).toEqual({});
    expect(I9).toContain(
      `${one.file} at byte 0: the segment header says position ${other.firstPosition}, the name ${one.firstPosition}`,
    );
    expect(report.stateHash).toBe('');
  });

  it('is found where a segment is of another journal', async () => {
    const { house } = await history();
    const intact = await written(house);
    const foreign = await written(house, 5);
    copyFileSync(foreign.segments[3]!.file, intact.segments[3]!.file);
    const { I9 } = breachesOf(await verified(intact));
    expect(I9![0]).toContain(`${intact.segments[3]!.file} at byte 0: the segment was begun after hash`);
  });
});
