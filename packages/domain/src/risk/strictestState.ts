/** Which trading state holds for an order: the strictest of the firm's, the account's and the instrument's. */
import type { RiskState } from './state.ts';
import type { Restrictions, TradingScope, TradingState, TradingStateEntry } from './tradingState.ts';

export const STRICTNESS: Readonly<Record<TradingState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

export const tradingStateKey = (scope: TradingScope, id: string | null): string =>
  id === null ? scope : `${scope}:${id}`;

/** Notes a trading state where orders look for it. */
export function restrict(restrictions: Restrictions, entry: TradingStateEntry): void {
  const restriction = entry.state === 'ACTIVE' ? null : entry;
  if (entry.scope === 'FIRM') {
    restrictions.firm = restriction;
    return;
  }
  const entries = entry.scope === 'ACCOUNT' ? restrictions.accounts : restrictions.instruments;
  if (restriction === null) entries.delete(entry.id ?? '');
  else entries.set(entry.id ?? '', restriction);
}

const stricter = (a: TradingStateEntry | null, b: TradingStateEntry | undefined): TradingStateEntry | null =>
  b !== undefined && (a === null || STRICTNESS[b.state] > STRICTNESS[a.state]) ? b : a;

/** @returns the entry that decides (the widest scope when equally strict), or `null` when trading is ACTIVE */
export function strictestState(
  state: RiskState,
  accountId: string | null,
  symbol: string | null,
): TradingStateEntry | null {
  const { firm, accounts, instruments } = state.restrictions;
  let strictest = firm;
  if (accountId !== null && accounts.size > 0) strictest = stricter(strictest, accounts.get(accountId));
  if (symbol !== null && instruments.size > 0) strictest = stricter(strictest, instruments.get(symbol));
  return strictest;
}
