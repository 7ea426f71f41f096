/**
 * What the simulated venue remembers: the orders it works, what of the displayed book its takers used up, the reports
 * it still holds back, and enough of closed orders to answer late questions. Changed by `evolveVenue` alone.
 */
import {
  type Amount,
  type Liquidity,
  OrderTable,
  type Price,
  type Quantity,
  type VenueFact,
  type VenueFaults,
  type VenueOrderTerms,
} from '@oms/domain';
import type { PriceLevel } from './bookSide.ts';
import { NO_FAULTS } from './faultSwitches.ts';
import { KEPT_ORDERS_MAX, RecentlyClosed } from './recentlyClosed.ts';
import { ReportQueue } from './reportQueue.ts';
import { RestingOrders } from './restingOrders.ts';

export interface VenueTrade {
  readonly executionId: string;
  quantity: Quantity;
  price: Price;
  fee: Amount;
  readonly feeCurrency: string;
  readonly liquidity: Liquidity;
  /** See VenueTraded. */
  readonly executionNumber: number;
}

/** A cancel or replace that a manual venue has not answered yet. */
export interface HeldRequest {
  readonly kind: 'CANCEL' | 'REPLACE';
  readonly requestId: string;
  readonly quantity: Quantity | null;
  readonly price: Price | null;
}

/** What a manual venue keeps of an order, so that it can be told to answer, bust and correct. */
export interface ManualNotes {
  readonly trades: VenueTrade[];
  readonly requests: HeldRequest[];
}

/** The members of an order that its bytes hold. */
export interface StoredOrder {
  /** As received. */
  readonly terms: VenueOrderTerms;
  /** '' until a manual venue acknowledged it. */
  venueOrderId: string;
  /** Working total; 0 for an order by quoteQuantity. */
  quantity: Quantity;
  price: Price | null;
  filledQuantity: Quantity;
  /** Σ price × quantity of its trades. */
  spentQuote: Amount;
  /** Σ fees of its trades. */
  paidFees: Amount;
  /** Trades, busts and corrections so far. */
  executions: number;
  /** Displayed quantity that must trade at our price before we do. */
  queueAhead: Quantity;
  /** Priority among our own orders at one price: counts arrivals, anew when priority is lost. */
  arrival: number;
  /** `null` for an order that a simulated venue received. */
  notes: ManualNotes | null;
  /** What was reported of it while a fault switch was on, oldest first; `null`: all of it arrived. */
  history: VenueFact[] | null;
}

/** Kept whole after it closed: someone may still ask about it. */
export const isKeptWhole = ({ notes, history }: StoredOrder): boolean => notes !== null || history !== null;

export interface VenueOrder extends StoredOrder {
  /** Derived: where it rests, and its neighbours there; all `null` when it does not. See bookSide.ts. */
  level: PriceLevel | null;
  ahead: VenueOrder | null;
  behind: VenueOrder | null;
}

/** The one place where orders are made, so that all of them are laid out alike in memory. */
export const venueOrder = (stored: StoredOrder): VenueOrder => ({
  terms: stored.terms,
  venueOrderId: stored.venueOrderId,
  quantity: stored.quantity,
  price: stored.price,
  filledQuantity: stored.filledQuantity,
  spentQuote: stored.spentQuote,
  paidFees: stored.paidFees,
  executions: stored.executions,
  queueAhead: stored.queueAhead,
  arrival: stored.arrival,
  notes: stored.notes,
  history: stored.history,
  level: null,
  ahead: null,
  behind: null,
});

/**
 * How much of one displayed book our orders used up, per side. Takers always use the best levels first, so one number
 * says which quantity is gone: the first so many units of that side.
 */
export interface ConsumedBook {
  bookSequence: number;
  bids: Quantity;
  asks: Quantity;
}

export interface VenueState {
  readonly partition: number;
  /** Open orders. */
  readonly orders: OrderTable<VenueOrder>;
  /** Derived: the open limit orders by symbol, side and price. */
  readonly resting: RestingOrders;
  readonly closed: RecentlyClosed;
  /** Closed too, but kept whole. */
  readonly kept: RecentlyClosed;
  /** Signed base units by account, then symbol. */
  readonly positions: Map<string, Map<string, Quantity>>;
  /** By symbol. */
  readonly consumed: Map<string, ConsumedBook>;
  /** Reports held back. */
  readonly scheduled: ReportQueue;
  /** Key of the newest report that was ever held back. */
  scheduledCount: number;
  /** No report that is sent in order may leave before this time: an earlier one is on its way until then. */
  reportFloor: number;
  /** Acknowledgements, executions and arrivals so far; ids and priorities are made from them. */
  venueOrderCount: number;
  executionCount: number;
  arrivalCount: number;
  faults: VenueFaults;
  /** Derived: every switch is off. */
  faultless: boolean;
}

export const initialVenueState = (partition: number): VenueState => ({
  partition,
  orders: new OrderTable(),
  resting: new RestingOrders(),
  closed: new RecentlyClosed(),
  kept: new RecentlyClosed(KEPT_ORDERS_MAX),
  positions: new Map(),
  consumed: new Map(),
  scheduled: new ReportQueue(),
  scheduledCount: 0,
  reportFloor: 0,
  venueOrderCount: 0,
  executionCount: 0,
  arrivalCount: 0,
  faults: NO_FAULTS,
  faultless: true,
});

/** What is left of an order by quantity; never below zero. */
export const leavesOf = (order: VenueOrder): Quantity =>
  order.quantity > order.filledQuantity ? order.quantity - order.filledQuantity : 0n;
