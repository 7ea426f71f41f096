/**
 * A disk whose process dies at a chosen call: before the call's effect, or after it and before the process hears of
 * it. Calls take no time, so that the nth call of a history is always the same.
 */
import type { FileSystem, OpenFile, OpenMode } from '@oms/ports';
import { type Fate, FaultyFileSystem, nothingUnsyncedSurvives } from '@oms/testkit';

export interface CrashPoint {
  /** Of the calls that change something, from 1. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What a death leaves of unsynced writes and names. A killed process leaves all of them: the page cache lives on. */
export type Remains = 'killed' | 'nothing' | 'everything' | 'first half' | 'second half';

/**
 * What can differ at each side of a call: before one the disk is as after the one before it, but for what the process
 * did in between.
 */
export const REMAINS_AT: Readonly<Record<CrashPoint['when'], readonly Remains[]>> = {
  before: ['killed', 'nothing'],
  after: ['killed', 'nothing', 'everything', 'first half', 'second half'],
};

const FATES: Readonly<Record<Exclude<Remains, 'killed'>, Fate>> = {
  nothing: nothingUnsyncedSurvives,
  everything: ({ bytes }) => [[0, bytes.length]],
  'first half': ({ bytes }) => [[0, bytes.length >> 1]],
  'second half': ({ bytes }) => [[bytes.length >> 1, bytes.length]],
};

/** One for each who waits: a shared one would remember them all. */
const never = (): Promise<never> => new Promise(() => {});

export class StepDisk implements FileSystem {
  readonly platter = new FaultyFileSystem();
  readonly #onDeath: () => void;
  #point: CrashPoint | null = null;
  #calls = 0;
  #isDead = false;

  constructor(onDeath: () => void) {
    this.#onDeath = onDeath;
  }

  /** Counts calls from now on. */
  arm(point: CrashPoint | null): void {
    this.#point = point;
    this.#calls = 0;
  }

  /** Since it was armed. */
  get calls(): number {
    return this.#calls;
  }

  /** The machine is there again; nothing more happens to it. */
  revive(remains: Remains): void {
    if (remains === 'killed') this.platter.kill();
    else this.platter.losePower(FATES[remains], remains === 'everything' ? Number.MAX_SAFE_INTEGER : 0);
    this.#point = null;
    this.#isDead = false;
  }

  makeDirectory(path: string): void {
    this.platter.makeDirectory(path);
  }

  list(directory: string): readonly string[] {
    return this.platter.list(directory);
  }

  open(path: string, mode: OpenMode): OpenFile {
    const file = mode === 'create' ? this.#now(() => this.platter.open(path, mode)) : this.platter.open(path, mode);
    return {
      path: file.path,
      size: () => file.size(),
      read: (target, position) => file.read(target, position),
      writeNow: (bytes, position) => this.#now(() => file.writeNow(bytes, position)),
      datasyncNow: () => this.#now(() => file.datasyncNow()),
      write: (bytes, position) => this.#later(() => file.write(bytes, position)),
      datasync: () => this.#later(() => file.datasync()),
      close: () => file.close(),
    };
  }

  rename(from: string, to: string): Promise<void> {
    return this.#later(() => this.platter.rename(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#later(() => this.platter.remove(path));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#later(() => this.platter.syncDirectory(path));
  }

  async #later<T>(effect: () => Promise<T>): Promise<T> {
    const when = this.#count();
    if (this.#dies(when === 'before')) return never();
    const result = await effect();
    return this.#dies(when === 'after') ? never() : result;
  }

  #now<T>(effect: () => T): T {
    const when = this.#count();
    if (this.#dies(when === 'before')) throw new Error('the process is dead');
    const result = effect();
    if (this.#dies(when === 'after')) throw new Error('the process is dead');
    return result;
  }

  /** @returns on which side of this call the process dies, if it does */
  #count(): CrashPoint['when'] | null {
    if (!this.#isDead) this.#calls++;
    return !this.#isDead && this.#calls === this.#point?.call ? this.#point.when : null;
  }

  #dies(now: boolean): boolean {
    if (now) {
      this.#isDead = true;
      this.#onDeath();
    }
    return this.#isDead;
  }
}
