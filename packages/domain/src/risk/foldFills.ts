/**
 * The fold of fills: moves balances, position, PnL and the counterparties' ledgers, in double entry, so that every
 * currency always sums to zero over accounts, venue, fees and deposits. A fill always settles, also when its order
 * is closed (a late fill) or has no quantity left (an overfill): what was traded is real.
 */
import type { Amount } from '../money.ts';
import { oppositeOf, type Side } from '../orders/order.ts';
import { balanceAt, baseBalanceOf, isLaterDay, positionOf, quoteBalanceOf, startOfDay } from './accountRisk.ts';
import type { FillReversed, FillSettled } from './events.ts';
import { bookTrade, marginOf, positionChangeOf } from './position.ts';
import type { AccountRisk, Balance, Exposure, RiskChange, RiskState } from './state.ts';

const add = (ledger: Map<string, Amount>, currency: string, amount: Amount): void => {
  ledger.set(currency, (ledger.get(currency) ?? 0n) + amount);
};

/** Moves an amount between the account (positive: it receives) and one of the ledgers. */
function transfer(balance: Balance, ledger: Map<string, Amount>, currency: string, amount: Amount): void {
  balance.total += amount;
  add(ledger, currency, -amount);
}

/** @returns what changed of the account */
export function foldDeposit(state: RiskState, account: AccountRisk, currency: string, amount: Amount): RiskChange {
  const balance = balanceAt(account, currency);
  balance.total += amount;
  balance.deposited += amount;
  add(state.depositLedger, currency, amount);
  return { accountId: account.accountId, positionSymbol: null, currencies: [currency] };
}

/**
 * @param notional of the fill
 * @returns what changed of the account
 */
export const foldFill = (
  state: RiskState,
  exposure: Exposure,
  fill: FillSettled,
  notional: Amount,
  now: number,
): RiskChange => settle(state, exposure, fill, notional, fill.side, fill.fee, 1, now);

/**
 * Books a busted trade as the opposite trade at the trade's own price, with its fee given back: what the account
 * owns is then as if it never happened, while PnL that later trades realized stays realized.
 * @param notional of the busted trade
 * @returns what changed of the account
 */
export const foldReversal = (
  state: RiskState,
  exposure: Exposure,
  fill: FillReversed,
  notional: Amount,
  now: number,
): RiskChange => settle(state, exposure, fill, notional, oppositeOf(fill.side), -fill.fee, -1, now);

/**
 * @param trade its quantity and fee currency; its side and fee are those of the booking
 * @param fee negative when it is given back
 * @param counts −1 for a reversal
 */
function settle(
  state: RiskState,
  exposure: Exposure,
  { quantity, feeCurrency }: FillSettled | FillReversed,
  notional: Amount,
  side: Side,
  fee: Amount,
  counts: 1 | -1,
  now: number,
): RiskChange {
  const { account, instrument } = exposure;
  const { base, quote } = instrument;
  const quoteFlow = side === 'BUY' ? -notional : notional;
  const position = positionOf(exposure);
  const marginBefore = marginOf(instrument, position);
  const flow = { quantity: positionChangeOf(side, quantity, feeCurrency === base ? fee : 0n), quote: quoteFlow };
  const realized = bookTrade(position, flow);
  position.trades += counts;

  if (instrument.kind === 'SPOT') {
    transfer(baseBalanceOf(exposure), state.venueLedger, base, side === 'BUY' ? quantity : -quantity);
    transfer(quoteBalanceOf(exposure), state.venueLedger, quote, quoteFlow);
  } else {
    const balance = quoteBalanceOf(exposure);
    transfer(balance, state.venueLedger, quote, realized);
    balance.margin += marginOf(instrument, position) - marginBefore;
  }
  if (fee !== 0n) {
    const balance = feeCurrency === quote ? quoteBalanceOf(exposure) : balanceAt(account, feeCurrency);
    transfer(balance, state.feeLedger, feeCurrency, -fee);
  }

  const pnl = feeCurrency === quote ? realized - fee : realized;
  position.realizedPnl += pnl;
  bookDay(account, quote, pnl, now);
  account.positionSequence += 1;
  return tradeChange(exposure, fee === 0n ? quote : feeCurrency);
}

/** Adds to the PnL of the UTC day; a new day starts at zero. */
function bookDay(account: AccountRisk, currency: string, pnl: Amount, now: number): void {
  if (isLaterDay(account, now)) {
    account.dayStart = startOfDay(now);
    account.realizedToday.clear();
  }
  add(account.realizedToday, currency, pnl);
}

/** What a trade changes; a fee in a third currency is rare. */
function tradeChange({ tradeChange: change }: Exposure, feeCurrency: string): RiskChange {
  if (change.currencies.includes(feeCurrency)) return change;
  return { ...change, currencies: [...change.currencies, feeCurrency] };
}
