/**
 * Replay: a journal of orders, a third of them traded, is read from a disk, checksummed, decoded and folded into empty
 * actors, as at a start without a snapshot. The baseline reads the same files from end to end and looks at nothing; both
 * find them in the page cache. An event is one domain event of any service.
 *   node bench/journalReplay.ts [--orders 300000] [--directory DIR] [--quick]
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openFileJournal } from '@oms/adapter-embedded';
import { FileHouse } from './suite/benchHouse.ts';
import { withDiskDirectory } from './suite/diskDirectory.ts';
import { printFigure } from './suite/figure.ts';
import { runPart } from './suite/freshProcess.ts';

const { values } = parseArgs({
  options: {
    orders: { type: 'string' },
    directory: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const orders = Number(values.orders ?? (values.quick ? 30_000 : 300_000));
const READ_BYTES = 1024 * 1024;

/** @returns bytes read */
function readAll(directory: string): number {
  const buffer = new Uint8Array(READ_BYTES);
  let bytes = 0;
  for (const name of readdirSync(directory).sort()) {
    const file = openSync(join(directory, name), 'r');
    for (let read = -1; read !== 0; bytes += read) read = readSync(file, buffer);
    closeSync(file);
  }
  return bytes;
}

const secondsOf = (work: () => void): number => {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1_000;
};

await withDiskDirectory(values.directory, async (directory) => {
  const { lastPosition } = await runPart('fillJournal.ts', [directory, String(orders)]);
  const bytes = readAll(directory);
  const readSeconds = secondsOf(() => readAll(directory));
  const { journal } = openFileJournal({ directory });
  const house = FileHouse.forReplay(journal);
  let events = 0;
  const cpuBefore = process.cpuUsage();
  const seconds = secondsOf(() => {
    const { replayedRecords } = house.runtime.recover(() => {
      events++;
    });
    if (replayedRecords !== lastPosition) throw new Error(`${replayedRecords} of ${lastPosition} records replayed`);
  });
  const cpu = process.cpuUsage(cpuBefore);
  await journal.close();
  const known = house.orderStates().reduce((sum, { orderCount }) => sum + orderCount, 0);
  if (known !== orders) throw new Error(`${known} of ${orders} orders came back`);
  printFigure({
    figure: 'journal replay',
    value: events / seconds,
    unit: 'events/s',
    better: 'higher',
    baseline: { what: 'reading the files', value: events / readSeconds },
    details: {
      seconds,
      cpuNsPerEvent: (1_000 * (cpu.user + cpu.system)) / events,
      eventsPerOrder: events / orders,
      recordsPerSecond: lastPosition! / seconds,
      journalBytes: bytes,
      orders,
    },
  });
});
