/**
 * The fold of holds: places, changes and removes them, and keeps every sum that is made of them (held balances, open
 * quantities, open notional of account, desk and firm) equal to the sum over the open orders.
 */
import type { Instrument } from '../instrument.ts';
import { InvariantError } from '../invariant.ts';
import { type Amount, maximum, type Quantity } from '../money.ts';
import { balanceAt, deskOf, exposureAt, instrumentOf } from './accountRisk.ts';
import { countedNotionalUnder, holdAmountUnder, leavesUnder } from './holds.ts';
import type { AccountRisk, Hold, RiskState } from './state.ts';

/** Brings every sum that the hold is part of along with a change of its numbers. */
function move(
  state: RiskState,
  account: AccountRisk,
  hold: Hold,
  quantity: Quantity,
  notional: Amount,
  amount: Amount,
): void {
  if (quantity !== 0n) {
    const exposure = exposureAt(account, hold.symbol);
    if (hold.side === 'BUY') {
      exposure.openBuyQuantity += quantity;
      if (hold.reduceOnly) exposure.reduceOnlyBuyQuantity += quantity;
    } else {
      exposure.openSellQuantity += quantity;
      if (hold.reduceOnly) exposure.reduceOnlySellQuantity += quantity;
    }
  }
  if (notional !== 0n) {
    account.openNotional += notional;
    deskOf(state, account.deskId).openNotional += notional;
    state.firm.openNotional += notional;
  }
  if (amount !== 0n) balanceAt(account, hold.currency).held += amount;
}

/** Works out the hold anew: it covers the most expensive of its current and its pending terms. */
function recompute(instrument: Instrument, hold: Hold): void {
  hold.amount = holdAmountUnder(instrument, hold.terms, hold);
  hold.openQuantity = leavesUnder(hold.terms, hold);
  hold.openNotional = countedNotionalUnder(hold.terms, hold);
  for (const { terms } of hold.pendingTerms) {
    hold.amount = maximum(hold.amount, holdAmountUnder(instrument, terms, hold));
    hold.openQuantity = maximum(hold.openQuantity, leavesUnder(terms, hold));
    hold.openNotional = maximum(hold.openNotional, countedNotionalUnder(terms, hold));
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
  move(state, account, hold, hold.openQuantity, hold.openNotional, hold.amount);
  return hold;
}

/**
 * Lets `change` alter the hold's terms or fills and brings all sums along.
 * @returns whether the amount set aside became another one
 */
export function changeHold(state: RiskState, account: AccountRisk, hold: Hold, change: (hold: Hold) => void): boolean {
  const { amount, openQuantity, openNotional } = hold;
  change(hold);
  recompute(instrumentOf(state, hold.symbol), hold);
  const amountChange = hold.amount - amount;
  move(state, account, hold, hold.openQuantity - openQuantity, hold.openNotional - openNotional, amountChange);
  return amountChange !== 0n;
}

export function removeHold(state: RiskState, account: AccountRisk, hold: Hold): void {
  move(state, account, hold, -hold.openQuantity, -hold.openNotional, -hold.amount);
  account.holds.delete(hold.orderId);
  if (hold.reduceOnly) {
    const orderIds = exposureAt(account, hold.symbol).reduceOnlyOrderIds;
    orderIds.splice(orderIds.indexOf(hold.orderId), 1);
  }
  deskOf(state, account.deskId).openOrders -= 1;
  state.firm.openOrders -= 1;
}
