/**
 * Plays one small history on a house that dies at one point of it and is started again. The client asks again for
 * what it had no answer to and goes on; then the auditor looks at everything.
 */
import { Auditor } from '../audit/auditor.ts';
import { isDefinite, type JsonBody, type WireAnswer, type WireRequest } from '../clients/wire.ts';
import { handleRequest } from '../house/frontDoor.ts';
import { type HouseProcess, startHouseProcess } from '../house/houseProcess.ts';
import type { HouseSetup } from '../house/houseSetup.ts';
import { ProcessTime } from '../house/processTime.ts';
import { NO_SABOTAGE, type Sabotage } from '../house/sabotage.ts';
import { Chronicle } from '../world/chronicle.ts';
import { SeededRandom } from '../world/seededRandom.ts';
import { SimulatedTime } from '../world/simulatedTime.ts';
import { WallClock } from '../world/wallClock.ts';
import type { SmallHistory, SmallOperation } from './smallHistories.ts';
import { type CrashPoint, type Remains, StepDisk } from './stepDisk.ts';

type ClientAsk = Extract<WireRequest, { kind: 'place' | 'replace' | 'cancel' | 'cancelAll' }>;

const ACCOUNT = 'SIM-1';
/** Long enough for an answer. */
const ANSWER_MS = 400;
const SETTLE_MS = 3_000;
const ATTEMPTS_MAX = 5;

/** Files of a disk: what a history begins with. */
export type DiskImage = ReadonlyMap<string, Uint8Array>;

export interface PlayOptions {
  readonly setup: HouseSetup;
  readonly image: DiskImage;
  readonly history: SmallHistory;
  readonly crash: { readonly point: CrashPoint; readonly remains: Remains } | null;
  readonly sabotage?: Sabotage;
}

export interface Played {
  readonly breaches: readonly string[];
  /** Changing calls on the disk from the start's end to the history's. */
  readonly calls: number;
}

export class HistoryPlayer {
  readonly #time = new SimulatedTime();
  readonly #chronicle = new Chronicle(this.#time, null);
  readonly #auditor = new Auditor(this.#chronicle);
  readonly #wall = new WallClock(this.#time);
  readonly #disk = new StepDisk(() => this.#processTime.end());
  readonly #options: PlayOptions;
  #processTime = new ProcessTime(this.#time, new SeededRandom('turns'));
  #process: HouseProcess | null = null;
  /** The order the client talks about, and how it was placed. */
  #orderId: string | null = null;
  #body: JsonBody = {};
  #ids = 0;

  constructor(options: PlayOptions) {
    this.#options = options;
    for (const [path, bytes] of options.image) this.#disk.platter.setContent(path, bytes);
  }

  /** The disk of a house that has just been set up. */
  static async freshDisk(setup: HouseSetup): Promise<DiskImage> {
    const player = new HistoryPlayer({ setup, image: new Map(), history: [], crash: null });
    await player.#start();
    await player.#stop();
    const { platter } = player.#disk;
    return new Map(platter.paths().map((path) => [path, platter.contentOf(path)]));
  }

  async play(): Promise<Played> {
    const { history, crash } = this.#options;
    await this.#start();
    this.#disk.arm(crash?.point ?? null);
    for (const operation of history) await this.#do(operation);
    await this.#pass(SETTLE_MS);
    const { calls } = this.#disk;
    if (!this.#processTime.alive) await this.#start();
    this.#disk.arm(null);
    await this.#check();
    return { breaches: this.#chronicle.breaches, calls };
  }

  /** Asks until there is a definite answer. */
  async #do(operation: SmallOperation): Promise<void> {
    const request = this.#requestOf(operation);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const answer = await this.#ask(request);
      if (answer === null && !this.#processTime.alive) await this.#start();
      if (answer === null || !isDefinite(request, answer)) continue;
      if (operation === 'rest' || operation === 'take') this.#orderId = answer.order?.orderId ?? this.#orderId;
      return;
    }
    this.#chronicle.breach(`I13: no definite answer to ${operation}`);
  }

  #requestOf(operation: SmallOperation): ClientAsk {
    const clientOrderId = `c-${++this.#ids}`;
    switch (operation) {
      case 'rest':
      case 'take': {
        const price = operation === 'rest' ? '38000' : '42000';
        this.#body = {
          clientOrderId,
          accountId: ACCOUNT,
          symbol: 'BTC-USD',
          side: 'BUY',
          type: 'LIMIT',
          price,
          quantity: '0.1',
        };
        return { kind: 'place', body: this.#body };
      }
      case 'repeat':
        return { kind: 'place', body: this.#body };
      case 'conflict':
        return { kind: 'place', body: { ...this.#body, quantity: '0.2' } };
      case 'cancel':
        return { kind: 'cancel', orderId: this.#orderId!, clientOrderId };
      case 'replace':
        return { kind: 'replace', orderId: this.#orderId!, body: { clientOrderId, quantity: '0.3' } };
      case 'cancelAll':
        return { kind: 'cancelAll', accountId: ACCOUNT, symbol: null, side: null };
    }
  }

  async #ask(request: ClientAsk): Promise<WireAnswer | null> {
    const process = this.#process!;
    const processTime = this.#processTime;
    const arrivedAt = this.#time.now;
    let told: WireAnswer | null = null;
    this.#auditor.sent(ACCOUNT, request);
    handleRequest(process, request, (answer) => {
      if (!processTime.alive) return;
      const { durablePosition } = process.house;
      this.#auditor.told({ accountId: ACCOUNT, request, answer, arrivedAt, now: this.#time.now, durablePosition });
      told = answer;
    });
    await this.#pass(ANSWER_MS);
    return told;
  }

  #pass(ms: number): Promise<void> {
    return this.#time.runUntil(this.#time.now + ms);
  }

  /** Starts the house on what the crash has left. */
  async #start(): Promise<void> {
    const { setup, crash, sabotage = NO_SABOTAGE } = this.#options;
    this.#disk.revive(crash?.remains ?? 'killed');
    const processTime = new ProcessTime(this.#time, new SeededRandom('turns'));
    this.#processTime = processTime;
    try {
      const process = startHouseProcess({
        setup,
        fileSystem: this.#disk,
        wall: this.#wall,
        time: this.#time,
        processTime,
        chronicle: this.#chronicle,
        sabotage,
        onReported: (accountId, sequence) => {
          if (processTime.alive) this.#auditor.reported(accountId, sequence);
        },
        onFailed: (error) => {
          if (processTime.alive) this.#chronicle.breach(`the house stopped: ${error}`);
        },
        seesMarket: () => true,
      });
      this.#process = process;
      const { lastPosition, epoch } = process.journal;
      this.#auditor.started({ house: process.house, lastPosition, epoch }, this.#disk.platter);
    } catch (error) {
      this.#chronicle.breach(`the house does not start: ${error}`);
      throw error;
    }
    await this.#pass(ANSWER_MS);
  }

  async #stop(): Promise<void> {
    const stopped = this.#process!.stop();
    await this.#pass(ANSWER_MS);
    await stopped;
    this.#processTime.end();
  }

  /** Everything together, when the house has stopped in order. */
  async #check(): Promise<void> {
    const { house, journal } = this.#process!;
    await this.#stop();
    this.#auditor.read(this.#disk.platter, journal.durablePosition);
    this.#auditor.compareState(house);
    this.#auditor.end();
  }
}
