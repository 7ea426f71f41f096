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

/** No answer in time: the outcome is unknown until the venue or an operator says (rule 7). The order's own id: no acknowledgement. */
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

/** The venue never got the request, so it was sent again, under the same id. Only requests of the house itself are. */
export interface RequestResent {
  readonly type: 'RequestResent';
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** An operator said what became of a request whose outcome was unknown. What follows from it are events of its own. */
export interface RequestResolved {
  readonly type: 'RequestResolved';
  readonly orderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly kind: RequestKind;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  readonly reason: string;
  readonly actor: string | null;
}

export type RequestKind = 'NEW' | 'CANCEL' | 'REPLACE';

/** Where our books and the venue's do not agree. Repaired ones are followed by the events that repair them. */
export const DIFFERENCE_KINDS = [
  /** The venue has trades, busts or corrections that we do not: booked. */
  'EXECUTIONS_MISSING',
  /** The venue tells more filled than its trades and ours account for: booked under a made-up execution id. */
  'FILLED_QUANTITY_DIFFERS',
  /** We have more filled than the venue: not repaired. */
  'FILLED_MORE_THAN_VENUE',
  /** The venue acknowledged, answered or ended it and we did not know: applied. */
  'REPORT_MISSING',
  /** We think it open, the venue has no such order: rejected, or canceled when it was working. */
  'ORDER_UNKNOWN_AT_VENUE',
  /** The venue works an order that we closed: it is canceled there. */
  'ORDER_OPEN_AT_VENUE',
  /** The venue has an order that we never placed: not touched. */
  'ORDER_UNKNOWN_HERE',
  /** The venue never got a request: refused, or sent again when the house itself had made it. */
  'REQUEST_NOT_RECEIVED',
  /** Position of an account in a symbol, in two runs in a row: not repaired. */
  'POSITION_DIFFERS',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface ReconciliationDifferenceFound {
  readonly type: 'ReconciliationDifferenceFound';
  readonly kind: DifferenceKind;
  /** '' for a position. */
  readonly orderId: string;
  /** '' for an order we do not have. */
  readonly accountId: string;
  readonly symbol: string;
  /** Decimals, states or ids: what we had and what the venue has. */
  readonly ours: string;
  readonly venues: string;
  readonly repaired: boolean;
}

/** A difference that was not repaired is gone. */
export interface ReconciliationDifferenceResolved {
  readonly type: 'ReconciliationDifferenceResolved';
  readonly kind: DifferenceKind;
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
}

/** Our open orders and all positions were compared with the venue's. */
export interface ReconciliationCompleted {
  readonly type: 'ReconciliationCompleted';
  readonly startedAt: number;
  /** Open orders compared. */
  readonly orders: number;
}

/** What is about the comparison with the venue and changes no order by itself. */
export type ReconciliationEvent =
  | RequestResolved
  | ReconciliationDifferenceFound
  | ReconciliationDifferenceResolved
  | ReconciliationCompleted;

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
  | ReportQuarantined
  | RequestResent
  | ReconciliationEvent;
