/**
 * One process per data directory. The lock is SQLite's exclusive lock on a small file: held by the operating system for
 * the process, gone with it however it dies, and kept apart within one process too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InfrastructureError } from '@oms/ports';
import { nodeFileSystem } from './nodeFileSystem.ts';

const LOCK_FILE = 'lock.sqlite';
const HOLDER_FILE = 'lock.pid';
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

export interface DataDirectoryLock {
  readonly directory: string;
  /** Lets others in. Harmless when repeated. */
  release(): void;
}

/**
 * Makes the directory when it is missing, and locks it.
 * @throws InfrastructureError DATA_DIRECTORY_LOCKED, DATA_DIRECTORY_UNUSABLE
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  try {
    nodeFileSystem.makeDirectory(directory);
  } catch (error) {
    throw unusable(directory, error);
  }
  const database = lockFile(directory);
  try {
    // Says who holds it, and shows at once that the directory can be written.
    writeFileSync(join(directory, HOLDER_FILE), String(process.pid));
  } catch (error) {
    database.close();
    throw unusable(directory, error);
  }
  return {
    directory,
    release() {
      if (database.isOpen) database.close();
    },
  };
}

function lockFile(directory: string): DatabaseSync {
  const path = join(directory, LOCK_FILE);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    throw refusal(directory, path, error);
  }
}

function refusal(directory: string, path: string, error: unknown): InfrastructureError {
  const code = (error as { errcode?: number }).errcode;
  if (code === SQLITE_BUSY) {
    const message = `${directory} is in use by another OMS${holderOf(directory)}. Stop it, or choose another data directory`;
    return new InfrastructureError('DATA_DIRECTORY_LOCKED', message, error);
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOT_A_DATABASE) {
    const message = `${path} is not a lock file. Remove it (it holds no data) and start again`;
    return new InfrastructureError('DATA_DIRECTORY_UNUSABLE', message, error);
  }
  return unusable(directory, error);
}

function holderOf(directory: string): string {
  try {
    return ` (process ${readFileSync(join(directory, HOLDER_FILE), 'utf8')})`;
  } catch {
    return '';
  }
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  EEXIST: 'There is a file of that name: remove it, or choose another data directory',
  ENOTDIR: 'A part of the path is a file: choose another data directory',
  EACCES: 'Give this user the right to write there, or choose another data directory',
  EPERM: 'Give this user the right to write there, or choose another data directory',
  EROFS: 'The file system is read-only: choose another data directory',
  ENOSPC: 'The disk is full: free some space and start again',
  EDQUOT: 'The disk quota is used up: free some space and start again',
};

function unusable(directory: string, error: unknown): InfrastructureError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const step = NEXT_STEPS[code] ?? 'See that this user can write there and the disk has room, or choose another';
  return new InfrastructureError('DATA_DIRECTORY_UNUSABLE', `${directory} cannot be used: ${message}. ${step}`, error);
}
