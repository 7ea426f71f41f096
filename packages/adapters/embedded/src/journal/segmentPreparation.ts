/**
 * Makes segment files ahead of their use: filled with zeros that are on disk, so that writing groups changes neither
 * size nor allocation and fdatasync commits data only. Filling is synced piece by piece: one large sync would keep the
 * journal's own waiting behind it.
 */
import { join } from 'node:path';
import type { FileSystem, OpenFile } from '@oms/ports';
import { writeAll } from '../files/wholeWrites.ts';

const ZEROS = new Uint8Array(1024 * 1024);

export class SegmentPreparation {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  #canceled = false;
  /** Null when preparing failed or was canceled. */
  readonly #ready: Promise<OpenFile | null>;

  /**
   * @param name of the file until it is renamed to what it becomes
   * @param failed told when preparing fails; taking it then tries once more, for nothing of the journal is in it yet
   */
  constructor(directory: string, name: string, size: number, fileSystem: FileSystem, failed: (error: unknown) => void) {
    this.#fileSystem = fileSystem;
    this.#path = join(directory, name);
    this.#ready = this.#fill(size).catch((error: unknown) => {
      failed(error);
      return null;
    });
  }

  ready(): Promise<OpenFile | null> {
    return this.#ready;
  }

  /** Stops filling and removes the file. */
  async cancel(): Promise<void> {
    this.#canceled = true;
    const file = await this.#ready;
    file?.close();
    // What is left is made anew by the next preparation: failing to remove it harms nothing.
    await this.#fileSystem.remove(this.#path).catch(() => undefined);
  }

  async #fill(size: number): Promise<OpenFile | null> {
    const file = this.#fileSystem.open(this.#path, 'create');
    try {
      for (let at = 0; at < size && !this.#canceled; at += ZEROS.length) {
        await writeAll(file, ZEROS.subarray(0, Math.min(ZEROS.length, size - at)), at);
        await file.datasync();
      }
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }
}
