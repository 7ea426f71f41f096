/**
 * Fills a data directory with open orders, has snapshots made of them, and adds a tail that only the journal has; ends
 * without another snapshot, as a process that was killed. Of the two snapshots, the first is of the live state, as at a
 * clean stop; the second is made by a worker from the first and what came since, as while orders come. Prints as JSON
 * what each took, and how long the second kept the event loop.
 *   node bench/parts/fillDataDirectory.ts DIRECTORY OPEN_ORDERS TAIL_ORDERS
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openFileJournal, openSnapshotFiles } from '@oms/adapter-embedded';
import { startSnapshotThread } from '@oms/house';
import { FileHouse } from '../suite/benchHouse.ts';
import { assertAnswer, OrderFlow } from '../suite/orderFlow.ts';

const ACCOUNTS = 1_000;
const ORDERS_PER_BATCH = 2_000;

const [, , directory = '', openOrders, tailOrders] = process.argv;
const snapshotDirectory = join(directory, 'snapshots');
const journalDirectory = join(directory, 'journal');
const { journal } = openFileJournal({ directory: journalDirectory });
const house = await FileHouse.open(ACCOUNTS, journal, openSnapshotFiles(snapshotDirectory));
// Far below any market, so that the server which starts from this finds them all still open.
const flow = new OrderFlow({ accounts: ACCOUNTS, side: 'BUY' });

async function rest(count: number): Promise<void> {
  for (let i = 0; i < count; ) {
    for (const end = Math.min(i + ORDERS_PER_BATCH, count); i < end; i++) {
      house.submit(
        (replyTo) => flow.next('rests', replyTo),
        (answer) => assertAnswer('rests', answer),
      );
    }
    await house.settled();
  }
}

/** @returns what `work` resolves with, and the longest time the event loop got no turn meanwhile */
async function longestPauseMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let lastTurnAt = performance.now();
  let running = true;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - lastTurnAt);
    lastTurnAt = now;
    if (running) setImmediate(look);
  };
  setImmediate(look);
  await work();
  running = false;
  return Math.max(longest, performance.now() - lastTurnAt);
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

await rest(Number(openOrders) - Number(tailOrders));
const seconds = await secondsOf(() => house.house.runtime.snapshot());
await rest(Number(tailOrders));
const task = { journalDirectory, snapshotDirectory, partitions: 1, position: journal.durablePosition };
let pauseMs = 0;
const workerSeconds = await secondsOf(async () => {
  pauseMs = await longestPauseMs(() => startSnapshotThread(task).made);
});
const name = readdirSync(snapshotDirectory).sort().at(-1)!;
const { size } = statSync(join(snapshotDirectory, name));
await rest(Number(tailOrders));
await house.house.runtime.stop();
await journal.close();
console.log(JSON.stringify({ seconds, workerSeconds, pauseMs, bytes: size, lastPosition: journal.lastPosition }));
