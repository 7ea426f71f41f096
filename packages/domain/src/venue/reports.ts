/** What a venue tells us about an order. Executions are deduplicated by (orderId, executionId). */
import type { Amount, Price, Quantity } from '../money.ts';
import type { Liquidity } from '../orders/order.ts';

interface ReportOf<Kind extends string> {
  readonly kind: Kind;
  readonly orderId: string;
}

export interface VenueAccepted extends ReportOf<'ACCEPTED'> {
  readonly venueOrderId: string;
}
export interface VenueRejected extends ReportOf<'REJECTED'> {
  readonly code: string;
  readonly message: string;
}
export interface VenueTraded extends ReportOf<'TRADED'> {
  readonly executionId: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  /** Which of the order's executions it is, counted by the venue from 1: trades, busts and corrections alike. */
  readonly executionNumber: number;
}
export interface VenueCanceled extends ReportOf<'CANCELED'> {
  /** The cancel request it answers, or null when unsolicited. */
  readonly requestId: string | null;
  readonly code: string | null;
  readonly message: string;
}
export interface VenueExpired extends ReportOf<'EXPIRED'> {
  readonly requestId: string | null;
}
export interface VenueCancelRejected extends ReportOf<'CANCEL_REJECTED'> {
  readonly requestId: string;
  readonly code: string;
  readonly message: string;
}
export interface VenueReplaced extends ReportOf<'REPLACED'> {
  readonly requestId: string;
}
export interface VenueReplaceRejected extends ReportOf<'REPLACE_REJECTED'> {
  readonly requestId: string;
  readonly code: string;
  readonly message: string;
}
export interface VenueTradeCanceled extends ReportOf<'TRADE_CANCELED'> {
  readonly executionId: string;
  readonly referenceExecutionId: string;
}
export interface VenueTradeCorrected extends ReportOf<'TRADE_CORRECTED'> {
  readonly executionId: string;
  readonly referenceExecutionId: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
}

/** Carried by the question and given back with the answer, which so says how old it may be. */
export interface StatusQuestion {
  /** The order as it was when we asked; what happened to it since makes the answer too old to conclude from. */
  readonly version: number;
  readonly askedAt: number;
  /** How many of the facts in the answer's history we do not need again. */
  readonly skip: number;
}

/** What the venue has of an order in sums. */
export interface VenueTotals {
  readonly quantity: Quantity;
  readonly quote: Amount;
  readonly fee: Amount;
  readonly feeCurrency: string;
  /** Trades, busts and corrections so far. */
  readonly executions: number;
}

/** The answer to a status request (FIX 35=8 with ExecType I, and the trade capture reports of the order). */
export interface VenueOrderStatus extends ReportOf<'ORDER_STATUS'> {
  readonly question: StatusQuestion;
  /** UNKNOWN: the venue never had it, or has forgotten it. */
  readonly state: 'OPEN' | 'CLOSED' | 'UNKNOWN';
  /** `null` when the venue has not acknowledged it, or has no more of it than its id. */
  readonly venueOrderId: string | null;
  /** `null` when the venue has no more of it than its id. */
  readonly totals: VenueTotals | null;
  /** Requests that the venue has and has not answered. */
  readonly waitingRequests: readonly string[];
  /** What it reported of the order, oldest first, as far as it may not have arrived. Without trades when `totalsOnly`. */
  readonly history: readonly VenueFact[];
  /** More facts follow those of `history`: to be asked for. */
  readonly hasMore: boolean;
  readonly totalsOnly: boolean;
}

/** A report of something that happened. */
export type VenueFact =
  | VenueAccepted
  | VenueRejected
  | VenueTraded
  | VenueCanceled
  | VenueExpired
  | VenueCancelRejected
  | VenueReplaced
  | VenueReplaceRejected
  | VenueTradeCanceled
  | VenueTradeCorrected;

export type VenueReport = VenueFact | VenueOrderStatus;

/** One line of the venue's list of the orders it has: a hint where to look closer, nothing is decided on it. */
export interface VenueOrderLine {
  readonly orderId: string;
  readonly isOpen: boolean;
  readonly filledQuantity: Quantity;
  readonly executions: number;
}
