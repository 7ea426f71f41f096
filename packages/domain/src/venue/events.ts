/** The facts the simulated venue journals about the orders it was given, and the reports it sends of them. */
import type { Amount, Price, Quantity } from '../money.ts';
import type { Liquidity, Side, TimeInForce } from '../orders/order.ts';

/** An order as the venue is asked to work it. */
export interface VenueOrderTerms {
  readonly orderId: string;
  /** For whom (FIX 1, Account): the venue keeps positions by it. */
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  /** Stops arrive triggered, so a venue sees only these two. */
  readonly type: 'MARKET' | 'LIMIT';
  readonly timeInForce: TimeInForce;
  readonly quantity: Quantity | null;
  readonly quoteQuantity: Amount | null;
  /** Limit price, or the protection price of a MARKET order (null: none). */
  readonly price: Price | null;
  readonly postOnly: boolean;
}

export interface VenueOrderReceived {
  readonly type: 'VenueOrderReceived';
  readonly terms: VenueOrderTerms;
  /** '' while a manual venue has not acknowledged it. */
  readonly venueOrderId: string;
  /** Displayed quantity at our price when we joined it: fills after that is done. */
  readonly queueAhead: Quantity;
}

export interface VenueOrderAcknowledged {
  readonly type: 'VenueOrderAcknowledged';
  readonly orderId: string;
  readonly venueOrderId: string;
  readonly queueAhead: Quantity;
}

export interface VenueOrderTraded {
  readonly type: 'VenueOrderTraded';
  readonly orderId: string;
  readonly executionId: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  /** Sequence of the displayed book whose liquidity it consumed; 0 for a fill by a market trade or a manual fill. */
  readonly bookSequence: number;
}

/** Others traded at our price before us. */
export interface VenueQueueAdvanced {
  readonly type: 'VenueQueueAdvanced';
  readonly orderId: string;
  readonly queueAhead: Quantity;
}

export interface VenueOrderAmended {
  readonly type: 'VenueOrderAmended';
  readonly orderId: string;
  readonly requestId: string;
  readonly quantity: Quantity;
  readonly price: Price | null;
  readonly queueAhead: Quantity;
}

/** A manual venue keeps the request until it is told what to answer. */
export interface VenueRequestHeld {
  readonly type: 'VenueRequestHeld';
  readonly orderId: string;
  readonly kind: 'CANCEL' | 'REPLACE';
  readonly requestId: string;
  readonly quantity: Quantity | null;
  readonly price: Price | null;
}

/** The venue answered a held request with a refusal. */
export interface VenueRequestRefused {
  readonly type: 'VenueRequestRefused';
  readonly orderId: string;
  readonly requestId: string;
}

/** The venue works it no more: filled, canceled, rejected or expired. */
export interface VenueOrderClosed {
  readonly type: 'VenueOrderClosed';
  readonly orderId: string;
}

/** A trade was busted or corrected after the fact (manual venue). */
export interface VenueTradeAmended {
  readonly type: 'VenueTradeAmended';
  readonly orderId: string;
  readonly executionId: string;
  readonly referenceExecutionId: string;
  /** What the trade is from now on; quantity and fee are 0 when it was busted. */
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
}

/** The outgoing report with this key is due later (latency or a fault switch delays it). */
export interface VenueReportScheduled {
  readonly type: 'VenueReportScheduled';
  /** Counts the scheduled reports of the venue, from 1. */
  readonly key: number;
  readonly dueAt: number;
  /** The report as JSON with decimals as strings (see venue/reports.ts). */
  readonly report: string;
}

export interface VenueReportReleased {
  readonly type: 'VenueReportReleased';
  readonly key: number;
}

/** A report was made while a fault switch was on, so that it may not arrive: the venue remembers it. */
export interface VenueReportIssued {
  readonly type: 'VenueReportIssued';
  readonly orderId: string;
  /** As in VenueReportScheduled. */
  readonly report: string;
}

/** The venue lost the order and everything about it but its trades' effect on positions (manual venue). */
export interface VenueOrderLost {
  readonly type: 'VenueOrderLost';
  readonly orderId: string;
}

/** A fault switch of the simulator was set. */
export interface VenueFaultsChanged {
  readonly type: 'VenueFaultsChanged';
  /** JSON of the switches. */
  readonly faults: string;
  readonly actor: string | null;
}

export type VenueEvent =
  | VenueOrderReceived
  | VenueOrderAcknowledged
  | VenueOrderTraded
  | VenueQueueAdvanced
  | VenueOrderAmended
  | VenueRequestHeld
  | VenueRequestRefused
  | VenueOrderClosed
  | VenueTradeAmended
  | VenueReportScheduled
  | VenueReportReleased
  | VenueFaultsChanged
  | VenueReportIssued
  | VenueOrderLost;
