/** Files that hold secrets: only their owner may read them, and they are replaced whole or not at all. */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '@oms/ports';

export const PRIVATE_MODE = 0o600;
const OTHERS = 0o077;

/**
 * @returns the text, or null when there is no such file
 * @throws InfrastructureError IDENTITY_FILE_UNUSABLE when others may read or write it, or it is no plain file
 */
export function readPrivateFile(file: string): string | null {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (facts === undefined) return null;
  if (!facts.isFile()) throw unusable(file, 'is not a plain file');
  requirePrivate(file, facts.mode);
  return readFileSync(file, 'utf8');
}

/** For a file that somebody else opens. */
export function requirePrivateFile(file: string): void {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (facts !== undefined) requirePrivate(file, facts.mode);
}

function requirePrivate(file: string, mode: number): void {
  if ((mode & OTHERS) === 0) return;
  const seen = (mode & 0o777).toString(8).padStart(3, '0');
  throw unusable(file, `may be read by others (mode ${seen}); allow only its owner: chmod 600 ${file}`);
}

export const unusable = (file: string, reason: string): InfrastructureError =>
  new InfrastructureError('IDENTITY_FILE_UNUSABLE', `${file} ${reason}`);

/** Durable when it returns. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.draft`;
  // One that a crash left behind would keep its own mode.
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: PRIVATE_MODE, flag: 'wx', flush: true });
  chmodSync(draft, PRIVATE_MODE);
  renameSync(draft, file);
  const directory = openSync(path.dirname(file), 'r');
  fsyncSync(directory);
  closeSync(directory);
}

/** Changes whenever the file was replaced or written to; null while there is none. */
export function versionOf(file: string): string | null {
  const facts = lstatSync(file, { throwIfNoEntry: false, bigint: true });
  return facts === undefined ? null : `${facts.ino}/${facts.size}/${facts.mtimeNs}`;
}
