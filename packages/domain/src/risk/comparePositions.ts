/** The venue's positions against ours, account by account: says which differ, changes nothing. */
import { type Decision, decided } from '../decision.ts';
import type { ComparePositions, PositionDifference, VenuePosition } from '../messages.ts';
import type { RiskEvent } from './events.ts';
import type { RiskState } from './state.ts';

export function comparePositions(message: ComparePositions, state: RiskState): Decision<RiskEvent> {
  const { run, accountIds, positions } = message;
  const differing =
    positions === null
      ? null
      : accountIds.flatMap((accountId) => differencesOf(accountId, positions.get(accountId) ?? [], state));
  return decided([], [{ to: 'order-processor', message: { type: 'PositionsCompared', run, accountIds, differing } }]);
}

function differencesOf(accountId: string, listed: readonly VenuePosition[], state: RiskState): PositionDifference[] {
  const bySymbol = new Map(listed.map(({ symbol, quantity }) => [symbol, quantity]));
  const exposures = state.accounts.get(accountId)?.exposures;
  const differing: PositionDifference[] = [];
  for (const symbol of new Set([...bySymbol.keys(), ...(exposures?.keys() ?? [])])) {
    const ours = exposures?.get(symbol)?.position?.quantity ?? 0n;
    const venues = bySymbol.get(symbol) ?? 0n;
    if (ours !== venues) differing.push({ accountId, symbol, ours, venues, confirmed: false });
  }
  return differing;
}
