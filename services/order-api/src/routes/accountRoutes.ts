/** Handlers of the routes about accounts, limits, trading state and the audit trail. */
import { limitsOfView, parseLimits, parseTradingState } from '@oms/api-contract';
import type { TradingScope } from '@oms/domain';
import { type Handlers, okay, wholeList } from '../http/routeHandler.ts';
import { invalid, type Refusal, refuse } from '../refusal.ts';
import { PAGE_LENGTH_DEFAULT } from './orderReadRoutes.ts';
import type { RouteContext } from './routeContext.ts';

type AccountOperation =
  | 'listAccounts'
  | 'listPositions'
  | 'listBalances'
  | 'getLimits'
  | 'changeLimits'
  | 'listTradingStates'
  | 'changeTradingState'
  | 'listAudit';

export function accountRoutes(context: RouteContext): Pick<Handlers, AccountOperation> {
  const { desk, house, live, readModel, fresh, knownAccount } = context;
  return {
    listAccounts: async () => wholeList(await house.query(() => live.accounts())),

    listPositions: async ({ query }) =>
      knownAccount(query.accountId) ?? wholeList(await house.query(() => live.positions(query.accountId ?? null))),

    listBalances: async ({ query }) =>
      knownAccount(query.accountId) ?? wholeList(await house.query(() => live.balances(query.accountId ?? null))),

    getLimits: async ({ params }) => {
      const limits = await house.query(() => live.limits(params.accountId));
      return limits === null ? refuse('UNKNOWN_ACCOUNT') : okay(limits);
    },

    changeLimits: async ({ params, body, actor }) => {
      const change = parseLimits(body);
      if (change.errors !== undefined) return invalid(change.errors);
      const { accountId } = params;
      const before = await house.query(() => live.limits(accountId));
      if (before === null) return refuse('UNKNOWN_ACCOUNT');
      const refusal = await desk.changeLimits(accountId, { ...limitsOfView(before.limits), ...change.value }, actor);
      return refusal ?? okay(await house.query(() => live.limits(accountId)));
    },

    listTradingStates: async () => wholeList(await house.query(() => live.tradingStates())),

    changeTradingState: async ({ body, actor }) => {
      const change = parseTradingState(body);
      if (change.errors !== undefined) return invalid(change.errors);
      const { scope, id } = change.value;
      const unknown = unknownScope(context, scope, id);
      if (unknown !== null) return unknown;
      const refusal = await desk.changeTradingState(change.value, actor);
      if (refusal !== null) return refusal;
      const states = await house.query(() => live.tradingStates());
      return okay(states.find((state) => state.scope === scope && state.id === id));
    },

    listAudit: async ({ query }) => {
      const headers = await fresh();
      const { actor = null, action = null, accountId = null, limit = PAGE_LENGTH_DEFAULT, cursor = null } = query;
      return okay(await readModel.audit({ actor, action, accountId, limit, cursor }), headers);
    },
  };
}

function unknownScope({ live, instruments }: RouteContext, scope: TradingScope, id: string | null): Refusal | null {
  if (scope === 'ACCOUNT' && !live.hasAccount(id!)) return refuse('UNKNOWN_ACCOUNT');
  return scope === 'INSTRUMENT' && !instruments.has(id!) ? refuse('UNKNOWN_SYMBOL') : null;
}
