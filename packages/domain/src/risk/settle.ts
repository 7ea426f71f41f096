/** What happened to an order's trades and its end: settles, reverses and releases. None of it can be refused. */
import { type Decision, type DecisionContext, decided, NOTHING } from '../decision.ts';
import { invariant } from '../invariant.ts';
import type { ReleaseHold, ReverseFill, SettleFill } from '../messages.ts';
import { maximum, type Quantity } from '../money.ts';
import { oppositeOf, type Side } from '../orders/order.ts';
import { accountOf, deskOf, instrumentOf } from './accountRisk.ts';
import { tightestLimit } from './effectiveLimits.ts';
import type { ReopenedHold, RiskEvent } from './events.ts';
import { holdPriceFrom, usableReference } from './holdPrice.ts';
import { positionChangeOf } from './position.ts';
import { shrinkReduceOnly } from './shrinkReduceOnly.ts';
import type { AccountRisk, RiskState } from './state.ts';

/** @throws InvariantError when the account or the instrument is unknown */
export function settleFill(message: SettleFill, state: RiskState): Decision<RiskEvent> {
  const account = accountOf(state, message.accountId);
  const { accountId, orderId, executionId, symbol, side, quantity, price, fee, feeCurrency } = message;
  const hold = account.holds.get(orderId);
  const closesHold = message.closes && hold !== undefined;
  const settled: RiskEvent = {
    type: 'FillSettled',
    accountId,
    orderId,
    executionId,
    symbol,
    side,
    quantity,
    price,
    fee,
    feeCurrency,
  };
  const leaves = hold === undefined || closesHold ? 0n : maximum(hold.openQuantity - quantity, 0n);
  const sends = shrinkReduceOnly(account, symbol, {
    position: positionAfter(state, message, side, fee),
    order: hold?.reduceOnly === true ? { orderId, side: hold.side, leaves } : null,
  });
  return decided(closesHold ? [settled, { type: 'HoldReleased', accountId, orderId }] : [settled], sends);
}

/** @throws InvariantError when the account or the instrument is unknown */
export function reverseFill(message: ReverseFill, state: RiskState, context: DecisionContext): Decision<RiskEvent> {
  const account = accountOf(state, message.accountId);
  const { accountId, orderId, executionId, symbol, side, quantity, price, fee, feeCurrency } = message;
  const hold = account.holds.get(orderId);
  const leaves = hold === undefined ? quantity : hold.openQuantity + quantity;
  const isReduceOnly = hold?.reduceOnly ?? message.reopened?.reduceOnly ?? false;
  const sends = shrinkReduceOnly(account, symbol, {
    position: positionAfter(state, message, oppositeOf(side), -fee),
    order: isReduceOnly ? { orderId, side, leaves } : null,
  });
  const reversed: RiskEvent = {
    type: 'FillReversed',
    accountId,
    orderId,
    executionId,
    symbol,
    side,
    quantity,
    price,
    fee,
    feeCurrency,
    reopened: hold === undefined ? reopenedHold(message, account, state, context) : null,
  };
  return decided([reversed], sends);
}

/**
 * An order that had been filled and is open again keeps its prices, as the venue does. A perpetual sale, whose hold
 * follows the market, is held for at the top of today's collar, as a new one is; without a price at its own alone.
 */
function reopenedHold(
  { orderId, symbol, side, reopened }: ReverseFill,
  account: AccountRisk,
  state: RiskState,
  context: DecisionContext,
): ReopenedHold | null {
  if (reopened === null) return null;
  const { price, stopPrice, protectionPrice } = reopened;
  const worst = price ?? protectionPrice;
  invariant(worst !== null, () => `order ${orderId} is open again without a limit or protection price`);
  const instrument = instrumentOf(state, symbol);
  const reference = usableReference(context.market.prices(symbol));
  const collarRate = tightestLimit(state, account, deskOf(state, account.deskId), 'priceCollarRate');
  const holdPrice = holdPriceFrom(worst, instrument, { side, price, stopPrice }, reference, collarRate);
  return { ...reopened, holdPrice };
}

/** The order closed. When its last fill already did that, there is nothing left to release. */
export function releaseHold({ accountId, orderId }: ReleaseHold, state: RiskState): Decision<RiskEvent> {
  if (!accountOf(state, accountId).holds.has(orderId)) return NOTHING;
  return decided([{ type: 'HoldReleased', accountId, orderId }]);
}

function positionAfter(state: RiskState, trade: SettleFill | ReverseFill, side: Side, fee: bigint): Quantity {
  const { base } = instrumentOf(state, trade.symbol);
  const before = accountOf(state, trade.accountId).positions.get(trade.symbol)?.quantity ?? 0n;
  return before + positionChangeOf(side, trade.quantity, trade.feeCurrency === base ? fee : 0n);
}
