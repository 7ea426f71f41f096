/**
 * Average-cost accounting of one position (domain rule 13): the closing part of a trade realizes PnL against the
 * average cost, a flip realizes the closing part only and opens the rest at the trade's own price.
 */
import type { Instrument } from '../instrument.ts';
import {
  type Amount,
  absolute,
  minimum,
  multiplyDivideHalfEven,
  multiplyRoundUp,
  notionalOf,
  type Price,
} from '../money.ts';
import type { Side } from '../orders/order.ts';
import type { Position } from './state.ts';

/** What a trade does: the signed change of the quantity, and the quote that flows in (positive) or out for it. */
export interface TradeFlow {
  readonly quantity: bigint;
  readonly quote: bigint;
}

/** A base-currency fee leaves the inventory: it is part of the change of the quantity. */
export const positionChangeOf = (side: Side, quantity: bigint, baseFee: bigint): bigint =>
  (side === 'BUY' ? quantity : -quantity) - baseFee;

/** Shares are exact when they are the whole, and rounded half to even otherwise. */
const shareOf = (amount: bigint, part: bigint, whole: bigint): bigint =>
  part === whole ? amount : multiplyDivideHalfEven(amount, part, whole);

/**
 * Books the trade into the position.
 * @returns the PnL it realized, before fees, quote units
 */
export function bookTrade(position: Position, trade: TradeFlow): Amount {
  const size = absolute(trade.quantity);
  // The whole quantity was eaten by a fee: what was paid for it is lost.
  if (size === 0n) return trade.quote;

  const open = absolute(position.quantity);
  const opposes = open > 0n && position.quantity > 0n !== trade.quantity > 0n;
  const closing = opposes ? minimum(size, open) : 0n;
  const closingQuote = closing === 0n ? 0n : shareOf(trade.quote, closing, size);
  const closingCost = closing === 0n ? 0n : shareOf(position.openCost, closing, open);
  const openingQuote = trade.quote - closingQuote;

  const realized = closing === 0n ? 0n : closingQuote + (position.quantity > 0n ? -closingCost : closingCost);
  position.openCost += (trade.quantity > 0n ? -openingQuote : openingQuote) - closingCost;
  position.quantity += trade.quantity;
  return realized;
}

/** Initial margin of an open position, at its entry cost, rounded up; 0 for SPOT. */
export const marginOf = (instrument: Instrument, position: Position): Amount =>
  instrument.kind === 'PERPETUAL' ? multiplyRoundUp(position.openCost, instrument.initialMarginRate) : 0n;

/** What closing at `price` would realize, before fees, quote units. */
export function unrealizedPnlOf(position: Position, price: Price): Amount {
  const value = notionalOf(price, absolute(position.quantity));
  return position.quantity >= 0n ? value - position.openCost : position.openCost - value;
}
