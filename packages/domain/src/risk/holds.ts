/**
 * What an open order sets aside, as a pure function of its terms and of what it has filled: so the holds of an
 * account always equal the sum over its open orders, and a release returns exactly what was held. Rounded up.
 */
import type { Instrument } from '../instrument.ts';
import { type Amount, maximum, multiplyRoundUp, type Quantity } from '../money.ts';
import type { Side } from '../orders/order.ts';
import type { HoldFacts, HoldTerms } from './state.ts';

/** What of an order a hold is computed with, besides its terms. */
export type HeldOrder = Pick<HoldFacts, 'side' | 'reduceOnly' | 'filledQuantity' | 'filledQuote'>;

/** The currency an order's hold is in: what a sale gives away on SPOT, the quote currency for everything else. */
export const holdCurrencyOf = (instrument: Instrument, side: Side): string =>
  instrument.kind === 'SPOT' && side === 'SELL' ? instrument.base : instrument.quote;

/** What may still trade under these terms, base units, never below 0. */
export function leavesUnder(terms: HoldTerms, order: HeldOrder): Quantity {
  if (terms.quoteQuantity !== null && order.filledQuote >= terms.quoteQuantity) return 0n;
  // Nearly every order when it is placed: the quantity as it is, not a copy that would stay as long as the order.
  const leaves = order.filledQuantity === 0n ? terms.quantity : terms.quantity - order.filledQuantity;
  return leaves > 0n ? leaves : 0n;
}

/** Notional of what may still trade, at the hold price; of an order by quoteQuantity what is left to spend. */
export function openNotionalUnder(terms: HoldTerms, order: HeldOrder, leaves: Quantity): Amount {
  if (terms.quoteQuantity === null) return multiplyRoundUp(terms.holdPrice, leaves);
  return maximum(terms.quoteQuantity - order.filledQuote, 0n);
}

/** What counts against open notional limits: reduce-only orders take risk away, so they neither count nor are stopped. */
export const countedNotional = (order: HeldOrder, openNotional: Amount): Amount =>
  order.reduceOnly ? 0n : openNotional;

/** Fees are held at the dearer of the two rates: which one applies is known only with the fill. */
const feeOn = (instrument: Instrument, notional: Amount): Amount =>
  multiplyRoundUp(notional, maximum(instrument.makerFeeRate, instrument.takerFeeRate));

/**
 * The amount these terms set aside, in {@link holdCurrencyOf}:
 * SPOT BUY notional plus fee; SPOT SELL the quantity; PERPETUAL initial margin plus fee whatever the position is
 * (an order that in truth closes one is held for as if it opened: conservative), and nothing when reduce-only.
 */
export function holdAmount(instrument: Instrument, order: HeldOrder, leaves: Quantity, openNotional: Amount): Amount {
  if (instrument.kind === 'SPOT')
    return order.side === 'SELL' ? leaves : openNotional + feeOn(instrument, openNotional);
  if (order.reduceOnly) return 0n;
  return multiplyRoundUp(openNotional, instrument.initialMarginRate) + feeOn(instrument, openNotional);
}

/** The same from the terms alone. */
export function holdAmountUnder(instrument: Instrument, terms: HoldTerms, order: HeldOrder): Amount {
  const leaves = leavesUnder(terms, order);
  return holdAmount(instrument, order, leaves, openNotionalUnder(terms, order, leaves));
}
