/**
 * A journal that somebody changed on purpose, with every checksum and position put right again: the chain of hashes
 * shows it, and where he made that anew as well, a head that was noted earlier or a snapshot does.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { openFileJournal } from '@oms/adapter-embedded';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Head, verifyDataDirectory } from '../src/index.ts';
import { segmentFilesOf } from '../src/journal/segments.ts';
import type { SegmentBytes } from '../src/journalAudit.ts';
import { type Frames, frameBreaches, framesOf, headsOf, isGroup, layOut } from './forgery.ts';
import { FRAME_HEADER_BYTES, saveSnapshot } from './history.ts';
import { longHistory } from './stories.ts';

const NOTHING = { positions: false, hashes: false };
const POSITIONS = { positions: true, hashes: false };
const EVERYTHING = { positions: true, hashes: true };

const SEGMENT_BYTES = 2_048;
const NOW_AT = 32;
const PREVIOUS_CRC_AT = 8;

let root: string;
let segments: SegmentBytes[];
let heads: Head[];
let stateBytes: Uint8Array;

/** A real history over several segments, written in three runs, the last of which was killed. */
beforeAll(async () => {
  const house = await longHistory();
  stateBytes = house.runtime.stateBytes();
  root = mkdtempSync(path.join(tmpdir(), 'oms-tampering-'));
  const directory = path.join(root, 'journal');
  const { groups } = house.journal;
  const third = Math.ceil(groups.length / 3);
  for (let run = 0; run < 3; run++) {
    const { journal } = openFileJournal({ directory, segmentBytes: SEGMENT_BYTES });
    for (const group of groups.slice(run * third, (run + 1) * third)) {
      journal.append({ ...group, epoch: journal.epoch });
      await journal.flush();
    }
    segments = segmentFilesOf(directory).map(({ file, firstPosition }) => ({
      file: path.basename(file),
      firstPosition,
      bytes: readFileSync(file),
    }));
    await journal.close();
  }
  heads = headsOf(segments);
});
afterAll(() => rmSync(root, { recursive: true }));

/** Where a group is: its segment and place there. */
interface Place {
  readonly segment: number;
  readonly index: number;
}

const placesOf = (frames: Frames): Place[] =>
  frames.flatMap((of, segment) => of.flatMap((frame, index) => (isGroup(frame) ? [{ segment, index }] : [])));

type Edit = (frames: Frames, one: Place, other: Place) => void;

/** Each leaves frames that are whole; `one` comes before `other`. */
const EDITS = {
  removed: (frames, one) => frames[one.segment]!.splice(one.index, 1),
  swapped(frames, one, other) {
    const frame = frames[one.segment]![one.index]!;
    frames[one.segment]![one.index] = frames[other.segment]![other.index]!;
    frames[other.segment]![other.index] = frame;
  },
  duplicated(frames, one, other) {
    frames[other.segment]!.splice(other.index, 0, Buffer.from(frames[one.segment]![one.index]!));
  },
  'moved to a later place'(frames, one, other) {
    const frame = frames[one.segment]![one.index]!;
    frames[other.segment]!.splice(other.index + 1, 0, frame);
    frames[one.segment]!.splice(one.index, 1);
  },
  'altered in its time'(frames, one) {
    const frame = frames[one.segment]![one.index]!;
    frame.writeBigUInt64LE(frame.readBigUInt64LE(NOW_AT) + 1n, NOW_AT);
  },
} satisfies Record<string, Edit>;

/** Which of all groups two are, in order; the last is left out: what nothing follows, no hash speaks for. */
const twoGroups = fc
  .tuple(fc.nat(), fc.nat())
  .map(([a, b]) => [a % (heads.length - 2), b] as const)
  .map(([one, b]) => [one, one + 1 + (b % (heads.length - 2 - one))] as const);

/** The journal's frames after the edit. */
function edited(edit: Edit, one: number, other: number): Frames {
  const frames = framesOf(segments);
  const places = placesOf(frames);
  edit(frames, places[one]!, places[other]!);
  return frames;
}

describe('a journal as it was written', () => {
  it('is whole, and contains every head it ever had', () => {
    expect(segments.length).toBeGreaterThan(4);
    expect(frameBreaches(segments, heads)).toEqual([]);
  });

  it('is laid out by the forger of these tests to the very same bytes', () => {
    const forged = layOut(framesOf(segments), EVERYTHING);
    expect(framesOf(forged)).toEqual(framesOf(segments));
  });
});

describe('a byte that was altered, with the checksums of all that follows made anew', () => {
  it('is found in every field of a header and anywhere in the records, in any group', () => {
    const head = heads.at(-1)!;
    const places = placesOf(framesOf(segments));
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, where, bits) => {
        const frames = framesOf(segments);
        const { segment, index } = places[which % places.length]!;
        const frame = frames[segment]![index]!;
        // The forger repairs the two checksums themselves.
        const at = where % (frame.length - 8);
        frame[at < PREVIOUS_CRC_AT ? at : at + 8]! ^= bits;
        expect(frameBreaches(layOut(frames, NOTHING), [head])).not.toEqual([]);
      }),
      { numRuns: 800 },
    );
  });

  it('is found in the header of any segment', () => {
    for (const [index, segment] of segments.entries()) {
      for (let at = 0; at < 68; at++) {
        const bytes = Buffer.from(segment.bytes);
        bytes[at]! ^= 1 << (at % 8);
        bytes.writeUInt32LE(crc32(bytes.subarray(0, 68)), 68);
        const changed = segments.with(index, { ...segment, bytes });
        expect(frameBreaches(changed), `byte ${at} of ${segment.file}`).not.toEqual([]);
      }
    }
  });

  it('names the group, its file, byte and positions, and the group that shows it', () => {
    const frames = framesOf(segments);
    const altered = frames[1]![1]!;
    altered[FRAME_HEADER_BYTES + 30]! ^= 1;
    const offset = 72 + frames[1]![0]!.length;
    const first = Number(altered.readBigUInt64LE(24));
    const last = first + altered.readUInt32LE(20) - 1;
    const { file } = segments[1]!;
    const [breach, ...others] = frameBreaches(layOut(frames, NOTHING));
    expect(others).toEqual([]);
    expect(breach).toMatch(
      new RegExp(
        `^position ${first}: ${file} at byte ${offset}: the group with positions ${first} to ${last} has hash [0-9a-f]{16}…, ` +
          `the one after it, ${file} at byte ${offset + altered.length}, was written after [0-9a-f]{16}…: it was altered`,
      ),
    );
  });
});

describe('groups that were moved about, with positions and checksums made anew', () => {
  it.each(Object.entries(EDITS))('is found: %s', (_, edit) => {
    fc.assert(
      fc.property(twoGroups, ([one, other]) => {
        expect(frameBreaches(layOut(edited(edit, one, other), POSITIONS))).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each<[string, Edit, RegExp]>([
    ['an inserted group', EDITS.duplicated, /^position \d+: .* was inserted: by its hash the one after it, /],
    ['a removed group', EDITS.removed, /or groups between the two were removed$/],
  ])('says what it looks like: %s', (_, edit, message) => {
    expect(frameBreaches(layOut(edited(edit, 4, 7), POSITIONS)).join('\n')).toMatch(new RegExp(message.source, 'm'));
  });

  it.each<[string, Edit, RegExp]>([
    ['removed', EDITS.removed, /: expected position \d+, found \d+: groups were removed or moved/m],
    ['inserted', EDITS.duplicated, /: expected position \d+, found \d+: groups were inserted or moved/m],
  ])('says so plainly where positions were left as they are: %s', (_, edit, message) => {
    expect(frameBreaches(layOut(edited(edit, 4, 7), NOTHING)).join('\n')).toMatch(message);
  });
});

describe('a history that was made anew from some group on, hashes and all', () => {
  it.each(Object.entries(EDITS))('looks whole, and is found by any head at or above the change: %s', (_, edit) => {
    fc.assert(
      fc.property(twoGroups, fc.nat(), ([one, other], whichHead) => {
        const forged = layOut(edited(edit, one, other), EVERYTHING);
        expect(frameBreaches(forged)).toEqual([]);
        const known = heads.slice(other);
        const head = known[whichHead % known.length]!;
        expect(frameBreaches(forged, [head])).toEqual([expect.stringMatching(/the anchor (has hash|knows position)/)]);
      }),
      { numRuns: 100 },
    );
  });

  it('is no matter to a head below the change', () => {
    const frames = edited(EDITS['altered in its time'], 9, 9);
    expect(frameBreaches(layOut(frames, EVERYTHING), heads.slice(0, 9))).toEqual([]);
  });

  it('is found where the end was cut off, groups or whole segments, when a head is above it', () => {
    for (let kept = 1; kept < heads.length; kept++) {
      const frames = framesOf(segments);
      const { segment, index } = placesOf(frames)[kept]!;
      const cut = [...frames.slice(0, segment), frames[segment]!.slice(0, index)];
      const { position } = heads[kept - 1]!;
      expect(frameBreaches(layOut(cut, EVERYTHING), heads.slice(0, kept))).toEqual([]);
      expect(frameBreaches(layOut(cut, EVERYTHING), [heads[kept]!])).toEqual([
        `the anchor knows position ${heads[kept]!.position}, the journal ends with ${position}`,
      ]);
    }
  });

  it('is found where records were grouped otherwise than an anchor knows', () => {
    const { position, hash } = heads.find(({ position }, i) => position - (heads[i - 1]?.position ?? 0) > 1)!;
    expect(frameBreaches(segments, [{ position: position - 1, hash }])).toEqual([
      `the anchor knows position ${position - 1}, the journal has no group that ends there`,
    ]);
  });
});

describe('oms verify on such a directory', () => {
  /** A data directory with the forged journal; its content breaks no rule. */
  async function forgedDirectory(): Promise<string> {
    const frames = edited(EDITS['altered in its time'], heads.length - 1, heads.length - 1);
    const directory = mkdtempSync(path.join(root, 'forged-'));
    const { journal } = openFileJournal({ directory: path.join(directory, 'journal') });
    await journal.close();
    for (const { file, bytes } of layOut(frames, EVERYTHING))
      writeFileSync(path.join(directory, 'journal', file), bytes);
    return directory;
  }
  const breachesIn = async (directory: string, anchors: readonly Head[]) =>
    (await verifyDataDirectory(directory, { anchors })).checks.flatMap(({ breaches }) => breaches);

  it('reports the head of the journal, which is an anchor for the next time', async () => {
    const report = await verifyDataDirectory(root, { anchors: heads });
    expect(report.ok).toBe(true);
    expect(report.head).toEqual(heads.at(-1));
    expect(await breachesIn(root, [report.head])).toEqual([]);
  });

  it('finds the change by the anchor, and not without it', async () => {
    const directory = await forgedDirectory();
    const { position, hash } = heads.at(-1)!;
    expect(await breachesIn(directory, [])).toEqual([]);
    expect(await breachesIn(directory, heads)).toEqual([
      expect.stringMatching(
        `^position ${position}: the anchor has hash ${hash}, the journal [0-9a-f]{64}: what is at or below it was rewritten$`,
      ),
    ]);
  });

  it('finds it by a snapshot, with which the server does not start either', async () => {
    const directory = await forgedDirectory();
    const head = heads.at(-1)!;
    await saveSnapshot(path.join(directory, 'snapshots'), { ...head, bytes: stateBytes });
    expect(await breachesIn(directory, [])).toContainEqual(
      expect.stringMatching(
        `^position ${head.position}: the snapshot .*\\.snapshot has hash ${head.hash}, the journal`,
      ),
    );
    expect(() => openFileJournal({ directory: path.join(directory, 'journal'), expectedHead: head })).toThrow(
      'the snapshot is of another journal',
    );
  });
});
