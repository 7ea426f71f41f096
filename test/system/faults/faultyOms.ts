/**
 * `oms` as it is, on ports that announce every step and do what the environment variable OMS_TEST_FAULT says. Small
 * segments and frequent snapshots bring every step about within seconds. Ends when whoever started it is gone.
 */
import { flushCompileCache } from 'node:module';
import { startSnapshotThread } from '@oms/house';
import type { Outside } from '../../../apps/oms/src/compose/outside.ts';
import { runCommandLine } from '../../../apps/oms/src/main.ts';
// Loaded here, not when the command wants it, so that all of the system is compiled when the cache is written.
import '../../../apps/oms/src/compose/startOms.ts';
import { announcingFileSystem } from './announcingFileSystem.ts';
import { AnnouncingGateway, AnnouncingJournal } from './announcingPorts.ts';
import { announcerOf, FAULT_VARIABLE, parseFault } from './fault.ts';

const SEGMENT_BYTES = 128 * 1024;
const SNAPSHOT_TIMING = {
  tailWorthRecords: 1_000,
  tailMaxRecords: 1_000,
  tailAtStopRecords: 1_000,
  checkIntervalMs: 50,
};
const SNAPSHOT_WORKER = new URL('./faultySnapshotWorker.ts', import.meta.url);

const fault = parseFault(process.env[FAULT_VARIABLE]);
const announce = announcerOf(fault, () => process.kill(process.pid, 'SIGKILL'));

const outside: Outside = {
  fileSystem: announcingFileSystem(announce, fault?.moment === 'journal.write.half'),
  segmentBytes: SEGMENT_BYTES,
  snapshotTiming: SNAPSHOT_TIMING,
  startSnapshot: (task) => startSnapshotThread(task, SNAPSHOT_WORKER),
  journal: (onDisk) => new AnnouncingJournal(onDisk, announce),
  gateway: (house) => new AnnouncingGateway(house, announce),
};

// A process that is killed writes no cache of what it compiled, and every next one would start slowly.
flushCompileCache();

// The pipe from the parent closes with it, however it dies.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume();
process.stdin.unref?.();

process.exitCode = await runCommandLine(process.argv.slice(2), {
  streams: { out: process.stdout, error: process.stderr },
  environment: process.env,
  outside,
});
