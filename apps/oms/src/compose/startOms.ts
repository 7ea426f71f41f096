/**
 * The composition root of the embedded form: all five services, their adapters and one journal in one process.
 * Reads as the architecture: lock, journal and snapshots, market data, the house of actors, read model, API.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  lockDataDirectory,
  openFileJournal,
  openReadModel,
  openSnapshotFiles,
  systemClock,
  systemScheduler,
} from '@oms/adapter-embedded';
import type { RecoveryReport } from '@oms/actors';
import { defaultInstruments, parseMarketDataSource, startMarketData } from '@oms/market-data';
import { createOrderApi } from '@oms/order-api';
import { orderProcessor } from '@oms/order-processor';
import type { HouseStatus, JournalRecovery, MarketDataFeed } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { connectVenueToMarket, createVenueSimulator } from '@oms/venue-simulator';
import { bootstrap } from './bootstrap.ts';
import { EmbeddedHouse } from './embeddedHouse.ts';
import { MeasuredJournal } from './measuredJournal.ts';
import { PROFILES, type ProfileName } from './profiles.ts';
import { SnapshotKeeper } from './snapshotKeeper.ts';
import { createStreamProducer, type StreamProducer } from './streamProducer.ts';

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  /** As on the command line: `simulated[:SEED]` or `replay:FILE[,…]`. */
  readonly marketData: string;
  readonly venue: 'simulated' | 'manual';
  readonly profile: ProfileName;
  readonly role: string;
  /** Lines worth telling the operator: recovery, restarts, a tape's end. */
  readonly onNotice?: (notice: Notice) => void;
}

export interface Notice {
  readonly code: string;
  readonly message: string;
}

export interface RunningOms {
  /** Where it listens, for example "http://127.0.0.1:8080". */
  readonly address: string;
  readonly recovery: RecoveryReport & { readonly cut: JournalRecovery };
  /** Resolves when the house stopped by itself: a failed disk or a broken invariant. Never rejects. */
  readonly failed: Promise<{ readonly error: unknown; readonly evidenceFile: string }>;
  readonly house: EmbeddedHouse;
  readonly market: MarketDataFeed;
  /** Drains, saves a snapshot, releases everything. */
  stop(): Promise<void>;
}

const SEED_OF_VENUE = '1';
const EMPTY_NOTICE = () => {};

export async function startOms(options: StartOptions): Promise<RunningOms> {
  const notice = options.onNotice ?? EMPTY_NOTICE;
  const profile = PROFILES[options.profile];
  const instruments = defaultInstruments();
  const catalog = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  const source = parseMarketDataSource(options.marketData);

  const lock = lockDataDirectory(options.dataDirectory);
  const closers: (() => unknown)[] = [() => lock.release()];
  try {
    const storage = openStorage(options.dataDirectory, notice);
    closers.push(() => storage.journal.close());
    const marketData = startMarketData({
      source,
      instruments,
      clock: systemClock,
      scheduler: systemScheduler,
      onTapeEnded: (status) => notice({ code: 'TAPE_ENDED', message: `the tape has ended: ${JSON.stringify(status)}` }),
    });
    closers.push(() => marketData.stop());

    const failure = Promise.withResolvers<{ readonly error: unknown; readonly evidenceFile: string }>();
    let streams: StreamProducer | null = null;
    let keeper: SnapshotKeeper | null = null;
    const readModelOpened = openReadModel({
      journalDirectory: storage.journalDirectory,
      databaseFile: join(options.dataDirectory, 'read-model.sqlite'),
      durablePosition: storage.journal.durablePosition,
      onNotice: notice,
    });
    readModelOpened.catch(() => undefined);

    const house = new EmbeddedHouse({
      createOrderProcessor: () => orderProcessor(),
      createRiskEngine: () => riskEngine(),
      createVenue: () => createVenueSimulator({ mode: options.venue, seed: SEED_OF_VENUE }),
      partitions: 1,
      journal: storage.journal,
      snapshots: storage.snapshots,
      clock: systemClock,
      scheduler: systemScheduler,
      market: marketData.feed,
      instruments: catalog,
      applied: (service, event, change, now) => streams?.applied(service, event, change, now),
      durable: (position, now) => {
        readModel?.durable(position, now);
        keeper?.durable(position);
      },
      failed: (error, evidence) => {
        const evidenceFile = keepEvidence(options.dataDirectory, error, evidence, storage.journal.lastPosition);
        failure.resolve({ error, evidenceFile });
      },
    });
    const report = house.runtime.recover();
    keeper = new SnapshotKeeper(report.snapshotPosition, () => house.runtime.snapshot(), (error) =>
      notice({ code: 'SNAPSHOT_WRITE_FAILED', message: `no snapshot was saved: ${error}` }),
    );
    const readModel = await readModelOpened;
    closers.push(() => readModel.close());

    house.runtime.start();
    if (options.venue === 'simulated') {
      const venueMarket = connectVenueToMarket({
        feed: marketData.feed,
        hasRestingOrders: (symbol) => house.hasRestingOrders(symbol),
        submit: (message) => house.tellVenue(message),
      });
      closers.push(() => venueMarket.stop());
    }
    await bootstrap(house, house.riskStates(), instruments, profile);

    let ready = true;
    const status = (): HouseStatus => ({
      ...houseFigures(house, storage.journal),
      ready: ready && !house.runtime.status.stopped,
      projectionPosition: readModel.state().position,
      projectionStalenessMs: readModel.state().stalenessMs,
    });
    const api = createOrderApi({
      house,
      live: house,
      readModel,
      market: marketData.feed,
      instruments: catalog,
      clock: systemClock,
      scheduler: systemScheduler,
      status,
      manualVenue: options.venue === 'manual',
      venueFaults: () => house.venueFaults(),
      ...(profile.rateLimited ? {} : { rateLimiter: null }),
      onFault: (fault, requestId) => notice({ code: 'API_FAULT', message: `request ${requestId ?? '(none)'}: ${textOf(fault)}` }),
    });
    streams = createStreamProducer(api.streams, marketData.feed, (accountId) => house.riskStateOf(accountId));
    const address = await api.app.listen({ port: options.port, host: options.host });

    const finishing = keeper;
    return {
      address,
      recovery: { ...report, cut: storage.recovery },
      failed: failure.promise,
      house,
      market: marketData.feed,
      async stop() {
        ready = false;
        await api.close();
        await house.runtime.stop();
        await finishing.finish(storage.journal.durablePosition);
        await closeAll(closers);
      },
    };
  } catch (error) {
    await closeAll(closers).catch(() => undefined);
    throw error;
  }
}

/** Opens snapshots and journal, and tells what recovery found. */
function openStorage(dataDirectory: string, notice: (notice: Notice) => void) {
  const files = openSnapshotFiles(join(dataDirectory, 'snapshots'));
  const newest = files.load(Number.MAX_SAFE_INTEGER);
  for (const file of newest.damaged) {
    notice({ code: 'SNAPSHOT_DAMAGED', message: `${file} is damaged; the older snapshot or the journal is used` });
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
  // The newest snapshot was read already: recovery gets it from here.
  const snapshots = { load: () => newest, save: files.save.bind(files) };
  return { journal: new MeasuredJournal(journal), journalDirectory, snapshots, recovery };
}

function houseFigures(house: EmbeddedHouse, journal: MeasuredJournal) {
  const { queueDepth, quarantinedTotal, lastBatchSize } = house.runtime.status;
  let openOrders = 0;
  let ordersTotal = 0;
  for (const state of house.orderStates()) {
    ordersTotal += state.orderCount;
    for (const account of state.accounts.values()) openOrders += account.openOrders.size;
  }
  return {
    lastPosition: journal.lastPosition,
    durablePosition: journal.durablePosition,
    queueDepth,
    openOrders,
    ordersTotal,
    quarantinedTotal,
    lastBatchSize,
    fsyncMsP99: journal.flushMsP99,
  };
}

/** Writes down why the house stopped; the journal holds everything that was acknowledged. */
function keepEvidence(dataDirectory: string, error: unknown, evidence: string | null, lastPosition: number): string {
  const file = join(dataDirectory, `stopped-${systemClock.now()}.json`);
  const known = error instanceof Error;
  const text = JSON.stringify(
    { error: known ? error.stack : String(error), code: known && 'code' in error ? error.code : null, evidence, lastPosition },
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

async function closeAll(closers: readonly (() => unknown)[]): Promise<void> {
  for (const close of [...closers].reverse()) await close();
}
