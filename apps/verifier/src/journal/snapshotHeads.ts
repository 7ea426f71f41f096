/** Which place of the journal each snapshot says that it was made from: the headers of the snapshot files. */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Anchor } from '../hashChain.ts';

const MAGIC = Buffer.from('ff4f4d53534e4150', 'hex');
const HEADER = 72;
const FORMAT_VERSION = 3;

/** Files that are no whole snapshots of this format have none: that they are damaged shows when one is loaded. */
export function snapshotHeadsOf(directory: string): Anchor[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => /^\d{20}\.snapshot$/.test(name));
  return names.sort().flatMap((name) => headOf(path.join(directory, name), Number(name.slice(0, 20))) ?? []);
}

function headOf(file: string, position: number): Anchor | null {
  const header = Buffer.alloc(HEADER);
  const descriptor = openSync(file, 'r');
  try {
    if (readSync(descriptor, header, 0, HEADER, 0) < HEADER) return null;
  } finally {
    closeSync(descriptor);
  }
  if (!header.subarray(0, 8).equals(MAGIC) || header.readUInt32LE(8) !== FORMAT_VERSION) return null;
  if (header.readUInt32LE(68) !== crc32(header.subarray(0, 68))) return null;
  if (Number(header.readBigUInt64LE(16)) !== position) return null;
  return { position, hash: header.toString('hex', 32, 64), knownBy: `the snapshot ${file}` };
}
