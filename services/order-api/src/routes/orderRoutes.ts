/** Handlers of the routes about orders and executions. */
import { parsePlaceBatch, parsePlaceOrder, parseReplaceOrder } from '@oms/api-contract';
import type { OrderView } from '@oms/domain';
import type { OrderOutcome } from '../commands/answers.ts';
import { type ApiAnswer, type Handlers, okay } from '../http/routeHandler.ts';
import { invalid, isRefusal, problemOf, type Refusal, refuse } from '../refusal.ts';
import type { RouteContext } from './routeContext.ts';

type OrderOperation =
  | 'placeOrder'
  | 'placeBatch'
  | 'listOrders'
  | 'cancelMatching'
  | 'getOrderByClientOrderId'
  | 'getOrder'
  | 'replaceOrder'
  | 'cancelOrder'
  | 'listOrderEvents'
  | 'listExecutions';

export const PAGE_LENGTH_DEFAULT = 100;

const answerOf = (outcome: OrderOutcome): ApiAnswer | Refusal =>
  isRefusal(outcome)
    ? outcome
    : {
        status: outcome.status,
        body: outcome.order,
        ...(outcome.replayed ? { headers: { 'idempotent-replayed': 'true' } } : {}),
      };

export function orderRoutes(context: RouteContext): Pick<Handlers, OrderOperation> {
  const { desk, house, live, readModel, fresh, knownAccount } = context;
  return {
    placeOrder: async ({ body }) => answerOf(await place(context, body)),

    placeBatch: async ({ body, requestId, charge }) => {
      const orders = parsePlaceBatch(body);
      if (orders.errors !== undefined) return invalid(orders.errors);
      const refusal = charge(orders.value.length - 1);
      if (refusal !== null) return refusal;
      // All are handed over before the first is awaited, so that one pass of the mailbox takes them together.
      const outcomes = await Promise.all(orders.value.map((order) => place(context, order)));
      return okay({
        results: outcomes.map((outcome) =>
          isRefusal(outcome) ? { error: problemOf(outcome, requestId) } : { order: outcome.order },
        ),
      });
    },

    replaceOrder: async ({ params, body }) => {
      const replacement = parseReplaceOrder(body);
      if (replacement.errors !== undefined) return invalid(replacement.errors);
      return answerOf(await desk.replace(params.orderId, replacement.value));
    },

    cancelOrder: async ({ params, query }) => answerOf(await desk.cancel(params.orderId, query.clientOrderId ?? null)),

    cancelMatching: async ({ query }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const { accountId = null, symbol = null, side = null } = query;
      const outcome = await desk.cancelMatching({ accountId, symbol, side }, 'CLIENT');
      return isRefusal(outcome) ? outcome : { status: 202, body: outcome };
    },

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
      await fresh();
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
      const headers = await fresh();
      const items = await readModel.reportsOfOrder(params.orderId);
      if (items.length === 0 && (await findOrder(context, params.orderId)) === null) return refuse('UNKNOWN_ORDER');
      return okay({ items, nextCursor: null }, headers);
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

function place({ desk, metrics }: RouteContext, body: unknown): Promise<OrderOutcome> {
  const order = parsePlaceOrder(body);
  return new Promise((resolve) => {
    const done = (outcome: OrderOutcome): void => {
      metrics.orderDone(outcome);
      resolve(outcome);
    };
    if (order.errors === undefined) desk.place(order.value, done);
    else done(invalid(order.errors));
  });
}

/** From live state, else, for orders no longer in memory, from the read model. */
async function findOrder({ house, live, readModel, fresh }: RouteContext, orderId: string): Promise<OrderView | null> {
  const order = await house.query(() => live.order(orderId));
  if (order !== null) return order;
  await fresh();
  return readModel.order(orderId);
}
