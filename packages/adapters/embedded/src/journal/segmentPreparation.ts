/**
 * Makes a segment file ahead of its use: filled with zeros that are on disk, so that writing groups changes neither
 * size nor allocation and fdatasync commits data only. Filling is synced piece by piece: behind one large sync the
 * journal's own would have to wait.
 */
import { join } from 'node:path';
import type { FileSystem, OpenFile } from '@oms/ports';
import { writeAll } from '../files/wholeWrites.ts';

const ZEROS = new Uint8Array(1024 * 1024);

export type PreparedSegment = { readonly file: OpenFile } | { readonly error: unknown };

export class SegmentPreparation {
  /** Its name until it is renamed to what it becomes. */
  readonly path: string;
  /** Never rejects. */
  readonly done: Promise<PreparedSegment>;
  readonly #fileSystem: FileSystem;
  #canceled = false;

  constructor(directory: string, name: string, size: number, fileSystem: FileSystem) {
    this.path = join(directory, name);
    this.#fileSystem = fileSystem;
    this.done = this.#fill(size).then(
      (file) => ({ file }),
      (error: unknown) => ({ error }),
    );
  }

  /** Stops filling and removes the file. */
  async cancel(): Promise<void> {
    this.#canceled = true;
    const prepared = await this.done;
    if ('error' in prepared) return;
    prepared.file.close();
    await this.#remove();
  }

  async #fill(size: number): Promise<OpenFile> {
    const file = this.#fileSystem.open(this.path, 'create');
    try {
      for (let at = 0; at < size && !this.#canceled; at += ZEROS.length) {
        await writeAll(file, ZEROS.subarray(0, Math.min(ZEROS.length, size - at)), at);
        await file.datasync();
      }
      return file;
    } catch (error) {
      file.close();
      // On a full disk the unfinished file must not keep the space that somebody else needs.
      await this.#remove();
      throw error;
    }
  }

  /** Failing to remove it harms nothing: the next preparation overwrites it. */
  #remove(): Promise<void> {
    return this.#fileSystem.remove(this.path).catch(() => undefined);
  }
}
