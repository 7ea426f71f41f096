/**
 * The SnapshotStore port on files: written under another name, synced, then renamed, so that a file with a snapshot's
 * name is whole. The newest two are kept; a damaged one is passed over for the older. Layout: a header of 40 bytes (see
 * docs/reference/journal-format.md), then the state.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type FileSystem, InfrastructureError, type OpenFile, type Snapshot, type SnapshotStore } from '@oms/ports';
import { nodeFileSystem } from '../files/nodeFileSystem.ts';
import { writeAll } from '../files/wholeWrites.ts';

/** "\xFFOMSSNAP" */
const MAGIC = Uint8Array.of(0xff, 0x4f, 0x4d, 0x53, 0x53, 0x4e, 0x41, 0x50);
const FORMAT_VERSION = 1;
const HEADER_BYTES = 40;
const VERSION_AT = 8;
const POSITION_AT = 16;
const LENGTH_AT = 24;
const CRC_AT = 32;

const NAME = /^(\d{20})\.snapshot$/;
const UNFINISHED_NAME = 'unfinished.snapshot';
const KEPT = 2;
/** So much is checksummed and written at a time: the main thread is never held for long. */
const CHUNK_BYTES = 1024 * 1024;

/** @param directory made when missing */
export function openSnapshotFiles(directory: string, fileSystem: FileSystem = nodeFileSystem): SnapshotStore {
  fileSystem.makeDirectory(directory);
  return new SnapshotFiles(directory, fileSystem);
}

class SnapshotFiles implements SnapshotStore {
  readonly #directory: string;
  readonly #fileSystem: FileSystem;
  #saving: Promise<void> = Promise.resolve();

  constructor(directory: string, fileSystem: FileSystem) {
    this.#directory = directory;
    this.#fileSystem = fileSystem;
  }

  load(maxPosition: number): { readonly snapshot: Snapshot | null; readonly damaged: readonly string[] } {
    const damaged: string[] = [];
    for (const position of this.#positions()) {
      if (position > maxPosition) continue;
      const path = this.#path(position);
      const bytes = this.#read(path, position);
      if (bytes !== null) return { snapshot: { position, bytes }, damaged };
      damaged.push(path);
    }
    return { snapshot: null, damaged };
  }

  /** One at a time. The bytes must not change until it is done. */
  save(snapshot: Snapshot): Promise<void> {
    const save = () => this.#save(snapshot);
    this.#saving = this.#saving.then(save, save);
    return this.#saving;
  }

  async #save({ position, bytes }: Snapshot): Promise<void> {
    const unfinished = join(this.#directory, UNFINISHED_NAME);
    try {
      const file = this.#fileSystem.open(unfinished, 'create');
      try {
        await writeSnapshot(file, position, bytes);
      } finally {
        file.close();
      }
      await this.#fileSystem.rename(unfinished, this.#path(position));
      await this.#fileSystem.syncDirectory(this.#directory);
    } catch (error) {
      await this.#fileSystem.remove(unfinished).catch(() => undefined);
      const message = `the snapshot at position ${position} could not be saved in ${this.#directory}`;
      throw new InfrastructureError('SNAPSHOT_WRITE_FAILED', message, error);
    }
    await this.#removeOld(position);
  }

  /** The new snapshot is durable: a file too many is no failure. */
  async #removeOld(saved: number): Promise<void> {
    for (const position of this.#positions().slice(KEPT)) {
      if (position !== saved) await this.#fileSystem.remove(this.#path(position)).catch(() => undefined);
    }
  }

  /** Newest first. */
  #positions(): number[] {
    const positions = this.#fileSystem.list(this.#directory).flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [Number(digits)];
    });
    return positions.sort((a, b) => b - a);
  }

  #path(position: number): string {
    return join(this.#directory, `${String(position).padStart(20, '0')}.snapshot`);
  }

  /** Null when the file is damaged or cannot be read. */
  #read(path: string, position: number): Uint8Array | null {
    try {
      const file = this.#fileSystem.open(path, 'read');
      try {
        const bytes = new Uint8Array(file.size());
        return contentOf(bytes.subarray(0, file.read(bytes, 0)), position);
      } finally {
        file.close();
      }
    } catch {
      return null;
    }
  }
}

async function writeSnapshot(file: OpenFile, position: number, bytes: Uint8Array): Promise<void> {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(VERSION_AT, FORMAT_VERSION, true);
  view.setBigUint64(POSITION_AT, BigInt(position), true);
  view.setBigUint64(LENGTH_AT, BigInt(bytes.length), true);
  let crc = crc32(header.subarray(0, CRC_AT));
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    crc = crc32(chunk, crc);
    await writeAll(file, chunk, HEADER_BYTES + at);
  }
  view.setUint32(CRC_AT, crc, true);
  await writeAll(file, header, 0);
  await file.datasync();
}

/** The state in the file's bytes, or null when they are not a whole snapshot of that position. */
function contentOf(bytes: Uint8Array, position: number): Uint8Array | null {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(VERSION_AT, true) !== FORMAT_VERSION) return null;
  if (view.getBigUint64(POSITION_AT, true) !== BigInt(position)) return null;
  if (view.getBigUint64(LENGTH_AT, true) !== BigInt(bytes.length - HEADER_BYTES)) return null;
  if (view.getUint32(CRC_AT + 4, true) !== 0) return null;
  const crc = crc32(bytes.subarray(HEADER_BYTES), crc32(bytes.subarray(0, CRC_AT)));
  return crc === view.getUint32(CRC_AT, true) ? bytes.subarray(HEADER_BYTES) : null;
}
