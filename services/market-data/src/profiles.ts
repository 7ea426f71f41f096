/** What the simulated markets look like: where they start, how deep and how lively they are. */
import { type Amount, decimal, type Instrument, type Price } from '@oms/domain';

export interface MarketProfile {
  readonly startPrice: Price;
  /** Typical value of a level at the top of the book; deeper ones hold up to four times as much. */
  readonly levelNotional: Amount;
  /** Usual standard deviation of a step of 100 ms, parts per billion of the price: 30,000 is about 2.8 % a day. */
  readonly volatilityPpb: number;
  /** Chance per step that somebody trades, percent. */
  readonly tradePercent: number;
  /** The spot a perpetual follows. */
  readonly spot: string | null;
}

const profile = (
  start: string,
  notional: string,
  volatilityPpb: number,
  tradePercent: number,
  spot: string | null,
) => ({
  startPrice: decimal(start),
  levelNotional: decimal(notional),
  volatilityPpb,
  tradePercent,
  spot,
});

const PROFILES: Readonly<Record<string, MarketProfile>> = {
  'BTC-USD': profile('40000', '60000', 25_000, 40, null),
  'ETH-USD': profile('2500', '40000', 32_000, 35, null),
  'SOL-USD': profile('150', '30000', 45_000, 30, null),
  'XRP-USD': profile('2', '30000', 45_000, 25, null),
  'BTC-PERP': profile('40000', '80000', 25_000, 40, 'BTC-USD'),
  'ETH-PERP': profile('2500', '50000', 32_000, 35, 'ETH-USD'),
};

/** Instruments without an entry of their own start at 100 and follow nobody. */
const OTHERS = profile('100', '30000', 40_000, 30, null);

export const profileOf = (instrument: Instrument): MarketProfile => PROFILES[instrument.symbol] ?? OTHERS;
