/** What the disk allows: appending groups to a preallocated file and syncing each, with nothing else to do. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { RawDisk } from '../benchReport.ts';

/** About what gathers during one sync at the rates of interest. */
const GROUP_ORDERS = 256;
const FILE_BYTES = 32 * 2 ** 20;
const DURATION_MS = 1_000;

/**
 * Blocks for a second.
 * @param directory on the disk in question
 * @param bytesPerOrder what the journal holds of one
 */
export function measureRawDisk(directory: string, bytesPerOrder: number): RawDisk {
  const file = path.join(directory, 'append-probe');
  const descriptor = openSync(file, 'w');
  try {
    const group = Buffer.alloc(Math.min(FILE_BYTES, Math.ceil(GROUP_ORDERS * bytesPerOrder)), 1);
    writeSync(descriptor, Buffer.alloc(FILE_BYTES));
    fdatasyncSync(descriptor);
    const startedAt = performance.now();
    let groups = 0;
    let offset = 0;
    while (performance.now() - startedAt < DURATION_MS) {
      if (offset + group.length > FILE_BYTES) offset = 0;
      writeSync(descriptor, group, 0, group.length, offset);
      fdatasyncSync(descriptor);
      offset += group.length;
      groups++;
    }
    const groupsPerSecond = (groups * 1000) / (performance.now() - startedAt);
    return { bytesPerOrder, groupOrders: GROUP_ORDERS, ordersPerSecond: groupsPerSecond * GROUP_ORDERS };
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
}
