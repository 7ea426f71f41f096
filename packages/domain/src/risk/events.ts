/** The facts the risk engine journals: accounts, funds, limits, trading states, holds, settlements. */
import type { Instrument } from '../instrument.ts';
import type { ReopenedOrder } from '../messages.ts';
import type { Amount, Price, Quantity } from '../money.ts';
import type { Side } from '../orders/order.ts';
import type { LimitScope, RiskLimits } from './limits.ts';
import type { TradingScope, TradingState } from './tradingState.ts';

export interface InstrumentListed {
  readonly type: 'InstrumentListed';
  readonly instrument: Instrument;
}

export interface AccountOpened {
  readonly type: 'AccountOpened';
  readonly accountId: string;
  readonly name: string;
  readonly kind: string;
  readonly deskId: string;
}

/** Funds brought in from outside (the demo profile's opening balances); negative takes them out. */
export interface FundsDeposited {
  readonly type: 'FundsDeposited';
  readonly accountId: string;
  readonly currency: string;
  readonly amount: Amount;
}

/** The whole new set for the scope. */
export interface LimitsChanged {
  readonly type: 'LimitsChanged';
  readonly scope: LimitScope;
  /** Desk or account id; '' for FIRM and DEFAULT. */
  readonly id: string;
  readonly limits: RiskLimits;
  readonly actor: string | null;
}

export interface TradingStateChanged {
  readonly type: 'TradingStateChanged';
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly state: TradingState;
  readonly reason: string;
  readonly actor: string | null;
}

/** An order was approved: what it may cost is set aside. The amount is a function of these terms (see holds.ts). */
export interface HoldPlaced {
  readonly type: 'HoldPlaced';
  readonly accountId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  /** Base units; of an order by quoteQuantity the most it may buy (at the lower end of the price collar). */
  readonly quantity: Quantity;
  readonly quoteQuantity: Amount | null;
  /** Limit and stop price as ordered. */
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  /** The worst price it may trade at; what the hold is computed with. */
  readonly holdPrice: Price;
  /** What OrderApproved told the order processor; null for orders with a limit price of their own. */
  readonly protectionPrice: Price | null;
  readonly reduceOnly: boolean;
}

/** A replace was approved: until its outcome the hold covers the old and the new terms, whichever is more. */
export interface HoldRaised {
  readonly type: 'HoldRaised';
  readonly accountId: string;
  readonly orderId: string;
  /** clientOrderId of the replace request. */
  readonly requestId: string;
  readonly quantity: Quantity;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  readonly holdPrice: Price;
}

/** The replace was answered: accepted terms become the order's; refused ones are forgotten. */
export interface HoldRetermed {
  readonly type: 'HoldRetermed';
  readonly accountId: string;
  readonly orderId: string;
  readonly requestId: string;
  readonly accepted: boolean;
}

/** The order's quantity shrank without a request (RESTATED). */
export interface HoldShrunk {
  readonly type: 'HoldShrunk';
  readonly accountId: string;
  readonly orderId: string;
  readonly quantity: Quantity;
}

/** A fill moved balances and position; its share of the hold is settled. */
export interface FillSettled {
  readonly type: 'FillSettled';
  readonly accountId: string;
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
}

/** The hold of an order that is open again after its hold was done. */
export interface ReopenedHold extends ReopenedOrder {
  /** The order's limit or protection price; of a perpetual sale at least the top of the collar at that time. */
  readonly holdPrice: Price;
}

/** A trade was busted: booked as a reversal at the trade's own price, its fee given back. */
export interface FillReversed {
  readonly type: 'FillReversed';
  readonly accountId: string;
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  /** Side of the trade that is reversed. */
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
  /** Set when the order's hold starts again; one that is still there grows back by the quantity. */
  readonly reopened: ReopenedHold | null;
}

/** The order is closed: what is still held goes back. */
export interface HoldReleased {
  readonly type: 'HoldReleased';
  readonly accountId: string;
  readonly orderId: string;
}

interface Proposed {
  readonly approvalId: string;
  /** Who asked for it. */
  readonly actor: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Limits that allow more than before wait for a second person. */
export interface LimitsChangeProposed extends Proposed {
  readonly type: 'LimitsChangeProposed';
  readonly scope: LimitScope;
  readonly id: string;
  readonly before: RiskLimits;
  readonly after: RiskLimits;
}

/** A trading state that allows more than before waits for a second person. */
export interface TradingStateChangeProposed extends Proposed {
  readonly type: 'TradingStateChangeProposed';
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly before: TradingState;
  readonly after: TradingState;
  readonly reason: string;
}

/** A change that waited waits no more. APPROVED is followed by the change itself. */
export interface ApprovalDecided {
  readonly type: 'ApprovalDecided';
  readonly approvalId: string;
  readonly status: 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'SUPERSEDED';
  /** Who decided, or changed the same thing by another way; null for time. */
  readonly actor: string | null;
  readonly reason: string | null;
}

/** A fact from outside the core for the audit trail: a sign-in, a privileged request. Changes nothing. */
export interface AuditNoted {
  readonly type: 'AuditNoted';
  readonly action: string;
  readonly actor: string | null;
  readonly address: string | null;
  readonly accountId: string | null;
  /** JSON. */
  readonly details: string;
}

export type RiskEvent =
  | LimitsChangeProposed
  | TradingStateChangeProposed
  | ApprovalDecided
  | AuditNoted
  | InstrumentListed
  | AccountOpened
  | FundsDeposited
  | LimitsChanged
  | TradingStateChanged
  | HoldPlaced
  | HoldRaised
  | HoldRetermed
  | HoldShrunk
  | FillSettled
  | FillReversed
  | HoldReleased;
