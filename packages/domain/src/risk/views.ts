/** Makes the views of view.ts out of the live state. Reads only. */
import { isoTime } from '../isoTime.ts';
import { type MarketView, referencePriceOf } from '../market.ts';
import { absolute, formatDecimal, maximum } from '../money.ts';
import { averagePriceOf } from '../orders/view.ts';
import { availableOf, countIn, realizedTodayOf } from './accountRisk.ts';
import type { Approval, ProposedLimits } from './approvals.ts';
import { limitSourceOf, ownLimit, tightestLimit } from './effectiveLimits.ts';
import { LIMIT_NAMES, type LimitName, type RiskLimits } from './limits.ts';
import { unrealizedPnlOf } from './position.ts';
import type { AccountRisk, Aggregate, Balance, Position, RiskState } from './state.ts';
import { strictestState } from './strictestState.ts';
import type { TradingStateEntry } from './tradingState.ts';
import type {
  AccountLimitsView,
  AccountView,
  ApprovalView,
  BalanceView,
  LimitUseView,
  PositionView,
  TradingStateView,
} from './view.ts';

export const accountViews = (state: RiskState): AccountView[] =>
  [...state.accounts.values()].map(({ accountId, name, kind, deskId }) => ({
    accountId,
    name,
    kind,
    deskId,
    tradingState: strictestState(state, accountId, null)?.state ?? 'ACTIVE',
  }));

/** One account, none when it is unknown, or all for `null`. */
function selected(state: RiskState, accountId: string | null): AccountRisk[] {
  if (accountId === null) return [...state.accounts.values()];
  const account = state.accounts.get(accountId);
  return account === undefined ? [] : [account];
}

export const positionViews = (state: RiskState, accountId: string | null, market: MarketView): PositionView[] =>
  selected(state, accountId).flatMap((account) =>
    [...account.positions.values()].map((position) => viewOfPosition(account, position, market)),
  );

/** Valued at the reference price (mark, else last, else the middle of the book), as the margin check does. */
export function viewOfPosition(account: AccountRisk, position: Position, market: MarketView): PositionView {
  const { symbol, quantity, openCost, realizedPnl } = position;
  const mark = referencePriceOf(market.prices(symbol));
  return {
    accountId: account.accountId,
    symbol,
    quantity: formatDecimal(quantity),
    averagePrice: averagePriceOf(openCost, absolute(quantity)),
    realizedPnl: formatDecimal(realizedPnl),
    unrealizedPnl: mark === null ? null : formatDecimal(unrealizedPnlOf(position, mark)),
    markPrice: mark === null ? null : formatDecimal(mark),
    sequence: account.positionSequence,
  };
}

export const balanceViews = (state: RiskState, accountId: string | null): BalanceView[] =>
  selected(state, accountId).flatMap((account) =>
    [...account.balances].map(([currency, balance]) => viewOfBalance(account, currency, balance)),
  );

export const viewOfBalance = (account: AccountRisk, currency: string, balance: Balance): BalanceView => ({
  accountId: account.accountId,
  currency,
  total: formatDecimal(balance.total),
  held: formatDecimal(balance.held + balance.margin),
  available: formatDecimal(availableOf(balance)),
  sequence: account.balanceSequence,
});

type LimitFigure = string | number | null;

const figureOf = (value: bigint | number | null): LimitFigure =>
  typeof value === 'bigint' ? formatDecimal(value) : value;

/** @returns `null` when the account is unknown */
export function limitsView(state: RiskState, accountId: string, now: number): AccountLimitsView | null {
  const account = state.accounts.get(accountId);
  if (account === undefined) return null;
  const { desk } = account;
  return {
    accountId,
    limits: Object.fromEntries(LIMIT_NAMES.map((name) => [name, figureOf(account.limits[name])])),
    effective: LIMIT_NAMES.map((name) => limitUse(state, account, desk, name, now)),
  };
}

function limitUse(state: RiskState, account: AccountRisk, desk: Aggregate, name: LimitName, now: number): LimitUseView {
  if (name === 'openOrdersMax' || name === 'openNotionalMax') return nearestTotal(state, account, desk, name);
  return {
    name,
    limit: figureOf(tightestLimit(state, account, desk, name)),
    source: limitSourceOf(state, account, desk, name),
    used: figureOf(usedOf(account, name, now)),
  };
}

/** These are totals at every scope; the one with the least room left is what stops the next order. */
function nearestTotal(
  state: RiskState,
  account: AccountRisk,
  desk: Aggregate,
  name: 'openOrdersMax' | 'openNotionalMax',
): LimitUseView {
  const total = (scope: { readonly openNotional: bigint }, openOrders: number): bigint =>
    name === 'openOrdersMax' ? BigInt(openOrders) : scope.openNotional;
  const own = account.limits[name] === null ? 'DEFAULT' : 'ACCOUNT';
  const scopes = [
    { source: own, limit: ownLimit(state, account, name), used: total(account, account.openOrders) },
    { source: 'DESK', limit: desk.limits[name], used: total(desk, desk.openOrders) },
    { source: 'FIRM', limit: state.firm.limits[name], used: total(state.firm, state.firm.openOrders) },
  ].flatMap(({ source, limit, used }) => (limit === null ? [] : [{ source, limit: BigInt(limit), used }]));
  const nearest = scopes.reduce((a, b) => (b.limit - b.used < a.limit - a.used ? b : a));
  const figure = (value: bigint): LimitFigure => (name === 'openOrdersMax' ? Number(value) : formatDecimal(value));
  return { name, limit: figure(nearest.limit), source: nearest.source, used: figure(nearest.used) };
}

/** What is used of a limit now, where that is a running figure; the worst of all instruments or currencies. */
function usedOf(account: AccountRisk, name: LimitName, now: number): bigint | number | null {
  switch (name) {
    case 'submitsPerSecondMax':
      return countIn(account.submits, now);
    case 'replacesPerSecondMax':
      return countIn(account.replaces, now);
    case 'positionQuantityMax':
      return [...account.positions.values()].reduce((most, { quantity }) => maximum(most, absolute(quantity)), 0n);
    case 'dailyLossMax':
      return [...account.realizedToday.keys()].reduce(
        (most, currency) => maximum(most, -realizedTodayOf(account, currency, now)),
        0n,
      );
    default:
      return null;
  }
}

/** The firm's state always; the others once they were set. */
export function tradingStateViews(state: RiskState): TradingStateView[] {
  const firm: TradingStateEntry = state.tradingStates.get('FIRM') ?? {
    scope: 'FIRM',
    id: null,
    state: 'ACTIVE',
    reason: '',
    actor: null,
    changedAt: 0,
  };
  const others = [...state.tradingStates.values()].filter(({ scope }) => scope !== 'FIRM');
  return [firm, ...others].map((entry) => ({ ...entry, changedAt: isoTime(entry.changedAt) }));
}

/** Newest first; one whose time is over is EXPIRED, whether or not that was journalled yet. */
export const approvalViews = (state: RiskState, now: number): ApprovalView[] =>
  [...state.approvals.values()].reverse().map((approval) => viewOfApproval(approval, now));

function viewOfApproval({ change, ...approval }: Approval, now: number): ApprovalView {
  const isOver = approval.status === 'PENDING' && approval.expiresAt <= now;
  const shown = change.kind === 'LIMITS' ? differenceOf(change) : { before: change.before, after: change.after };
  return {
    approvalId: approval.approvalId,
    status: isOver ? 'EXPIRED' : approval.status,
    kind: change.kind,
    scope: change.scope,
    id: change.id === '' ? null : change.id,
    ...shown,
    reason: change.kind === 'LIMITS' ? null : change.reason,
    requestedBy: approval.requestedBy,
    requestedAt: isoTime(approval.requestedAt),
    expiresAt: isoTime(approval.expiresAt),
    decidedBy: approval.decidedBy,
    decidedAt: approval.decidedAt === null ? null : isoTime(approval.decidedAt),
    decisionReason: approval.decisionReason,
  };
}

function differenceOf({ before, after }: ProposedLimits) {
  const names = LIMIT_NAMES.filter((name) => before[name] !== after[name]);
  const of = (limits: RiskLimits) => Object.fromEntries(names.map((name) => [name, figureOf(limits[name])]));
  return { before: of(before), after: of(after) };
}
