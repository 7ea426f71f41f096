/** What a venue tells us about an order: the input of `applyVenueReport`. Deduplicated by (orderId, executionId). */
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

export type VenueReport =
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
