/**
 * The fold of fills: moves balances, position, PnL and the counterparties' ledgers, in double entry, so that every
 * currency always sums to zero over accounts, venue, fees and deposits. A fill always settles, also when its order
 * is closed (a late fill) or has no quantity left (an overfill): what was traded is real.
 */
import type { Instrument } from '../instrument.ts';
import { type Amount, notionalOf } from '../money.ts';
import type { Side } from '../orders/order.ts';
import { balanceAt, positionAt, startOfDay } from './accountRisk.ts';
import type { FillReversed, FillSettled } from './events.ts';
import { bookTrade, marginOf, positionChangeOf } from './position.ts';
import type { AccountRisk, RiskState } from './state.ts';

const add = (ledger: Map<string, Amount>, currency: string, amount: Amount): void => {
  ledger.set(currency, (ledger.get(currency) ?? 0n) + amount);
};

/** Moves an amount between the account (positive: it receives) and one of the ledgers. */
function transfer(account: AccountRisk, ledger: Map<string, Amount>, currency: string, amount: Amount): void {
  balanceAt(account, currency).total += amount;
  add(ledger, currency, -amount);
}

/** @returns the currencies whose balance changed */
export function foldDeposit(state: RiskState, account: AccountRisk, currency: string, amount: Amount): string[] {
  const balance = balanceAt(account, currency);
  balance.total += amount;
  balance.deposited += amount;
  add(state.depositLedger, currency, amount);
  return [currency];
}

/** @returns the currencies whose balance changed */
export function foldFill(
  state: RiskState,
  account: AccountRisk,
  instrument: Instrument,
  fill: FillSettled,
  now: number,
) {
  const trade = { side: fill.side, quantity: fill.quantity, price: fill.price };
  return settle(state, account, instrument, { ...trade, fee: fill.fee, feeCurrency: fill.feeCurrency, counts: 1 }, now);
}

/**
 * Books a busted trade as the opposite trade at the trade's own price, with its fee given back: what the account
 * owns is then as if it never happened, while PnL that later trades realized stays realized.
 * @returns the currencies whose balance changed
 */
export function foldReversal(
  state: RiskState,
  account: AccountRisk,
  instrument: Instrument,
  fill: FillReversed,
  now: number,
): string[] {
  const side: Side = fill.side === 'BUY' ? 'SELL' : 'BUY';
  const trade = { side, quantity: fill.quantity, price: fill.price };
  return settle(
    state,
    account,
    instrument,
    { ...trade, fee: -fill.fee, feeCurrency: fill.feeCurrency, counts: -1 },
    now,
  );
}

/** One trade as the account books it; `fee` is negative when it is given back, `counts` −1 for a reversal. */
interface BookedTrade {
  readonly side: Side;
  readonly quantity: bigint;
  readonly price: bigint;
  readonly fee: Amount;
  readonly feeCurrency: string;
  readonly counts: 1 | -1;
}

function settle(
  state: RiskState,
  account: AccountRisk,
  instrument: Instrument,
  trade: BookedTrade,
  now: number,
): string[] {
  const { symbol, base, quote } = instrument;
  const notional = notionalOf(trade.price, trade.quantity);
  const quoteFlow = trade.side === 'BUY' ? -notional : notional;
  const baseFee = trade.feeCurrency === base ? trade.fee : 0n;
  const position = positionAt(account, symbol);
  const marginBefore = marginOf(instrument, position);
  const quantity = positionChangeOf(trade.side, trade.quantity, baseFee);
  const realized = bookTrade(position, { quantity, quote: quoteFlow });
  position.trades += trade.counts;

  const changed = [quote];
  if (instrument.kind === 'SPOT') {
    transfer(account, state.venueLedger, base, trade.side === 'BUY' ? trade.quantity : -trade.quantity);
    transfer(account, state.venueLedger, quote, quoteFlow);
    changed.push(base);
  } else {
    transfer(account, state.venueLedger, quote, realized);
    balanceAt(account, quote).margin += marginOf(instrument, position) - marginBefore;
  }
  if (trade.fee !== 0n) {
    transfer(account, state.feeLedger, trade.feeCurrency, -trade.fee);
    if (!changed.includes(trade.feeCurrency)) changed.push(trade.feeCurrency);
  }

  const pnl = trade.feeCurrency === quote ? realized - trade.fee : realized;
  position.realizedPnl += pnl;
  bookDay(account, quote, pnl, now);
  account.positionSequence += 1;
  return changed;
}

/** Adds to the PnL of the UTC day; a new day starts at zero. */
function bookDay(account: AccountRisk, currency: string, pnl: Amount, now: number): void {
  const day = startOfDay(now);
  if (day > account.dayStart) {
    account.dayStart = day;
    account.realizedToday.clear();
  }
  add(account.realizedToday, currency, pnl);
}
