/**
 * Instruments: what is traded, how fine its prices and quantities are, and what it costs. Definitions are
 * journalled (event InstrumentListed), so a fold never depends on today's configuration.
 */
import { type Amount, ONE, type Price, type Quantity, type Rate } from './money.ts';

export type InstrumentKind = 'SPOT' | 'PERPETUAL';
export type InstrumentStatus = 'TRADING' | 'CANCEL_ONLY' | 'HALTED';

export interface Instrument {
  /** For example "BTC-USD". */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** SPOT exchanges base for quote; PERPETUAL is linear and margined in the quote currency. */
  readonly kind: InstrumentKind;
  readonly priceIncrement: Price;
  readonly quantityIncrement: Quantity;
  readonly minQuantity: Quantity;
  readonly maxQuantity: Quantity;
  readonly minNotional: Amount;
  readonly makerFeeRate: Rate;
  readonly takerFeeRate: Rate;
  /** Share of the notional set aside per position: 0.1 is ten times leverage. Zero for SPOT. */
  readonly initialMarginRate: Rate;
  readonly status: InstrumentStatus;
}

/**
 * Checks an instrument's own rules.
 * @returns what is wrong, or `null` when it can be listed.
 */
export function validateInstrument(instrument: Instrument): string | null {
  const { priceIncrement, quantityIncrement, minQuantity, maxQuantity } = instrument;
  if (priceIncrement <= 0n) return 'priceIncrement must be positive';
  if (quantityIncrement <= 0n) return 'quantityIncrement must be positive';
  if ((priceIncrement * quantityIncrement) % ONE !== 0n) {
    return 'priceIncrement × quantityIncrement must be a multiple of 0.00000001, so that every notional is exact';
  }
  if (minQuantity <= 0n || minQuantity % quantityIncrement !== 0n)
    return 'minQuantity must be a positive multiple of quantityIncrement';
  if (maxQuantity < minQuantity || maxQuantity % quantityIncrement !== 0n)
    return 'maxQuantity must be a multiple of quantityIncrement and at least minQuantity';
  if (instrument.minNotional < 0n) return 'minNotional must not be negative';
  if (instrument.makerFeeRate < 0n || instrument.takerFeeRate < 0n) return 'fee rates must not be negative';
  if (instrument.kind === 'PERPETUAL' && (instrument.initialMarginRate <= 0n || instrument.initialMarginRate > ONE)) {
    return 'initialMarginRate of a PERPETUAL must be above 0 and at most 1';
  }
  return null;
}

/** The instruments known now, by symbol. */
export type InstrumentCatalog = ReadonlyMap<string, Instrument>;
