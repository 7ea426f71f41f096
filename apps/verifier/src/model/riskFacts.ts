/** What the reference model keeps of one risk partition: plain maps, and sums in double entry. */
import type { Instrument, RiskLimits, TradingState } from '@oms/domain';
import type { NameTable } from '../memory/nameTable.ts';
import type { AccountLimits } from './accountLimits.ts';
import type { PositionFacts } from './averageCost.ts';
import { addTo } from './exactNumbers.ts';
import { HoldTable } from './holdTable.ts';

/** What a currency of an account is made of. */
export interface FundsFacts {
  readonly currency: string;
  /** It is in its account's list of those that moved. */
  hasMoved: boolean;
  deposits: bigint;
  /** Trades and realized PnL. */
  flows: bigint;
  fees: bigint;
  held: bigint;
  margin: bigint;
  /** Why `available` may be negative from now on; null while it may not. */
  excuse: string | null;
}

export const totalOf = (funds: FundsFacts): bigint => funds.deposits + funds.flows - funds.fees;
export const availableFunds = (funds: FundsFacts): bigint => totalOf(funds) - funds.held - funds.margin;

/** Open orders of an account in one instrument. */
export interface OpenFacts {
  buys: bigint;
  sells: bigint;
}

export interface RiskAccount {
  readonly accountId: string;
  readonly deskId: string;
  readonly funds: Map<string, FundsFacts>;
  readonly positions: Map<string, PositionFacts>;
  /** Orders it has a hold for. */
  openOrders: number;
  readonly open: Map<string, OpenFacts>;
  openNotional: bigint;
  /** Settlements and reversals so far: the sequence of its positions. */
  trades: number;
  /** Approvals in the second that began at `second`. */
  second: number;
  submits: number;
  replaceSecond: number;
  replaces: number;
  /** See accountLimits.ts. */
  limits: AccountLimits | null;
  limitsSince: number;
  /** Currencies that moved since they were last looked at. */
  readonly moved: FundsFacts[];
  /** A currency had less than nothing available when it was last looked at. */
  overdrawn: boolean;
}

export interface Total {
  openOrders: number;
  openNotional: bigint;
}

export interface StateEntry {
  readonly state: TradingState;
  readonly actor: string | null;
}

export class RiskFacts {
  readonly instruments = new Map<string, Instrument>();
  readonly accounts = new Map<string, RiskAccount>();
  readonly holds: HoldTable;
  /** Key: "FIRM", "DEFAULT", "DESK x", "ACCOUNT x". */
  readonly limits = new Map<string, RiskLimits>();
  /** Counts them. */
  limitChanges = 0;
  /** Key: "FIRM", "ACCOUNT x", "INSTRUMENT x". */
  readonly tradingStates = new Map<string, StateEntry>();
  readonly firm: Total = { openOrders: 0, openNotional: 0n };
  readonly desks = new Map<string, Total>();
  /** The other side of every entry, by currency. */
  readonly outside = new Map<string, bigint>();
  readonly venue = new Map<string, bigint>();
  readonly feesTaken = new Map<string, bigint>();

  constructor(names: NameTable) {
    this.holds = new HoldTable(names, this.instruments);
  }

  deskOf(account: RiskAccount): Total {
    let desk = this.desks.get(account.deskId);
    if (desk === undefined) {
      desk = { openOrders: 0, openNotional: 0n };
      this.desks.set(account.deskId, desk);
    }
    return desk;
  }

  /** Every currency over all accounts and their counterparties; each must be 0. */
  sums(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const ledger of [this.outside, this.venue, this.feesTaken]) {
      for (const [currency, amount] of ledger) addTo(sums, currency, amount);
    }
    for (const account of this.accounts.values()) {
      for (const [currency, funds] of account.funds) addTo(sums, currency, totalOf(funds));
    }
    return sums;
  }
}

export const scopeKey = (scope: string, id: string | null): string =>
  id === null || id === '' ? scope : `${scope} ${id}`;

/** Funds to be changed. */
export function fundsOf(account: RiskAccount, currency: string): FundsFacts {
  let funds = account.funds.get(currency);
  if (funds === undefined) {
    funds = { currency, hasMoved: false, deposits: 0n, flows: 0n, fees: 0n, held: 0n, margin: 0n, excuse: null };
    account.funds.set(currency, funds);
  }
  if (!funds.hasMoved) {
    funds.hasMoved = true;
    account.moved.push(funds);
  }
  return funds;
}

export function positionOf(account: RiskAccount, symbol: string): PositionFacts {
  let position = account.positions.get(symbol);
  if (position === undefined) {
    position = { quantity: 0n, cost: 0n, realized: 0n };
    account.positions.set(symbol, position);
  }
  return position;
}

export function openOf(account: RiskAccount, symbol: string): OpenFacts {
  let open = account.open.get(symbol);
  if (open === undefined) {
    open = { buys: 0n, sells: 0n };
    account.open.set(symbol, open);
  }
  return open;
}
