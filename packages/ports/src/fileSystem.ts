/**
 * The few file operations that storage needs, as a port: the operating system's in production, a faulty disk in tests.
 * What is not synced may be lost or torn when the power goes; names need a sync of their directory.
 */

export type OpenMode =
  /** Reads an existing file. */
  | 'read'
  /** Reads and overwrites an existing file. */
  | 'update'
  /** Makes an empty file, also where there was one. */
  | 'create';

/** Operations throw, or reject with, the operating system's error (`code` ENOSPC, EIO, ENOENT …). */
export interface FileSystem {
  /** Makes the directory and those above it, and makes them durable. */
  makeDirectory(path: string): void;
  /** Names in the directory; none when there is no such directory. */
  list(directory: string): readonly string[];
  open(path: string, mode: OpenMode): OpenFile;
  /** Replaces what `to` was; durable after {@link syncDirectory}. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
}

export interface OpenFile {
  readonly path: string;
  size(): number;
  /** Fills `target` from `position` on. @returns how many bytes there were: fewer only at the end of the file */
  read(target: Uint8Array, position: number): number;
  /** Runs off the thread; `bytes` must not change until it is done. @returns bytes written, perhaps fewer */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Makes the content, and the size, durable. Runs off the thread. */
  datasync(): Promise<void>;
  /** As {@link write}, but waits: for start-up. */
  writeNow(bytes: Uint8Array, position: number): number;
  datasyncNow(): void;
  close(): void;
}
