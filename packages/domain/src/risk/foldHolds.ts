/**
 * The fold of holds: places, changes and removes them, and keeps every sum that is made of them (held balances, open
 * quantities, open notional of account, desk and firm) equal to the sum over the open orders.
 */
import { InvariantError } from '../invariant.ts';
import { type Amount, maximum, type Quantity } from '../money.ts';
import { baseBalanceOf, holdOf, quoteBalanceOf } from './accountRisk.ts';
import { countedNotional, holdAmount, leavesUnder, openNotionalUnder } from './holds.ts';
import type { Exposure, Hold, HoldFacts, HoldTerms, PendingTerms, RiskState } from './state.ts';

/** What nearly every hold has; shared, as it never changes. */
export const NO_PENDING_TERMS: readonly PendingTerms[] = [];

/** What of an order never changes. */
type HeldOrderWords = Pick<HoldFacts, 'orderId' | 'side' | 'reduceOnly' | 'protectionPrice'>;

const newHold = (
  exposure: Exposure,
  order: HeldOrderWords,
  terms: HoldTerms,
  filledQuantity: Quantity,
  filledQuote: Amount,
): Hold => ({
  orderId: order.orderId,
  exposure,
  side: order.side,
  reduceOnly: order.reduceOnly,
  protectionPrice: order.protectionPrice,
  terms,
  pendingTerms: NO_PENDING_TERMS,
  filledQuantity,
  filledQuote,
  amount: 0n,
  openQuantity: 0n,
  openNotional: 0n,
});

/** A hold as a snapshot has it: the sums count it already. */
export function restoreHold(state: RiskState, facts: HoldFacts, exposure: Exposure): void {
  const hold = newHold(exposure, facts, facts.terms, facts.filledQuantity, facts.filledQuote);
  if (facts.pendingTerms.length > 0) hold.pendingTerms = facts.pendingTerms;
  hold.amount = facts.amount;
  hold.openQuantity = facts.openQuantity;
  hold.openNotional = facts.openNotional;
  state.holds.set(hold.orderId, hold);
  exposure.account.openOrders += 1;
}

/** Brings every sum that the hold is part of along with a change of its numbers. */
function move(state: RiskState, hold: Hold, quantity: Quantity, notional: Amount, amount: Amount): void {
  const { exposure, side, reduceOnly } = hold;
  const { account } = exposure;
  if (quantity !== 0n) {
    if (side === 'BUY') {
      exposure.openBuyQuantity += quantity;
      if (reduceOnly) exposure.reduceOnlyBuyQuantity += quantity;
    } else {
      exposure.openSellQuantity += quantity;
      if (reduceOnly) exposure.reduceOnlySellQuantity += quantity;
    }
  }
  if (notional !== 0n) {
    account.openNotional += notional;
    account.desk.openNotional += notional;
    state.firm.openNotional += notional;
  }
  if (amount !== 0n) {
    const isInBase = side === 'SELL' && exposure.instrument.kind === 'SPOT';
    const balance = isInBase ? baseBalanceOf(exposure) : quoteBalanceOf(exposure);
    balance.held += amount;
  }
}

/** Works out the hold anew: it covers the most expensive of its current and its pending terms. */
function recompute(hold: Hold): void {
  const { terms, pendingTerms } = hold;
  const { instrument } = hold.exposure;
  const leaves = leavesUnder(terms, hold);
  const notional = openNotionalUnder(terms, hold, leaves);
  hold.amount = holdAmount(instrument, hold, leaves, notional);
  hold.openQuantity = leaves;
  hold.openNotional = countedNotional(hold, notional);
  for (let i = 0; i < pendingTerms.length; i++) cover(hold, pendingTerms[i]!.terms);
}

function cover(hold: Hold, terms: HoldTerms): void {
  const leaves = leavesUnder(terms, hold);
  const notional = openNotionalUnder(terms, hold, leaves);
  hold.amount = maximum(hold.amount, holdAmount(hold.exposure.instrument, hold, leaves, notional));
  hold.openQuantity = maximum(hold.openQuantity, leaves);
  hold.openNotional = maximum(hold.openNotional, countedNotional(hold, notional));
}

/** @throws InvariantError when the account has no hold for the order. */
export function existingHold(state: RiskState, accountId: string, orderId: string): Hold {
  const hold = holdOf(state, accountId, orderId);
  if (hold === undefined) throw new InvariantError(`no hold for order ${orderId} of ${accountId}`);
  return hold;
}

/**
 * @param order as an event tells it, with its terms side by side
 * @param filledQuantity what the order has filled before, with `filledQuote`: not 0 when it is open again
 * @throws InvariantError when the order has a hold already
 */
export function placeHold(
  state: RiskState,
  exposure: Exposure,
  order: HeldOrderWords & HoldTerms,
  filledQuantity: Quantity,
  filledQuote: Amount,
): Hold {
  const { orderId, quantity, quoteQuantity, price, stopPrice, holdPrice } = order;
  if (state.holds.has(orderId)) throw new InvariantError(`order ${orderId} has a hold already`);
  const terms = { quantity, quoteQuantity, price, stopPrice, holdPrice };
  const hold = newHold(exposure, order, terms, filledQuantity, filledQuote);
  state.holds.set(orderId, hold);
  if (hold.reduceOnly) exposure.reduceOnlyOrderIds.push(orderId);
  countOpenOrders(state, exposure, 1);
  recompute(hold);
  move(state, hold, hold.openQuantity, hold.openNotional, hold.amount);
  return hold;
}

/**
 * Follows a change of the hold's terms or fills, or of its instrument, with its numbers and all sums.
 * @returns whether the amount set aside became another one
 */
export function reworkHold(state: RiskState, hold: Hold): boolean {
  const { amount, openQuantity, openNotional } = hold;
  recompute(hold);
  const amountChange = hold.amount - amount;
  move(state, hold, hold.openQuantity - openQuantity, hold.openNotional - openNotional, amountChange);
  return amountChange !== 0n;
}

export function removeHold(state: RiskState, hold: Hold): void {
  const { exposure, orderId } = hold;
  move(state, hold, -hold.openQuantity, -hold.openNotional, -hold.amount);
  state.holds.delete(orderId);
  if (hold.reduceOnly) {
    const orderIds = exposure.reduceOnlyOrderIds;
    orderIds.splice(orderIds.indexOf(orderId), 1);
  }
  countOpenOrders(state, exposure, -1);
}

function countOpenOrders(state: RiskState, { account }: Exposure, change: 1 | -1): void {
  account.openOrders += change;
  account.desk.openOrders += change;
  state.firm.openOrders += change;
}
