/**
 * The composition root of the embedded form: all five services, their adapters and one journal in one process.
 * Reads as the architecture: lock, journal and snapshots, market data, the house of actors, read model, API.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecoveryReport } from '@oms/actors';
import {
  lockDataDirectory,
  openFileJournal,
  openReadModel,
  openSnapshotFiles,
  systemClock,
  systemScheduler,
} from '@oms/adapter-embedded';
import type { Instrument, InstrumentCatalog } from '@oms/domain';
import {
  benchProfile,
  bootstrap,
  EmbeddedHouse,
  PROFILES,
  type ProfileName,
  SnapshotKeeper,
  startSnapshotThread,
} from '@oms/house';
import { defaultInstruments, type MarketDataSource, parseMarketDataSource, startMarketData } from '@oms/market-data';
import { createOrderApi } from '@oms/order-api';
import { orderProcessor } from '@oms/order-processor';
import type { HouseStatus, JournalRecovery, MarketDataFeed, ProjectionState, SnapshotStore } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { connectVenueToMarket, createVenueSimulator } from '@oms/venue-simulator';
import { MeasuredJournal } from './measuredJournal.ts';
import { createStreamProducer, type StreamProducer } from './streamProducer.ts';

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  /** As on the command line: `simulated[:SEED]` or `replay:FILE[,…]`. */
  readonly marketData: string;
  readonly venue: 'simulated' | 'manual';
  readonly profile: ProfileName;
  /** How many accounts the profile `bench` opens; 1,000 when left out. */
  readonly benchAccounts?: number;
  readonly role: string;
  /** Lines worth telling the operator: recovery, restarts, a tape's end. */
  readonly onNotice?: (notice: Notice) => void;
}

export interface Notice {
  readonly code: string;
  readonly message: string;
}

/** Why the house stopped by itself, and where that is written down. */
export interface HouseFailure {
  readonly error: unknown;
  readonly evidenceFile: string;
}

export interface RunningOms {
  /** Where it listens, for example "http://127.0.0.1:8080". */
  readonly address: string;
  readonly recovery: RecoveryReport & { readonly cut: JournalRecovery };
  /** Resolves when the house stopped by itself: a failed disk or a broken invariant. Never rejects. */
  readonly failed: Promise<HouseFailure>;
  readonly house: EmbeddedHouse;
  readonly market: MarketDataFeed;
  /** Drains, saves a snapshot, releases everything. */
  stop(): Promise<void>;
}

const VENUE_SEED = '1';
const PARTITIONS = 1;

export async function startOms(options: StartOptions): Promise<RunningOms> {
  const source = parseMarketDataSource(options.marketData);
  const lock = lockDataDirectory(options.dataDirectory);
  const closers: Closer[] = [() => lock.release()];
  try {
    return await startLocked(options, source, closers);
  } catch (error) {
    await closeAll(closers).catch(() => undefined);
    throw error;
  }
}

/** Undone in reverse order. */
type Closer = () => unknown;

/** Starts the services on a data directory that is ours alone. */
async function startLocked(options: StartOptions, source: MarketDataSource, closers: Closer[]): Promise<RunningOms> {
  const notice = options.onNotice ?? (() => {});
  const profile = profileOf(options);
  const instruments = defaultInstruments();
  const catalog = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));

  const storage = openStorage(options.dataDirectory, notice);
  closers.push(() => storage.journal.close());
  const { feed, stop: stopMarketData } = startMarket(source, instruments, notice);
  closers.push(stopMarketData);
  const readModelOpened = openReadModel({
    journalDirectory: storage.journalDirectory,
    databaseFile: join(options.dataDirectory, 'read-model.sqlite'),
    durablePosition: storage.journal.durablePosition,
    onNotice: notice,
  });
  // Awaited below, beside the recovery; until then its failure must not count as unhandled.
  readModelOpened.catch(() => undefined);

  const failure = Promise.withResolvers<HouseFailure>();
  const observers: Observers = { applied: () => undefined, durable: () => {} };
  const house = createHouse(options, storage, feed, catalog, observers, failure.resolve);
  const report = house.runtime.recover();
  const readModel = await readModelOpened;
  closers.push(() => readModel.close());
  const keeper = keepSnapshots(report.snapshotPosition, house, storage, notice);
  observers.durable = (position, now) => {
    readModel.durable(position, now);
  };
  house.runtime.start();
  if (options.venue === 'simulated') closers.push(connectVenue(house, feed));
  await unlessFailed(failure.promise, bootstrap(house, house.riskStates(), instruments, profile));

  let draining = false;
  const api = createOrderApi({
    house,
    live: house,
    readModel,
    market: feed,
    instruments: catalog,
    clock: systemClock,
    scheduler: systemScheduler,
    status: () => statusOf(house, storage.journal, readModel.state(), draining),
    manualVenue: options.venue === 'manual',
    dashboardDirectory: builtDashboard(),
    venueFaults: () => house.venueFaults(),
    ...(profile.rateLimited ? {} : { rateLimiter: null }),
    onFault: (fault, requestId) =>
      notice({ code: 'API_FAULT', message: `request ${requestId ?? '(none)'}: ${textOf(fault)}` }),
  });
  const streams = createStreamProducer(api.streams, feed, (accountId) => house.riskStateOf(accountId));
  observers.applied = (service, event, change, now) => streams.applied(service, event, change, now);

  return {
    address: await api.app.listen({ port: options.port, host: options.host }),
    recovery: { ...report, cut: storage.recovery },
    failed: failure.promise,
    house,
    market: feed,
    async stop() {
      draining = true;
      await api.close();
      await house.runtime.stop();
      await keeper.finish();
      await closeAll(closers);
    },
  };
}

/** Where `npm start` builds the dashboard; null when nobody has. */
function builtDashboard(): string | null {
  const directory = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));
  return existsSync(join(directory, 'index.html')) ? directory : null;
}

const profileOf = ({ profile, benchAccounts }: StartOptions) =>
  profile === 'bench' && benchAccounts !== undefined ? benchProfile(benchAccounts) : PROFILES[profile];

function startMarket(source: MarketDataSource, instruments: readonly Instrument[], notice: (notice: Notice) => void) {
  const { feed, stop } = startMarketData({
    source,
    instruments,
    clock: systemClock,
    scheduler: systemScheduler,
    onTapeEnded: ({ file, playedEvents }) =>
      notice({ code: 'TAPE_ENDED', message: `${file} ended after ${playedEvents} events` }),
  });
  return { feed, stop };
}

/** Waits for the work, but no longer than the house is alive: a stopped one answers nothing. */
async function unlessFailed(failed: Promise<HouseFailure>, work: Promise<void>): Promise<void> {
  const failure = await Promise.race([failed, work]);
  if (failure !== undefined) throw failure.error;
}

/** Who follows what the house decides; set once those parts are there. */
interface Observers {
  applied: StreamProducer['applied'];
  durable: (position: number, now: number) => void;
}

function createHouse(
  options: StartOptions,
  storage: Storage,
  market: MarketDataFeed,
  instruments: InstrumentCatalog,
  observers: Observers,
  failed: (failure: HouseFailure) => void,
): EmbeddedHouse {
  return new EmbeddedHouse({
    createOrderProcessor: () => orderProcessor(),
    createRiskEngine: () => riskEngine(),
    createVenue: () => createVenueSimulator({ mode: options.venue, seed: VENUE_SEED }),
    partitions: PARTITIONS,
    journal: storage.journal,
    snapshots: storage.snapshots,
    clock: systemClock,
    scheduler: systemScheduler,
    market,
    instruments,
    applied: (service, event, change, now) => observers.applied(service, event, change, now),
    durable: (position, now) => observers.durable(position, now),
    failed: (error, evidence) => {
      const evidenceFile = keepEvidence(options.dataDirectory, error, evidence, storage.journal.lastPosition);
      failed({ error, evidenceFile });
    },
  });
}

/** Lets the venue's resting orders see the market. @returns how to stop it */
function connectVenue(house: EmbeddedHouse, feed: MarketDataFeed): Closer {
  const venueMarket = connectVenueToMarket({
    feed,
    hasRestingOrders: (symbol) => house.hasRestingOrders(symbol),
    submit: (message) => house.tellVenue(message),
  });
  return () => venueMarket.stop();
}

function keepSnapshots(
  lastPosition: number,
  house: EmbeddedHouse,
  { journal, journalDirectory, snapshotDirectory }: Storage,
  notice: (notice: Notice) => void,
): SnapshotKeeper {
  const snapshotHouse = {
    get durablePosition() {
      return journal.durablePosition;
    },
    startSnapshot: (position: number) =>
      startSnapshotThread({ journalDirectory, snapshotDirectory, partitions: PARTITIONS, position }),
    snapshotNow: () => house.runtime.snapshot(),
  };
  return new SnapshotKeeper(lastPosition, snapshotHouse, systemScheduler, notice);
}

type Storage = ReturnType<typeof openStorage>;

/** Opens snapshots and journal, and tells what recovery found. */
function openStorage(dataDirectory: string, notice: (notice: Notice) => void) {
  const snapshotDirectory = join(dataDirectory, 'snapshots');
  const files = openSnapshotFiles(snapshotDirectory);
  const newest = files.load(Number.MAX_SAFE_INTEGER);
  for (const file of newest.damaged) {
    notice({
      code: 'SNAPSHOT_DAMAGED',
      message: `${file} is damaged or of another version; the older snapshot or the journal is used`,
    });
  }
  const journalDirectory = join(dataDirectory, 'journal');
  const { journal, recovery } = openFileJournal({
    directory: journalDirectory,
    expectedPosition: newest.snapshot?.position ?? 0,
  });
  if (recovery.cutAt !== null) {
    const { file, offset } = recovery.cutAt;
    notice({
      code: 'TORN_TAIL_CUT',
      message: `${recovery.cutBytes} bytes of an unacknowledged write were cut from ${file} at ${offset}`,
    });
  }
  // The newest snapshot was read already: recovery gets it from here, once, and its bytes are not kept.
  let found: typeof newest | null = newest;
  const snapshots: SnapshotStore = {
    load(maxPosition) {
      const first = found;
      found = null;
      return first ?? files.load(maxPosition);
    },
    save: (position, write) => files.save(position, write),
  };
  return { journal: new MeasuredJournal(journal), journalDirectory, snapshotDirectory, snapshots, recovery };
}

function statusOf(
  house: EmbeddedHouse,
  journal: MeasuredJournal,
  projection: ProjectionState,
  draining: boolean,
): HouseStatus {
  const { queueDepth, quarantinedTotal, lastBatchSize, stopped } = house.runtime.status;
  let openOrders = 0;
  let ordersTotal = 0;
  for (const state of house.orderStates()) {
    ordersTotal += state.orderCount;
    for (const account of state.accounts.values()) openOrders += account.openOrders.size;
  }
  return {
    ready: !draining && !stopped,
    lastPosition: journal.lastPosition,
    durablePosition: journal.durablePosition,
    queueDepth,
    openOrders,
    ordersTotal,
    quarantinedTotal,
    lastBatchSize,
    fsyncMsP99: journal.flushMsP99,
    projectionPosition: projection.position,
    projectionStalenessMs: projection.stalenessMs,
  };
}

/** Writes down why the house stopped; the journal holds everything that was acknowledged. */
function keepEvidence(dataDirectory: string, error: unknown, evidence: string | null, lastPosition: number): string {
  const file = join(dataDirectory, `stopped-${systemClock.now()}.json`);
  const known = error instanceof Error;
  const text = JSON.stringify(
    {
      error: known ? error.stack : String(error),
      code: known && 'code' in error ? error.code : null,
      evidence,
      lastPosition,
    },
    null,
    2,
  );
  try {
    writeFileSync(file, text);
  } catch {
    // A full or broken disk may be the very reason: then the message on the screen is all there is.
  }
  return file;
}

const textOf = (fault: unknown): string => (fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));

async function closeAll(closers: readonly Closer[]): Promise<void> {
  for (const close of [...closers].reverse()) await close();
}
