/**
 * The SnapshotStore port on files: written under another name, synced, then renamed, so that a file with a snapshot's
 * name is whole. The newest two are kept; a damaged one is passed over for the older. Layout: a header of 72 bytes (see
 * docs/reference/journal-format.md), then the state, which goes to the disk piece by piece as it is written.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  type ByteWriter,
  type FileSystem,
  InfrastructureError,
  type JournalHead,
  type OpenFile,
  PiecewiseWriter,
  type Snapshot,
  type SnapshotStore,
} from '@oms/ports';
import { nodeFileSystem } from '../files/nodeFileSystem.ts';
import { writeAllNow } from '../files/wholeWrites.ts';

/** "\xFFOMSSNAP" */
const MAGIC = Uint8Array.of(0xff, 0x4f, 0x4d, 0x53, 0x53, 0x4e, 0x41, 0x50);
/** Also raised when the state takes another form: files of other versions are passed over, the journal has it all. */
const FORMAT_VERSION = 3;
const HEADER_BYTES = 72;
const VERSION_AT = 8;
const POSITION_AT = 16;
const LENGTH_AT = 24;
const JOURNAL_HASH_AT = 32;
const STATE_CRC_AT = 64;
const HEADER_CRC_AT = 68;

const NAME = /^(\d{20})\.snapshot$/;
const UNFINISHED_NAME = 'unfinished.snapshot';
const KEPT = 2;

/** @param directory made when missing */
export function openSnapshotFiles(directory: string, fileSystem: FileSystem = nodeFileSystem): SnapshotStore {
  fileSystem.makeDirectory(directory);
  return new SnapshotFiles(directory, fileSystem);
}

class SnapshotFiles implements SnapshotStore {
  readonly #directory: string;
  readonly #fileSystem: FileSystem;
  #isSaving = false;

  constructor(directory: string, fileSystem: FileSystem) {
    this.#directory = directory;
    this.#fileSystem = fileSystem;
  }

  load(maxPosition: number): { readonly snapshot: Snapshot | null; readonly damaged: readonly string[] } {
    const damaged: string[] = [];
    for (const position of this.#positions()) {
      if (position > maxPosition) continue;
      const path = this.#path(position);
      const snapshot = this.#read(path, position);
      if (snapshot !== null) return { snapshot, damaged };
      damaged.push(path);
    }
    return { snapshot: null, damaged };
  }

  async save(head: JournalHead, write: (writer: ByteWriter) => void): Promise<void> {
    const { position } = head;
    const message = `the snapshot at position ${position} could not be saved in ${this.#directory}`;
    if (this.#isSaving)
      throw new InfrastructureError('SNAPSHOT_WRITE_FAILED', `${message}: another one is being saved`);
    this.#isSaving = true;
    const unfinished = join(this.#directory, UNFINISHED_NAME);
    try {
      this.#write(unfinished, head, write);
      await this.#fileSystem.rename(unfinished, this.#path(position));
      await this.#fileSystem.syncDirectory(this.#directory);
    } catch (error) {
      await this.#fileSystem.remove(unfinished).catch(() => undefined);
      throw new InfrastructureError('SNAPSHOT_WRITE_FAILED', message, error);
    } finally {
      this.#isSaving = false;
    }
    await this.#removeOld(position);
  }

  #write(path: string, head: JournalHead, write: (writer: ByteWriter) => void): void {
    const file = this.#fileSystem.open(path, 'create');
    try {
      writeSnapshotFile(file, head, write);
    } finally {
      file.close();
    }
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
  #read(path: string, position: number): Snapshot | null {
    try {
      const file = this.#fileSystem.open(path, 'read');
      try {
        const bytes = new Uint8Array(file.size());
        return snapshotIn(bytes.subarray(0, file.read(bytes, 0)), position);
      } finally {
        file.close();
      }
    } catch {
      return null;
    }
  }
}

/** The header comes last: without it the file is none. */
function writeSnapshotFile(file: OpenFile, head: JournalHead, write: (writer: ByteWriter) => void): void {
  let crc = crc32(NOTHING);
  let at = HEADER_BYTES;
  const writer = new PiecewiseWriter((piece) => {
    crc = crc32(piece, crc);
    writeAllNow(file, piece, at);
    at += piece.length;
  });
  write(writer);
  const length = writer.end();
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(VERSION_AT, FORMAT_VERSION, true);
  view.setBigUint64(POSITION_AT, BigInt(head.position), true);
  view.setBigUint64(LENGTH_AT, BigInt(length), true);
  header.set(Buffer.from(head.hash, 'hex'), JOURNAL_HASH_AT);
  view.setUint32(STATE_CRC_AT, crc, true);
  view.setUint32(HEADER_CRC_AT, crc32(header.subarray(0, HEADER_CRC_AT)), true);
  writeAllNow(file, header, 0);
  file.datasyncNow();
}

const NOTHING = new Uint8Array(0);

/** What the file's bytes hold, or null when they are not a whole snapshot of that position in today's format. */
function snapshotIn(bytes: Uint8Array, position: number): Snapshot | null {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(VERSION_AT, true) !== FORMAT_VERSION) return null;
  if (view.getUint32(HEADER_CRC_AT, true) !== crc32(bytes.subarray(0, HEADER_CRC_AT))) return null;
  if (view.getBigUint64(POSITION_AT, true) !== BigInt(position)) return null;
  if (view.getBigUint64(LENGTH_AT, true) !== BigInt(bytes.length - HEADER_BYTES)) return null;
  const state = bytes.subarray(HEADER_BYTES);
  if (crc32(state) !== view.getUint32(STATE_CRC_AT, true)) return null;
  const hash = Buffer.from(bytes.subarray(JOURNAL_HASH_AT, STATE_CRC_AT)).toString('hex');
  return { position, hash, bytes: state };
}
