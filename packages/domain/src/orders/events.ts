/**
 * The facts of an order's life, as the order processor journals them. An event says what happened, in the past
 * tense, with everything that is needed to fold it and nothing that can be derived from the fold.
 */
import type { Amount, Price, Quantity } from '../money.ts';
import type { Reason } from '../reason.ts';
import type { Liquidity, OrderTerms, RequestOrigin } from './order.ts';

/** The processor knows an account from here on. */
export interface AccountRegistered {
  readonly type: 'AccountRegistered';
  readonly accountId: string;
}

export interface OrderPlaced {
  readonly type: 'OrderPlaced';
  readonly orderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
}

/** Risk (or we ourselves) refused it before it left the house. */
export interface OrderDenied {
  readonly type: 'OrderDenied';
  readonly orderId: string;
  readonly reason: Reason;
}

/** Risk approved a stop order; we hold it until its trigger. */
export interface OrderHeld {
  readonly type: 'OrderHeld';
  readonly orderId: string;
  readonly protectionPrice: Price | null;
}

/** Risk approved; on its way to the venue. */
export interface OrderSubmitted {
  readonly type: 'OrderSubmitted';
  readonly orderId: string;
  readonly protectionPrice: Price | null;
}

/** The reference price reached the stop price; on its way to the venue. */
export interface OrderTriggered {
  readonly type: 'OrderTriggered';
  readonly orderId: string;
  readonly triggerPrice: Price;
}

export interface OrderAccepted {
  readonly type: 'OrderAccepted';
  readonly orderId: string;
  readonly venueOrderId: string;
}

/** The venue (source VENUE) refused it. */
export interface OrderRejected {
  readonly type: 'OrderRejected';
  readonly orderId: string;
  readonly reason: Reason;
}

export interface OrderFilled {
  readonly type: 'OrderFilled';
  readonly orderId: string;
  /** The venue's, unique per order: the key that makes a fill count once. */
  readonly executionId: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  /** True when an order by quoteQuantity can buy nothing more: its quantity becomes what it filled. */
  readonly completesQuote: boolean;
}

export interface OrderCanceled {
  readonly type: 'OrderCanceled';
  readonly orderId: string;
  /** Id of the cancel request this answers, or null when nobody asked (IOC remainder, venue's own act). */
  readonly requestId: string | null;
  readonly reason: Reason | null;
}

export interface OrderExpired {
  readonly type: 'OrderExpired';
  readonly orderId: string;
  readonly requestId: string | null;
  readonly reason: Reason;
}

export interface CancelRequested {
  readonly type: 'CancelRequested';
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly originalClientOrderId: string;
  readonly origin: RequestOrigin;
}

export interface CancelRejected {
  readonly type: 'CancelRejected';
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly reason: Reason;
}

export interface ReplaceRequested {
  readonly type: 'ReplaceRequested';
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly originalClientOrderId: string;
  readonly origin: RequestOrigin;
  /** The full terms that would hold from REPLACED on. */
  readonly quantity: Quantity;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  /** What was asked; null left a member as it was. */
  readonly askedQuantity: Quantity | null;
  readonly askedPrice: Price | null;
  readonly askedStopPrice: Price | null;
}

/** Risk allowed the request; the venue has been asked. */
export interface ReplaceSubmitted {
  readonly type: 'ReplaceSubmitted';
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** The request's terms hold from now on. */
export interface OrderReplaced {
  readonly type: 'OrderReplaced';
  readonly orderId: string;
  readonly clientOrderId: string;
}

export interface ReplaceRejected {
  readonly type: 'ReplaceRejected';
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly reason: Reason;
}

/** No answer in time: the outcome is unknown until the venue or an operator says (rule 7). */
export interface RequestUnknown {
  readonly type: 'RequestUnknown';
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** A trade was busted. */
export interface TradeCanceled {
  readonly type: 'TradeCanceled';
  readonly orderId: string;
  /** Of this report; the trade it refers to is referenceExecutionId. */
  readonly executionId: string;
  readonly referenceExecutionId: string;
}

export interface TradeCorrected {
  readonly type: 'TradeCorrected';
  readonly orderId: string;
  readonly executionId: string;
  readonly referenceExecutionId: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
}

/** We changed the order's quantity without a request of the client: a reduce-only order that is still held shrinks. */
export interface OrderRestated {
  readonly type: 'OrderRestated';
  readonly orderId: string;
  readonly quantity: Quantity;
  readonly reason: Reason;
}

/** A venue report that contradicts what is booked, or names an order we do not have: kept, alarmed, not applied. */
export interface ReportQuarantined {
  readonly type: 'ReportQuarantined';
  /** As the report names it; may be unknown to us. */
  readonly orderId: string;
  readonly executionId: string;
  readonly code: 'EXECUTION_CONTENT_DIFFERS' | 'UNKNOWN_ORDER' | 'UNKNOWN_EXECUTION' | 'IMPOSSIBLE_REPORT';
  /** The report as text (JSON). */
  readonly report: string;
}

export type OrderEvent =
  | AccountRegistered
  | OrderPlaced
  | OrderDenied
  | OrderHeld
  | OrderSubmitted
  | OrderTriggered
  | OrderAccepted
  | OrderRejected
  | OrderFilled
  | OrderCanceled
  | OrderExpired
  | CancelRequested
  | CancelRejected
  | ReplaceRequested
  | ReplaceSubmitted
  | OrderReplaced
  | ReplaceRejected
  | RequestUnknown
  | TradeCanceled
  | TradeCorrected
  | OrderRestated
  | ReportQuarantined;
