/**
 * The fold of the risk engine: the only place that changes its state. It reads nothing but the state, the event and
 * the time of the event's batch, so a replay always gives the same state.
 */
import type { Instrument } from '../instrument.ts';
import { InvariantError } from '../invariant.ts';
import { notionalOf } from '../money.ts';
import { accountOf, balanceAt, deskAt, exposureAt, instrumentOf, startOfSecond } from './accountRisk.ts';
import { tightestLimit } from './effectiveLimits.ts';
import type {
  AccountOpened,
  FillReversed,
  FillSettled,
  HoldPlaced,
  HoldRaised,
  HoldRetermed,
  LimitsChanged,
  ReopenedHold,
  RiskEvent,
} from './events.ts';
import { foldDeposit, foldFill, foldReversal } from './foldFills.ts';
import { changeHold, holdOf, type NewHold, placeHold, removeHold } from './foldHolds.ts';
import { holdCurrencyOf } from './holds.ts';
import { NO_LIMITS } from './limits.ts';
import { marginOf } from './position.ts';
import { isSameOrder } from './repeatedOrder.ts';
import type { AccountRisk, Exposure, Hold, RateWindow, RiskState } from './state.ts';
import { tradingStateKey } from './strictestState.ts';

/**
 * What of an account a fold changed, for its live channels. The account's balanceSequence went up by one for every
 * currency listed (the last has the newest), its positionSequence by one when a position is named.
 */
export interface RiskChange {
  readonly accountId: string;
  readonly positionSymbol: string | null;
  readonly currencies: readonly string[];
}

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
      const account = accountOf(state, event.accountId);
      const hold = holdOf(account, event.orderId);
      removeHold(state, account, hold);
      return balanceChange(account, hold, hold.amount !== 0n);
    }
    case 'HoldRaised':
      return holdRaised(state, event, now);
    case 'HoldRetermed':
      return holdRetermed(state, event);
    case 'HoldShrunk': {
      const account = accountOf(state, event.accountId);
      const hold = holdOf(account, event.orderId);
      const changed = changeHold(state, account, hold, () => {
        hold.terms = { ...hold.terms, quantity: event.quantity };
      });
      return balanceChange(account, hold, changed);
    }
    case 'FillReversed':
      return fillReversed(state, event, now);
    case 'InstrumentListed':
      return instrumentListed(state, event.instrument);
    case 'AccountOpened':
      return accountOpened(state, event);
    case 'FundsDeposited': {
      const account = accountOf(state, event.accountId);
      return changeOf(account, null, foldDeposit(state, account, event.currency, event.amount));
    }
    case 'LimitsChanged':
      return limitsChanged(state, event);
    case 'TradingStateChanged': {
      const { scope, id, state: tradingState, reason, actor } = event;
      const entry = { scope, id, state: tradingState, reason, actor, changedAt: now };
      state.tradingStates.set(tradingStateKey(scope, id), entry);
      return null;
    }
  }
}

function changeOf(account: AccountRisk, positionSymbol: string | null, currencies: readonly string[]): RiskChange {
  account.balanceSequence += currencies.length;
  return { accountId: account.accountId, positionSymbol, currencies };
}

const balanceChange = (account: AccountRisk, hold: Hold, changed: boolean): RiskChange | null =>
  changed ? changeOf(account, null, [hold.currency]) : null;

function countInWindow(window: RateWindow, now: number): void {
  const second = startOfSecond(now);
  if (window.windowStart !== second) {
    window.windowStart = second;
    window.count = 0;
  }
  window.count += 1;
}

function holdPlaced(state: RiskState, event: HoldPlaced, now: number): RiskChange | null {
  const account = accountOf(state, event.accountId);
  const { quantity, quoteQuantity, price, stopPrice, holdPrice } = event;
  const hold = placeHold(state, account, {
    orderId: event.orderId,
    accountId: event.accountId,
    symbol: event.symbol,
    side: event.side,
    reduceOnly: event.reduceOnly,
    protectionPrice: event.protectionPrice,
    terms: { quantity, quoteQuantity, price, stopPrice, holdPrice },
    pendingTerms: [],
    filledQuantity: 0n,
    filledQuote: 0n,
    currency: holdCurrencyOf(instrumentOf(state, event.symbol), event.side),
  });
  countInWindow(account.submits, now);
  countRepeat(state, account, exposureAt(account, event.symbol), event, now);
  return balanceChange(account, hold, hold.amount !== 0n);
}

/** Keeps how often the same order came in a row; a row older than the window starts anew. */
function countRepeat(state: RiskState, account: AccountRisk, exposure: Exposure, order: HoldPlaced, now: number): void {
  const windowMs = tightestLimit(state, account, deskAt(state, account.deskId), 'repeatedOrderWindowMs');
  if (isSameOrder(exposure.lastOrder, order) && now - exposure.repeatSince < windowMs) {
    exposure.repeatCount += 1;
    return;
  }
  const { side, quantity, quoteQuantity, price, stopPrice } = order;
  exposure.lastOrder = { side, quantity, quoteQuantity, price, stopPrice };
  exposure.repeatCount = 1;
  exposure.repeatSince = now;
}

function holdRaised(state: RiskState, event: HoldRaised, now: number): RiskChange | null {
  const account = accountOf(state, event.accountId);
  const hold = holdOf(account, event.orderId);
  const { requestId, quantity, price, stopPrice, holdPrice } = event;
  countInWindow(account.replaces, now);
  const changed = changeHold(state, account, hold, () => {
    hold.pendingTerms.push({ requestId, terms: { quantity, quoteQuantity: null, price, stopPrice, holdPrice } });
  });
  return balanceChange(account, hold, changed);
}

function holdRetermed(state: RiskState, event: HoldRetermed): RiskChange | null {
  const account = accountOf(state, event.accountId);
  const hold = holdOf(account, event.orderId);
  const index = hold.pendingTerms.findIndex((pending) => pending.requestId === event.requestId);
  const pending = hold.pendingTerms[index];
  if (pending === undefined) {
    throw new InvariantError(`hold of order ${event.orderId} has no pending request ${event.requestId}`);
  }
  const changed = changeHold(state, account, hold, () => {
    hold.pendingTerms.splice(index, 1);
    if (event.accepted) hold.terms = pending.terms;
  });
  return balanceChange(account, hold, changed);
}

function fillSettled(state: RiskState, event: FillSettled, now: number): RiskChange {
  const account = accountOf(state, event.accountId);
  const currencies = foldFill(state, account, instrumentOf(state, event.symbol), event, now);
  const hold = account.holds.get(event.orderId);
  if (hold !== undefined) {
    changeHold(state, account, hold, () => {
      hold.filledQuantity += event.quantity;
      hold.filledQuote += notionalOf(event.price, event.quantity);
    });
  }
  return changeOf(account, event.symbol, currencies);
}

function fillReversed(state: RiskState, event: FillReversed, now: number): RiskChange {
  const account = accountOf(state, event.accountId);
  const instrument = instrumentOf(state, event.symbol);
  const currencies = foldReversal(state, account, instrument, event, now);
  const hold = account.holds.get(event.orderId);
  if (hold !== undefined) {
    changeHold(state, account, hold, () => {
      hold.filledQuantity -= event.quantity;
      hold.filledQuote -= notionalOf(event.price, event.quantity);
    });
  } else if (event.reopened !== null) {
    placeHold(state, account, holdAgain(instrument, event, event.reopened));
  }
  return changeOf(account, event.symbol, currencies);
}

/** The hold of an order that had been filled and is open again. */
function holdAgain(instrument: Instrument, event: FillReversed, reopened: ReopenedHold): NewHold {
  const { quantity, quoteQuantity, price, stopPrice, holdPrice, filledQuantity, filledQuote } = reopened;
  return {
    orderId: event.orderId,
    accountId: event.accountId,
    symbol: event.symbol,
    side: event.side,
    reduceOnly: reopened.reduceOnly,
    protectionPrice: reopened.protectionPrice,
    terms: {
      quantity: quantity ?? filledQuantity + event.quantity,
      quoteQuantity,
      price,
      stopPrice,
      holdPrice,
    },
    pendingTerms: [],
    filledQuantity,
    filledQuote,
    currency: holdCurrencyOf(instrument, event.side),
  };
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
    for (const hold of account.holds.values()) {
      if (hold.symbol === instrument.symbol) changeHold(state, account, hold, () => undefined);
    }
  }
  return null;
}

function accountOpened(state: RiskState, event: AccountOpened): null {
  const { accountId, name, kind, deskId } = event;
  if (state.accounts.has(accountId)) throw new InvariantError(`account ${accountId} is opened twice`);
  deskAt(state, deskId);
  state.accounts.set(accountId, {
    accountId,
    name,
    kind,
    deskId,
    balances: new Map(),
    positions: new Map(),
    exposures: new Map(),
    holds: new Map(),
    openNotional: 0n,
    submits: { windowStart: 0, count: 0 },
    replaces: { windowStart: 0, count: 0 },
    dayStart: 0,
    realizedToday: new Map(),
    limits: NO_LIMITS,
    positionSequence: 0,
    balanceSequence: 0,
  });
  return null;
}

function limitsChanged(state: RiskState, event: LimitsChanged): null {
  switch (event.scope) {
    case 'ACCOUNT':
      accountOf(state, event.id).limits = event.limits;
      return null;
    case 'DESK':
      deskAt(state, event.id).limits = event.limits;
      return null;
    case 'FIRM':
      state.firm.limits = event.limits;
      return null;
    case 'DEFAULT':
      state.defaultLimits = event.limits;
      return null;
  }
}
