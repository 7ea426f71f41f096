/**
 * A disk in memory behind the FileSystem port, that fails when told to, writes short, and loses power. What was not
 * synced is lost, kept or torn; names that were not synced are lost from some point on; a failed sync drops what it
 * should have written although it can still be read, as Linux does. The same random gives the same disk.
 */
import type { FileSystem, OpenFile, OpenMode, Random } from '@oms/ports';

export type DiskOperation = 'create' | 'write' | 'datasync' | 'rename' | 'syncDirectory' | 'remove';

export interface DiskFault {
  /** Which calls are counted; all that change something when left out. */
  readonly operation?: DiskOperation;
  /** The call that fails, from 1, counted from when the fault was set. Later calls work again. */
  readonly nth: number;
  /** `POWER`: the power goes during the call; see {@link FaultyFileSystem.losePower} for what is left. */
  readonly error: 'ENOSPC' | 'EIO' | 'POWER';
}

/** A write that was not synced when the power went. */
export interface UnsyncedWrite {
  readonly path: string;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** The parts of the write that reached the disk, as [start, end) offsets into its bytes. */
export type Fate = (write: UnsyncedWrite) => readonly (readonly [number, number])[];

export interface FaultyFileSystemOptions {
  /** Writes write a random part of what they are given, at least one byte. */
  readonly shortWrites?: Random;
  /** Told in the middle of the call during which the power goes, before that call throws. */
  readonly onPowerLost?: () => void;
}

const SECTOR_BYTES = 512;

/** Lost, whole, torn at any byte from either side, or any sectors of it. */
export const randomFate =
  (random: Random): Fate =>
  ({ bytes: { length } }) => {
    const below = (limit: number) => Math.floor(random.next() * limit);
    const cut = below(length + 1);
    const sectors = Array.from({ length: Math.ceil(length / SECTOR_BYTES) }, (_, i) => i * SECTOR_BYTES);
    const choices = [
      () => [],
      () => [[0, length] as const],
      () => [[0, cut] as const],
      () => [[cut, length] as const],
      () => sectors.filter(() => below(2) === 0).map((at) => [at, Math.min(length, at + SECTOR_BYTES)] as const),
    ];
    return choices[below(choices.length)]!();
  };

export const nothingUnsyncedSurvives: Fate = () => [];

/** Content that grows, with zeros in what was skipped. */
class Content {
  bytes = new Uint8Array(0);

  put(part: Uint8Array, position: number): void {
    const end = position + part.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(end);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes.set(part, position);
  }
}

class Inode {
  /** What reading shows. */
  readonly cached = new Content();
  /** What a power loss leaves. */
  readonly durable = new Content();
  unsynced: { readonly position: number; readonly bytes: Uint8Array }[] = [];

  sync(): void {
    for (const { bytes, position } of this.unsynced) this.durable.put(bytes, position);
    this.unsynced = [];
  }

  losePower(path: string, fate: Fate): void {
    for (const { bytes, position } of this.unsynced) {
      for (const [start, end] of fate({ path, position, bytes })) {
        this.durable.put(bytes.subarray(start, end), position + start);
      }
    }
    this.unsynced = [];
    this.cached.bytes = this.durable.bytes.slice();
  }
}

type NameChange = (names: Map<string, Inode>) => void;

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function diskError(code: string, operation: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${operation} '${path}'`), { code });
}

export class FaultyFileSystem implements FileSystem {
  readonly #shortWrites: Random | null;
  readonly #onPowerLost: () => void;
  readonly #directories = new Set<string>();
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #unsyncedNames: { readonly directory: string; readonly change: NameChange }[] = [];
  #faults: { readonly fault: DiskFault; calls: number }[] = [];
  /** Files opened before the last power loss belong to a process that is gone. */
  #generation = 0;
  #powered = true;
  #calls = 0;

  constructor(options: FaultyFileSystemOptions = {}) {
    this.#shortWrites = options.shortWrites ?? null;
    this.#onPowerLost = options.onPowerLost ?? (() => {});
  }

  /** How many calls changed something so far: what {@link DiskFault.nth} can be. */
  get calls(): number {
    return this.#calls;
  }

  fail(fault: DiskFault): void {
    this.#faults.push({ fault, calls: 0 });
  }

  clearFaults(): void {
    this.#faults = [];
  }

  /**
   * The power goes and comes back: open files are dead, and only what was synced is sure to be there.
   * @param fate of every write that was not synced
   * @param keptNameChanges how many of the unsynced creations, renames and removals had reached the disk, in order
   */
  losePower(fate: Fate = nothingUnsyncedSurvives, keptNameChanges = 0): void {
    for (const { change } of this.#unsyncedNames.slice(0, keptNameChanges)) change(this.#durableNames);
    this.#unsyncedNames = [];
    for (const [path, inode] of this.#durableNames) inode.losePower(path, fate);
    this.#names = new Map(this.#durableNames);
    this.#endProcesses();
  }

  /** The process is killed; the operating system and its cache live on. */
  kill(): void {
    this.#endProcesses();
  }

  /** Paths of all files, as they are seen now. */
  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** A copy of the file's content. */
  contentOf(path: string): Uint8Array {
    return this.#inode(path).cached.bytes.slice();
  }

  /** Replaces the file's content, on the disk too: damage, or a copy of another disk. */
  setContent(path: string, bytes: Uint8Array): void {
    const inode = this.#names.get(path) ?? new Inode();
    inode.unsynced = [];
    inode.cached.bytes = bytes.slice();
    inode.durable.bytes = bytes.slice();
    this.#names.set(path, inode);
    this.#durableNames.set(path, inode);
    this.#directories.add(directoryOf(path));
  }

  makeDirectory(path: string): void {
    this.#directories.add(path);
  }

  list(directory: string): readonly string[] {
    return this.paths().flatMap((path) => (directoryOf(path) === directory ? [path.slice(directory.length + 1)] : []));
  }

  open(path: string, mode: OpenMode): OpenFile {
    if (mode === 'create') {
      if (!this.#directories.has(directoryOf(path))) throw diskError('ENOENT', 'open', path);
      this.#begin('create', path);
      const created = new Inode();
      this.#changeNames(path, (names) => names.set(path, created));
    }
    return this.#openInode(path, this.#inode(path), mode);
  }

  async rename(from: string, to: string): Promise<void> {
    this.#begin('rename', from);
    const inode = this.#inode(from);
    this.#changeNames(to, (names) => {
      names.delete(from);
      names.set(to, inode);
    });
  }

  async remove(path: string): Promise<void> {
    this.#begin('remove', path);
    this.#changeNames(path, (names) => names.delete(path));
  }

  async syncDirectory(path: string): Promise<void> {
    this.#begin('syncDirectory', path);
    const generation = this.#generation;
    await Promise.resolve();
    this.#assertAlive(generation, path);
    for (const { directory, change } of this.#unsyncedNames) if (directory === path) change(this.#durableNames);
    this.#unsyncedNames = this.#unsyncedNames.filter(({ directory }) => directory !== path);
  }

  #openInode(path: string, inode: Inode, mode: OpenMode): OpenFile {
    const generation = this.#generation;
    const alive = () => this.#assertAlive(generation, path);
    const writeNow = (bytes: Uint8Array, position: number): number => {
      alive();
      if (mode === 'read') throw diskError('EBADF', 'write', path);
      return this.#write(inode, path, bytes, position);
    };
    const beginSync = () => {
      alive();
      this.#beginSync(inode, path);
    };
    return {
      path,
      size: () => inode.cached.bytes.length,
      read(target, position) {
        alive();
        const part = inode.cached.bytes.subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      writeNow,
      write: async (bytes, position) => {
        const written = writeNow(bytes, position);
        await Promise.resolve();
        alive();
        return written;
      },
      datasyncNow() {
        beginSync();
        inode.sync();
      },
      async datasync() {
        beginSync();
        await Promise.resolve();
        alive();
        inode.sync();
      },
      close: () => undefined,
    };
  }

  #write(inode: Inode, path: string, bytes: Uint8Array, position: number): number {
    const length =
      this.#shortWrites === null ? bytes.length : 1 + Math.floor(this.#shortWrites.next() * (bytes.length - 1));
    const part = bytes.slice(0, length);
    const put = (): void => {
      inode.cached.put(part, position);
      inode.unsynced.push({ position, bytes: part });
    };
    // When the power goes during a write, the write is one of those that may be torn.
    this.#begin('write', path, put);
    put();
    return part.length;
  }

  #beginSync(inode: Inode, path: string): void {
    try {
      this.#begin('datasync', path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPOWER') inode.unsynced = [];
      throw error;
    }
  }

  #changeNames(path: string, change: NameChange): void {
    change(this.#names);
    this.#unsyncedNames.push({ directory: directoryOf(path), change });
  }

  /** Counts the call and lets it fail when its time has come. */
  #begin(operation: DiskOperation, path: string, onPowerLoss: () => void = () => undefined): void {
    if (!this.#powered) throw diskError('EPOWER', operation, path);
    this.#calls++;
    const counting = this.#faults.filter(({ fault }) => (fault.operation ?? operation) === operation);
    for (const entry of counting) entry.calls++;
    const due = counting.find(({ fault, calls }) => calls === fault.nth)?.fault;
    if (due === undefined) return;
    if (due.error !== 'POWER') throw diskError(due.error, operation, path);
    onPowerLoss();
    this.#powered = false;
    this.#onPowerLost();
    throw diskError('EPOWER', operation, path);
  }

  #endProcesses(): void {
    this.#generation++;
    this.#powered = true;
  }

  #assertAlive(generation: number, path: string): void {
    if (generation !== this.#generation || !this.#powered) throw diskError('EPOWER', 'use', path);
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw diskError('ENOENT', 'open', path);
    return inode;
  }
}
