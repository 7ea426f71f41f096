/**
 * One life of the house's process, from its start on what the disk holds to its death: the real journal, snapshots,
 * actors, market data, venue and command desk, composed as the server composes them. Only the ports are others.
 */
import type { RecoveryReport } from '@oms/actors';
import { createSystemClock, openFileJournal, openSnapshotFiles } from '@oms/adapter-embedded';
import type { OrderChange } from '@oms/domain';
import { bootstrap, EmbeddedHouse, makeSnapshot, SnapshotKeeper } from '@oms/house';
import { startMarketData } from '@oms/market-data';
import { CommandDesk } from '@oms/order-api/commands';
import { orderProcessor } from '@oms/order-processor';
import type { Clock, FileSystem, Journal, JournalRecovery, MarketDataFeed, Scheduler, SnapshotStore } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { connectVenueToMarket, createVenueSimulator } from '@oms/venue-simulator';
import type { Chronicle } from '../world/chronicle.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';
import type { HouseSetup } from './houseSetup.ts';
import type { ProcessTime } from './processTime.ts';
import type { Sabotage } from './sabotage.ts';

export const JOURNAL_DIRECTORY = '/data/journal';
export const SNAPSHOT_DIRECTORY = '/data/snapshots';
/** Time and market are looked at this often when nothing else happens. */
const TICK_MS = 50;
const SNAPSHOT_CHECK_MS = 500;

export interface ProcessSurroundings {
  readonly setup: HouseSetup;
  readonly fileSystem: FileSystem;
  readonly wall: Clock;
  readonly time: SimulatedTime;
  readonly processTime: ProcessTime;
  readonly chronicle: Chronicle;
  readonly sabotage: Sabotage;
  /** A report of the account was pushed to whoever listens. */
  readonly onReported: (accountId: string, sequence: number) => void;
  /** The process stops by itself. */
  readonly onFailed: (error: unknown) => void;
  /** Whether the market can be seen; while it cannot, prices stand still. */
  readonly seesMarket: () => boolean;
}

export interface HouseProcess {
  readonly house: EmbeddedHouse;
  readonly desk: CommandDesk;
  readonly journal: Journal;
  readonly market: MarketDataFeed;
  readonly recovery: RecoveryReport & { readonly cut: JournalRecovery };
  readonly damagedSnapshots: readonly string[];
  /** Resolves once accounts and instruments are there; the API takes nothing before. */
  readonly ready: Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

/**
 * Recovers and starts.
 * @throws InfrastructureError as the server's start does
 */
export function startHouseProcess(surroundings: ProcessSurroundings): HouseProcess {
  const { setup, processTime, chronicle, wall, time } = surroundings;
  const fileSystem = surroundings.sabotage.fileSystem?.(surroundings.fileSystem) ?? surroundings.fileSystem;
  const clock = createSystemClock(
    () => wall.now(),
    () => time.now,
  );
  const storage = openStorage(setup, fileSystem);
  const journal = surroundings.sabotage.journal?.(storage.journal) ?? storage.journal;
  const market = startMarketData({
    source: { kind: 'simulated', seed: setup.seed },
    instruments: setup.instruments,
    clock,
    scheduler: marketScheduler(surroundings),
  });
  const house = createHouse(surroundings, { ...storage, journal, clock, market: market.feed });
  const report = house.runtime.recover();
  clock.startFrom(report.lastNow);
  const scheduler = processTime.scheduler({ every: false });
  const keeper = keepSnapshots(report.snapshotPosition, surroundings, fileSystem, house, journal);
  const desk = new CommandDesk(house, house, clock, scheduler, setup.decisionWaitMs);
  house.runtime.start();
  const venueMarket = connectVenueToMarket({
    feed: market.feed,
    hasRestingOrders: (symbol) => house.hasRestingOrders(symbol),
    submit: (message) => house.tellVenue(message),
  });
  return {
    house,
    desk,
    journal,
    market: market.feed,
    recovery: { ...report, cut: storage.recovery },
    damagedSnapshots: storage.damaged,
    ready: bootstrap(house, house.riskStates(), setup.instruments, setup.profile),
    async stop() {
      desk.close();
      market.stop();
      venueMarket.stop();
      await house.runtime.stop();
      await keeper.finish();
      await journal.close();
      chronicle.note('stopped');
    },
  };
}

/** While the market cannot be seen its timer does nothing; afterwards what was missed comes at once. */
function marketScheduler({ processTime, seesMarket }: ProcessSurroundings): Scheduler {
  const scheduler = processTime.scheduler({ every: true });
  const every: Scheduler['every'] = (intervalMs, task) =>
    scheduler.every(intervalMs, () => {
      if (seesMarket()) task();
    });
  return { ...scheduler, every };
}

function openStorage(setup: HouseSetup, fileSystem: FileSystem) {
  const snapshots = openSnapshotFiles(SNAPSHOT_DIRECTORY, fileSystem);
  const { snapshot, damaged } = snapshots.load(Number.MAX_SAFE_INTEGER);
  const { journal, recovery } = openFileJournal({
    directory: JOURNAL_DIRECTORY,
    fileSystem,
    segmentBytes: setup.segmentBytes,
    ...(snapshot === null ? {} : { expectedHead: snapshot }),
  });
  return { journal, recovery, snapshots, damaged };
}

interface Parts {
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly clock: Clock;
  readonly market: MarketDataFeed;
}

function createHouse({ setup, processTime, sabotage, ...told }: ProcessSurroundings, parts: Parts): EmbeddedHouse {
  const { every } = processTime.scheduler({ every: true });
  const createOrderProcessor = () => {
    const definition = orderProcessor(setup.venuePatience);
    return sabotage.orderProcessor?.(definition) ?? definition;
  };
  return new EmbeddedHouse({
    ...parts,
    createOrderProcessor,
    createRiskEngine: () => sabotage.riskEngine?.(riskEngine()) ?? riskEngine(),
    createVenue: () => createVenueSimulator({ mode: 'simulated', seed: setup.seed }),
    partitions: setup.partitions,
    mailboxCapacity: setup.mailboxCapacity,
    // What the runtime does every so often is to wake itself.
    scheduler: { ...processTime.scheduler({ every: false }), every },
    tickMs: TICK_MS,
    instruments: new Map(setup.instruments.map((instrument) => [instrument.symbol, instrument])),
    applied: (service, _event, change) => {
      if (service !== 'order-processor' || change === null) return undefined;
      const { order, execType, sequence } = change as OrderChange;
      const { accountId } = order;
      return execType === null ? undefined : () => told.onReported(accountId, sequence);
    },
    failed: (error) => told.onFailed(error),
  });
}

function keepSnapshots(
  position: number,
  { setup, processTime, chronicle }: ProcessSurroundings,
  fileSystem: FileSystem,
  house: EmbeddedHouse,
  journal: Journal,
): SnapshotKeeper {
  const snapshotHouse = {
    get durablePosition() {
      return journal.durablePosition;
    },
    startSnapshot(through: number) {
      const made = makeSnapshot(
        {
          journalDirectory: JOURNAL_DIRECTORY,
          snapshotDirectory: SNAPSHOT_DIRECTORY,
          partitions: setup.partitions,
          position: through,
        },
        fileSystem,
      );
      made.then(
        () => chronicle.dose('snapshots'),
        () => undefined,
      );
      return { made, cancel: async () => {} };
    },
    snapshotNow: () => house.runtime.snapshot(),
  };
  const { snapshotRecords } = setup;
  return new SnapshotKeeper(
    position,
    snapshotHouse,
    processTime.scheduler({ every: false }),
    ({ message }) => chronicle.note(message),
    {
      tailWorthRecords: snapshotRecords,
      tailMaxRecords: snapshotRecords,
      tailAtStopRecords: snapshotRecords,
      checkIntervalMs: SNAPSHOT_CHECK_MS,
    },
  );
}
