/** Handlers of the routes that read orders and executions: one by id from live state, lists from the read model. */
import type { OrderView } from '@oms/domain';
import { type Handlers, okay } from '../http/routeHandler.ts';
import { refuse } from '../refusal.ts';
import type { RouteContext } from './routeContext.ts';

type OrderReadOperation = 'getOrderByClientOrderId' | 'getOrder' | 'listOrders' | 'listOrderEvents' | 'listExecutions';

export const PAGE_LENGTH_DEFAULT = 100;

export function orderReadRoutes(context: RouteContext): Pick<Handlers, OrderReadOperation> {
  const { house, live, readModel, fresh, caughtUp, knownAccount } = context;
  return {
    getOrder: async ({ params }) => {
      const order = await findOrder(context, params.orderId);
      return order === null ? refuse('UNKNOWN_ORDER') : okay(order);
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

    listOrders: async ({ query }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const headers = await fresh();
      const { symbol = null, status = null, limit = PAGE_LENGTH_DEFAULT, cursor = null } = query;
      const accountIds = accountsOf(query.accountId);
      return okay(await readModel.orders({ accountIds, symbol, status, limit, cursor }), headers);
    },

    listOrderEvents: async ({ params }) => {
      const behind = await caughtUp();
      if (behind !== null) return behind;
      const items = await readModel.reportsOfOrder(params.orderId);
      if (items.length === 0 && (await findOrder(context, params.orderId)) === null) return refuse('UNKNOWN_ORDER');
      return okay({ items, nextCursor: null });
    },

    listExecutions: async ({ query }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const headers = await fresh();
      const { symbol = null, orderId = null, limit = PAGE_LENGTH_DEFAULT, cursor = null } = query;
      const accountIds = accountsOf(query.accountId);
      return okay(await readModel.executions({ accountIds, symbol, orderId, limit, cursor }), headers);
    },
  };
}

const accountsOf = (accountId: string | undefined): readonly string[] | null =>
  accountId === undefined ? null : [accountId];

/** From live state, else, for orders no longer in memory, from the read model. */
async function findOrder({ house, live, readModel, fresh }: RouteContext, orderId: string): Promise<OrderView | null> {
  const order = await house.query(() => live.order(orderId));
  if (order !== null) return order;
  await fresh();
  return readModel.order(orderId);
}
