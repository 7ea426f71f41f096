/**
 * The messages between the services. Embedded they pass as objects inside one batch; distributed they travel on
 * topics. `replyTo` is an opaque address of the waiting caller, carried along until somebody answers it.
 */
import type { Instrument } from './instrument.ts';
import type { Amount, Price, Quantity } from './money.ts';
import type { OrderTerms, RequestOrigin, Side } from './orders/order.ts';
import type { Reason } from './reason.ts';
import type { LimitScope, RiskLimits } from './risk/limits.ts';
import type { Approvable, DecideApproval, NoteAudit } from './risk/operatorMessages.ts';
import type { TradingScope, TradingState } from './risk/tradingState.ts';
import type { VenueOrdersListed, VenuePositionsListed, VenueReported } from './venue/messages.ts';

/** Where an answer goes; null when nobody waits. */
export type ReplyAddress = number | null;

// ---- order-api → order-processor -------------------------------------------------------------------------------

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
  readonly replyTo: ReplyAddress;
}

export interface ReplaceOrder {
  readonly type: 'ReplaceOrder';
  readonly orderId: string;
  readonly clientOrderId: string;
  /** `null` leaves the member as it is. */
  readonly quantity: Quantity | null;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  readonly replyTo: ReplyAddress;
}

export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly orderId: string;
  /** Id of the request; null lets us make one. */
  readonly clientOrderId: string | null;
  readonly origin: RequestOrigin;
  readonly replyTo: ReplyAddress;
}

/** Cancels every open order that matches all given members. */
export interface CancelMatching {
  readonly type: 'CancelMatching';
  readonly accountId: string | null;
  readonly symbol: string | null;
  readonly side: Side | null;
  readonly origin: RequestOrigin;
  readonly replyTo: ReplyAddress;
}

// ---- inside the order-processor: what its derived indexes and clock bring ---------------------------------------

/** The reference price reached the stop price of a held order. */
export interface TriggerStop {
  readonly type: 'TriggerStop';
  readonly orderId: string;
  readonly triggerPrice: Price;
}

/** expireTime or the end of the UTC day has come. */
export interface ExpireOrder {
  readonly type: 'ExpireOrder';
  readonly orderId: string;
}

/** A cancel or replace request has had no answer for too long. */
export interface RequestTimedOut {
  readonly type: 'RequestTimedOut';
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** Asks the venue about the orders with these numbers; those of ours that it should have acknowledged are UNKNOWN. */
export interface ReconcileOrders {
  readonly type: 'ReconcileOrders';
  readonly page: ReconciliationPage;
}

/** Asks the venue about the positions of these accounts. */
export interface ReconcilePositions {
  readonly type: 'ReconcilePositions';
  readonly run: number;
  readonly accountIds: readonly string[];
}

/** Every page of a run was answered and compared. */
export interface CompleteReconciliation {
  readonly type: 'CompleteReconciliation';
  readonly startedAt: number;
  /** Open orders that were compared. */
  readonly orders: number;
  /** Positions that differ now; `null` when not all could be compared. */
  readonly positions: readonly PositionDifference[] | null;
}

/** A run begins at once instead of when it is due. */
export interface StartReconciliation {
  readonly type: 'StartReconciliation';
  readonly replyTo: ReplyAddress;
}

/** An operator says what became of a request whose outcome is unknown. */
export interface ResolveRequest {
  readonly type: 'ResolveRequest';
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  readonly reason: string;
  readonly actor: string | null;
  readonly replyTo: ReplyAddress;
}

export interface ReconciliationPage {
  /** Volatile number of the run: answers to an earlier one are told by it. */
  readonly run: number;
  /** Order numbers above `after` and up to `through`. */
  readonly after: number;
  readonly through: number;
  /** What changed later than this, epoch milliseconds, is still on its way and is left alone. */
  readonly quietSince: number;
}

/** Base units, signed. */
export interface PositionDifference {
  readonly accountId: string;
  readonly symbol: string;
  readonly ours: Quantity;
  readonly venues: Quantity;
  /** It differed by the same in the run before. */
  readonly confirmed: boolean;
}

/** Signed base units by symbol. */
export interface VenuePosition {
  readonly symbol: string;
  readonly quantity: Quantity;
}

// ---- order-processor → risk-engine ------------------------------------------------------------------------------

export interface AssessOrder {
  readonly type: 'AssessOrder';
  readonly orderId: string;
  readonly accountId: string;
  readonly terms: OrderTerms;
  readonly replyTo: ReplyAddress;
}

export interface AssessReplace {
  readonly type: 'AssessReplace';
  readonly orderId: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly quantity: Quantity;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  readonly replyTo: ReplyAddress;
}

export interface SettleFill {
  readonly type: 'SettleFill';
  readonly accountId: string;
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
  /** True when this fill closed the order, so that its hold is done. */
  readonly closes: boolean;
}

export interface ReverseFill {
  readonly type: 'ReverseFill';
  readonly accountId: string;
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
  /**
   * Set when the order is open after the bust: its hold grows back by the quantity; a hold that was already done
   * (the order had been filled) starts again from these terms.
   */
  readonly reopened: ReopenedOrder | null;
}

/** What the hold of an order is computed with, when it must start again: the order as it stands now. */
export interface ReopenedOrder {
  readonly quantity: Quantity | null;
  readonly quoteQuantity: Amount | null;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  /** What it was approved with; null for orders with a limit price of their own. */
  readonly protectionPrice: Price | null;
  readonly reduceOnly: boolean;
  /** Filled after the bust. */
  readonly filledQuantity: Quantity;
  readonly filledQuote: Amount;
}

/** The replace was answered by the venue. */
export interface ReplaceAnswered {
  readonly type: 'ReplaceAnswered';
  readonly accountId: string;
  readonly orderId: string;
  readonly requestId: string;
  readonly accepted: boolean;
}

/** The order's quantity shrank (RESTATED). */
export interface ShrinkHold {
  readonly type: 'ShrinkHold';
  readonly accountId: string;
  readonly orderId: string;
  readonly quantity: Quantity;
}

/** The order closed; nothing more of it can trade. */
export interface ReleaseHold {
  readonly type: 'ReleaseHold';
  readonly accountId: string;
  readonly orderId: string;
}

/** Compares the venue's positions with ours, behind all trades the venue reported before it told them. */
export interface ComparePositions {
  readonly type: 'ComparePositions';
  readonly run: number;
  readonly accountIds: readonly string[];
  /** By accountId, those the venue has any for; `null` while reports are on their way, so that nothing can be compared. */
  readonly positions: ReadonlyMap<string, readonly VenuePosition[]> | null;
}

// ---- risk-engine → order-processor ------------------------------------------------------------------------------

export interface OrderApproved {
  readonly type: 'OrderApproved';
  readonly orderId: string;
  readonly protectionPrice: Price | null;
  readonly replyTo: ReplyAddress;
}

export interface OrderRefused {
  readonly type: 'OrderRefused';
  readonly orderId: string;
  readonly reason: Reason;
  readonly replyTo: ReplyAddress;
}

export interface ReplaceApproved {
  readonly type: 'ReplaceApproved';
  readonly orderId: string;
  readonly requestId: string;
  readonly replyTo: ReplyAddress;
}

export interface ReplaceRefused {
  readonly type: 'ReplaceRefused';
  readonly orderId: string;
  readonly requestId: string;
  readonly reason: Reason;
  readonly replyTo: ReplyAddress;
}

/** The position shrank: this reduce-only order may work at most this much more. */
export interface ShrinkReduceOnly {
  readonly type: 'ShrinkReduceOnly';
  readonly orderId: string;
  readonly leavesMax: Quantity;
}

export interface RegisterAccount {
  readonly type: 'RegisterAccount';
  readonly accountId: string;
}

export interface PositionsCompared {
  readonly type: 'PositionsCompared';
  readonly run: number;
  readonly accountIds: readonly string[];
  /** `null`: not compared. */
  readonly differing: readonly PositionDifference[] | null;
}

// ---- to the risk-engine from operators and start-up ---------------------------------------------------------------

export interface ListInstrument {
  readonly type: 'ListInstrument';
  readonly instrument: Instrument;
}

export interface OpenAccount {
  readonly type: 'OpenAccount';
  readonly accountId: string;
  readonly name: string;
  readonly kind: string;
  readonly deskId: string;
  readonly deposits: readonly { readonly currency: string; readonly amount: Amount }[];
  readonly replyTo: ReplyAddress;
}

export interface ChangeLimits extends Approvable {
  readonly type: 'ChangeLimits';
  readonly scope: LimitScope;
  readonly id: string;
  readonly limits: RiskLimits;
  readonly actor: string | null;
  readonly replyTo: ReplyAddress;
}

export interface ChangeTradingState extends Approvable {
  readonly type: 'ChangeTradingState';
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly state: TradingState;
  readonly reason: string;
  readonly actor: string | null;
  readonly replyTo: ReplyAddress;
}

export type OrderProcessorMessage =
  | PlaceOrder
  | ReplaceOrder
  | CancelOrder
  | CancelMatching
  | TriggerStop
  | ExpireOrder
  | RequestTimedOut
  | OrderApproved
  | OrderRefused
  | ReplaceApproved
  | ReplaceRefused
  | ShrinkReduceOnly
  | RegisterAccount
  | VenueReported
  | ReconcileOrders
  | VenueOrdersListed
  | ReconcilePositions
  | VenuePositionsListed
  | PositionsCompared
  | CompleteReconciliation
  | StartReconciliation
  | ResolveRequest;

export type RiskEngineMessage =
  | AssessOrder
  | AssessReplace
  | SettleFill
  | ReverseFill
  | ReplaceAnswered
  | ShrinkHold
  | ReleaseHold
  | ComparePositions
  | ListInstrument
  | OpenAccount
  | ChangeLimits
  | DecideApproval
  | NoteAudit
  | ChangeTradingState;
