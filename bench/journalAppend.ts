/**
 * Records per second that the file journal makes durable, one flush per group, against a bare loop of one write and one
 * fdatasync of the same bytes into a file prepared the same way. Run: node bench/journalAppend.ts [directory]
 * The two take turns in short rounds; the ratio is of the medians, so that another process on the machine hits both.
 */
import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, write, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openFileJournal } from '@oms/adapter-embedded';

const RECORDS = 256;
const RECORD_BYTES = 150;
const GROUPS_PER_ROUND = 400;
const ROUNDS = 15;
const FILE_BYTES = 64 * 1024 * 1024;

const payload = new Uint8Array(RECORDS * RECORD_BYTES).map((_, i) => i * 31);
const writeAt = promisify(write);
const sync = promisify(fdatasync);
const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'oms-bench-'));

interface Round {
  readonly recordsPerSecond: number;
  readonly flushMs: readonly number[];
}

async function round(flush: () => Promise<void>): Promise<Round> {
  const flushMs: number[] = [];
  const start = performance.now();
  for (let group = 0; group < GROUPS_PER_ROUND; group++) {
    const before = performance.now();
    await flush();
    flushMs.push(performance.now() - before);
  }
  return { recordsPerSecond: (GROUPS_PER_ROUND * RECORDS * 1_000) / (performance.now() - start), flushMs };
}

const { journal } = openFileJournal({ directory: join(root, 'journal') });
const flushJournal = (): Promise<void> => {
  const firstPosition = journal.lastPosition + 1;
  journal.append({ firstPosition, recordCount: RECORDS, now: Date.now(), epoch: journal.epoch, payload });
  return journal.flush();
};

const file = openSync(join(root, 'raw'), 'w+');
for (let at = 0; at < FILE_BYTES; at += payload.length)
  writeSync(file, new Uint8Array(payload.length), 0, payload.length, at);
await sync(file);
let offset = 0;
const flushRaw = async (): Promise<void> => {
  if (offset + payload.length > FILE_BYTES) offset = 0;
  await writeAt(file, payload, 0, payload.length, offset);
  await sync(file);
  offset += payload.length;
};

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

const rounds: { readonly journal: Round; readonly raw: Round }[] = [];
await round(flushJournal);
await round(flushRaw);
for (let i = 0; i < ROUNDS; i++) rounds.push({ journal: await round(flushJournal), raw: await round(flushRaw) });

const median = (kind: 'journal' | 'raw') =>
  percentile(
    rounds.map((r) => r[kind].recordsPerSecond),
    0.5,
  );
for (const kind of ['raw', 'journal'] as const) {
  const flushMs = rounds.flatMap((r) => r[kind].flushMs);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(flushMs, share).toFixed(2));
  const rate = Math.round(median(kind)).toLocaleString('en');
  console.log(`${kind.padEnd(8)} ${rate.padStart(12)} records/s   flush ms p50 ${p50}  p99 ${p99}  max ${max}`);
}
console.log(
  `ratio    ${(median('journal') / median('raw')).toFixed(3)} (medians of ${ROUNDS} rounds of ${GROUPS_PER_ROUND} flushes)`,
);

await journal.close();
closeSync(file);
rmSync(root, { recursive: true });
