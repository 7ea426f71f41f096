/**
 * The machine that runs the house: its disk, its clock, and one process after the other. It dies in the middle of
 * anything, loses its power or not, and is started again, as a supervisor would do it.
 */
import { InvariantError } from '@oms/domain';
import { InfrastructureError } from '@oms/ports';
import type { Auditor } from '../audit/auditor.ts';
import type { ClientRequest, WireAnswer, WireRequest } from '../clients/wire.ts';
import { type Rot, rotSome } from '../disk/bitRot.ts';
import { SimulatedDisk } from '../disk/simulatedDisk.ts';
import type { Chronicle } from '../world/chronicle.ts';
import type { SeededRandom } from '../world/seededRandom.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';
import { WallClock } from '../world/wallClock.ts';
import { handleRequest, NOT_READY } from './frontDoor.ts';
import { type HouseProcess, JOURNAL_DIRECTORY, startHouseProcess } from './houseProcess.ts';
import type { HouseSetup } from './houseSetup.ts';
import { ProcessTime } from './processTime.ts';
import type { Sabotage } from './sabotage.ts';

export interface MachineOptions {
  readonly setup: HouseSetup;
  readonly time: SimulatedTime;
  readonly random: SeededRandom;
  readonly chronicle: Chronicle;
  readonly auditor: Auditor;
  readonly sabotage: Sabotage;
  readonly shortWrites: boolean;
  readonly rotChance: number;
  /** Called whenever the house is there again. */
  readonly onReady: () => void;
}

const DOWN_MS: readonly [number, number] = [20, 2_000];
const START_AGAIN_MS = 500;
/** What an error of the disk ends a process or a start with. */
const DISK_CODES = ['JOURNAL_WRITE_FAILED', 'SNAPSHOT_WRITE_FAILED', 'EIO', 'ENOSPC'];

export class Machine {
  readonly disk: SimulatedDisk;
  readonly wall: WallClock;
  rotChance: number;
  seesMarket = true;
  readonly #options: MachineOptions;
  #processTime: ProcessTime;
  #process: HouseProcess | null = null;
  #isReady = false;
  #isDying = false;
  /** What goes with the process that dies in the middle of a call. */
  #losesPower = false;
  #rot: Rot | null = null;

  constructor(options: MachineOptions) {
    const { time, random, chronicle, shortWrites } = options;
    this.#options = options;
    this.rotChance = options.rotChance;
    this.wall = new WallClock(time);
    this.#processTime = new ProcessTime(time, random.fork('turns'));
    this.disk = new SimulatedDisk({
      time,
      random: random.fork('disk'),
      chronicle,
      shortWrites,
      onDeath: () => this.#died(this.#losesPower),
      deliver: (task) => this.#processTime.deliver(task),
    });
  }

  /** Null while there is none. */
  get process(): HouseProcess | null {
    return this.#process;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Starts the house on what the disk holds; again later when it cannot. */
  start(): void {
    const { time, random, setup, chronicle, sabotage, auditor, onReady } = this.#options;
    if (this.#process !== null || this.#isDying) return;
    const processTime = new ProcessTime(time, random.fork(`turns ${time.now}`));
    this.#processTime = processTime;
    try {
      const process = startHouseProcess({
        setup,
        fileSystem: this.disk,
        wall: this.wall,
        time,
        processTime,
        chronicle,
        sabotage,
        onReported: (accountId, sequence) => {
          if (processTime.alive) auditor.reported(accountId, sequence);
        },
        onFailed: (error) => this.#failed(processTime, error),
        seesMarket: () => this.seesMarket,
      });
      this.#process = process;
      this.#started(process);
      process.ready.then(
        () => {
          if (!processTime.alive) return;
          this.#isReady = true;
          chronicle.note('ready');
          onReady();
        },
        (error: unknown) => chronicle.breach(`the start was not finished: ${error}`),
      );
    } catch (error) {
      this.#couldNotStart(error);
    }
  }

  /** kill -9, or a cut of the power. */
  crash(power: boolean): void {
    if (this.#process !== null) this.#died(power);
  }

  /** The process dies in the middle of the nth changing call on the disk from now on. */
  crashAtCall(nth: number, power: boolean): void {
    this.#losesPower = power;
    this.disk.failNext({ nth, error: 'POWER' });
  }

  /** SIGSTOP. */
  pause(): void {
    this.#processTime.pause();
  }

  /** SIGCONT. */
  resume(): void {
    this.#processTime.resume();
  }

  /** SIGTERM: ends the process in order. @returns once it is gone, or dead otherwise; null without a process */
  async stop(): Promise<HouseProcess | null> {
    const process = this.#process;
    const processTime = this.#processTime;
    if (process === null || !this.#isReady) return null;
    this.#isReady = false;
    try {
      await process.stop();
    } catch (error) {
      this.#failed(processTime, error);
    }
    if (!processTime.alive) return null;
    processTime.end();
    this.#process = null;
    this.disk.crash(false);
    return process;
  }

  /** A request has arrived. @param reply called with null when nobody listens */
  request(accountId: string, request: WireRequest, reply: (answer: WireAnswer | null) => void): void {
    const process = this.#process;
    const processTime = this.#processTime;
    if (process === null) {
      reply(null);
      return;
    }
    processTime.deliver(() => {
      if (!this.#isReady || this.#process !== process) {
        reply(NOT_READY);
        return;
      }
      const arrivedAt = this.#options.time.now;
      handleRequest(process, request, (answer) => {
        if (!processTime.alive) return;
        this.#told(process, accountId, request, answer, arrivedAt);
        reply(answer);
      });
    });
  }

  #told({ house }: HouseProcess, accountId: string, request: WireRequest, answer: WireAnswer, arrivedAt: number): void {
    const { chronicle, auditor, time } = this.#options;
    const { status, code, order, count } = answer;
    chronicle.note(
      `${request.kind} ${accountId} ${status} ${code ?? '-'} ${order?.orderId ?? '-'} ${order?.status ?? '-'} ${order?.version ?? '-'} ${count ?? '-'}`,
    );
    if (!isOfClient(request)) return;
    const { durablePosition } = house;
    auditor.told({ accountId, request, answer, arrivedAt, now: time.now, durablePosition });
  }

  #started({ house, journal, recovery, damagedSnapshots }: HouseProcess): void {
    const { chronicle, auditor } = this.#options;
    const { cutBytes } = recovery.cut;
    chronicle.dose('starts');
    if (cutBytes > 0) chronicle.dose('torn tails cut');
    if (recovery.snapshotPosition > 0) chronicle.dose('starts from a snapshot');
    if (damagedSnapshots.length > 0) chronicle.dose('damaged snapshots passed over');
    chronicle.note(`start at ${recovery.lastPosition}, snapshot ${recovery.snapshotPosition}, cut ${cutBytes}`);
    this.#restoreRot('not needed by the start');
    auditor.started({ house, lastPosition: journal.lastPosition, epoch: journal.epoch }, this.disk.platter);
  }

  #couldNotStart(error: unknown): void {
    const { chronicle, time } = this.#options;
    if (this.#isDying) return;
    const code = codeOf(error);
    chronicle.note(`start refused: ${code}`);
    if (code === 'JOURNAL_DAMAGED' && this.#rot !== null) {
      if (!/\.journal at byte \d+/.test(String(error))) {
        chronicle.breach(`damage is refused without file and offset: ${error}`);
      }
      this.#restoreRot('refused');
    } else if (!DISK_CODES.includes(code)) {
      chronicle.breach(`the house does not start: ${error instanceof Error ? error.stack : error}`);
      time.stop();
      return;
    }
    chronicle.dose('starts refused');
    this.#processTime.end();
    this.disk.crash(false);
    time.after(START_AGAIN_MS, () => this.start());
  }

  /** The operator brings the file back from a copy. */
  #restoreRot(what: string): void {
    if (this.#rot === null) return;
    this.#options.chronicle.dose(`bit rot ${what}`);
    const { path, before } = this.#rot;
    this.disk.platter.setContent(path, before);
    this.#rot = null;
  }

  /** The process has stopped by itself. */
  #failed(processTime: ProcessTime, error: unknown): void {
    if (!processTime.alive) return;
    const { chronicle, time } = this.#options;
    const code = codeOf(error);
    chronicle.note(`stopped by itself: ${code}`);
    if (error instanceof InvariantError || !DISK_CODES.includes(code)) {
      chronicle.breach(`the house stopped: ${error instanceof Error ? error.stack : error}`);
      time.stop();
    }
    chronicle.dose('stops after a disk error');
    this.#died(false);
  }

  #died(power: boolean): void {
    if (this.#isDying) return;
    this.#isDying = true;
    this.#isReady = false;
    this.#processTime.end();
    this.#process = null;
    const { time, random, chronicle } = this.#options;
    chronicle.note(power ? 'power lost' : 'killed');
    chronicle.dose(power ? 'power losses' : 'kills');
    // What the process was in the middle of is run to its end first; nothing of it reaches anybody.
    time.after(0, () => {
      this.disk.crash(power);
      this.#isDying = false;
      if (random.chance(this.rotChance)) this.#letRot();
      time.after(random.between(...DOWN_MS), () => this.start());
    });
  }

  #letRot(): void {
    const { chronicle, random } = this.#options;
    this.#rot = rotSome(this.disk.platter, JOURNAL_DIRECTORY, random);
    if (this.#rot === null) return;
    chronicle.dose('bit rot');
    chronicle.note(`bits flip in ${this.#rot.path} at byte ${this.#rot.offset}`);
  }
}

const isOfClient = (request: WireRequest): request is ClientRequest =>
  request.kind !== 'limits' && request.kind !== 'tradingState' && request.kind !== 'venueFaults';

const codeOf = (error: unknown): string => {
  if (error instanceof InfrastructureError) return error.code;
  return error instanceof Error && 'code' in error ? String(error.code) : 'NONE';
};
