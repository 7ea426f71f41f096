/**
 * State of one risk partition: its accounts with balances, positions and holds, and what is broadcast to every
 * partition (instruments, default, firm and desk limits, trading states). Mutated by `evolveRisk` only.
 */
import type { Instrument } from '../instrument.ts';
import type { Amount, Price, Quantity } from '../money.ts';
import type { Side } from '../orders/order.ts';
import { NO_LIMITS, type RiskLimits } from './limits.ts';
import type { TradingStateEntry } from './tradingState.ts';

export interface Balance {
  /** Everything owned: deposits plus flows minus fees. */
  total: Amount;
  /** Σ of what was brought in from outside. */
  deposited: Amount;
  /** Σ of the holds of open orders in this currency. */
  held: Amount;
  /** Initial margin of open perpetual positions, at their entry cost. */
  margin: Amount;
}

export interface Position {
  readonly symbol: string;
  /** Signed base units: positive is long. */
  quantity: Quantity;
  /** Cost of the open quantity, always ≥ 0 for ordinary trades: average price = openCost ÷ |quantity|. */
  openCost: Amount;
  /** Average-cost PnL of what was closed, minus settlement-currency fees, quote units, since the account opened. */
  realizedPnl: Amount;
  /** Σ of fees per currency paid on this instrument is in the balances; this counts trades booked. */
  trades: number;
}

/** Terms a hold is computed with; see holds.ts for the amount. */
export interface HoldTerms {
  /** Of an order by quoteQuantity: the most it may buy. */
  readonly quantity: Quantity;
  readonly quoteQuantity: Amount | null;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
  readonly holdPrice: Price;
}

/** What is set aside for one open order. */
export interface Hold {
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly reduceOnly: boolean;
  readonly protectionPrice: Price | null;
  terms: HoldTerms;
  /** Replaces allowed but not yet answered, by request id: the hold covers the most expensive of all. */
  pendingTerms: { readonly requestId: string; readonly terms: HoldTerms }[];
  filledQuantity: Quantity;
  filledQuote: Amount;
  /** Currency and amount now set aside; amount = the maximum over terms of holdAmount(terms). */
  readonly currency: string;
  amount: Amount;
  /** What may still trade, and its notional at holdPrice (0 when reduce-only), the most over all terms: for the limits. */
  openQuantity: Quantity;
  openNotional: Amount;
}

/** What makes two orders of one instrument the same for the repeated-order check. */
export interface OrderSignature {
  readonly side: Side;
  readonly quantity: Quantity;
  readonly quoteQuantity: Amount | null;
  /** The two prices also tell the order's type: a limit, a stop, both or none. */
  readonly price: Price | null;
  readonly stopPrice: Price | null;
}

/** Open quantity and notional of an account per instrument: what the limits look at. */
export interface Exposure {
  /** Σ leaves of open buys and sells. */
  openBuyQuantity: Quantity;
  openSellQuantity: Quantity;
  /** The share of reduce-only orders in them. */
  reduceOnlyBuyQuantity: Quantity;
  reduceOnlySellQuantity: Quantity;
  /** Open reduce-only orders, oldest first (their ids), for shrinking newest first. */
  reduceOnlyOrderIds: string[];
  /** The repeated-order check: the last approved order, how often it came in a row, since when (epoch ms). */
  lastOrder: OrderSignature | null;
  repeatCount: number;
  repeatSince: number;
}

/** A count per one-second window. */
export interface RateWindow {
  windowStart: number;
  count: number;
}

export interface AccountRisk {
  readonly accountId: string;
  readonly name: string;
  readonly kind: string;
  readonly deskId: string;
  readonly balances: Map<string, Balance>;
  readonly positions: Map<string, Position>;
  readonly exposures: Map<string, Exposure>;
  readonly holds: Map<string, Hold>;
  openNotional: Amount;
  submits: RateWindow;
  replaces: RateWindow;
  /** Realized PnL of the UTC day that starts at `dayStart`, per settlement currency. */
  dayStart: number;
  realizedToday: Map<string, Amount>;
  limits: RiskLimits;
  /** Counts the changes of positions and of balances: the gap-free sequence of those channels. */
  positionSequence: number;
  balanceSequence: number;
}

/** Totals over the accounts of a desk or of the firm, inside this partition. */
export interface Aggregate {
  limits: RiskLimits;
  openOrders: number;
  openNotional: Amount;
}

export interface RiskState {
  readonly partition: number;
  readonly instruments: Map<string, Instrument>;
  readonly accounts: Map<string, AccountRisk>;
  /** Key: `scope` or `scope:id`, for example "FIRM", "ACCOUNT:DEMO-0001". Only states that were ever set. */
  readonly tradingStates: Map<string, TradingStateEntry>;
  defaultLimits: RiskLimits;
  readonly firm: Aggregate;
  readonly desks: Map<string, Aggregate>;
  /** Counterparties of every flow, per currency, so that everything always sums to zero with the accounts. */
  readonly venueLedger: Map<string, Amount>;
  readonly feeLedger: Map<string, Amount>;
  readonly depositLedger: Map<string, Amount>;
}

export const initialRiskState = (partition: number): RiskState => ({
  partition,
  instruments: new Map(),
  accounts: new Map(),
  tradingStates: new Map(),
  defaultLimits: NO_LIMITS,
  firm: { limits: NO_LIMITS, openOrders: 0, openNotional: 0n },
  desks: new Map(),
  venueLedger: new Map(),
  feeLedger: new Map(),
  depositLedger: new Map(),
});
