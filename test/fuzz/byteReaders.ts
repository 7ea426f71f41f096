/**
 * Every decoder of bytes that come from a disk, each with valid bytes to mutate and the judgement of what it made of
 * them: an equal value, or an InfrastructureError; for files one that names file and offset. Never another value.
 */
import { JournalTail, openFileJournal, openSnapshotFiles } from '@oms/adapter-embedded';
import {
  beginRecord,
  endRecord,
  orderEventCodec,
  type RecordReader,
  readEvents,
  readRecords,
  riskEventCodec,
  runtimeEventCodec,
  venueEventCodec,
} from '@oms/codec';
import { ByteReader, ByteWriter, type Codec, InfrastructureError, type JournalGroup } from '@oms/ports';
import { FaultyFileSystem } from '@oms/testkit';
import { recordsOf } from '@oms/verifier';
import { UnreadableError } from '../../apps/verifier/src/journal/cursor.ts';
import type { WrittenHistory } from './writtenHistory.ts';

export interface ByteSubject {
  readonly name: string;
  readonly samples: readonly Uint8Array[];
  /** @returns what is wrong with how the bytes were read; null when nothing is */
  readonly complaintOn: (bytes: Uint8Array) => string | null;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Runs a reader: what it complains of itself, or that it threw something it must not throw. */
function judged(read: () => string | null, mayThrow: (error: Error) => boolean): string | null {
  try {
    return read();
  } catch (error) {
    return mayThrow(error as Error) ? null : `threw ${(error as Error).stack}`;
  }
}

const isInfrastructure = (error: Error): boolean => error instanceof InfrastructureError;

/** What was read must be written as the very bytes it was read from. */
function rewritten(name: string, samples: readonly Uint8Array[], rewrite: (reader: ByteReader) => Uint8Array) {
  const complaintOn = (bytes: Uint8Array) =>
    judged(() => {
      const reader = new ByteReader(bytes);
      const again = rewrite(reader);
      return sameBytes(again, bytes.subarray(0, reader.offset))
        ? null
        : 'was read as something that is written otherwise';
    }, isInfrastructure);
  return { name, samples, complaintOn };
}

export async function byteSubjects(history: WrittenHistory): Promise<readonly ByteSubject[]> {
  const payloads = history.groups.map((group) => group.payload);
  const states = [...history.states].map(([service, { bytes, codec }]) =>
    rewritten(`state of ${service}`, [bytes], (reader) => writtenBy(codec, codec.decode(reader))),
  );
  return [
    rewritten('journal records', payloads, rewrittenRecords),
    { name: "the verifier's records", samples: payloads, complaintOn: verifierComplaint },
    ...states,
    snapshotSubject(history),
    await snapshotFileSubject(history),
    ...(await journalSubjects(history)),
  ];
}

const EVENT_CODECS = [runtimeEventCodec, orderEventCodec, riskEventCodec, venueEventCodec] as Codec<unknown>[];

function writtenBy(codec: Codec<unknown>, value: unknown): Uint8Array {
  const writer = new ByteWriter(1_024);
  codec.encode(value, writer);
  return writer.written();
}

function rewrittenRecords(reader: ByteReader): Uint8Array {
  const writer = new ByteWriter(1_024);
  for (const record of readRecords(reader.bytes)) {
    const codec = codecOf(record as RecordReader);
    const { service, partition, causeKind, causeSequence, eventCount } = record;
    const offset = beginRecord(writer, service, partition, causeKind, causeSequence);
    readEvents(record, codec, (event) => codec.encode(event, writer));
    endRecord(writer, offset, eventCount);
  }
  reader.offset = reader.end;
  return writer.written();
}

function codecOf({ service }: { readonly service: number }): Codec<unknown> {
  const codec = EVENT_CODECS[service];
  if (codec === undefined) throw new InfrastructureError('CODEC_MALFORMED', `there is no service ${service}`);
  return codec;
}

/** Two readers written apart: what one accepts the other must. */
function verifierComplaint(bytes: Uint8Array): string | null {
  let production = 0;
  try {
    rewrittenRecords(new ByteReader(bytes));
    for (const _ of readRecords(bytes)) production++;
  } catch (error) {
    if (!isInfrastructure(error as Error)) throw error;
    production = -1;
  }
  let verifier = 0;
  const complaint = judged(
    () => {
      for (const _ of recordsOf(bytes, 1)) verifier++;
      return null;
    },
    (error) => {
      verifier = -1;
      return error instanceof UnreadableError;
    },
  );
  if (complaint !== null || production === verifier) return complaint;
  return `the codec read ${production} records, the verifier ${verifier} (-1: refused)`;
}

/** A whole snapshot into a house: all its cells, or none and an error. */
function snapshotSubject({ snapshot, scratch }: WrittenHistory): ByteSubject {
  const { runtime } = scratch.house;
  const complaintOn = (bytes: Uint8Array) =>
    judged(() => {
      runtime.restore(bytes);
      return sameBytes(runtime.stateBytes(), bytes) ? null : 'the restored states are written otherwise';
    }, isInfrastructure);
  return { name: 'snapshot', samples: [snapshot], complaintOn };
}

const DIRECTORY = '/data/fuzzed';
const onlyFileOf = (disk: FaultyFileSystem): string => disk.paths().find((name) => /\.(snapshot|journal)$/.test(name))!;

/** Puts a file with these bytes where the valid one was. */
function diskWith(path: string, bytes: Uint8Array): FaultyFileSystem {
  const disk = new FaultyFileSystem();
  disk.makeDirectory(DIRECTORY);
  disk.setContent(path, bytes);
  return disk;
}

/** A file is the very snapshot that was saved, or is told as damaged. */
async function snapshotFileSubject({ groups, snapshot }: WrittenHistory): Promise<ByteSubject> {
  const disk = new FaultyFileSystem();
  const position = lastPositionOf(groups);
  await openSnapshotFiles(DIRECTORY, disk).save({ position, hash: 'e'.repeat(64) }, (writer) =>
    writer.append(snapshot),
  );
  const path = onlyFileOf(disk);
  const complaintOn = (bytes: Uint8Array) =>
    judged(() => {
      const { snapshot: loaded, damaged } = openSnapshotFiles(DIRECTORY, diskWith(path, bytes)).load(position);
      if (loaded === null) return damaged.includes(path) ? null : 'was passed over without a word';
      return sameBytes(loaded.bytes, snapshot) ? null : 'another state was loaded';
    }, isInfrastructure);
  return { name: 'snapshot file', samples: [disk.contentOf(path)], complaintOn };
}

const lastPositionOf = (groups: readonly JournalGroup[]): number => {
  const last = groups.at(-1);
  return last === undefined ? 0 : last.firstPosition + last.recordCount - 1;
};

const sameGroups = (read: readonly JournalGroup[], written: readonly JournalGroup[]): boolean =>
  read.every((group, index) => {
    const expected = written[index];
    return (
      expected !== undefined &&
      group.firstPosition === expected.firstPosition &&
      group.recordCount === expected.recordCount &&
      group.now === expected.now &&
      sameBytes(group.payload, expected.payload)
    );
  });

const SEGMENT_BYTES = 64 * 1024;

/** A journal whose last group may be a torn write, while all before it were acknowledged. */
function writtenJournal(groups: readonly JournalGroup[]) {
  const disk = new FaultyFileSystem();
  const { journal } = openFileJournal({ directory: DIRECTORY, fileSystem: disk, segmentBytes: SEGMENT_BYTES });
  const append = (group: JournalGroup) => journal.append({ ...group, epoch: journal.epoch });
  const contents = () => disk.contentOf(onlyFileOf(disk));
  groups.slice(0, -1).forEach(append);
  return journal
    .flush()
    .then(() => {
      const before = contents();
      append(groups.at(-1)!);
      return journal.flush().then(() => before);
    })
    .then((before) => {
      const sample = contents();
      const lastGroupAt = sample.findIndex((byte, at) => byte !== before[at]);
      return { path: onlyFileOf(disk), sample, lastGroupAt };
    });
}

/** The journal as a writer recovers it, and as a reader beside the writer sees it. */
async function journalSubjects({ groups }: WrittenHistory): Promise<ByteSubject[]> {
  const { path, sample, lastGroupAt } = await writtenJournal(groups);
  const lastPosition = lastPositionOf(groups);
  const namesPlace = (error: Error) =>
    isInfrastructure(error) && error.message.includes(path) && /\d/.test(error.message.replace(path, ''));
  /** Then what is missing before it was acknowledged, and that can be known. */
  const lastGroupStands = (bytes: Uint8Array) => sameBytes(bytes.subarray(lastGroupAt), sample.subarray(lastGroupAt));

  const recovered: ByteSubject['complaintOn'] = (bytes) =>
    judged(() => {
      const fileSystem = diskWith(path, bytes);
      const opened = openFileJournal({ directory: DIRECTORY, fileSystem, segmentBytes: SEGMENT_BYTES });
      const read = [...opened.journal.read(1)];
      if (!sameGroups(read, groups)) return 'other groups were read than were written';
      const isShort = read.length < groups.length && lastGroupStands(bytes);
      return isShort ? `${groups.length - read.length} acknowledged groups are gone` : null;
    }, namesPlace);

  const tailed: ByteSubject['complaintOn'] = (bytes) =>
    judged(() => {
      const tail = new JournalTail(DIRECTORY, 1, diskWith(path, bytes));
      const read: JournalGroup[] = [];
      for (let next = tail.next(lastPosition); next !== null; next = tail.next(lastPosition)) read.push(next);
      tail.close();
      return sameGroups(read, groups) ? null : 'other groups were read than were written';
    }, namesPlace);

  return [
    { name: 'journal, recovered', samples: [sample], complaintOn: recovered },
    { name: 'journal, read behind the writer', samples: [sample], complaintOn: tailed },
  ];
}
