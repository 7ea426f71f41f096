/**
 * The messages between the services. Embedded they pass as objects inside one batch; distributed they travel on
 * topics. `replyTo` is an opaque address of the waiting caller, carried along until somebody answers it.
 */
import type { Instrument } from './instrument.ts';
import type { Amount, Price, Quantity } from './money.ts';
import type { OrderTerms, RequestOrigin, Side } from './orders/order.ts';
import type { Reason } from './reason.ts';
import type { LimitScope, RiskLimits } from './risk/limits.ts';
import type { TradingScope, TradingState } from './risk/tradingState.ts';
import type { VenueOrderTerms } from './venue/events.ts';
import type { VenueReport } from './venue/reports.ts';

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

export interface ChangeLimits {
  readonly type: 'ChangeLimits';
  readonly scope: LimitScope;
  readonly id: string;
  readonly limits: RiskLimits;
  readonly actor: string | null;
  readonly replyTo: ReplyAddress;
}

export interface ChangeTradingState {
  readonly type: 'ChangeTradingState';
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly state: TradingState;
  readonly reason: string;
  readonly actor: string | null;
  readonly replyTo: ReplyAddress;
}

// ---- order-processor → venue --------------------------------------------------------------------------------------

export interface VenuePlace {
  readonly type: 'VenuePlace';
  readonly terms: VenueOrderTerms;
}

export interface VenueCancel {
  readonly type: 'VenueCancel';
  readonly orderId: string;
  readonly requestId: string;
  /** EXPIRY asks the venue to end it as EXPIRED. */
  readonly origin: RequestOrigin;
}

export interface VenueReplace {
  readonly type: 'VenueReplace';
  readonly orderId: string;
  readonly requestId: string;
  readonly quantity: Quantity;
  readonly price: Price | null;
}

// ---- venue → order-processor --------------------------------------------------------------------------------------

export interface VenueReported {
  readonly type: 'VenueReported';
  readonly report: VenueReport;
}

// ---- to the simulated venue from the market, its own clock and operators -------------------------------------------

/** Somebody traded on the market: resting orders at or through the price may fill. */
export interface MarketTraded {
  readonly type: 'MarketTraded';
  readonly symbol: string;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly aggressorSide: Side;
}

/** The displayed book moved (it is in the context): resting orders that now cross it fill. */
export interface BookMoved {
  readonly type: 'BookMoved';
  readonly symbol: string;
}

/** A delayed report is due. */
export interface ReleaseReport {
  readonly type: 'ReleaseReport';
  readonly key: number;
}

export const VENUE_ACTIONS = [
  'ack',
  'reject',
  'fill',
  'cancel',
  'cancel-reject',
  'replace-accept',
  'replace-reject',
  'expire',
  'trade-cancel',
  'trade-correct',
] as const;
export type VenueAction = (typeof VENUE_ACTIONS)[number];

/** What a manual venue is told to do with an order. */
export interface VenueInstruction {
  readonly type: 'VenueInstruction';
  readonly orderId: string;
  readonly action: VenueAction;
  readonly executionId: string | null;
  readonly quantity: Quantity | null;
  readonly price: Price | null;
  readonly reason: string | null;
  readonly replyTo: ReplyAddress;
}

/** Fault switches of the simulated venue; rates are shares of the reports, 0 to 1 in atoms. */
export interface VenueFaults {
  readonly latencyMs: number;
  readonly rejectRate: bigint;
  readonly partialFillRate: bigint;
  readonly lateReportRate: bigint;
  readonly lateReportMs: number;
  readonly duplicateReportRate: bigint;
  readonly lostReportRate: bigint;
  readonly reorderReportRate: bigint;
  readonly overfillRate: bigint;
  /** While true no report leaves; they are replayed in order when it becomes false. */
  readonly disconnected: boolean;
}

export interface SetVenueFaults {
  readonly type: 'SetVenueFaults';
  readonly faults: VenueFaults;
  readonly actor: string | null;
  readonly replyTo: ReplyAddress;
}

export type VenueMessage =
  | VenuePlace
  | VenueCancel
  | VenueReplace
  | MarketTraded
  | BookMoved
  | ReleaseReport
  | VenueInstruction
  | SetVenueFaults;

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
  | VenueReported;

export type RiskEngineMessage =
  | AssessOrder
  | AssessReplace
  | SettleFill
  | ReverseFill
  | ReplaceAnswered
  | ShrinkHold
  | ReleaseHold
  | ListInstrument
  | OpenAccount
  | ChangeLimits
  | ChangeTradingState;
