/** A directory on a real disk that goes away with the benchmark: in memory every sync would be free. */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenLeaving } from './leaving.ts';

/** The project's data folder, which git ignores. */
const DEFAULT_PARENT = fileURLToPath(new URL('../../data', import.meta.url));
const TMPFS_TYPE = 0x01021994;

/**
 * Runs the work with a new directory and removes it afterwards.
 * @param parent the project's data folder by default
 * @throws Error when it would be in memory
 */
export async function withDiskDirectory<T>(
  parent: string | undefined,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const place = resolve(parent ?? DEFAULT_PARENT);
  mkdirSync(place, { recursive: true });
  if (statfsSync(place).type === TMPFS_TYPE) {
    throw new Error(`${place} is in memory: give --directory on a disk, or the figure would mean nothing`);
  }
  const directory = mkdtempSync(join(place, 'bench-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const removed = whenLeaving(remove);
  try {
    return await work(directory);
  } finally {
    remove();
    removed();
  }
}
