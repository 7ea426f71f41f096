/**
 * The Journal port on segment files. Groups are copied into one buffer while the other is being written: the main
 * thread never waits for the disk. Whatever fails once has failed for good: after a failed sync nobody knows what is on
 * the disk, and asking again would be told that all is well.
 */
import { InvariantError } from '@oms/domain';
import {
  ByteWriter,
  type FileSystem,
  InfrastructureError,
  type Journal,
  type JournalGroup,
  type JournalHead,
  type JournalRecovery,
} from '@oms/ports';
import { nodeFileSystem } from '../files/nodeFileSystem.ts';
import { EMPTY_CHAIN, headOf } from './chainHash.ts';
import { appendFrame, appendMark, PAYLOAD_BYTES_MAX } from './groupFrame.ts';
import { readJournal } from './journalTail.ts';
import { type RecoveredJournal, recoverJournal } from './recoverJournal.ts';
import { SegmentWriter } from './segmentWriter.ts';

const SEGMENT_BYTES = 64 * 1024 * 1024;

export interface FileJournalOptions {
  readonly directory: string;
  readonly fileSystem?: FileSystem;
  /** Size of a segment file, 64 MiB by default; a group that is larger gets a segment of its own. */
  readonly segmentBytes?: number;
  /** Of this writer, higher than any in the journal; the next one by default. */
  readonly epoch?: number;
  /** What the journal is known to have reached, as the newest snapshot has it: not to contain it is damage. */
  readonly expectedHead?: JournalHead | null;
}

/**
 * Recovers and opens for writing. The caller holds the data directory's lock: there is one writer.
 * @throws InfrastructureError JOURNAL_DAMAGED with file and offset, JOURNAL_VERSION_UNSUPPORTED and JOURNAL_FENCED,
 *   all without having changed anything; JOURNAL_WRITE_FAILED when the recovered end cannot be made durable
 */
export function openFileJournal(options: FileJournalOptions): { journal: Journal; recovery: JournalRecovery } {
  const { directory, fileSystem = nodeFileSystem, segmentBytes = SEGMENT_BYTES } = options;
  const { epoch = null } = options;
  const expectedHead = options.expectedHead ?? headOf(0, EMPTY_CHAIN.hash);
  fileSystem.makeDirectory(directory);
  const recovered = recoverJournal({ directory, fileSystem, segmentBytes, expectedHead, epoch });
  const journal = new FileJournal(directory, fileSystem, segmentBytes, recovered);
  return { journal, recovery: recovered.recovery };
}

class FileJournal implements Journal {
  readonly epoch: number;
  readonly #directory: string;
  readonly #fileSystem: FileSystem;
  readonly #writer: SegmentWriter;
  /** Takes what is appended. */
  #open = new ByteWriter();
  /** Is being written, or empty. */
  #spare = new ByteWriter();
  #lastPosition: number;
  #durablePosition: number;
  /** The chain's hash at the durable position. */
  #durableHash: string;
  /** Position when this writer opened: without groups of its own there is nothing to mark. */
  readonly #openedAt: number;
  #flushing: Promise<void> = Promise.resolve();
  #failure: InfrastructureError | null = null;
  #closing: Promise<void> | null = null;

  constructor(directory: string, fileSystem: FileSystem, segmentBytes: number, recovered: RecoveredJournal) {
    this.#directory = directory;
    this.#fileSystem = fileSystem;
    this.#writer = new SegmentWriter({ directory, fileSystem, segmentBytes, place: recovered.place });
    this.epoch = recovered.epoch;
    this.#lastPosition = recovered.lastPosition;
    this.#durablePosition = recovered.lastPosition;
    this.#durableHash = recovered.place.chainEnd.hash;
    this.#openedAt = recovered.lastPosition;
  }

  get lastPosition(): number {
    return this.#lastPosition;
  }

  get durablePosition(): number {
    return this.#durablePosition;
  }

  get head(): JournalHead {
    return headOf(this.#durablePosition, this.#durableHash);
  }

  append(group: JournalGroup): void {
    this.#assertUsable();
    if (group.firstPosition !== this.#lastPosition + 1) {
      const found = `got a group at position ${group.firstPosition}, the next is ${this.#lastPosition + 1}`;
      throw new InfrastructureError('JOURNAL_OUT_OF_ORDER', found);
    }
    if (group.epoch !== this.epoch) {
      const found = `got a group of epoch ${group.epoch}, this writer's is ${this.epoch}`;
      throw new InfrastructureError('JOURNAL_FENCED', found);
    }
    if (group.recordCount < 1 || group.payload.length > PAYLOAD_BYTES_MAX) {
      throw new InvariantError(`a group of ${group.recordCount} records, ${group.payload.length} bytes`);
    }
    appendFrame(this.#open, group);
    this.#lastPosition += group.recordCount;
  }

  flush(): Promise<void> {
    if (this.#closing !== null) return Promise.reject(closedError());
    return this.#enqueueFlush();
  }

  read(position: number): Iterable<JournalGroup> {
    return readJournal(this.#directory, position, this.#durablePosition, this.#fileSystem);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      // A failure was told to whoever flushed; there is nothing left that could be saved.
      if (this.#failure === null) await this.#enqueueFlush();
      if (this.#failure === null && this.#durablePosition > this.#openedAt && this.#writer.hasRoomForMark) {
        appendMark(this.#open, this.#lastPosition + 1, this.epoch);
        await this.#enqueueFlush();
      }
    } finally {
      await this.#flushing.catch(() => undefined);
      await this.#writer.close();
    }
  }

  /** One at a time: what is asked for during a flush is done by one after it. */
  #enqueueFlush(): Promise<void> {
    const flush = () => this.#flush();
    this.#flushing = this.#flushing.then(flush, flush);
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    const batch = this.#open;
    if (batch.length === 0) return;
    this.#open = this.#spare;
    this.#spare = batch;
    const position = this.#lastPosition;
    try {
      await this.#writer.write(batch, this.#durablePosition);
    } catch (error) {
      this.#failure = new InfrastructureError(
        'JOURNAL_WRITE_FAILED',
        `writing groups up to position ${position} to ${this.#directory} failed; nothing more is written. ` +
          'Look at the disk, then start again: what was durable is recovered',
        error,
      );
      throw this.#failure;
    }
    batch.reset();
    this.#durablePosition = position;
    this.#durableHash = this.#writer.hash;
  }

  #assertUsable(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closing !== null) throw closedError();
  }
}

const closedError = (): InfrastructureError =>
  new InfrastructureError('JOURNAL_CLOSED', 'the journal is closed: open it again to write');
