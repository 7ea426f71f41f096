/**
 * The house as the benchmarks drive it: the real actors and codecs with the accounts of the bench profile, on a market
 * that stands still. In memory it has a journal that only counts, and takes a turn whenever it is told to, so that
 * nothing but the core is measured; with a journal and snapshots on files it lives on the event loop, as the server does.
 */
import { systemClock, systemScheduler } from '@oms/adapter-embedded';
import { type DisplayedBook, decimal, type MarketView, type OrderProcessorMessage } from '@oms/domain';
import { bootstrap, EmbeddedHouse, PROFILES } from '@oms/house';
import { defaultInstruments } from '@oms/market-data';
import { orderProcessor } from '@oms/order-processor';
import type { Clock, CommandAnswer, Journal, JournalGroup, JournalHead, Scheduler, SnapshotStore } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { createVenueSimulator } from '@oms/venue-simulator';

export const SYMBOL = 'BTC-USD';
/** Deep enough for any number of orders to trade against. */
const BOOK: DisplayedBook = {
  sequence: 1,
  bids: [[decimal('49999'), decimal('10000000')]],
  asks: [[decimal('50001'), decimal('10000000')]],
};
const REFERENCE_PRICE = decimal('50000');
const ACCOUNTS_AT_A_TIME = 10_000;

export const accountIdOf = (index: number): string => `BENCH-${String(index + 1).padStart(4, '0')}`;

/** Takes everything and keeps nothing: what is appended counts as durable at once. */
export class CountingJournal implements Journal {
  readonly epoch = 1;
  lastPosition = 0;
  bytes = 0;

  get durablePosition(): number {
    return this.lastPosition;
  }

  /** Of nothing: what was not kept has no hash. */
  get head(): JournalHead {
    return { position: this.lastPosition, hash: '0'.repeat(64) };
  }

  append(group: JournalGroup): void {
    this.lastPosition += group.recordCount;
    this.bytes += group.payload.length;
  }

  async flush(): Promise<void> {}

  *read(): Iterable<JournalGroup> {}

  async close(): Promise<void> {}
}

/** Runs what is due when it is told to: no turn of the event loop in between. */
class StepScheduler implements Scheduler {
  #tasks: (() => void)[] = [];

  soon(task: () => void): void {
    this.#tasks.push(task);
  }

  every() {
    return { cancel() {} };
  }

  after() {
    return { cancel() {} };
  }

  run(): void {
    while (this.#tasks.length > 0) {
      const tasks = this.#tasks;
      this.#tasks = [];
      for (const task of tasks) task();
    }
  }
}

interface Parts {
  readonly journal: Journal;
  readonly snapshots: SnapshotStore | null;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

function createHouse({ journal, snapshots, clock, scheduler }: Parts): EmbeddedHouse {
  const market: MarketView = {
    book: () => BOOK,
    prices: () => ({
      last: REFERENCE_PRICE,
      bestBid: REFERENCE_PRICE,
      bestAsk: REFERENCE_PRICE,
      mark: REFERENCE_PRICE,
      time: clock.now(),
    }),
  };
  return new EmbeddedHouse({
    createOrderProcessor: () => orderProcessor(),
    createRiskEngine: () => riskEngine(),
    createVenue: () => createVenueSimulator({ mode: 'simulated', seed: 'bench' }),
    partitions: 1,
    journal,
    snapshots,
    clock,
    scheduler,
    market,
    instruments: new Map(defaultInstruments().map((instrument) => [instrument.symbol, instrument])),
    failed: (error) => {
      throw error;
    },
  });
}

/** Opens accounts up to this many, all funded and limited as the bench profile has it. */
async function openAccounts(house: EmbeddedHouse, count: number, turn: () => void): Promise<void> {
  const like = PROFILES.bench.accounts[0]!;
  for (let first = 0; first < count; first += ACCOUNTS_AT_A_TIME) {
    const length = Math.min(ACCOUNTS_AT_A_TIME, count - first);
    const accounts = Array.from({ length }, (_, i) => ({ ...like, accountId: accountIdOf(first + i) }));
    const opened = bootstrap(house, house.riskStates(), defaultInstruments(), { ...PROFILES.bench, accounts });
    let pending = true;
    const done = opened.finally(() => {
      pending = false;
    });
    while (pending) {
      turn();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
  }
}

export class MemoryHouse {
  readonly house: EmbeddedHouse;
  readonly journal: CountingJournal;
  readonly #scheduler: StepScheduler;

  private constructor(house: EmbeddedHouse, journal: CountingJournal, scheduler: StepScheduler) {
    this.house = house;
    this.journal = journal;
    this.#scheduler = scheduler;
  }

  static async open(accounts: number): Promise<MemoryHouse> {
    const journal = new CountingJournal();
    const scheduler = new StepScheduler();
    const now = Date.UTC(2026, 0, 5, 12);
    const house = createHouse({ journal, snapshots: null, clock: { now: () => now }, scheduler });
    house.runtime.recover();
    house.runtime.start();
    await openAccounts(house, accounts, () => scheduler.run());
    return new MemoryHouse(house, journal, scheduler);
  }

  /** @param done called when it is decided, within {@link run} */
  submit(build: (replyTo: number) => OrderProcessorMessage, done: (answer: CommandAnswer) => void): void {
    submitTo(this.house, build, done);
  }

  /** Decides everything that was submitted. */
  run(): void {
    this.#scheduler.run();
  }
}

export class FileHouse {
  readonly house: EmbeddedHouse;
  #waiting = 0;

  private constructor(house: EmbeddedHouse) {
    this.house = house;
  }

  static async open(accounts: number, journal: Journal, snapshots: SnapshotStore | null): Promise<FileHouse> {
    const house = createHouse({ journal, snapshots, clock: systemClock, scheduler: systemScheduler });
    house.runtime.recover();
    house.runtime.start();
    await openAccounts(house, accounts, () => {});
    return new FileHouse(house);
  }

  /** The same house, to replay into: nothing is opened in it, and it is not started. */
  static forReplay(journal: Journal): EmbeddedHouse {
    return createHouse({ journal, snapshots: null, clock: systemClock, scheduler: systemScheduler });
  }

  submit(build: (replyTo: number) => OrderProcessorMessage, done: (answer: CommandAnswer) => void): void {
    this.#waiting++;
    submitTo(this.house, build, (answer) => {
      this.#waiting--;
      done(answer);
    });
  }

  /** Resolves when everything submitted is answered, which means durable. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function submitTo(
  house: EmbeddedHouse,
  build: (replyTo: number) => OrderProcessorMessage,
  done: (answer: CommandAnswer) => void,
): void {
  const taken = house.submit(0, 'ordinary', (replyTo) => ({ to: 'order-processor', message: build(replyTo) }), done);
  if (!taken) throw new Error('the mailbox was full: the benchmark submitted too much at once');
}
