/** What the reference model keeps of an order: little enough that a million of them fit. */
import type { Side } from '@oms/domain';
import { smaller, timesDown } from './exactNumbers.ts';
import { isOver, type OrderPhase } from './legalMoves.ts';

export interface FillFacts {
  quantity: bigint;
  price: bigint;
  fee: bigint;
  readonly feeCurrency: string;
  busted: boolean;
  /** Ids of the busts and corrections of it. */
  amendments: string[];
}

/** A cancel or replace that waits for its answer. */
export interface RequestFacts {
  readonly kind: 'CANCEL' | 'REPLACE';
  /** Of a replace, what holds from its acceptance on. */
  readonly quantity: bigint;
  readonly price: bigint | null;
  readonly stopPrice: bigint | null;
  /** The venue was asked. */
  sent: boolean;
}

export interface OrderFacts {
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly placedQuantity: bigint | null;
  readonly quoteQuantity: bigint | null;
  readonly isStop: boolean;
  readonly reduceOnly: boolean;
  phase: OrderPhase;
  /** Working total; 0 while an order by quoteQuantity is open. */
  quantity: bigint;
  price: bigint | null;
  stopPrice: bigint | null;
  protectionPrice: bigint | null;
  filled: bigint;
  quote: bigint;
  fees: Map<string, bigint> | null;
  fills: Map<string, FillFacts> | null;
  requests: Map<string, RequestFacts> | null;
  approved: boolean;
  sent: boolean;
  atVenue: boolean;
  triggered: boolean;
  /** It broke a rule: what follows of it is not compared any more. */
  suspect: boolean;
}

export const isOpenOrder = (order: OrderFacts): boolean => !isOver(order.phase);

/** Whether nothing of it is left to trade: by its quantity, which an order by quoteQuantity gets with its last fill. */
export const isComplete = (order: OrderFacts): boolean => order.quantity > 0n && order.filled >= order.quantity;

export const isOverfilledOrder = (order: OrderFacts): boolean =>
  order.quoteQuantity === null ? order.filled > order.quantity : order.quote > order.quoteQuantity;

export function leavesOfOrder(order: OrderFacts): bigint {
  if (!isOpenOrder(order)) return 0n;
  return order.quantity - smaller(order.quantity, order.filled);
}

/** Sums the live fills anew: slow, and never wrong by an earlier mistake. */
export function sumFills(order: OrderFacts): void {
  order.filled = 0n;
  order.quote = 0n;
  const fees = new Map<string, bigint>();
  for (const fill of order.fills?.values() ?? []) {
    if (fill.busted) continue;
    order.filled += fill.quantity;
    order.quote += timesDown(fill.price, fill.quantity);
    fees.set(fill.feeCurrency, (fees.get(fill.feeCurrency) ?? 0n) + fill.fee);
  }
  order.fees = fees;
}

/** A replace still waits: its answer may open a FILLED order again, or follow a bust that did, so its hold stays. */
export const waitsForReplace = (order: OrderFacts): boolean =>
  [...(order.requests?.values() ?? [])].some(({ kind }) => kind === 'REPLACE');
