/**
 * Candles of one instrument and interval, made from its trades; the newest {@link CANDLES_MAX} are kept. An interval
 * without a trade has no candle.
 */
import type { Candle, CandleInterval, MarketTrade } from '@oms/ports';
import { BoundedRing } from './boundedRing.ts';

export const CANDLES_MAX = 1_500;

export const INTERVAL_MS: Readonly<Record<CandleInterval, number>> = {
  '1s': 1_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

type Forming = { -readonly [Member in keyof Candle]: Candle[Member] };

export class CandleSeries {
  readonly #intervalMs: number;
  readonly #closed = new BoundedRing<Candle>(CANDLES_MAX - 1);
  #forming: Forming | null = null;

  constructor(interval: CandleInterval) {
    this.#intervalMs = INTERVAL_MS[interval];
  }

  add({ symbol, time, price, quantity }: MarketTrade): void {
    const openTime = time - (time % this.#intervalMs);
    const forming = this.#forming;
    if (forming === null || openTime > forming.openTime) {
      if (forming !== null) this.#closed.push(forming);
      this.#forming = {
        symbol,
        openTime,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: quantity,
        trades: 1,
      };
      return;
    }
    if (price > forming.high) forming.high = price;
    if (price < forming.low) forming.low = price;
    forming.close = price;
    forming.volume += quantity;
    forming.trades++;
  }

  /** Oldest first, the forming one (a copy) last. */
  newest(limit: number): Candle[] {
    if (this.#forming === null || limit < 1) return [];
    return [...this.#closed.newest(limit - 1), { ...this.#forming }];
  }
}
