/** What a private channel shows to a reader who has to start afresh: the whole of what is live now. */
import type { PrivateChannel } from '@oms/api-contract';
import type { LiveState } from '@oms/ports';

/** Orders and executions share the account's report sequence. */
export const positionsOf = (
  sequences: ReturnType<LiveState['sequences']>,
): Readonly<Record<PrivateChannel, number>> => ({
  orders: sequences.reports,
  executions: sequences.reports,
  positions: sequences.positions,
  balances: sequences.balances,
});

export function snapshotOf(channel: PrivateChannel, accountId: string, live: LiveState): readonly object[] {
  switch (channel) {
    case 'orders':
      return live.openOrders(accountId);
    case 'positions':
      return live.positions(accountId);
    case 'balances':
      return live.balances(accountId);
    case 'executions':
      // Executions are a history, not a state: REST has all of it.
      return [];
  }
}
