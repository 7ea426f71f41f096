/**
 * The worker thread that owns the read model's database: projects what is durable, a chunk at a time, and answers
 * queries between the chunks. It only reads the journal, so nothing it does or suffers reaches the order path.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '@oms/domain';
import { JournalTail } from '../journal/journalTail.ts';
import { ReadModelHost } from './readModelHost.ts';
import type { ToWorker, WorkerStart } from './workerMessages.ts';

/** Nice value: when the cores are short, orders go first and the lists trail. */
const NICENESS = 10;

if (parentPort === null) throw new InvariantError('the projector runs in a worker thread');
const port = parentPort;
// Linux sets it for the calling thread alone; elsewhere it would slow the whole process.
if (process.platform === 'linux') setPriority(0, NICENESS);

const { journalDirectory, databaseFile, durablePosition } = workerData as WorkerStart;
const host = new ReadModelHost({
  databaseFile,
  durablePosition,
  openGroups: (fromPosition) => new JournalTail(journalDirectory, fromPosition),
  send: (message) => port.postMessage(message),
});
host.start();
port.on('message', (message: ToWorker) => {
  host.receive(message);
  if (message.kind === 'close') port.close();
});
