/** What the handlers of all routes share. */
import type { CommandDesk } from '../commands/commandDesk.ts';
import type { ApiMetrics } from '../metrics.ts';
import type { ApiBounds, OrderApiOptions } from '../options.ts';
import { type Refusal, refuse } from '../refusal.ts';

export interface RouteContext extends OrderApiOptions {
  readonly desk: CommandDesk;
  readonly metrics: ApiMetrics;
  /** Lets the read model catch up with what is durable by now, and says in headers how far it trails. */
  fresh(): Promise<Readonly<Record<string, string>>>;
  /** Refuses an account that does not exist; `undefined` names none. */
  knownAccount(accountId: string | undefined): Refusal | null;
}

export function routeContext(
  options: OrderApiOptions,
  bounds: ApiBounds,
  desk: CommandDesk,
  metrics: ApiMetrics,
): RouteContext {
  const { house, live, readModel } = options;
  return {
    ...options,
    status: () => options.status(),
    venueFaults: () => options.venueFaults(),
    onFault: (fault, requestId) => options.onFault(fault, requestId),
    desk,
    metrics,
    fresh: async () => {
      const { stalenessMs } = await readModel.reach(house.durablePosition, bounds.freshnessWaitMs);
      return { 'x-staleness-ms': String(Math.ceil(stalenessMs)) };
    },
    knownAccount: (accountId) =>
      accountId === undefined || live.hasAccount(accountId) ? null : refuse('UNKNOWN_ACCOUNT'),
  };
}
