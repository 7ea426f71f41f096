/**
 * The fold of the risk engine: the only place that changes its state. It reads nothing but the state, the event and
 * the time of the event's batch, so a replay always gives the same state.
 */
import type { Instrument } from '../instrument.ts';
import { InvariantError } from '../invariant.ts';
import { notionalOf } from '../money.ts';
import {
  accountFrom,
  accountOf,
  balanceAt,
  deskAt,
  exposureAt,
  holdOf,
  instrumentOf,
  isInWindow,
  startOfSecond,
} from './accountRisk.ts';
import { forgetOldestDecided, type ProposedChange } from './approvals.ts';
import { limitsFor, resolveEverybodysLimits } from './effectiveLimits.ts';
import type {
  AccountOpened,
  ApprovalDecided,
  FillReversed,
  FillSettled,
  HoldPlaced,
  HoldRaised,
  HoldRetermed,
  LimitsChanged,
  LimitsChangeProposed,
  ReopenedHold,
  RiskEvent,
  TradingStateChanged,
  TradingStateChangeProposed,
} from './events.ts';
import { foldDeposit, foldFill, foldReversal } from './foldFills.ts';
import { existingHold, NO_PENDING_TERMS, placeHold, removeHold, reworkHold } from './foldHolds.ts';
import { NO_LIMITS } from './limits.ts';
import { marginOf } from './position.ts';
import { isSameOrder } from './repeatedOrder.ts';
import type { AccountRisk, Exposure, Hold, RateWindow, RiskChange, RiskState } from './state.ts';
import { restrict, tradingStateKey } from './strictestState.ts';

/**
 * Folds one event into the state.
 * @param now epoch milliseconds of the event's batch
 * @returns what changed of an account's balances and positions, or `null` when nothing of them did
 * @throws InvariantError when the event cannot follow the state
 */
export function evolveRisk(state: RiskState, event: RiskEvent, now: number): RiskChange | null {
  switch (event.type) {
    case 'HoldPlaced':
      return holdPlaced(state, event, now);
    case 'FillSettled':
      return fillSettled(state, event, now);
    case 'HoldReleased': {
      const hold = existingHold(state, event.accountId, event.orderId);
      removeHold(state, hold);
      return balanceChange(hold, hold.amount !== 0n);
    }
    case 'HoldRaised':
      return holdRaised(state, event, now);
    case 'HoldRetermed':
      return holdRetermed(state, event);
    case 'HoldShrunk': {
      const hold = existingHold(state, event.accountId, event.orderId);
      hold.terms = { ...hold.terms, quantity: event.quantity };
      return balanceChange(hold, reworkHold(state, hold));
    }
    case 'FillReversed':
      return fillReversed(state, event, now);
    case 'InstrumentListed':
      return instrumentListed(state, event.instrument);
    case 'AccountOpened':
      return accountOpened(state, event);
    case 'FundsDeposited': {
      const account = accountOf(state, event.accountId);
      return counted(account, foldDeposit(state, account, event.currency, event.amount));
    }
    case 'LimitsChanged':
      return limitsChanged(state, event);
    case 'TradingStateChanged':
      return tradingStateChanged(state, event, now);
    case 'LimitsChangeProposed': {
      const { scope, id, before, after } = event;
      return changeProposed(state, event, { kind: 'LIMITS', scope, id, before, after }, now);
    }
    case 'TradingStateChangeProposed': {
      const { scope, id, before, after, reason } = event;
      return changeProposed(state, event, { kind: 'TRADING_STATE', scope, id, before, after, reason }, now);
    }
    case 'ApprovalDecided':
      return approvalDecided(state, event, now);
    case 'AuditNoted':
      return null;
  }
}

function counted(account: AccountRisk, change: RiskChange): RiskChange {
  account.balanceSequence += change.currencies.length;
  return change;
}

function balanceChange({ exposure, side }: Hold, changed: boolean): RiskChange | null {
  if (!changed) return null;
  return counted(exposure.account, side === 'BUY' ? exposure.buyHoldChange : exposure.sellHoldChange);
}

function countInWindow(window: RateWindow, now: number): void {
  if (!isInWindow(window, now)) {
    window.windowStart = startOfSecond(now);
    window.count = 0;
  }
  window.count += 1;
}

function holdPlaced(state: RiskState, event: HoldPlaced, now: number): RiskChange | null {
  const account = accountOf(state, event.accountId);
  const exposure = exposureAt(account, instrumentOf(state, event.symbol));
  const hold = placeHold(state, exposure, event, 0n, 0n);
  countInWindow(account.submits, now);
  countRepeat(exposure, event, now);
  return balanceChange(hold, hold.amount !== 0n);
}

/** Keeps how often the same order came in a row; a row older than the window starts anew. */
function countRepeat(exposure: Exposure, order: HoldPlaced, now: number): void {
  const { repeatedOrderWindowMs: windowMs } = exposure.account.effectiveLimits;
  const { lastOrder } = exposure;
  const isSame = lastOrder !== null && isSameOrder(lastOrder, order.side, order);
  if (isSame && now - exposure.repeatSince < windowMs) {
    exposure.repeatCount += 1;
    return;
  }
  const { side, quantity, quoteQuantity, price, stopPrice } = order;
  exposure.lastOrder = { side, quantity, quoteQuantity, price, stopPrice };
  exposure.repeatCount = 1;
  exposure.repeatSince = now;
}

function holdRaised(state: RiskState, event: HoldRaised, now: number): RiskChange | null {
  const hold = existingHold(state, event.accountId, event.orderId);
  const { requestId, quantity, price, stopPrice, holdPrice } = event;
  countInWindow(hold.exposure.account.replaces, now);
  const terms = { quantity, quoteQuantity: null, price, stopPrice, holdPrice };
  hold.pendingTerms = [...hold.pendingTerms, { requestId, terms }];
  return balanceChange(hold, reworkHold(state, hold));
}

function holdRetermed(state: RiskState, event: HoldRetermed): RiskChange | null {
  const hold = existingHold(state, event.accountId, event.orderId);
  const answered = hold.pendingTerms.find((pending) => pending.requestId === event.requestId);
  if (answered === undefined) {
    throw new InvariantError(`hold of order ${event.orderId} has no pending request ${event.requestId}`);
  }
  const others = hold.pendingTerms.filter((pending) => pending !== answered);
  hold.pendingTerms = others.length === 0 ? NO_PENDING_TERMS : others;
  if (event.accepted) hold.terms = answered.terms;
  return balanceChange(hold, reworkHold(state, hold));
}

function fillSettled(state: RiskState, event: FillSettled, now: number): RiskChange {
  const hold = holdOf(state, event.accountId, event.orderId);
  const exposure = hold?.exposure ?? exposureOf(state, event);
  const notional = notionalOf(event.price, event.quantity);
  const change = foldFill(state, exposure, event, notional, now);
  if (hold !== undefined) {
    hold.filledQuantity += event.quantity;
    hold.filledQuote += notional;
    reworkHold(state, hold);
  }
  return counted(exposure.account, change);
}

function fillReversed(state: RiskState, event: FillReversed, now: number): RiskChange {
  const exposure = exposureOf(state, event);
  const notional = notionalOf(event.price, event.quantity);
  const change = foldReversal(state, exposure, event, notional, now);
  const hold = holdOf(state, event.accountId, event.orderId);
  if (hold !== undefined) {
    hold.filledQuantity -= event.quantity;
    hold.filledQuote -= notional;
    reworkHold(state, hold);
  } else if (event.reopened !== null) {
    holdAgain(state, exposure, event, event.reopened);
  }
  return counted(exposure.account, change);
}

const exposureOf = (state: RiskState, { accountId, symbol }: FillSettled | FillReversed): Exposure =>
  exposureAt(accountOf(state, accountId), instrumentOf(state, symbol));

/** The hold of an order that had been filled and is open again. */
function holdAgain(state: RiskState, exposure: Exposure, event: FillReversed, reopened: ReopenedHold): void {
  const { filledQuantity, filledQuote } = reopened;
  const { orderId, side } = event;
  const quantity = reopened.quantity ?? filledQuantity + event.quantity;
  placeHold(state, exposure, { ...reopened, orderId, side, quantity }, filledQuantity, filledQuote);
}

/** Lists or changes an instrument. With a change everything computed from its rates follows: rare, so it may scan. */
function instrumentListed(state: RiskState, instrument: Instrument): null {
  const before = state.instruments.get(instrument.symbol);
  state.instruments.set(instrument.symbol, instrument);
  if (before === undefined) return null;
  for (const account of state.accounts.values()) {
    const position = account.positions.get(instrument.symbol);
    if (position !== undefined) {
      const change = marginOf(instrument, position) - marginOf(before, position);
      balanceAt(account, instrument.quote).margin += change;
    }
    const exposure = account.exposures.get(instrument.symbol);
    if (exposure !== undefined) exposure.instrument = instrument;
  }
  for (const hold of state.holds) {
    if (hold.exposure.instrument === instrument) reworkHold(state, hold);
  }
  return null;
}

function accountOpened(state: RiskState, event: AccountOpened): null {
  const { accountId, name, kind, deskId } = event;
  if (state.accounts.has(accountId)) throw new InvariantError(`account ${accountId} is opened twice`);
  const account = {
    accountId,
    name,
    kind,
    deskId,
    balances: new Map(),
    positions: new Map(),
    openNotional: 0n,
    submits: { windowStart: 0, count: 0 },
    replaces: { windowStart: 0, count: 0 },
    dayStart: 0,
    realizedToday: new Map(),
    limits: NO_LIMITS,
    positionSequence: 0,
    balanceSequence: 0,
  };
  state.accounts.set(accountId, accountFrom(state, account, deskAt(state, deskId)));
  return null;
}

function changeProposed(
  state: RiskState,
  { approvalId, actor, expiresAt }: LimitsChangeProposed | TradingStateChangeProposed,
  change: ProposedChange,
  now: number,
): null {
  if (state.approvals.has(approvalId)) throw new InvariantError(`approval ${approvalId} is asked for twice`);
  forgetOldestDecided(state.approvals);
  state.approvals.set(approvalId, {
    approvalId,
    change,
    requestedBy: actor,
    requestedAt: now,
    expiresAt,
    status: 'PENDING',
    decidedBy: null,
    decidedAt: null,
    decisionReason: null,
  });
  return null;
}

function approvalDecided(state: RiskState, { approvalId, status, actor, reason }: ApprovalDecided, now: number): null {
  const approval = state.approvals.get(approvalId);
  if (approval?.status !== 'PENDING') throw new InvariantError(`approval ${approvalId} is not pending`);
  approval.status = status;
  approval.decidedBy = actor;
  approval.decidedAt = now;
  approval.decisionReason = reason;
  return null;
}

function limitsChanged(state: RiskState, { scope, id, limits }: LimitsChanged): null {
  if (scope === 'ACCOUNT') {
    const account = accountOf(state, id);
    account.limits = limits;
    account.effectiveLimits = limitsFor(state, limits, account.desk);
    return null;
  }
  if (scope === 'DEFAULT') state.defaultLimits = limits;
  else (scope === 'FIRM' ? state.firm : deskAt(state, id)).limits = limits;
  resolveEverybodysLimits(state);
  return null;
}

function tradingStateChanged(state: RiskState, event: TradingStateChanged, now: number): null {
  const { scope, id, state: tradingState, reason, actor } = event;
  const entry = { scope, id, state: tradingState, reason, actor, changedAt: now };
  state.tradingStates.set(tradingStateKey(scope, id), entry);
  restrict(state.restrictions, entry);
  return null;
}
