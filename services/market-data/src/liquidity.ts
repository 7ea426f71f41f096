/**
 * How much liquidity a made-up book shows, and where. Prices are cut into cells of a few increments; each cell holds
 * one level whose exact price and size are looked up from a hash of the seed, the cell and the time. So levels stay
 * where they are while the market moves past them, and change size every few seconds, without any book being stored.
 *
 * Works in whole ticks (price increments) and lots (quantity increments), as integers below 2^53.
 */
import type { BookLevel, Instrument, Price, Quantity } from '@oms/domain';
import { mix } from './seededRandom.ts';

export const LEVELS_PER_SIDE = 25;

/** Each level keeps its size this long. */
const RESIZE_MS = 4_096;

/** A cell is this fraction of the price: 0.3 basis points. */
const CELLS_PER_PRICE = 33_333n;

export interface Level {
  readonly tick: number;
  readonly lots: number;
}

export class Liquidity {
  readonly instrument: Instrument;
  /** Width of a cell. */
  readonly cellTicks: number;
  /** Typical size of a level at the top of the book. */
  readonly levelLots: number;
  readonly #seed: number;
  /** What trades took from a level, and from which of its sizes. */
  readonly #taken = new Map<number, { readonly resize: number; readonly lots: number }>();

  /**
   * @param price about where the market is
   * @param levelNotional typical value of a level at the top of the book, in quote atoms
   */
  constructor(instrument: Instrument, price: Price, levelNotional: bigint, seed: number) {
    this.instrument = instrument;
    this.cellTicks = Math.max(1, Number(price / instrument.priceIncrement / CELLS_PER_PRICE));
    this.levelLots = Math.max(2, Number((levelNotional * 100_000_000n) / price / instrument.quantityIncrement));
    this.#seed = seed;
  }

  tickOf = (price: Price): number => Number(price / this.instrument.priceIncrement);
  priceOf = (tick: number): Price => BigInt(tick) * this.instrument.priceIncrement;
  quantityOf = (lots: number): Quantity => BigInt(lots) * this.instrument.quantityIncrement;
  bookLevelsOf = (levels: readonly Level[]): BookLevel[] =>
    levels.map(({ tick, lots }) => [this.priceOf(tick), this.quantityOf(lots)]);

  /** Levels at or beyond `fromTick`, best first: upwards for asks, downwards for bids. */
  levels(side: 'bids' | 'asks', fromTick: number, time: number, count = LEVELS_PER_SIDE): Level[] {
    const step = side === 'asks' ? 1 : -1;
    const levels: Level[] = [];
    for (let cell = Math.floor(fromTick / this.cellTicks); levels.length < count && cell >= 0; cell += step) {
      const level = this.#levelOf(cell, time, levels.length);
      if (level.lots > 0 && level.tick > 0 && (level.tick - fromTick) * step >= 0) levels.push(level);
    }
    return levels;
  }

  /** Somebody took `lots` of the level at `tick`: it shows less until its next change of size. */
  take(tick: number, time: number, lots: number): void {
    const resize = this.#resizeOf(Math.floor(tick / this.cellTicks), time);
    const before = this.#taken.get(tick);
    if (this.#taken.size > 4 * LEVELS_PER_SIDE) this.#taken.clear();
    this.#taken.set(tick, { resize, lots: lots + (before?.resize === resize ? before.lots : 0) });
  }

  #levelOf(cell: number, time: number, depth: number): Level {
    const tick = cell * this.cellTicks + (mix(this.#seed, cell) % this.cellTicks);
    const resize = this.#resizeOf(cell, time);
    const share = 512 + (mix(this.#seed, cell, resize) % 1024); // a half to one and a half
    const shown = Math.floor((Math.floor((this.levelLots * share) / 1024) * (8 + depth)) / 8);
    const taken = this.#taken.get(tick);
    return { tick, lots: taken?.resize === resize ? shown - taken.lots : shown };
  }

  #resizeOf(cell: number, time: number): number {
    return 1 + Math.floor((time + (mix(this.#seed, cell) % RESIZE_MS)) / RESIZE_MS);
  }
}
