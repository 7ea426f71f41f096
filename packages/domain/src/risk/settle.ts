/** What happened to an order's trades and its end: settles, reverses and releases. None of it can be refused. */
import { type Decision, decided, NOTHING } from '../decision.ts';
import type { ReleaseHold, ReverseFill, SettleFill } from '../messages.ts';
import { maximum, type Quantity } from '../money.ts';
import { oppositeOf, type Side } from '../orders/order.ts';
import { accountOf, instrumentOf } from './accountRisk.ts';
import type { RiskEvent } from './events.ts';
import { positionChangeOf } from './position.ts';
import { shrinkReduceOnly } from './shrinkReduceOnly.ts';
import type { RiskState } from './state.ts';

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
export function reverseFill(message: ReverseFill, state: RiskState): Decision<RiskEvent> {
  const account = accountOf(state, message.accountId);
  const { accountId, orderId, executionId, symbol, side, quantity, price, fee, feeCurrency, reopened } = message;
  const hold = account.holds.get(orderId);
  const leaves = hold === undefined ? quantity : hold.openQuantity + quantity;
  const isReduceOnly = hold?.reduceOnly ?? reopened?.reduceOnly ?? false;
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
    reopened,
  };
  return decided([reversed], sends);
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
