/** Handlers of the routes about accounts, limits, trading state and the audit trail. */
import { limitsOfView, parseLimits, parseTradingState } from '@oms/api-contract';
import type { TradingScope } from '@oms/domain';
import { type AccountReach, reaches } from '../access/caller.ts';
import { type Handlers, okay, wholeList } from '../http/routeHandler.ts';
import { invalid, type Refusal, refuse } from '../refusal.ts';
import { approvalIdFor, pendingApproval } from './approvalRoutes.ts';
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
    listAccounts: async ({ reach }) =>
      wholeList((await house.query(() => live.accounts())).filter(({ accountId }) => reaches(reach, accountId))),

    listPositions: async ({ query, reach }) =>
      knownAccount(query.accountId) ??
      wholeList(await house.query(() => accountsOf(query.accountId, reach).flatMap((id) => live.positions(id)))),

    listBalances: async ({ query, reach }) =>
      knownAccount(query.accountId) ??
      wholeList(await house.query(() => accountsOf(query.accountId, reach).flatMap((id) => live.balances(id)))),

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
      const limits = { ...limitsOfView(before.limits), ...change.value };
      const approvalId = approvalIdFor(actor);
      const outcome = await desk.proposeLimits(accountId, limits, actor, approvalId);
      if (outcome === 'PENDING') return pendingApproval(context, approvalId!);
      return outcome === 'DONE' ? okay(await house.query(() => live.limits(accountId))) : outcome;
    },

    listTradingStates: async ({ reach }) => {
      const states = await house.query(() => live.tradingStates());
      return wholeList(states.filter(({ scope, id }) => scope !== 'ACCOUNT' || reaches(reach, id!)));
    },

    changeTradingState: async ({ body, actor }) => {
      const change = parseTradingState(body);
      if (change.errors !== undefined) return invalid(change.errors);
      const { scope, id } = change.value;
      const unknown = unknownScope(context, scope, id);
      if (unknown !== null) return unknown;
      const approvalId = approvalIdFor(actor);
      const outcome = await desk.proposeTradingState(change.value, actor, approvalId);
      if (outcome === 'PENDING') return pendingApproval(context, approvalId!);
      if (outcome !== 'DONE') return outcome;
      const states = await house.query(() => live.tradingStates());
      return okay(states.find((state) => state.scope === scope && state.id === id));
    },

    listAudit: async ({ query }) => {
      const headers = await fresh();
      const { actor = null, action = null, accountId = null, from = null, to = null } = query;
      const { limit = PAGE_LENGTH_DEFAULT, cursor = null } = query;
      return okay(await readModel.audit({ actor, action, accountId, from, to, limit, cursor }), headers);
    },
  };
}

/** The one asked for, else all within reach; null: every account there is. */
const accountsOf = (accountId: string | undefined, { accounts }: AccountReach): readonly (string | null)[] =>
  accountId !== undefined ? [accountId] : accounts === null ? [null] : [...accounts];

function unknownScope({ live, instruments }: RouteContext, scope: TradingScope, id: string | null): Refusal | null {
  if (scope === 'ACCOUNT' && !live.hasAccount(id!)) return refuse('UNKNOWN_ACCOUNT');
  return scope === 'INSTRUMENT' && !instruments.has(id!) ? refuse('UNKNOWN_SYMBOL') : null;
}
