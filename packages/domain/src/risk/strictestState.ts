/** Which trading state holds for an order: the strictest of the firm's, the account's and the instrument's. */
import type { RiskState } from './state.ts';
import type { TradingScope, TradingState, TradingStateEntry } from './tradingState.ts';

const STRICTNESS: Readonly<Record<TradingState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

export const tradingStateKey = (scope: TradingScope, id: string | null): string =>
  id === null ? scope : `${scope}:${id}`;

const stricter = (a: TradingStateEntry | null, b: TradingStateEntry | undefined): TradingStateEntry | null =>
  b !== undefined && (a === null || STRICTNESS[b.state] > STRICTNESS[a.state]) ? b : a;

/** @returns the entry that decides (the widest scope when equally strict), or `null` when none was ever set */
export function strictestState(
  state: RiskState,
  accountId: string | null,
  symbol: string | null,
): TradingStateEntry | null {
  const entries = state.tradingStates;
  if (entries.size === 0) return null;
  let strictest = stricter(null, entries.get('FIRM'));
  if (accountId !== null) strictest = stricter(strictest, entries.get(tradingStateKey('ACCOUNT', accountId)));
  if (symbol !== null) strictest = stricter(strictest, entries.get(tradingStateKey('INSTRUMENT', symbol)));
  return strictest;
}
