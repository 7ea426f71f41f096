/**
 * One instrument of the market simulator: a fair value that wanders (volatility comes in spells and dies down, the
 * price is weakly drawn back to where it started, a perpetual follows its spot), a book around it, and traders who
 * hit that book. Integer arithmetic throughout: the fair value counts 1/1024 ticks.
 */
import type { Instrument, Price } from '@oms/domain';
import { type Level, Liquidity } from './liquidity.ts';
import type { MarketStore } from './marketStore.ts';
import type { MarketProfile } from './profiles.ts';
import { BELL_DEVIATION, hashText, SeededRandom } from './seededRandom.ts';

const FINENESS = 1024;
const PARTS_PER_BILLION = 1_000_000_000;

/** Fair value of the spot in atoms, or null while it is not known. */
export type SpotPrice = () => Price | null;

export class SimulatedMarket {
  readonly #symbol: string;
  readonly #profile: MarketProfile;
  readonly #store: MarketStore;
  readonly #liquidity: Liquidity;
  readonly #random: SeededRandom;
  readonly #spot: SpotPrice | null;
  readonly #anchor: number;
  #fair: number;
  /** Standard deviation of a step, parts per billion. */
  #volatility: number;
  /** Perpetual over spot, parts per billion. */
  #basis = 0;
  #bids: readonly Level[] = [];
  #asks: readonly Level[] = [];

  constructor(
    instrument: Instrument,
    profile: MarketProfile,
    seed: string,
    store: MarketStore,
    spot: SpotPrice | null,
  ) {
    const ownSeed = `${seed}/${instrument.symbol}`;
    this.#symbol = instrument.symbol;
    this.#profile = profile;
    this.#store = store;
    this.#liquidity = new Liquidity(instrument, profile.startPrice, profile.levelNotional, hashText(ownSeed));
    this.#random = new SeededRandom(ownSeed);
    this.#spot = spot;
    this.#anchor = this.#liquidity.tickOf(profile.startPrice) * FINENESS;
    this.#fair = this.#anchor;
    this.#volatility = profile.volatilityPpb;
  }

  get fairPrice(): Price {
    return (BigInt(this.#fair) * this.#liquidity.instrument.priceIncrement) / BigInt(FINENESS);
  }

  /** One moment: perhaps somebody trades against the book shown so far, then the book moves to the new fair value. */
  step(time: number): void {
    if (this.#bids.length > 0 && this.#random.below(100) < this.#profile.tradePercent) this.#trade(time);
    this.#move();
    this.#showBook(time);
    this.#store.publishTicker(this.#symbol, time);
  }

  #move(): void {
    const { volatilityPpb } = this.#profile;
    const random = this.#random;
    this.#volatility += Math.trunc((volatilityPpb - this.#volatility) / 128);
    if (random.below(1_500) === 0) this.#volatility = Math.min(this.#volatility * 3, volatilityPpb * 6);
    const spot = this.#spot?.() ?? null;
    if (spot !== null) {
      // About two basis points above the spot, a few either way.
      this.#basis += Math.trunc((200_000 - this.#basis) / 64) + Math.trunc((random.bell() * 20_000) / BELL_DEVIATION);
      const { priceIncrement } = this.#liquidity.instrument;
      const fair = Number((spot * BigInt(FINENESS)) / priceIncrement);
      this.#fair = fair + Math.trunc((fair * this.#basis) / PARTS_PER_BILLION);
      return;
    }
    const deviation = Math.trunc((this.#fair * this.#volatility) / PARTS_PER_BILLION);
    const noise = Math.trunc((deviation * random.bell()) / BELL_DEVIATION);
    const pull = Math.trunc((this.#anchor - this.#fair) / 200_000);
    this.#fair = Math.max(this.#anchor >> 3, this.#fair + noise + pull);
  }

  #showBook(time: number): void {
    const { cellTicks } = this.#liquidity;
    const half = Math.max(1, Math.trunc((cellTicks * this.#volatility) / (2 * this.#profile.volatilityPpb)));
    const middle = Math.floor(this.#fair / FINENESS);
    this.#bids = this.#liquidity.levels('bids', middle - half, time);
    this.#asks = this.#liquidity.levels('asks', middle + half, time);
    const { bookLevelsOf } = this.#liquidity;
    this.#store.publishBook(this.#symbol, time, bookLevelsOf(this.#bids), bookLevelsOf(this.#asks));
  }

  /** A trader takes a little, seldom a lot, walking the displayed levels; the fair value gives way a bit. */
  #trade(time: number): void {
    const random = this.#random;
    const buys = random.below(2) === 0;
    const size = random.below(1024);
    const usual = Math.trunc((this.#liquidity.levelLots * size * size) / (4 * 1024 * 1024));
    let lots = Math.max(1, random.below(40) === 0 ? usual * 10 : usual);
    for (const level of buys ? this.#asks : this.#bids) {
      const taken = Math.min(lots, level.lots);
      const price = this.#liquidity.priceOf(level.tick);
      this.#store.publishTrade(this.#symbol, time, price, this.#liquidity.quantityOf(taken), buys ? 'BUY' : 'SELL');
      this.#liquidity.take(level.tick, time, taken);
      lots -= taken;
      if (lots === 0) break;
    }
    const impact = Math.trunc((this.#liquidity.cellTicks * FINENESS) / 8);
    if (this.#spot === null) this.#fair += buys ? impact : -impact;
  }
}
