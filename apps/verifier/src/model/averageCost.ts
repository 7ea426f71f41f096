/** One position by average cost (domain rule 13), and the margin a perpetual one takes. */
import { shareHalfEven, sizeOf, smaller, timesUp } from './exactNumbers.ts';

export interface PositionFacts {
  /** Signed base units. */
  quantity: bigint;
  /** What the open quantity was bought or sold for. */
  cost: bigint;
  /** After fees in the settlement currency. */
  realized: bigint;
}

const part = (amount: bigint, of: bigint, whole: bigint): bigint =>
  of === whole ? amount : shareHalfEven(amount, of, whole);

/**
 * Trades `change` signed base units for `paid` quote units (negative: received). What shortens the position realizes
 * against its average cost; what goes beyond it opens at the trade's own price.
 * @returns the PnL realized, before fees
 */
export function tradePosition(position: PositionFacts, change: bigint, paid: bigint): bigint {
  if (change === 0n) return -paid;
  const isLong = position.quantity > 0n;
  const isShort = position.quantity < 0n;
  const shortens = (isLong && change < 0n) || (isShort && change > 0n);
  const held = sizeOf(position.quantity);
  const traded = sizeOf(change);
  const closing = shortens ? smaller(held, traded) : 0n;
  const paidToClose = closing === 0n ? 0n : part(paid, closing, traded);
  const costClosed = closing === 0n ? 0n : part(position.cost, closing, held);
  const paidToOpen = paid - paidToClose;
  position.quantity += change;
  position.cost += (change > 0n ? paidToOpen : -paidToOpen) - costClosed;
  if (closing === 0n) return 0n;
  return isLong ? -paidToClose - costClosed : costClosed - paidToClose;
}

export const initialMargin = (position: PositionFacts, rate: bigint): bigint => timesUp(position.cost, rate);

/** The quantity a position may reach in one direction with everything open on that side filled. */
export const worstCase = (quantity: bigint, openBuys: bigint, openSells: bigint, side: 'BUY' | 'SELL'): bigint =>
  side === 'BUY' ? quantity + openBuys : openSells - quantity;
