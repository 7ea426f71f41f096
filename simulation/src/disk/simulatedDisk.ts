/**
 * The disk under the house: a disk in memory that can lose power, whose calls take their time. A call's effect comes
 * when it is made or when it is over, so that a crash meets it before, between or after; what was under way when the
 * process died may still happen, for the operating system had it already.
 */
import type { FileSystem, OpenFile, OpenMode } from '@oms/ports';
import { type DiskFault, type Fate, FaultyFileSystem, randomFate, type UnsyncedWrite } from '@oms/testkit';
import type { Chronicle } from '../world/chronicle.ts';
import type { SeededRandom } from '../world/seededRandom.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';

/** Milliseconds; usual calls are near the least. */
export interface DiskPace {
  readonly write: readonly [least: number, most: number];
  readonly sync: readonly [least: number, most: number];
  /** Chance of a sync to stall for up to `stallMs`. */
  readonly stallChance: number;
  readonly stallMs: number;
}

export const GOOD_DISK: DiskPace = { write: [0.01, 0.4], sync: [0.2, 6], stallChance: 0, stallMs: 0 };

export interface DiskOptions {
  readonly time: SimulatedTime;
  readonly random: SeededRandom;
  readonly chronicle: Chronicle;
  readonly shortWrites: boolean;
  /** The machine dies in the middle of a call; everything of its process must end now. */
  readonly onDeath: () => void;
  /** Hands a finished call to the process, now or when it runs again. */
  readonly deliver: (task: () => void) => void;
}

interface Pending {
  readonly isChange: boolean;
  readonly begin: () => Promise<unknown>;
}

export class SimulatedDisk implements FileSystem {
  pace: DiskPace = GOOD_DISK;
  readonly platter: FaultyFileSystem;
  readonly #options: DiskOptions;
  readonly #random: SeededRandom;
  /** Asked for, not yet done. */
  #pending = new Set<Pending>();
  /** Of the process that uses it; calls of dead ones are never answered. */
  #process = 0;
  #hasFailed = false;

  constructor(options: DiskOptions) {
    this.#options = options;
    this.#random = options.random;
    this.platter = new FaultyFileSystem({
      ...(options.shortWrites ? { shortWrites: options.random.fork('short') } : {}),
      onPowerLost: options.onDeath,
    });
  }

  /** The nth changing call from now on fails, or is where the process dies. */
  failNext(fault: DiskFault): void {
    this.platter.fail(fault);
  }

  /**
   * What the death of the process leaves: calls under way happened or not.
   * @param power whether the machine lost its power too, and with it what was not synced
   */
  crash(power: boolean): void {
    for (const { isChange, begin } of this.#pending) {
      if (isChange && this.#random.chance(0.5)) begin().catch(() => undefined);
    }
    this.#pending = new Set();
    this.#process++;
    this.#hasFailed = false;
    this.platter.clearFaults();
    if (power) this.platter.losePower(this.#countedFate(), this.#random.below(4));
    else this.platter.kill();
  }

  makeDirectory(path: string): void {
    this.platter.makeDirectory(path);
  }

  list(directory: string): readonly string[] {
    return this.platter.list(directory);
  }

  open(path: string, mode: OpenMode): OpenFile {
    const file = this.platter.open(path, mode);
    return {
      path: file.path,
      size: () => file.size(),
      read: (target, position) => file.read(target, position),
      writeNow: (bytes, position) => this.#guarded(path, () => file.writeNow(bytes, position)),
      datasyncNow: () => this.#guarded(path, () => file.datasyncNow()),
      write: (bytes, position) =>
        this.#later(true, this.#random.longTail(...this.pace.write), () =>
          this.#watched(path, () => file.write(bytes, position)),
        ),
      datasync: () => this.#later(false, this.#syncMs(), () => this.#watched(path, () => file.datasync())),
      close: () => file.close(),
    };
  }

  rename(from: string, to: string): Promise<void> {
    return this.#later(true, this.#random.longTail(...this.pace.write), () => this.platter.rename(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#later(true, this.#random.longTail(...this.pace.write), () => this.platter.remove(path));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#later(false, this.#syncMs(), () => this.platter.syncDirectory(path));
  }

  #syncMs(): number {
    const { sync, stallChance, stallMs } = this.pace;
    if (!this.#random.chance(stallChance)) return this.#random.longTail(...sync);
    this.#options.chronicle.dose('slow syncs');
    return this.#random.between(1, stallMs);
  }

  /** The effect now or at the end, the answer at the end. */
  #later<T>(isChange: boolean, delayMs: number, begin: () => Promise<T>): Promise<T> {
    const { time, deliver } = this.#options;
    const answer = Promise.withResolvers<T>();
    const process = this.#process;
    const early = this.#random.chance(0.5) ? begin() : null;
    early?.catch(() => undefined);
    const pending: Pending = { isChange, begin };
    if (early === null) this.#pending.add(pending);
    time.after(delayMs, () => {
      if (process !== this.#process) return;
      this.#pending.delete(pending);
      const done = early ?? begin();
      done.catch(() => undefined);
      deliver(() => {
        if (process === this.#process) done.then(answer.resolve, answer.reject);
      });
    });
    return answer.promise;
  }

  /** After a failed write or sync of the journal, nobody may try another. */
  #guarded<T>(path: string, call: () => T): T {
    if (path.endsWith('.journal') && this.#hasFailed) {
      this.#options.chronicle.breach(`${path} is written after a write or sync of the journal had failed`);
    }
    try {
      return call();
    } catch (error) {
      this.#note(path, error);
      throw error;
    }
  }

  async #watched<T>(path: string, call: () => Promise<T>): Promise<T> {
    const result = this.#guarded(path, call);
    try {
      return await result;
    } catch (error) {
      this.#note(path, error);
      throw error;
    }
  }

  #note(path: string, error: unknown): void {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EPOWER') return;
    this.#options.chronicle.dose(`disk errors ${code}`);
    this.#options.chronicle.note(`disk ${code} ${path}`);
    if (path.endsWith('.journal')) this.#hasFailed = true;
  }

  #countedFate(): Fate {
    const fate = randomFate(this.#random);
    const { chronicle } = this.#options;
    return (write: UnsyncedWrite) => {
      const kept = fate(write);
      const bytes = kept.reduce((sum, [start, end]) => sum + end - start, 0);
      if (bytes === 0) chronicle.dose('unsynced writes lost');
      else if (bytes < write.bytes.length) chronicle.dose('unsynced writes torn');
      else chronicle.dose('unsynced writes kept');
      return kept;
    };
  }
}
