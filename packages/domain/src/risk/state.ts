/**
 * State of one risk partition: its accounts with balances, positions and holds, and what is broadcast to every
 * partition (instruments, default, firm and desk limits, trading states). Mutated by `evolveRisk` only.
 *
 * `…Facts` are what a snapshot keeps. What is added to them is derived: links that spare every event its lookups.
 * Each kind of record is made in one place (accountRisk.ts, foldHolds.ts), so that all have one hidden class.
 */
import type { Instrument } from '../instrument.ts';
import type { Amount, Price, Quantity } from '../money.ts';
import type { Side } from '../orders/order.ts';
import { OrderTable } from '../orderTable.ts';
import type { Approval } from './approvals.ts';
import type { EffectiveLimits } from './effectiveLimits.ts';
import { NO_LIMITS, type RiskLimits } from './limits.ts';
import type { Restrictions, TradingStateEntry } from './tradingState.ts';

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

/** A replace that is allowed but not yet answered. */
export interface PendingTerms {
  readonly requestId: string;
  readonly terms: HoldTerms;
}

export interface HoldFacts {
  readonly orderId: string;
  readonly side: Side;
  readonly reduceOnly: boolean;
  readonly protectionPrice: Price | null;
  terms: HoldTerms;
  /** Oldest first; the hold covers the most expensive of these and of its own terms. */
  pendingTerms: readonly PendingTerms[];
  filledQuantity: Quantity;
  filledQuote: Amount;
  /** Now set aside, in the currency of {@link holdCurrencyOf}: the maximum over terms of holdAmount(terms). */
  amount: Amount;
  /** What may still trade, and its notional at holdPrice (0 when reduce-only), the most over all terms: for the limits. */
  openQuantity: Quantity;
  openNotional: Amount;
}

/** What is set aside for one open order. */
export interface Hold extends HoldFacts {
  /** Whose order it is and in what: the way to every sum the hold is part of. */
  readonly exposure: Exposure;
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

export interface ExposureFacts {
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

/**
 * What of an account a fold changed, for its live channels. The account's balanceSequence went up by one for every
 * currency listed (the last has the newest), its positionSequence by one when a position is named.
 */
export interface RiskChange {
  readonly accountId: string;
  readonly positionSymbol: string | null;
  readonly currencies: readonly string[];
}

/** An account in one instrument: what is open there, for the limits, and everything an event there touches. */
export interface Exposure extends ExposureFacts {
  readonly account: AccountRisk;
  /** As listed last. */
  instrument: Instrument;
  /** The account's own records, from the first fold that needed them. */
  position: Position | null;
  baseBalance: Balance | null;
  quoteBalance: Balance | null;
  /** What a hold of a buy or a sale and what an ordinary trade change, always the same. */
  readonly buyHoldChange: RiskChange;
  readonly sellHoldChange: RiskChange;
  readonly tradeChange: RiskChange;
}

/** A count per one-second window. */
export interface RateWindow {
  windowStart: number;
  count: number;
}

export interface AccountFacts {
  readonly accountId: string;
  readonly name: string;
  readonly kind: string;
  readonly deskId: string;
  readonly balances: Map<string, Balance>;
  readonly positions: Map<string, Position>;
  openNotional: Amount;
  readonly submits: RateWindow;
  readonly replaces: RateWindow;
  /** Realized PnL of the UTC day that starts at `dayStart`, per settlement currency. */
  dayStart: number;
  readonly realizedToday: Map<string, Amount>;
  limits: RiskLimits;
  /** Counts the changes of positions and of balances: the gap-free sequence of those channels. */
  positionSequence: number;
  balanceSequence: number;
}

export interface AccountRisk extends AccountFacts {
  readonly exposures: Map<string, Exposure>;
  readonly desk: Desk;
  /** How many of {@link RiskState.holds} are the account's. */
  openOrders: number;
  /** Of its own limits, its desk's, the firm's and the default ones, resolved anew whenever one of them changes. */
  effectiveLimits: EffectiveLimits;
}

/** Totals over the accounts of a desk or of the firm, inside this partition. */
export interface Aggregate {
  limits: RiskLimits;
  openOrders: number;
  openNotional: Amount;
}

export interface Desk extends Aggregate {
  /** What its accounts without limits of their own are checked against. */
  accountLimits: EffectiveLimits;
}

export interface RiskState {
  readonly partition: number;
  readonly instruments: Map<string, Instrument>;
  readonly accounts: Map<string, AccountRisk>;
  /** Of all open orders of all accounts. */
  readonly holds: OrderTable<Hold>;
  /** Key: `scope` or `scope:id`, for example "FIRM", "ACCOUNT:DEMO-0001". Only states that were ever set. */
  readonly tradingStates: Map<string, TradingStateEntry>;
  /** Derived: those of them that are not ACTIVE. */
  readonly restrictions: Restrictions;
  /** Changes that wait for a second person, and the newest that did, oldest first. */
  readonly approvals: Map<string, Approval>;
  defaultLimits: RiskLimits;
  readonly firm: Aggregate;
  readonly desks: Map<string, Desk>;
  /** Counterparties of every flow, per currency, so that everything always sums to zero with the accounts. */
  readonly venueLedger: Map<string, Amount>;
  readonly feeLedger: Map<string, Amount>;
  readonly depositLedger: Map<string, Amount>;
}

export const initialRiskState = (partition: number): RiskState => ({
  partition,
  instruments: new Map(),
  accounts: new Map(),
  holds: new OrderTable(),
  tradingStates: new Map(),
  approvals: new Map(),
  restrictions: { firm: null, accounts: new Map(), instruments: new Map() },
  defaultLimits: NO_LIMITS,
  firm: { limits: NO_LIMITS, openOrders: 0, openNotional: 0n },
  desks: new Map(),
  venueLedger: new Map(),
  feeLedger: new Map(),
  depositLedger: new Map(),
});
