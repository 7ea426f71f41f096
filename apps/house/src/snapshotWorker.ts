/** The worker thread that makes one snapshot and ends: its memory goes with it, and its failure is its own. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { makeSnapshot, type SnapshotTask } from './makeSnapshot.ts';

/** Nice value: when the cores are short, orders go first. */
const NICENESS = 10;

// Linux sets it for the calling thread alone; elsewhere it would slow the whole process.
if (process.platform === 'linux') setPriority(0, NICENESS);
await makeSnapshot(workerData as SnapshotTask);
parentPort?.postMessage('made');
