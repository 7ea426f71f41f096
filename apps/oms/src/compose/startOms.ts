/**
 * The composition root of the embedded form: all five services, their adapters and one journal in one process.
 * Reads as the architecture: lock, journal and snapshots, market data, the house of actors, read model, API.
 */
import { join } from 'node:path';
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
  type Profile,
  type ProfileName,
  SnapshotKeeper,
} from '@oms/house';
import type { FirstSignIn } from '@oms/identity';
import { defaultInstruments, type MarketDataSource, parseMarketDataSource, startMarketData } from '@oms/market-data';
import { type OrderProcessorOptions, orderProcessor } from '@oms/order-processor';
import type { AccessFact, JournalHead, JournalRecovery, MarketDataFeed, SnapshotStore } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { connectVenueToMarket, createVenueSimulator } from '@oms/venue-simulator';
import type { AuthSettings } from '../access/authSettings.ts';
import { type Access, openAccess } from '../access/openAccess.ts';
import type { WebSettings } from '../access/webSettings.ts';
import { createApi } from './createApi.ts';
import { keepEvidence } from './evidence.ts';
import { statusOf } from './houseStatus.ts';
import { MeasuredJournal } from './measuredJournal.ts';
import { OPERATING_SYSTEM, type Outside } from './outside.ts';
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
  /** Off when left out. */
  readonly auth?: AuthSettings;
  /** HTTP, no proxies and no other origins when left out. */
  readonly web?: WebSettings;
  /** The issuer's name; where the server listens when left out. */
  readonly publicUrl?: string | null;
  /** How long the venue may take to answer, and how often our books are compared with its. */
  readonly venueTimes?: OrderProcessorOptions;
  /** Lines worth telling the operator: recovery, restarts, a tape's end. */
  readonly onNotice?: (notice: Notice) => void;
  /** The operating system when left out. */
  readonly outside?: Outside;
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
  /** The passwords of a new data directory, to be shown once. */
  readonly firstSignIn: FirstSignIn | null;
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

  const outside = options.outside ?? OPERATING_SYSTEM;
  const observers: Observers = { applied: () => undefined, durable: () => {}, accessed: () => {} };
  const accessOpened = beginSignIn(options, profile, observers, notice, closers);
  const storage = openStorage(options.dataDirectory, outside, notice);
  closers.push(() => storage.journal.close());
  const { feed, stop: stopMarketData } = startMarket(source, instruments, notice);
  closers.push(stopMarketData);
  const readModelOpened = beginReadModel(options.dataDirectory, storage, notice);

  const failure = Promise.withResolvers<HouseFailure>();
  const house = createHouse(options, storage, feed, catalog, observers, failure.resolve);
  const report = house.runtime.recover();
  // The clock may have been set back since; the journal's time goes on.
  systemClock.startFrom(report.lastNow);
  const readModel = await readModelOpened;
  closers.push(() => readModel.close());
  const keeper = keepSnapshots(report.snapshotPosition, house, storage, outside, notice);
  observers.durable = (position, now) => {
    readModel.durable(position, now);
  };
  house.runtime.start();
  if (options.venue === 'simulated') closers.push(connectVenue(house, feed));
  await unlessFailed(failure.promise, bootstrap(house, house.riskStates(), instruments, profile));

  const access = await accessOpened;

  let draining = false;
  const status = () => statusOf(house, storage.journal, readModel.state(), draining);
  const served = { house: outside.gateway(house), live: house, readModel, market: feed, instruments: catalog, status };
  const api = createApi(options, profile.rateLimited, closers, {
    ...served,
    access: access.verifier,
    dashboardSignIn: access.browserSignIn,
    venueFaults: () => house.venueFaults(),
  });
  const streams = createStreamProducer(api.streams, feed, (accountId) => house.riskStateOf(accountId));
  observers.accessed = (fact) => api.recordAccess(fact);
  observers.applied = (service, event, change, now) => streams.applied(service, event, change, now);

  access.mount(api.app);
  const address = await api.app.listen({ port: options.port, host: options.host });
  access.listensAt(options.publicUrl ?? address);

  return {
    address,
    firstSignIn: access.firstSignIn,
    recovery: { ...report, cut: storage.recovery },
    failed: failure.promise,
    house,
    market: feed,
    async stop() {
      draining = true;
      await api.close();
      await house.runtime.stop();
      await keeper.finish();
      notice(headNotice(storage.journal.head));
      await closeAll(closers);
    },
  };
}

/** Opens beside the recovery, for it hashes; until it is awaited, its failure must not count as unhandled. */
function beginSignIn(
  options: StartOptions,
  { accounts }: Profile,
  observers: Observers,
  onNotice: (notice: Notice) => void,
  closers: Closer[],
): Promise<Access> {
  const { auth = 'off', dataDirectory } = options;
  const accountIds = accounts.map(({ accountId }) => accountId);
  const onAudit: Observers['accessed'] = (fact) => observers.accessed(fact);
  const scheduler = systemScheduler;
  const opened = openAccess({ auth, dataDirectory, accounts: accountIds, scheduler, onAudit, onNotice });
  const close = (access: Access) => access.close();
  const nothing = () => undefined;
  opened.catch(nothing);
  closers.push(() => opened.then(close, nothing));
  return opened;
}

/** Opens beside the recovery; until it is awaited, its failure must not count as unhandled. */
function beginReadModel(
  dataDirectory: string,
  { journal, journalDirectory }: Storage,
  onNotice: (notice: Notice) => void,
) {
  const databaseFile = join(dataDirectory, 'read-model.sqlite');
  const opened = openReadModel({ journalDirectory, databaseFile, durablePosition: journal.durablePosition, onNotice });
  opened.catch(() => undefined);
  return opened;
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
  accessed: (fact: AccessFact) => void;
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
    createOrderProcessor: () => orderProcessor(options.venueTimes),
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
  { startSnapshot, snapshotTiming }: Outside,
  notice: (notice: Notice) => void,
): SnapshotKeeper {
  const snapshotHouse = {
    get durablePosition() {
      return journal.durablePosition;
    },
    startSnapshot: (position: number) => {
      const { head } = journal;
      const thread = startSnapshot({ journalDirectory, snapshotDirectory, partitions: PARTITIONS, position });
      // One that fails is the keeper's to tell.
      thread.made.then(
        () => notice(headNotice(head)),
        () => undefined,
      );
      return thread;
    },
    snapshotNow: () => house.runtime.snapshot(),
  };
  return new SnapshotKeeper(lastPosition, snapshotHouse, systemScheduler, notice, snapshotTiming);
}

/** For the log: what is kept there tells later whether the journal was changed. */
const headNotice = ({ position, hash }: JournalHead): Notice => ({
  code: 'JOURNAL_HEAD',
  message: `${position}:${hash}; \`oms verify --anchor\` with it shows that nothing up to there was changed`,
});

type Storage = ReturnType<typeof openStorage>;

/** Opens snapshots and journal, and tells what recovery found. */
function openStorage(dataDirectory: string, outside: Outside, notice: (notice: Notice) => void) {
  const { fileSystem, segmentBytes } = outside;
  const snapshotDirectory = join(dataDirectory, 'snapshots');
  const files = openSnapshotFiles(snapshotDirectory, fileSystem);
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
    fileSystem,
    expectedHead: newest.snapshot,
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
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
    save: (head, write) => files.save(head, write),
  };
  return {
    journal: new MeasuredJournal(outside.journal(journal)),
    journalDirectory,
    snapshotDirectory,
    snapshots,
    recovery,
  };
}

async function closeAll(closers: readonly Closer[]): Promise<void> {
  for (const close of [...closers].reverse()) await close();
}
