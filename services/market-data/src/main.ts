/**
 * Composition of the market data service: given a source, a clock and a scheduler it returns the running feed.
 * The simulator and the tape own no timers; the one timer is here.
 */
import type { Instrument } from '@oms/domain';
import { type Clock, InfrastructureError, type MarketDataFeed, type Scheduler } from '@oms/ports';
import { DEFAULT_SEED, type MarketDataSource } from './marketDataSource.ts';
import { MarketSimulator } from './marketSimulator.ts';
import { MarketStore } from './marketStore.ts';
import { loadTape } from './tapeFile.ts';
import { TapeReplay, type TapeStatus } from './tapeReplay.ts';

/** How often what is due is published. */
export const ADVANCE_EVERY_MS = 20;

export interface MarketDataOptions {
  readonly source: MarketDataSource;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Told once, when a tape has ended: its last prices stay. */
  readonly onTapeEnded?: (status: TapeStatus) => void;
}

export interface MarketDataStatus {
  readonly source: MarketDataSource;
  /** Null when everything is simulated. */
  readonly tape: TapeStatus | null;
}

export interface RunningMarketData {
  readonly feed: MarketDataFeed;
  status(): MarketDataStatus;
  /** Publishes what is due until `now`; the service's own timer does it every {@link ADVANCE_EVERY_MS}. */
  advance(now: number): void;
  stop(): void;
}

/**
 * The first books are there when it returns.
 * @throws InfrastructureError TAPE_MALFORMED, or CONFIGURATION_INVALID for a tape of an instrument that is not listed.
 */
export function startMarketData(options: MarketDataOptions): RunningMarketData {
  const { source, instruments, clock, scheduler, onTapeEnded } = options;
  const store = new MarketStore(instruments);
  const startTime = clock.now();
  const replay = source.kind === 'replay' ? startReplay(source, instruments, store, startTime) : null;
  const simulator = new MarketSimulator({
    seed: source.kind === 'simulated' ? source.seed : DEFAULT_SEED,
    startTime,
    instruments: instruments.filter((each) => source.kind === 'simulated' || each.symbol !== source.symbol),
    store,
  });
  let endTold = false;
  const advance = (now: number): void => {
    replay?.advance(now);
    simulator.advance(now);
    if (replay?.status.ended === true && !endTold) {
      endTold = true;
      onTapeEnded?.(replay.status);
    }
  };
  advance(startTime);
  const timer = scheduler.every(ADVANCE_EVERY_MS, () => advance(clock.now()));
  return {
    feed: store,
    status: () => ({ source, tape: replay?.status ?? null }),
    advance,
    stop: () => timer.cancel(),
  };
}

function startReplay(
  source: MarketDataSource & { readonly kind: 'replay' },
  instruments: readonly Instrument[],
  store: MarketStore,
  startTime: number,
): TapeReplay {
  const instrument = instruments.find((each) => each.symbol === source.symbol);
  if (instrument === undefined) {
    const known = instruments.map((each) => each.symbol).join(', ');
    throw new InfrastructureError(
      'CONFIGURATION_INVALID',
      `cannot replay ${source.file} as ${source.symbol}: no such instrument; there are ${known}`,
    );
  }
  const tape = loadTape(source.file, instrument);
  return new TapeReplay({ tape, instrument, store, startTime, speed: source.speed });
}
