/** Risk state as the wire shows it: accounts, balances, positions, limits against use, trading states. */
import type { ApprovalStatus } from './approvals.ts';
import type { TradingScope, TradingState } from './tradingState.ts';

export interface AccountView {
  readonly accountId: string;
  readonly name: string;
  readonly kind: string;
  readonly deskId: string;
  /** The strictest of the firm's and the account's own. */
  readonly tradingState: TradingState;
}

export interface PositionView {
  readonly accountId: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly averagePrice: string | null;
  readonly realizedPnl: string;
  /** null when there is no mark price. */
  readonly unrealizedPnl: string | null;
  readonly markPrice: string | null;
  /** The account's position sequence as of this view. */
  readonly sequence: number;
}

export interface BalanceView {
  readonly accountId: string;
  readonly currency: string;
  readonly total: string;
  /** Holds of open orders plus margin of positions. */
  readonly held: string;
  readonly available: string;
  readonly sequence: number;
}

export interface LimitUseView {
  readonly name: string;
  /** The tightest of account (or default), desk and firm; null when nothing is set. */
  readonly limit: string | number | null;
  /** Which scope set it. */
  readonly source: string | null;
  /** What is used of it now, where that is a running figure. */
  readonly used: string | number | null;
}

export interface AccountLimitsView {
  readonly accountId: string;
  /** The account's own set; null members fall back. Decimals as strings, counts as numbers. */
  readonly limits: Readonly<Record<string, string | number | null>>;
  readonly effective: readonly LimitUseView[];
}

export interface ApprovalView {
  readonly approvalId: string;
  readonly status: ApprovalStatus;
  readonly kind: 'LIMITS' | 'TRADING_STATE';
  readonly scope: string;
  readonly id: string | null;
  /** Of limits only the members that differ. */
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly decisionReason: string | null;
}

export interface TradingStateView {
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly state: TradingState;
  readonly reason: string;
  readonly actor: string | null;
  readonly changedAt: string;
}
