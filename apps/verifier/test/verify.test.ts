/**
 * `oms verify` on histories of the real house: clean ones pass, and every falsified one fails in exactly the check it
 * breaks, with a breach that names the place and the numbers.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockDataDirectory, openFileJournal } from '@oms/adapter-embedded';
import { decimal } from '@oms/domain';
import type { JournalGroup, Snapshot } from '@oms/ports';
import { MemoryJournal, TEST_INSTRUMENT } from '@oms/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { type VerifyReport, verifyDataDirectory } from '../src/index.ts';
import { verifyJournal } from '../src/verifyJournal.ts';
import { FALSIFICATIONS } from './falsifications.ts';
import {
  editable,
  FRAME_HEADER_BYTES,
  House,
  regrouped,
  type StateAt,
  saveSnapshot,
  snapshotOf,
  writeSegment,
} from './history.ts';
import { longHistory, shortHistory } from './stories.ts';

const directories: string[] = [];
function newDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'oms-verify-'));
  directories.push(directory);
  return directory;
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

async function verifyGroups(groups: readonly JournalGroup[], state: StateAt | null = null): Promise<VerifyReport> {
  const directory = newDirectory();
  const written = writeSegment(path.join(directory, 'journal'), groups);
  return verifyFiles(directory, state === null ? null : snapshotOf(written, state));
}

/** Verifies the journal in a data directory, with a snapshot beside it. */
async function verifyFiles(directory: string, snapshot: Snapshot | null = null): Promise<VerifyReport> {
  const snapshotDirectory = path.join(directory, 'snapshots');
  if (snapshot !== null) await saveSnapshot(snapshotDirectory, snapshot);
  return verifyJournal({ journalDirectory: path.join(directory, 'journal'), snapshotDirectory });
}

const breachesOf = (report: VerifyReport) =>
  Object.fromEntries(report.checks.filter((check) => !check.ok).map((check) => [check.id, check.breaches]));

describe('clean histories', () => {
  it('passes every check and looks at something in each', async () => {
    const house = await longHistory();
    await house.runtime.snapshot();
    const open = await house.place();
    await house.venue('ack', open);
    const report = await verifyGroups(house.journal.groups, house.snapshots.saved.at(-1));
    expect(breachesOf(report)).toEqual({});
    expect(report).toMatchObject({ ok: true, cut: null, lastPosition: house.journal.lastPosition });
    expect(report.checks.filter((check) => check.checked === 0)).toEqual([]);
    // Each record was replayed, and the states compared.
    expect(report.checks.find(({ id }) => id === 'I10')!.checked).toBeGreaterThan(report.lastPosition + 100);
    expect(report.stateHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps up with fee rates that change while orders are open', async () => {
    const house = await new House().open();
    const open = await house.place();
    await house.venue('ack', open);
    await house.list({ ...TEST_INSTRUMENT, takerFeeRate: decimal('0.01') });
    await house.venue('fill', open, { quantity: '0.3' });
    await house.cancel(open);
    await house.venue('cancel', open);
    const report = await verifyGroups(house.journal.groups);
    expect(breachesOf(report)).toEqual({});
    expect(report.stateHash).not.toBe('');
  });

  it('reads what the journal, the snapshots and the lock of the server leave in a data directory', async () => {
    const house = await shortHistory();
    await house.runtime.snapshot();
    const directory = newDirectory();
    const { journal } = openFileJournal({ directory: path.join(directory, 'journal') });
    for (const group of house.journal.groups) {
      journal.append({ ...group, epoch: journal.epoch });
      await journal.flush();
    }
    await journal.close();
    const { bytes } = house.snapshots.saved.at(-1)!;
    await saveSnapshot(path.join(directory, 'snapshots'), { ...journal.head, bytes });
    const progress: number[] = [];
    const report = await verifyDataDirectory(directory, { onProgress: (done, last) => progress.push(done, last) });
    expect(breachesOf(report)).toEqual({});
    expect(report).toMatchObject({ lastPosition: house.journal.lastPosition, orders: 3, cut: null });
    expect(progress.slice(-2)).toEqual([report.lastPosition, report.lastPosition]);
    const lock = lockDataDirectory(directory);
    await expect(verifyDataDirectory(directory)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_LOCKED' });
    lock.release();
  });
});

describe('falsified histories', () => {
  const original = async (): Promise<readonly JournalGroup[]> => {
    const house = await new House().open();
    await house.limits('DEFAULT', '', { orderQuantityMax: decimal('100') });
    await shortHistory(house);
    await house.place({ quantity: decimal('0.00000001') });
    return house.journal.groups;
  };

  it('is clean before anything is falsified', async () => {
    expect(breachesOf(await verifyGroups(regrouped(editable(await original()))))).toEqual({});
  });

  it.each(FALSIFICATIONS)('%s finds %s', async (check, _, edit, message) => {
    const records = editable(await original());
    const report = await verifyGroups(regrouped(edit(records) ?? records));
    const breaches = breachesOf(report);
    expect(Object.keys(breaches)).toEqual([check]);
    expect(breaches[check]!.join('\n')).toMatch(new RegExp(message.source, 'm'));
    expect(report.ok).toBe(false);
  });
});

// ---- files that were damaged -------------------------------------------------------------------------------------

describe('damaged files', () => {
  /** Writes the short history, lets the test harm its file, and verifies. */
  async function harmed(
    harm: (bytes: Buffer, groups: ReturnType<typeof writeSegment>) => Buffer | undefined,
    state: StateAt | null = null,
  ): Promise<VerifyReport> {
    const directory = newDirectory();
    const written = writeSegment(path.join(directory, 'journal'), (await shortHistory()).journal.groups);
    const { file } = written[0]!;
    const bytes = readFileSync(file);
    writeFileSync(file, harm(bytes, written) ?? bytes);
    return verifyFiles(directory, state === null ? null : snapshotOf(written, state));
  }

  it('finds a flipped bit before the end, and still reads every frame after it', async () => {
    const report = await harmed((bytes, groups) => {
      bytes[groups[2]!.offset + 92]! ^= 1;
      return undefined;
    });
    const { groups } = (await shortHistory()).journal;
    const position = groups[2]!.firstPosition;
    const [breach, ...others] = breachesOf(report).I9!;
    expect(Object.keys(breachesOf(report))).toEqual(['I9']);
    expect(others).toEqual([]);
    expect(breach).toMatch(
      new RegExp(`^position ${position}: /.*journal at byte \\d+, \\d+ bytes: the group says checksum \\d+`),
    );
    expect(report.lastPosition).toBe((await shortHistory()).journal.lastPosition);
    expect(report.stateHash).toBe('');
  });

  it('reports a torn tail as a cut, not as a breach, at every byte of the last group', async () => {
    const { groups } = (await shortHistory()).journal;
    const lastPosition = groups.at(-1)!.firstPosition - 1;
    const last = groups.length - 1;
    for (let kept = 1; kept < FRAME_HEADER_BYTES; kept += 9) {
      let offset = 0;
      const report = await harmed((bytes, written) => {
        offset = written[last]!.offset;
        return bytes.fill(0, offset + kept);
      });
      expect(breachesOf(report)).toEqual({});
      expect(report.lastPosition).toBe(lastPosition);
      expect(report.cut).toMatchObject({ offset });
    }
  });

  it('takes a missing end for damage when a snapshot knows more', async () => {
    const house = await shortHistory();
    await house.runtime.snapshot();
    const snapshot = house.snapshots.saved.at(-1)!;
    const report = await harmed((bytes, written) => bytes.fill(0, written.at(-1)!.offset + 30), snapshot);
    expect(Object.keys(breachesOf(report))).toEqual(['I9']);
    expect(report.cut).toBeNull();
    const cleanCut = await harmed((bytes, written) => bytes.fill(0, written.at(-1)!.offset), snapshot);
    expect(breachesOf(cleanCut).I9).toEqual([
      expect.stringMatching(
        `^the snapshot .* knows position ${snapshot.position}, the journal ends with ${house.journal.groups.at(-1)!.firstPosition - 1}$`,
      ),
    ]);
  });

  it('finds groups that were removed, moved, or skip a position', async () => {
    const { groups } = (await shortHistory()).journal;
    const removed = await verifyGroups(groups.filter((_, i) => i !== 3));
    expect(breachesOf(removed)).toEqual({
      I9: [expect.stringMatching(/expected position \d+, found \d+: groups were removed or moved$/)],
    });
    const skipping = groups.map((group, i) => (i < 4 ? group : { ...group, firstPosition: group.firstPosition + 1 }));
    expect(Object.keys(breachesOf(await verifyGroups(skipping)))).toEqual(['I9']);
  });

  it('finds a segment that is missing', async () => {
    const directory = newDirectory();
    const { groups } = (await shortHistory()).journal;
    const { file } = writeSegment(path.join(directory, 'journal'), groups)[0]!;
    const bytes = readFileSync(file);
    bytes[20]! ^= 1;
    writeFileSync(file, bytes);
    const report = await verifyFiles(directory);
    expect(breachesOf(report).I9?.[0]).toMatch(/at byte 0: the segment header says checksum/);
  });
});

describe('snapshots', () => {
  it('finds one whose file is damaged', async () => {
    const house = await shortHistory();
    const directory = newDirectory();
    const written = writeSegment(path.join(directory, 'journal'), house.journal.groups);
    const snapshots = path.join(directory, 'snapshots');
    const state = { position: house.journal.lastPosition, bytes: house.runtime.stateBytes() };
    await saveSnapshot(snapshots, snapshotOf(written, state));
    const file = path.join(snapshots, readdirSync(snapshots)[0]!);
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(file, bytes);
    expect(breachesOf(await verifyFiles(directory))).toEqual({ I9: [`the snapshot ${file} is damaged`] });
  });

  it('knows the cells of one to which nothing has happened yet', async () => {
    const house = new House(new MemoryJournal(), 2);
    await house.limits('DEFAULT', '', { openOrdersMax: 5 });
    const snapshot = { position: house.journal.lastPosition, bytes: house.runtime.stateBytes() };
    const report = await verifyGroups(house.journal.groups, snapshot);
    expect(breachesOf(report)).toEqual({});
    expect(report.stateHash).toBe(createHash('sha256').update(snapshot.bytes).digest('hex'));
  });

  it('finds one that does not agree with the journal', async () => {
    const house = await shortHistory();
    const bytes = house.runtime.stateBytes();
    const position = house.journal.lastPosition;
    const other = await shortHistory();
    await other.place({ price: decimal('91') });
    const otherState = { position, bytes: other.runtime.stateBytes() };
    expect(breachesOf(await verifyGroups(house.journal.groups, { position, bytes }))).toEqual({});
    const report = await verifyGroups(house.journal.groups, otherState);
    expect(breachesOf(report)).toEqual({
      I10: [
        expect.stringMatching(
          /^replay from position 1 gives state [0-9a-f]{64}, the snapshot at position \d+ .* [0-9a-f]{64}$/,
        ),
      ],
    });
  });

  it('goes on from one in the middle to the same state', async () => {
    const house = await shortHistory();
    const snapshot = { position: house.journal.lastPosition, bytes: house.runtime.stateBytes() };
    const order = await house.place();
    await house.venue('fill', order);
    const report = await verifyGroups(house.journal.groups, snapshot);
    expect(breachesOf(report)).toEqual({});
  });
});
