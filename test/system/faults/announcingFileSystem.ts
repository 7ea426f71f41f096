/**
 * The operating system's files, with every step that leaves something behind announced before and after it. A file is
 * known by its name: a segment that is filled ahead becomes the journal when it is renamed.
 */
import { nodeFileSystem } from '@oms/adapter-embedded';
import type { FileSystem, OpenFile, OpenMode } from '@oms/ports';
import type { Announcer, Moment } from './moments.ts';

type Role = 'journal' | 'segment' | 'snapshot' | 'other';

function roleOf(path: string): Role {
  if (path.endsWith('.journal')) return 'journal';
  if (path.endsWith('.prepared')) return 'segment';
  return path.endsWith('.snapshot') ? 'snapshot' : 'other';
}

/** What is announced around a step, by the role of the file; nothing where the table has none. */
const WRITE: Partial<Record<Role, readonly [before: Moment | null, after: Moment]>> = {
  journal: ['journal.write.before', 'journal.write.after'],
  segment: [null, 'segment.fill.after'],
};
const WRITE_NOW: typeof WRITE = {
  journal: ['repair.write.before', 'repair.write.after'],
  snapshot: [null, 'snapshot.write.after'],
};
const SYNC: typeof WRITE = { journal: ['journal.sync.before', 'journal.sync.after'] };
const SYNC_NOW: typeof WRITE = {
  journal: ['repair.sync.before', 'repair.sync.after'],
  snapshot: ['snapshot.sync.before', 'snapshot.sync.after'],
};
const CREATE: Partial<Record<Role, Moment>> = { segment: 'segment.create.before', snapshot: 'snapshot.create.before' };
const RENAME: typeof WRITE = {
  segment: ['segment.rename.before', 'segment.rename.after'],
  snapshot: ['snapshot.rename.before', 'snapshot.rename.after'],
};

class AnnouncingFile implements OpenFile {
  role: Role;
  readonly #file: OpenFile;
  readonly #announce: Announcer;
  readonly #inHalves: boolean;

  constructor(file: OpenFile, announce: Announcer, inHalves: boolean) {
    this.#file = file;
    this.role = roleOf(file.path);
    this.#announce = announce;
    this.#inHalves = inHalves;
  }

  get path(): string {
    return this.#file.path;
  }

  size(): number {
    return this.#file.size();
  }

  read(target: Uint8Array, position: number): number {
    return this.#file.read(target, position);
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    const [before, after] = WRITE[this.role] ?? [null, null];
    if (before !== null) await this.#announce.later(before);
    const half = this.#inHalves && this.role === 'journal' && bytes.length > 1 ? bytes.length >> 1 : bytes.length;
    const written = await this.#file.write(bytes.subarray(0, half), position);
    if (half < bytes.length) await this.#announce.later('journal.write.half');
    if (after !== null) await this.#announce.later(after);
    return written;
  }

  async datasync(): Promise<void> {
    const [before, after] = SYNC[this.role] ?? [null, null];
    if (before !== null) await this.#announce.later(before);
    await this.#file.datasync();
    if (after !== null) await this.#announce.later(after);
  }

  writeNow(bytes: Uint8Array, position: number): number {
    const [before, after] = WRITE_NOW[this.role] ?? [null, null];
    if (before !== null) this.#announce.now(before);
    const written = this.#file.writeNow(bytes, position);
    if (after !== null) this.#announce.now(after);
    return written;
  }

  datasyncNow(): void {
    const [before, after] = SYNC_NOW[this.role] ?? [null, null];
    if (before !== null) this.#announce.now(before);
    this.#file.datasyncNow();
    if (after !== null) this.#announce.now(after);
  }

  close(): void {
    this.#file.close();
  }
}

/** @param inHalves the journal's writes are short, as the operating system may make them */
export function announcingFileSystem(announce: Announcer, inHalves: boolean): FileSystem {
  const newest = new Map<string, AnnouncingFile>();
  return {
    makeDirectory: (path) => nodeFileSystem.makeDirectory(path),
    list: (directory) => nodeFileSystem.list(directory),
    open(path: string, mode: OpenMode): OpenFile {
      const creating = mode === 'create' ? CREATE[roleOf(path)] : undefined;
      if (creating !== undefined) announce.now(creating);
      const file = new AnnouncingFile(nodeFileSystem.open(path, mode), announce, inHalves);
      newest.set(path, file);
      return file;
    },
    async rename(from, to) {
      const [before, after] = RENAME[roleOf(from)] ?? [null, null];
      if (before !== null) announce.now(before);
      await nodeFileSystem.rename(from, to);
      const file = newest.get(from);
      if (file !== undefined) file.role = roleOf(to);
      if (after !== null) announce.now(after);
    },
    async remove(path) {
      if (/\d\.snapshot$/.test(path)) announce.now('snapshot.remove.before');
      await nodeFileSystem.remove(path);
    },
    async syncDirectory(path) {
      await nodeFileSystem.syncDirectory(path);
      if (path.endsWith('journal')) announce.now('segment.directory.after');
      if (path.endsWith('snapshots')) announce.now('snapshot.directory.after');
    },
  };
}
