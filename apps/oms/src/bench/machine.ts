/** Facts about the machine without which a figure means nothing: processor, Node, and what an fsync costs here. */
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
}

export const describeMachine = (): Machine => ({
  cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
  cores: os.cpus().length,
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  platform: `${os.type()} ${os.release()} ${os.arch()}`,
  node: process.version,
});

export interface FsyncTimes {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const WRITES = 200;
const WRITE_BYTES = 4096;

/** Writes and syncs blocks into a preallocated file in `directory`, as the journal does. */
export function measureFsync(directory: string): FsyncTimes {
  const file = path.join(directory, 'fsync-probe');
  const descriptor = openSync(file, 'w');
  try {
    const block = Buffer.alloc(WRITE_BYTES, 1);
    writeSync(descriptor, Buffer.alloc(WRITES * WRITE_BYTES));
    fdatasyncSync(descriptor);
    const times: number[] = [];
    for (let i = 0; i < WRITES; i++) {
      const startedAt = performance.now();
      writeSync(descriptor, block, 0, WRITE_BYTES, i * WRITE_BYTES);
      fdatasyncSync(descriptor);
      times.push(performance.now() - startedAt);
    }
    times.sort((a, b) => a - b);
    return { p50Ms: times[Math.floor(WRITES * 0.5)]!, p99Ms: times[Math.floor(WRITES * 0.99)]! };
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
}

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** CPU seconds a process has used so far; null where the system does not tell. */
export function cpuSecondsOf(processId: number): number | null {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
