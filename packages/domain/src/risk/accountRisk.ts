/** Finding things in the risk state: by id only, never by scanning. The `…At` ones make what is missing (folds only). */
import type { Instrument } from '../instrument.ts';
import { InvariantError } from '../invariant.ts';
import type { Amount } from '../money.ts';
import { NO_LIMITS } from './limits.ts';
import type { AccountRisk, Aggregate, Balance, Exposure, Position, RateWindow, RiskState } from './state.ts';

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

/** @throws InvariantError when no account was opened at the desk. */
export function deskOf(state: RiskState, deskId: string): Aggregate {
  const desk = state.desks.get(deskId);
  if (desk === undefined) throw new InvariantError(`unknown desk ${deskId}`);
  return desk;
}

export function deskAt(state: RiskState, deskId: string): Aggregate {
  let desk = state.desks.get(deskId);
  if (desk === undefined) {
    desk = { limits: NO_LIMITS, openOrders: 0, openNotional: 0n };
    state.desks.set(deskId, desk);
  }
  return desk;
}

export function balanceAt(account: AccountRisk, currency: string): Balance {
  let balance = account.balances.get(currency);
  if (balance === undefined) {
    balance = { total: 0n, deposited: 0n, held: 0n, margin: 0n };
    account.balances.set(currency, balance);
  }
  return balance;
}

export function positionAt(account: AccountRisk, symbol: string): Position {
  let position = account.positions.get(symbol);
  if (position === undefined) {
    position = { symbol, quantity: 0n, openCost: 0n, realizedPnl: 0n, trades: 0 };
    account.positions.set(symbol, position);
  }
  return position;
}

export function exposureAt(account: AccountRisk, symbol: string): Exposure {
  let exposure = account.exposures.get(symbol);
  if (exposure === undefined) {
    exposure = {
      openBuyQuantity: 0n,
      openSellQuantity: 0n,
      reduceOnlyBuyQuantity: 0n,
      reduceOnlySellQuantity: 0n,
      reduceOnlyOrderIds: [],
      lastOrder: null,
      repeatCount: 0,
      repeatSince: 0,
    };
    account.exposures.set(symbol, exposure);
  }
  return exposure;
}

/** What may be spent or set aside: everything owned, less the holds of open orders and the margin of positions. */
export const availableOf = (balance: Balance | undefined): Amount =>
  balance === undefined ? 0n : balance.total - balance.held - balance.margin;

export const startOfDay = (now: number): number => now - (now % DAY_MS);

/** How much of a per-second rate is used: windows are the seconds of the clock. */
export const countIn = (window: RateWindow, now: number): number =>
  window.windowStart === startOfSecond(now) ? window.count : 0;

export const startOfSecond = (now: number): number => now - (now % SECOND_MS);

/** Realized PnL of the UTC day of `now`, after settlement-currency fees. A clock that stepped back stays in the newer day. */
export const realizedTodayOf = (account: AccountRisk, currency: string, now: number): Amount =>
  startOfDay(now) > account.dayStart ? 0n : (account.realizedToday.get(currency) ?? 0n);
