/**
 * How fast the read model follows the journal: a made-up day of orders (bench/projectionDay.ts) is written to a journal
 * on disk and projected into a new database, as the worker does. Reports the processor time an order takes, how many
 * a second the lists catch up, how long the longest slice kept a query waiting, and the bytes an order leaves; then
 * the same of positions and balances, which follow behind the lists. The baseline of the same run writes rows of the
 * documents' sizes into a table without an index: what SQLite alone would take on this machine now.
 * Run: node bench/projection.ts [orders] [accounts]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { JournalTail, openFileJournal } from '@oms/adapter-embedded';
import { AccountsProjection } from '../packages/adapters/embedded/src/readModel/accountsProjection.ts';
import { DocumentStore } from '../packages/adapters/embedded/src/readModel/documentStore.ts';
import { PROJECTION_LIMITS, Projection } from '../packages/adapters/embedded/src/readModel/projection.ts';
import { openDatabase } from '../packages/adapters/embedded/src/readModel/schema.ts';
import { payloadOf } from '../packages/adapters/embedded/test/readModel/fedJournal.ts';
import { benchDay } from './projectionDay.ts';

const orders = Number(process.argv[2] ?? 50_000);
const accounts = Number(process.argv[3] ?? 1_000);
const ORDERS_PER_COMMIT = 2_000;

/** @returns position of the last record, and how many events there are of orders */
async function writeJournal(directory: string): Promise<{ lastPosition: number; orderEvents: number }> {
  const { journal } = openFileJournal({ directory });
  let orderEvents = 0;
  for (const { now, records } of benchDay(orders, accounts)) {
    for (const { service, events } of records) if (service === 'order-processor') orderEvents += events.length;
    const place = { firstPosition: journal.lastPosition + 1, recordCount: records.length };
    journal.append({ ...place, now, epoch: journal.epoch, payload: payloadOf(records) });
    await journal.flush();
  }
  const { lastPosition } = journal;
  await journal.close();
  return { lastPosition, orderEvents };
}

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly systemSeconds: number;
  /** Of each slice, shortest first. */
  readonly sliceMs: readonly number[];
}

function measure(step: () => boolean): Measured {
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const sliceMs: number[] = [];
  for (let more = true, before = started; more; ) {
    more = step();
    const now = performance.now();
    sliceMs.push(now - before);
    before = now;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    seconds: (performance.now() - started) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    systemSeconds: system / 1e6,
    sliceMs: sliceMs.sort((a, b) => a - b),
  };
}

/** Rows that one order leaves, and the bytes of their bodies: the order, its id, three reports, a position, two balances. */
const ROW_BYTES = [330, 40, 260, 260, 260, 160, 120, 120];

/** @returns orders per second when their rows are written and nothing else is done */
function bareRate(file: string): number {
  const database = openDatabase(file)!;
  database.exec('CREATE TABLE bare (number INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO bare (number, body) VALUES (?, ?)');
  const bodies = ROW_BYTES.map((bytes) => 'x'.repeat(bytes));
  const started = performance.now();
  for (let order = 0; order < orders; order += ORDERS_PER_COMMIT) {
    database.exec('BEGIN');
    for (let i = order; i < order + ORDERS_PER_COMMIT; i++) {
      bodies.forEach((body, row) => {
        insert.run(i * bodies.length + row, body);
      });
    }
    database.exec('COMMIT');
  }
  const seconds = (performance.now() - started) / 1_000;
  database.close();
  return orders / seconds;
}

function report(what: string, { seconds, cpuSeconds, systemSeconds, sliceMs }: Measured): void {
  const perOrder = (value: number): string => ((value * 1e6) / orders).toFixed(2);
  const sliceMsAt = (share: number): string => sliceMs[Math.floor(share * (sliceMs.length - 1))]!.toFixed(1);
  console.log(`${what} cpuUsPerOrder   ${perOrder(cpuSeconds)} (system ${perOrder(systemSeconds)})`);
  console.log(`${what} orders/s        ${Math.round(orders / seconds)}`);
  console.log(`${what} slice ms        p50 ${sliceMsAt(0.5)}  p99 ${sliceMsAt(0.99)}  max ${sliceMsAt(1)}`);
}

const directory = mkdtempSync(join(tmpdir(), 'oms-bench-projection-'));
const databaseFile = join(directory, 'read-model.sqlite');
try {
  const journalDirectory = join(directory, 'journal');
  const { lastPosition, orderEvents } = await writeJournal(journalDirectory);
  const openGroups = (fromPosition: number) => new JournalTail(journalDirectory, fromPosition);
  const store = new DocumentStore(openDatabase(databaseFile)!);
  const projection = new Projection(store, openGroups, PROJECTION_LIMITS);
  const accountsProjection = new AccountsProjection(store, openGroups, PROJECTION_LIMITS);
  const lists = measure(() => projection.step(lastPosition) === 'more');
  const behind = measure(() => accountsProjection.step(projection.checkpoint.position, lastPosition));
  projection.close();
  accountsProjection.close();
  store.close();
  const bare = bareRate(join(directory, 'bare.sqlite'));
  const rate = orders / lists.seconds;
  console.log(`node ${process.version}, ${orders} orders of ${accounts} accounts, ${orderEvents} order events`);
  const eventsPerOrder = orderEvents / orders;
  console.log(
    `order events/s   ${Math.round(rate * eventsPerOrder)}: ${Math.round((100 * rate) / bare)} % of bare rows (${Math.round(bare * eventsPerOrder)})`,
  );
  report('lists   ', lists);
  report('accounts', behind);
  console.log(`bytes per order  ${Math.round(statSync(databaseFile).size / orders)}`);
} finally {
  rmSync(directory, { recursive: true });
}
