/** Handlers of the routes that place, replace and cancel orders. */
import { parsePlaceBatch, parseReplaceOrder } from '@oms/api-contract';
import type { OrderOutcome } from '../commands/answers.ts';
import type { ApiAnswer, Handlers } from '../http/routeHandler.ts';
import { invalid, isRefusal, problemText, type Refusal } from '../refusal.ts';
import type { RouteContext } from './routeContext.ts';

type OrderOperation = 'placeOrder' | 'placeBatch' | 'cancelMatching' | 'replaceOrder' | 'cancelOrder';

const answerOf = (outcome: OrderOutcome): ApiAnswer | Refusal =>
  isRefusal(outcome)
    ? outcome
    : {
        status: outcome.status,
        text: outcome.order.json,
        ...(outcome.replayed ? { headers: { 'idempotent-replayed': 'true' } } : {}),
      };

export function orderRoutes(context: RouteContext): Pick<Handlers, OrderOperation> {
  const { desk, placer, guard, knownAccount } = context;
  return {
    placeOrder: ({ body, reach }) =>
      new Promise((resolve) => placer.place(body, reach, (outcome) => resolve(answerOf(outcome)))),

    placeBatch: async ({ body, reach, requestId, charge }) => {
      const orders = parsePlaceBatch(body);
      if (orders.errors !== undefined) return invalid(orders.errors);
      const refusal = charge(orders.value.length - 1);
      if (refusal !== null) return refusal;
      const errorText = (refusal: Refusal) => problemText(refusal, requestId);
      const results = await new Promise((resolve) => placer.placeMany(orders.value, reach, errorText, resolve));
      return { status: 200, text: `{"results":${results}}` };
    },

    replaceOrder: async ({ params, body, reach }) => {
      const replacement = parseReplaceOrder(body);
      if (replacement.errors !== undefined) return invalid(replacement.errors);
      const refusal = guard.refusalOfOrder(reach, params.orderId, 'requests');
      return refusal ?? answerOf(await desk.replace(params.orderId, replacement.value));
    },

    cancelOrder: async ({ params, query, reach }) =>
      guard.refusalOfOrder(reach, params.orderId, 'cancels') ??
      answerOf(await desk.cancel(params.orderId, query.clientOrderId ?? null)),

    cancelMatching: async ({ query, reach }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const { accountId = null, symbol = null, side = null } = query;
      const outcome = await desk.cancelWithin(reach, { accountId, symbol, side });
      return isRefusal(outcome) ? outcome : { status: 202, text: JSON.stringify(outcome) };
    },
  };
}
