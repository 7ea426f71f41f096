/**
 * Finding things in the risk state, by id or by a link, never by scanning; and the one place where accounts, their
 * balances, positions and exposures are made. The `…At` ones make what is missing (folds only).
 */
import type { Instrument } from '../instrument.ts';
import { InvariantError } from '../invariant.ts';
import type { Amount } from '../money.ts';
import { limitsFor, resolveLimits } from './effectiveLimits.ts';
import { NO_LIMITS } from './limits.ts';
import type {
  AccountFacts,
  AccountRisk,
  Aggregate,
  Balance,
  Desk,
  Exposure,
  ExposureFacts,
  Hold,
  Position,
  RateWindow,
  RiskChange,
  RiskState,
} from './state.ts';

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

/** @throws InvariantError when the account was never opened: nobody may ask for one that was not. */
export function accountOf(state: RiskState, accountId: string): AccountRisk {
  const account = state.accounts.get(accountId);
  if (account === undefined) throw new InvariantError(`unknown account ${accountId}`);
  return account;
}

/** @throws InvariantError when the instrument was never listed. */
export function instrumentOf(state: RiskState, symbol: string): Instrument {
  const instrument = state.instruments.get(symbol);
  if (instrument === undefined) throw new InvariantError(`unknown instrument ${symbol}`);
  return instrument;
}

/** A desk as a snapshot has it. */
export function deskFrom(state: RiskState, { limits, openOrders, openNotional }: Aggregate): Desk {
  const desk = { limits, openOrders, openNotional };
  return { ...desk, accountLimits: resolveLimits(state, NO_LIMITS, desk) };
}

export function deskAt(state: RiskState, deskId: string): Desk {
  let desk = state.desks.get(deskId);
  if (desk === undefined) {
    desk = deskFrom(state, { limits: NO_LIMITS, openOrders: 0, openNotional: 0n });
    state.desks.set(deskId, desk);
  }
  return desk;
}

/** An account as a snapshot has it; its exposures and holds are yet to be linked. */
export const accountFrom = (state: RiskState, facts: AccountFacts, desk: Desk): AccountRisk => ({
  accountId: facts.accountId,
  name: facts.name,
  kind: facts.kind,
  deskId: facts.deskId,
  balances: facts.balances,
  positions: facts.positions,
  openNotional: facts.openNotional,
  submits: facts.submits,
  replaces: facts.replaces,
  dayStart: facts.dayStart,
  realizedToday: facts.realizedToday,
  limits: facts.limits,
  positionSequence: facts.positionSequence,
  balanceSequence: facts.balanceSequence,
  exposures: new Map(),
  desk,
  openOrders: 0,
  effectiveLimits: limitsFor(state, facts.limits, desk),
});

export function balanceAt(account: AccountRisk, currency: string): Balance {
  let balance = account.balances.get(currency);
  if (balance === undefined) {
    // In the order of its layout, as below: what is new and what was restored share a hidden class.
    balance = { total: 0n, held: 0n, margin: 0n, deposited: 0n };
    account.balances.set(currency, balance);
  }
  return balance;
}

export function exposureAt(account: AccountRisk, instrument: Instrument): Exposure {
  const exposure = account.exposures.get(instrument.symbol);
  return exposure ?? exposureFrom(NOTHING_OPEN, account, instrument);
}

const NOTHING_OPEN: ExposureFacts = {
  openBuyQuantity: 0n,
  openSellQuantity: 0n,
  reduceOnlyBuyQuantity: 0n,
  reduceOnlySellQuantity: 0n,
  reduceOnlyOrderIds: [],
  lastOrder: null,
  repeatCount: 0,
  repeatSince: 0,
};

/** An exposure as a snapshot has it, as one of the account's. */
export function exposureFrom(facts: ExposureFacts, account: AccountRisk, instrument: Instrument): Exposure {
  const { accountId } = account;
  const { symbol, base, quote, kind } = instrument;
  const quoteChange: RiskChange = { accountId, positionSymbol: null, currencies: [quote] };
  const exposure: Exposure = {
    openBuyQuantity: facts.openBuyQuantity,
    openSellQuantity: facts.openSellQuantity,
    reduceOnlyBuyQuantity: facts.reduceOnlyBuyQuantity,
    reduceOnlySellQuantity: facts.reduceOnlySellQuantity,
    reduceOnlyOrderIds: [...facts.reduceOnlyOrderIds],
    lastOrder: facts.lastOrder,
    repeatCount: facts.repeatCount,
    repeatSince: facts.repeatSince,
    account,
    instrument,
    position: account.positions.get(symbol) ?? null,
    baseBalance: account.balances.get(base) ?? null,
    quoteBalance: account.balances.get(quote) ?? null,
    buyHoldChange: quoteChange,
    sellHoldChange: kind === 'SPOT' ? { accountId, positionSymbol: null, currencies: [base] } : quoteChange,
    tradeChange: { accountId, positionSymbol: symbol, currencies: kind === 'SPOT' ? [quote, base] : [quote] },
  };
  account.exposures.set(symbol, exposure);
  return exposure;
}

/** For folds: these three make the record when it is missing, and link it. */
export function positionOf(exposure: Exposure): Position {
  if (exposure.position === null) {
    const { symbol } = exposure.instrument;
    exposure.position = { symbol, quantity: 0n, openCost: 0n, realizedPnl: 0n, trades: 0 };
    exposure.account.positions.set(symbol, exposure.position);
  }
  return exposure.position;
}

export function baseBalanceOf(exposure: Exposure): Balance {
  exposure.baseBalance ??= balanceAt(exposure.account, exposure.instrument.base);
  return exposure.baseBalance;
}

export function quoteBalanceOf(exposure: Exposure): Balance {
  exposure.quoteBalance ??= balanceAt(exposure.account, exposure.instrument.quote);
  return exposure.quoteBalance;
}

/** The hold of an order of this account, if it has one. */
export function holdOf(state: RiskState, accountId: string, orderId: string): Hold | undefined {
  const hold = state.holds.get(orderId);
  return hold !== undefined && hold.exposure.account.accountId === accountId ? hold : undefined;
}

/** What may be spent or set aside: everything owned, less the holds of open orders and the margin of positions. */
export const availableOf = (balance: Balance | undefined): Amount =>
  balance === undefined ? 0n : balance.total - balance.held - balance.margin;

/** Whether the second of the clock that `now` is in is the window's. (Without a modulo: it costs as much as a lookup.) */
export const isInWindow = (window: RateWindow, now: number): boolean =>
  now >= window.windowStart && now - window.windowStart < SECOND_MS;

/** How much of a per-second rate is used: windows are the seconds of the clock. */
export const countIn = (window: RateWindow, now: number): number => (isInWindow(window, now) ? window.count : 0);

export const startOfSecond = (now: number): number => now - (now % SECOND_MS);

export const startOfDay = (now: number): number => now - (now % DAY_MS);

/** Whether `now` is in a later UTC day than the account's. A clock that stepped back stays in the newer day. */
export const isLaterDay = (account: AccountRisk, now: number): boolean => now - account.dayStart >= DAY_MS;

/** Realized PnL of the UTC day of `now`, after settlement-currency fees. */
export const realizedTodayOf = (account: AccountRisk, currency: string, now: number): Amount =>
  isLaterDay(account, now) ? 0n : (account.realizedToday.get(currency) ?? 0n);
