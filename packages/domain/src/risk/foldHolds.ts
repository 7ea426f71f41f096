/**
 * The fold of holds: places, changes and removes them, and keeps every sum that is made of them (held balances, open
 * quantities, open notional of account, desk and firm) equal to the sum over the open orders.
 */
import type { Instrument } from '../instrument.ts';
import { InvariantError } from '../invariant.ts';
import { maximum } from '../money.ts';
import { balanceAt, deskOf, exposureAt, instrumentOf } from './accountRisk.ts';
import { holdAmountUnder, leavesUnder, openNotionalUnder } from './holds.ts';
import type { AccountRisk, Hold, RiskState } from './state.ts';

/** Adds the hold's share to every sum, or takes it out again (`sign` −1). */
function count(state: RiskState, account: AccountRisk, hold: Hold, sign: 1 | -1): void {
  const factor = BigInt(sign);
  const quantity = factor * hold.openQuantity;
  const notional = factor * hold.openNotional;
  const exposure = exposureAt(account, hold.symbol);
  if (hold.side === 'BUY') {
    exposure.openBuyQuantity += quantity;
    if (hold.reduceOnly) exposure.reduceOnlyBuyQuantity += quantity;
  } else {
    exposure.openSellQuantity += quantity;
    if (hold.reduceOnly) exposure.reduceOnlySellQuantity += quantity;
  }
  balanceAt(account, hold.currency).held += factor * hold.amount;
  account.openNotional += notional;
  deskOf(state, account.deskId).openNotional += notional;
  state.firm.openNotional += notional;
}

/** Works out the hold anew: it covers the most expensive of its current and its pending terms. */
function recompute(instrument: Instrument, hold: Hold): void {
  hold.amount = holdAmountUnder(instrument, hold.terms, hold);
  hold.openQuantity = leavesUnder(hold.terms, hold);
  hold.openNotional = openNotionalUnder(hold.terms, hold);
  for (const { terms } of hold.pendingTerms) {
    hold.amount = maximum(hold.amount, holdAmountUnder(instrument, terms, hold));
    hold.openQuantity = maximum(hold.openQuantity, leavesUnder(terms, hold));
    hold.openNotional = maximum(hold.openNotional, openNotionalUnder(terms, hold));
  }
}

/** @throws InvariantError when the account has no hold for the order. */
export function holdOf(account: AccountRisk, orderId: string): Hold {
  const hold = account.holds.get(orderId);
  if (hold === undefined) throw new InvariantError(`no hold for order ${orderId} of ${account.accountId}`);
  return hold;
}

/** A hold before its amounts are worked out. */
export type NewHold = Omit<Hold, 'amount' | 'openQuantity' | 'openNotional'>;

/** @throws InvariantError when the order has a hold already. */
export function placeHold(state: RiskState, account: AccountRisk, placed: NewHold): Hold {
  const hold: Hold = { ...placed, amount: 0n, openQuantity: 0n, openNotional: 0n };
  if (account.holds.has(hold.orderId)) throw new InvariantError(`order ${hold.orderId} has a hold already`);
  account.holds.set(hold.orderId, hold);
  if (hold.reduceOnly) exposureAt(account, hold.symbol).reduceOnlyOrderIds.push(hold.orderId);
  deskOf(state, account.deskId).openOrders += 1;
  state.firm.openOrders += 1;
  recompute(instrumentOf(state, hold.symbol), hold);
  count(state, account, hold, 1);
  return hold;
}

/**
 * Lets `change` alter the hold's terms or fills and brings all sums along.
 * @returns whether the amount set aside became another one
 */
export function changeHold(state: RiskState, account: AccountRisk, hold: Hold, change: (hold: Hold) => void): boolean {
  const amount = hold.amount;
  count(state, account, hold, -1);
  change(hold);
  recompute(instrumentOf(state, hold.symbol), hold);
  count(state, account, hold, 1);
  return hold.amount !== amount;
}

export function removeHold(state: RiskState, account: AccountRisk, hold: Hold): void {
  count(state, account, hold, -1);
  account.holds.delete(hold.orderId);
  if (hold.reduceOnly) {
    const orderIds = exposureAt(account, hold.symbol).reduceOnlyOrderIds;
    orderIds.splice(orderIds.indexOf(hold.orderId), 1);
  }
  deskOf(state, account.deskId).openOrders -= 1;
  state.firm.openOrders -= 1;
}
