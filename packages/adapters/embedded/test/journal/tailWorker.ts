/** A thread that tails a journal: told the durable position, it answers with every group it read. */
import { parentPort, workerData } from 'node:worker_threads';
import { JournalTail } from '../../src/journal/journalTail.ts';

const { directory } = workerData as { directory: string };
const tail = new JournalTail(directory, 1);

parentPort!.on('message', (throughPosition: number) => {
  const groups = [];
  for (let group = tail.next(throughPosition); group !== null; group = tail.next(throughPosition)) groups.push(group);
  parentPort!.postMessage(groups);
});
