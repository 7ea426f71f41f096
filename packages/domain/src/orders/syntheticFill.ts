/**
 * Executions that the venue tells only in sum. They are booked under an id that follows from the order and how many
 * executions the venue counts for it, so that asking again books nothing again, and a late original, which tells its
 * own number, is known to be counted already.
 */
import { notionalOf, ONE } from '../money.ts';
import type { VenueTotals, VenueTraded } from '../venue/reports.ts';
import type { Fill, Order } from './order.ts';

/** Not to be used by a venue. */
export const SYNTHETIC_PREFIX = 'RECON-';

export const isSynthetic = (executionId: string): boolean => executionId.startsWith(SYNTHETIC_PREFIX);

const syntheticId = (orderId: string, executions: number): string => `${SYNTHETIC_PREFIX}${orderId}-${executions}`;

/** How many of the venue's executions of the order are in its synthetic ones; 0 without any. */
export function coveredExecutions(order: Order): number {
  let covered = 0;
  for (const { executionId } of order.fills) {
    if (!isSynthetic(executionId)) continue;
    covered = Math.max(covered, Number(executionId.slice(SYNTHETIC_PREFIX.length + order.orderId.length + 1)));
  }
  return covered;
}

/** Executions of the venue that we booked under their own ids: trades, and what amended them. */
export const ownExecutions = (order: Order): number =>
  order.fills.reduce((count, fill) => (isSynthetic(fill.executionId) ? count : count + 1 + fill.amendedBy.length), 0);

/** What the order has filled, as a venue would sum it up. */
export interface BookedSums {
  readonly quantity: bigint;
  readonly quote: bigint;
  readonly fee: bigint;
}

export const bookedSums = (order: Order): BookedSums => ({
  quantity: order.filledQuantity,
  quote: order.cumulativeQuote,
  fee: order.fills.reduce((sum, fill) => (fill.state === 'CANCELED' ? sum : sum + fill.fee), 0n),
});

export const plusTrade = (
  sums: BookedSums,
  { quantity, price, fee }: Pick<Fill, 'quantity' | 'price' | 'fee'>,
  sign: 1n | -1n,
): BookedSums => ({
  quantity: sums.quantity + sign * quantity,
  quote: sums.quote + sign * notionalOf(price, quantity),
  fee: sums.fee + sign * fee,
});

/**
 * What makes our sums the venue's: one trade at the average price, rounded down to atoms.
 * @returns null when no trade could: the venue's sums are not above ours
 */
export function syntheticTrade(order: Order, ours: BookedSums, totals: VenueTotals): VenueTraded | null {
  const quantity = totals.quantity - ours.quantity;
  if (quantity <= 0n) return null;
  const price = ((totals.quote - ours.quote) * ONE) / quantity;
  if (price <= 0n) return null;
  const { orderId, placed } = order;
  const takes = placed.type === 'MARKET' || placed.timeInForce === 'IOC' || placed.timeInForce === 'FOK';
  return {
    kind: 'TRADED',
    orderId,
    executionId: syntheticId(orderId, totals.executions),
    quantity,
    price,
    fee: totals.fee - ours.fee,
    feeCurrency: totals.feeCurrency,
    liquidity: takes ? 'TAKER' : 'MAKER',
    executionNumber: totals.executions,
  };
}
