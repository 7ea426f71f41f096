/**
 * What an open order sets aside, as a pure function of its terms and of what it has filled: so the holds of an
 * account always equal the sum over its open orders, and a release returns exactly what was held. Rounded up.
 */
import type { Instrument } from '../instrument.ts';
import { type Amount, maximum, multiplyRoundUp, type Quantity } from '../money.ts';
import type { Side } from '../orders/order.ts';
import type { Hold, HoldTerms } from './state.ts';

/** What of an order a hold is computed with, besides its terms. */
export type HeldOrder = Pick<Hold, 'side' | 'reduceOnly' | 'filledQuantity' | 'filledQuote'>;

/** The currency an order's hold is in: what a sale gives away on SPOT, the quote currency for everything else. */
export const holdCurrencyOf = (instrument: Instrument, side: Side): string =>
  instrument.kind === 'SPOT' && side === 'SELL' ? instrument.base : instrument.quote;

/** What may still trade under these terms, base units, never below 0. */
export function leavesUnder(terms: HoldTerms, order: HeldOrder): Quantity {
  if (terms.quoteQuantity !== null && order.filledQuote >= terms.quoteQuantity) return 0n;
  const leaves = terms.quantity - order.filledQuantity;
  return leaves > 0n ? leaves : 0n;
}

/** Notional of what may still trade, at the hold price; of an order by quoteQuantity what is left to spend. */
function openNotionalUnder(terms: HoldTerms, order: HeldOrder): Amount {
  if (terms.quoteQuantity === null) return multiplyRoundUp(terms.holdPrice, leavesUnder(terms, order));
  return maximum(terms.quoteQuantity - order.filledQuote, 0n);
}

/** What counts against open notional limits: reduce-only orders take risk away, so they neither count nor are stopped. */
export const countedNotionalUnder = (terms: HoldTerms, order: HeldOrder): Amount =>
  order.reduceOnly ? 0n : openNotionalUnder(terms, order);

/** Fees are held at the dearer of the two rates: which one applies is known only with the fill. */
const feeOn = (instrument: Instrument, notional: Amount): Amount =>
  multiplyRoundUp(notional, maximum(instrument.makerFeeRate, instrument.takerFeeRate));

/**
 * The amount these terms set aside, in {@link holdCurrencyOf}:
 * SPOT BUY notional plus fee; SPOT SELL the quantity; PERPETUAL initial margin plus fee whatever the position is
 * (an order that in truth closes one is held for as if it opened: conservative), and nothing when reduce-only.
 */
export function holdAmountUnder(instrument: Instrument, terms: HoldTerms, order: HeldOrder): Amount {
  if (instrument.kind === 'SPOT' && order.side === 'SELL') return leavesUnder(terms, order);
  if (instrument.kind === 'PERPETUAL' && order.reduceOnly) return 0n;
  const notional = openNotionalUnder(terms, order);
  const principal = instrument.kind === 'SPOT' ? notional : multiplyRoundUp(notional, instrument.initialMarginRate);
  return principal + feeOn(instrument, notional);
}
