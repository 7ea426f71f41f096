/**
 * One order: its terms, and its three axes kept apart: core state, numbers, and the requests still unanswered.
 * The single `status` of the wire is projected from them at the edge (see projectStatus.ts).
 */
import type { Amount, Price, Quantity } from '../money.ts';
import type { Reason } from '../reason.ts';
import type { CoreState } from './transitions.ts';

export type Side = 'BUY' | 'SELL';
export type OrderType = 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTD' | 'DAY';
export type TriggerSource = 'LAST' | 'BID_ASK' | 'MARK';
export type Liquidity = 'MAKER' | 'TAKER';

/** What a client asks for, as given: also the body that a repeated clientOrderId is compared with. */
export interface OrderTerms {
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Base units; `null` when the order is by quoteQuantity. */
  readonly quantity: Quantity | null;
  /** Quote units to spend; MARKET BUY only. */
  readonly quoteQuantity: Amount | null;
  /** Limit price of LIMIT and STOP_LIMIT. */
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  readonly triggerSource: TriggerSource;
  /** GTD only, epoch milliseconds. */
  readonly expireTime: number | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** Free labels of the client, kept with the order. */
  readonly tags: readonly string[];
}

/** A trade of the order, keyed by the venue's executionId (unique per order). */
export interface Fill {
  readonly executionId: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  /** TRADE as booked; CANCELED once busted; CORRECTED values replace quantity, price and fee in place. */
  readonly state: 'TRADE' | 'CANCELED' | 'CORRECTED';
  /** executionIds of the busts and corrections already applied to it: they count once too. */
  readonly amendedBy: readonly string[];
}

export interface PendingCancel {
  readonly kind: 'CANCEL';
  readonly clientOrderId: string;
  readonly originalClientOrderId: string;
  readonly sentAt: number;
  readonly outcome: 'pending' | 'unknown';
  /** CLIENT asked, or SYSTEM did (kill switch, expiry, reduce-only shrink, disconnect). */
  readonly origin: RequestOrigin;
}

export interface PendingReplace {
  readonly kind: 'REPLACE';
  readonly clientOrderId: string;
  readonly originalClientOrderId: string;
  readonly sentAt: number;
  readonly outcome: 'pending' | 'unknown';
  readonly origin: RequestOrigin;
  /** The full terms that hold from REPLACED on. */
  readonly quantity: Quantity;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  /** False while risk has not yet allowed the increase, so the venue has not been asked. */
  readonly sentToVenue: boolean;
}

export type PendingRequest = PendingCancel | PendingReplace;
export type RequestOrigin = 'CLIENT' | 'EXPIRY' | 'KILL_SWITCH' | 'REDUCE_ONLY' | 'DISCONNECT';

/** What every order starts with: shared, so that an order without any costs nothing for it. Never changed. */
export const NO_FILLS: Fill[] = Object.freeze([]) as unknown as Fill[];
export const NO_FEES: FeeTotal[] = Object.freeze([]) as unknown as FeeTotal[];
export const NO_REQUESTS: PendingRequest[] = Object.freeze([]) as unknown as PendingRequest[];

export interface FeeTotal {
  readonly currency: string;
  readonly amount: Amount;
}

/** Mutable only by `evolveOrder`; everybody else reads it. */
export interface Order {
  readonly orderId: string;
  readonly accountId: string;
  /** Last accepted id of the chain of replaces (FIX ClOrdID). */
  clientOrderId: string;
  /** The accepted id before the last accepted replace; the same as clientOrderId before any. */
  previousClientOrderId: string;
  /** The id the order was placed with. */
  readonly placedClientOrderId: string;
  /** As placed; never changes. */
  readonly placed: OrderTerms;
  /** Working terms: change with REPLACED and RESTATED. `quantity` is 0n for an open order by quoteQuantity. */
  quantity: Quantity;
  price: Price | null;
  stopPrice: Price | null;
  core: CoreState;
  filledQuantity: Quantity;
  /** Σ price × quantity of the fills, exact. */
  cumulativeQuote: Amount;
  fills: Fill[];
  fees: FeeTotal[];
  pendingRequests: PendingRequest[];
  /** Why it was denied, rejected, canceled or expired. */
  reason: Reason | null;
  /** Worst price a market order may trade at, set by risk so that a fill never costs more than its hold. */
  protectionPrice: Price | null;
  /** Epoch milliseconds of the trigger of a stop, else null. */
  triggeredAt: number | null;
  venueOrderId: string | null;
  /** Filled beyond its quantity: an alarm, and leaves is 0. */
  overfilled: boolean;
  readonly createdAt: number;
  updatedAt: number;
  /** Counts the events of this order, from 1. */
  version: number;
}

export const isTerminal = (core: CoreState): boolean =>
  core === 'FILLED' || core === 'CANCELED' || core === 'EXPIRED' || core === 'REJECTED' || core === 'DENIED';

export const isOpen = (order: Pick<Order, 'core'>): boolean => !isTerminal(order.core);

/** On its way to the venue, which has not acknowledged it: whether it arrived is not known yet. */
export const lacksAcknowledgement = (order: Order): boolean =>
  order.core === 'SUBMITTED' && order.venueOrderId === null;

/** Whether the outcome of a request, or of placing it, may be unknown. */
export const isUnanswered = (order: Order): boolean =>
  lacksAcknowledgement(order) || order.pendingRequests.some((request) => request.outcome === 'unknown');

/** leaves = quantity − filled while open, never below 0; 0 when closed or when the quantity is not yet known. */
export function leavesQuantityOf(order: Order): Quantity {
  if (isTerminal(order.core)) return 0n;
  const leaves = order.quantity - order.filledQuantity;
  return leaves > 0n ? leaves : 0n;
}

export const oppositeOf = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY');
