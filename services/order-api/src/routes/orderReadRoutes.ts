/** Handlers of the routes that read orders and executions: one by id from live state, lists from the read model. */
import type { OrderView } from '@oms/domain';
import { type AccountReach, reaches } from '../access/caller.ts';
import { type Handlers, okay } from '../http/routeHandler.ts';
import { refuse } from '../refusal.ts';
import type { RouteContext } from './routeContext.ts';

type OrderReadOperation = 'getOrderByClientOrderId' | 'getOrder' | 'listOrders' | 'listOrderEvents' | 'listExecutions';

export const PAGE_LENGTH_DEFAULT = 100;

export function orderReadRoutes(context: RouteContext): Pick<Handlers, OrderReadOperation> {
  const { house, live, readModel, fresh, caughtUp, knownAccount } = context;
  return {
    getOrder: async ({ params, reach }) => {
      const order = await findOrder(context, params.orderId);
      return order === null || !reaches(reach, order.accountId) ? refuse('UNKNOWN_ORDER') : okay(order);
    },

    getOrderByClientOrderId: async ({ params, query }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const { accountId } = query;
      const order = await house.query(() => live.orderByClientOrderId(accountId, params.clientOrderId));
      if (order !== null) return okay(order);
      const behind = await caughtUp();
      if (behind !== null) return behind;
      const stored = await readModel.orderByClientOrderId(accountId, params.clientOrderId);
      return stored === null ? refuse('UNKNOWN_ORDER') : okay(stored);
    },

    listOrders: async ({ query, reach }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const headers = await fresh();
      const { symbol = null, status = null, limit = PAGE_LENGTH_DEFAULT, cursor = null } = query;
      const accountIds = accountsOf(query.accountId, reach);
      return okay(await readModel.orders({ accountIds, symbol, status, limit, cursor }), headers);
    },

    listOrderEvents: async ({ params, reach }) => {
      const behind = await caughtUp();
      if (behind !== null) return behind;
      const items = await readModel.reportsOfOrder(params.orderId);
      const accountId = items[0]?.accountId ?? (await findOrder(context, params.orderId))?.accountId;
      if (accountId === undefined || !reaches(reach, accountId)) return refuse('UNKNOWN_ORDER');
      return okay({ items, nextCursor: null });
    },

    listExecutions: async ({ query, reach }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const headers = await fresh();
      const { symbol = null, orderId = null, limit = PAGE_LENGTH_DEFAULT, cursor = null } = query;
      const accountIds = accountsOf(query.accountId, reach);
      return okay(await readModel.executions({ accountIds, symbol, orderId, limit, cursor }), headers);
    },
  };
}

/** The one asked for, else all within reach. */
const accountsOf = (accountId: string | undefined, { accounts }: AccountReach): readonly string[] | null =>
  accountId === undefined ? (accounts === null ? null : [...accounts]) : [accountId];

/** From live state, else, for orders no longer in memory, from the read model. */
async function findOrder({ house, live, readModel, fresh }: RouteContext, orderId: string): Promise<OrderView | null> {
  const order = await house.query(() => live.order(orderId));
  if (order !== null) return order;
  await fresh();
  return readModel.order(orderId);
}
