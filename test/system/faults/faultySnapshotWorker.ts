/** The snapshot worker of `faultyOms.ts`: the real work on files that announce every step. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeSnapshot, type SnapshotTask } from '@oms/house';
import { announcingFileSystem } from './announcingFileSystem.ts';
import { announcerOf, FAULT_VARIABLE, parseFault } from './fault.ts';

const announce = announcerOf(parseFault(process.env[FAULT_VARIABLE]), () => process.kill(process.pid, 'SIGKILL'));
await makeSnapshot(workerData as SnapshotTask, announcingFileSystem(announce, false));
parentPort?.postMessage('made');
