/**
 * Records per second that the file journal makes durable, one flush per group, against a bare loop of one write and one
 * fdatasync of the same bytes into a file prepared the same way. The two take short turns; both figures are medians, so
 * that another process on the machine hits both.
 *   node bench/journalAppend.ts [--directory DIR] [--quick]
 */
import { closeSync, fdatasync, openSync, write, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openFileJournal } from '@oms/adapter-embedded';
import { withDiskDirectory } from './suite/diskDirectory.ts';
import { printFigure } from './suite/figure.ts';
import { median, percentile } from './suite/statistics.ts';

const RECORDS = 256;
const RECORD_BYTES = 150;
const GROUPS_PER_TURN = 400;
const FILE_BYTES = 64 * 1024 * 1024;

const payload = new Uint8Array(RECORDS * RECORD_BYTES).map((_, i) => i * 31);
const writeAt = promisify(write);
const sync = promisify(fdatasync);
const { values } = parseArgs({
  options: { directory: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const turns = values.quick ? 3 : 15;

interface Turn {
  readonly recordsPerSecond: number;
  readonly flushMs: readonly number[];
}

async function turn(flush: () => Promise<void>): Promise<Turn> {
  const flushMs: number[] = [];
  const start = performance.now();
  for (let group = 0; group < GROUPS_PER_TURN; group++) {
    const before = performance.now();
    await flush();
    flushMs.push(performance.now() - before);
  }
  return { recordsPerSecond: (GROUPS_PER_TURN * RECORDS * 1_000) / (performance.now() - start), flushMs };
}

function openJournal(directory: string) {
  const { journal } = openFileJournal({ directory: join(directory, 'journal') });
  const flush = (): Promise<void> => {
    const firstPosition = journal.lastPosition + 1;
    journal.append({ firstPosition, recordCount: RECORDS, now: Date.now(), epoch: journal.epoch, payload });
    return journal.flush();
  };
  return { flush, close: () => journal.close() };
}

async function openRaw(directory: string) {
  const file = openSync(join(directory, 'raw'), 'w+');
  for (let at = 0; at < FILE_BYTES; at += payload.length) {
    writeSync(file, new Uint8Array(payload.length), 0, payload.length, at);
  }
  await sync(file);
  let offset = 0;
  const flush = async (): Promise<void> => {
    if (offset + payload.length > FILE_BYTES) offset = 0;
    await writeAt(file, payload, 0, payload.length, offset);
    await sync(file);
    offset += payload.length;
  };
  return { flush, close: () => closeSync(file) };
}

await withDiskDirectory(values.directory, async (directory) => {
  const journal = openJournal(directory);
  const raw = await openRaw(directory);
  await turn(journal.flush);
  await turn(raw.flush);
  const taken = { journal: [] as Turn[], raw: [] as Turn[] };
  for (let i = 0; i < turns; i++) {
    taken.journal.push(await turn(journal.flush));
    taken.raw.push(await turn(raw.flush));
  }
  await journal.close();
  raw.close();
  const rate = (kind: readonly Turn[]) => median(kind.map(({ recordsPerSecond }) => recordsPerSecond));
  const flushMs = (kind: readonly Turn[], share: number) =>
    percentile(
      kind.flatMap((one) => one.flushMs),
      share,
    );
  printFigure({
    figure: 'journal append',
    value: rate(taken.journal),
    unit: 'records/s',
    better: 'higher',
    baseline: { what: 'raw write + fdatasync', value: rate(taken.raw) },
    details: {
      flushMsP50: flushMs(taken.journal, 0.5),
      flushMsP99: flushMs(taken.journal, 0.99),
      rawFlushMsP50: flushMs(taken.raw, 0.5),
      rawFlushMsP99: flushMs(taken.raw, 0.99),
    },
  });
});
