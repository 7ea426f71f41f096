/** What happened to an order's trades and its end: settles, reverses and releases. None of it can be refused. */
import { type Decision, type DecisionContext, decided, NOTHING } from '../decision.ts';
import { invariant } from '../invariant.ts';
import type { ReleaseHold, ReverseFill, SettleFill } from '../messages.ts';
import { maximum, type Quantity } from '../money.ts';
import { oppositeOf, type Side } from '../orders/order.ts';
import { accountOf, holdOf, instrumentOf } from './accountRisk.ts';
import type { ReopenedHold, RiskEvent } from './events.ts';
import { holdPriceFrom, usableReference } from './holdPrice.ts';
import { positionChangeOf } from './position.ts';
import { mayShrink, shrinkReduceOnly } from './shrinkReduceOnly.ts';
import type { AccountRisk, Exposure, RiskState } from './state.ts';

/** @throws InvariantError when the account or the instrument is unknown */
export function settleFill(message: SettleFill, state: RiskState): Decision<RiskEvent> {
  const { accountId, orderId, executionId, symbol, side, quantity, price, fee, feeCurrency } = message;
  const hold = holdOf(state, accountId, orderId);
  const exposure = hold === undefined ? accountOf(state, accountId).exposures.get(symbol) : hold.exposure;
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
  const events: RiskEvent[] = closesHold ? [settled, { type: 'HoldReleased', accountId, orderId }] : [settled];
  const isReduceOnly = hold?.reduceOnly === true;
  // Nearly every trade.
  if (exposure === undefined || !mayShrink(exposure, isReduceOnly)) return decided(events);
  const leaves = closesHold || !isReduceOnly ? 0n : maximum(hold.openQuantity - quantity, 0n);
  const after = {
    position: positionAfter(exposure, message, side, fee),
    order: isReduceOnly ? { orderId, side: hold.side, leaves } : null,
  };
  return decided(events, shrinkReduceOnly(state, exposure, after));
}

/** @throws InvariantError when the account or the instrument is unknown */
export function reverseFill(message: ReverseFill, state: RiskState, context: DecisionContext): Decision<RiskEvent> {
  const account = accountOf(state, message.accountId);
  const { accountId, orderId, executionId, symbol, side, quantity, price, fee, feeCurrency } = message;
  const hold = holdOf(state, accountId, orderId);
  const exposure = account.exposures.get(symbol);
  const isReduceOnly = hold?.reduceOnly ?? message.reopened?.reduceOnly ?? false;
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
  if (exposure === undefined || !mayShrink(exposure, isReduceOnly)) return decided<RiskEvent>([reversed]);
  const leaves = hold === undefined ? quantity : hold.openQuantity + quantity;
  const after = {
    position: positionAfter(exposure, message, oppositeOf(side), -fee),
    order: isReduceOnly ? { orderId, side, leaves } : null,
  };
  return decided<RiskEvent>([reversed], shrinkReduceOnly(state, exposure, after));
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
  const { priceCollarRate: collarRate } = account.effectiveLimits;
  const holdPrice = holdPriceFrom(worst, instrument, { side, price, stopPrice }, reference, collarRate);
  return { ...reopened, holdPrice };
}

/** The order closed. When its last fill already did that, there is nothing left to release. */
export function releaseHold({ accountId, orderId }: ReleaseHold, state: RiskState): Decision<RiskEvent> {
  if (holdOf(state, accountId, orderId) !== undefined) return decided([{ type: 'HoldReleased', accountId, orderId }]);
  accountOf(state, accountId);
  return NOTHING;
}

function positionAfter(exposure: Exposure, trade: SettleFill | ReverseFill, side: Side, fee: bigint): Quantity {
  const baseFee = trade.feeCurrency === exposure.instrument.base ? fee : 0n;
  return (exposure.position?.quantity ?? 0n) + positionChangeOf(side, trade.quantity, baseFee);
}
