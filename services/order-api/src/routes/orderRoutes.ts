/** Handlers of the routes that place, replace and cancel orders. */
import { parsePlaceBatch, parsePlaceOrder, parseReplaceOrder } from '@oms/api-contract';
import type { OrderOutcome } from '../commands/answers.ts';
import { type ApiAnswer, type Handlers, okay } from '../http/routeHandler.ts';
import { invalid, isRefusal, problemOf, type Refusal } from '../refusal.ts';
import type { RouteContext } from './routeContext.ts';

type OrderOperation = 'placeOrder' | 'placeBatch' | 'cancelMatching' | 'replaceOrder' | 'cancelOrder';

const answerOf = (outcome: OrderOutcome): ApiAnswer | Refusal =>
  isRefusal(outcome)
    ? outcome
    : {
        status: outcome.status,
        body: outcome.order,
        ...(outcome.replayed ? { headers: { 'idempotent-replayed': 'true' } } : {}),
      };

export function orderRoutes(context: RouteContext): Pick<Handlers, OrderOperation> {
  const { desk, knownAccount } = context;
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
  };
}

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
