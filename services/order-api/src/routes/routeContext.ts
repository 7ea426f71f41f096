/** What the handlers of all routes share. */
import type { AccountGuard } from '../access/accountGuard.ts';
import type { CommandDesk } from '../commands/commandDesk.ts';
import type { OrderPlacer } from '../commands/orderPlacer.ts';
import type { ApiBounds, OrderApiOptions } from '../options.ts';
import { type Refusal, refuse } from '../refusal.ts';

export interface RouteContext extends OrderApiOptions {
  readonly desk: CommandDesk;
  readonly placer: OrderPlacer;
  readonly guard: AccountGuard;
  /** Lets the read model catch up with what is durable by now, and says in headers how far it trails. */
  fresh(): Promise<Readonly<Record<string, string>>>;
  /**
   * Waits until the read model shows everything durable by now, for reads by id, which must see all that was
   * acknowledged before. @returns why not, when it is too far behind
   */
  caughtUp(): Promise<Refusal | null>;
  /** Refuses an account that does not exist; `undefined` names none. */
  knownAccount(accountId: string | undefined): Refusal | null;
}

export function routeContext(
  options: OrderApiOptions,
  bounds: ApiBounds,
  desk: CommandDesk,
  placer: OrderPlacer,
  guard: AccountGuard,
): RouteContext {
  const { house, live, readModel } = options;
  return {
    ...options,
    status: () => options.status(),
    venueFaults: () => options.venueFaults(),
    onFault: (fault, requestId) => options.onFault(fault, requestId),
    desk,
    placer,
    guard,
    fresh: async () => {
      const { stalenessMs } = await readModel.reach(house.durablePosition, bounds.freshnessWaitMs);
      return { 'x-staleness-ms': String(Math.ceil(stalenessMs)) };
    },
    caughtUp: async () => {
      const wanted = house.durablePosition;
      const { position, stalenessMs } = await readModel.reach(wanted, bounds.decisionWaitMs);
      if (position >= wanted) return null;
      return refuse('READ_MODEL_UNAVAILABLE', `The read model trails by ${Math.ceil(stalenessMs)} ms; ask again.`);
    },
    knownAccount: (accountId) =>
      accountId === undefined || live.hasAccount(accountId) ? null : refuse('UNKNOWN_ACCOUNT'),
  };
}
