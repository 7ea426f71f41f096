/**
 * The seeded market: every instrument steps once per 100 ms, all of them at the start time and each at its own offset
 * from then on. It owns no timer; whoever has
 * the clock calls `advance`. What happens at a moment depends on the seed and the start time alone, not on how often
 * `advance` is called.
 */
import type { Instrument } from '@oms/domain';
import type { MarketStore } from './marketStore.ts';
import { profileOf } from './profiles.ts';
import { SimulatedMarket, type SpotPrice } from './simulatedMarket.ts';

export const STEP_MS = 100;

/** A jump of the clock longer than this (a laptop that slept) is skipped, all but this last part of it. */
export const CATCH_UP_MS_MAX = 60_000;

export interface MarketSimulatorOptions {
  readonly seed: string;
  /** The first books show at this time, epoch milliseconds. */
  readonly startTime: number;
  readonly instruments: readonly Instrument[];
  readonly store: MarketStore;
}

export class MarketSimulator {
  readonly #markets: readonly SimulatedMarket[];
  /** Start of the round of steps that comes next, and the market whose turn it is in it. */
  #round: number;
  #turn = 0;
  readonly #startTime: number;

  constructor({ seed, startTime, instruments, store }: MarketSimulatorOptions) {
    const bySymbol = new Map<string, SimulatedMarket>();
    // Spots first: a perpetual looks at its spot's newest step.
    const ordered = [...instruments].sort((a, b) => rankOf(a) - rankOf(b));
    for (const instrument of ordered) {
      const profile = profileOf(instrument);
      const spot = profile.spot === null ? null : spotPriceOf(profile.spot, bySymbol.get(profile.spot), store);
      bySymbol.set(instrument.symbol, new SimulatedMarket(instrument, profile, seed, store, spot));
    }
    this.#markets = [...bySymbol.values()];
    this.#round = startTime;
    this.#startTime = startTime;
  }

  /** When the next step is due; Infinity without instruments. */
  get nextTime(): number {
    if (this.#markets.length === 0) return Number.POSITIVE_INFINITY;
    if (this.#round === this.#startTime) return this.#startTime;
    return this.#round + Math.floor((this.#turn * STEP_MS) / this.#markets.length);
  }

  /** Makes everything happen that is due until `now`, oldest first. */
  advance(now: number): void {
    if (this.#markets.length === 0) return;
    if (now - this.#round > CATCH_UP_MS_MAX) {
      this.#round += STEP_MS * Math.floor((now - CATCH_UP_MS_MAX - this.#round) / STEP_MS);
    }
    for (let time = this.nextTime; time <= now; time = this.nextTime) {
      this.#markets[this.#turn]!.step(time);
      this.#turn++;
      if (this.#turn === this.#markets.length) {
        this.#turn = 0;
        this.#round += STEP_MS;
      }
    }
  }
}

const rankOf = (instrument: Instrument): number => (profileOf(instrument).spot === null ? 0 : 1);

/** The spot's fair value when it is simulated here, else the middle of its book (a tape plays it). */
function spotPriceOf(symbol: string, simulated: SimulatedMarket | undefined, store: MarketStore): SpotPrice {
  if (simulated !== undefined) return () => simulated.fairPrice;
  return () => {
    const prices = store.prices(symbol);
    if (prices === undefined) return null;
    const { bestBid, bestAsk, last } = prices;
    return bestBid !== null && bestAsk !== null ? (bestBid + bestAsk) / 2n : last;
  };
}
