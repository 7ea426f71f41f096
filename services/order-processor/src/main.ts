/**
 * The order processor as an actor, composed: the domain's decisions and fold, its codecs, the index of what is due, and
 * the pace of the comparison with the venue. It needs nothing from outside but the time and the prices that come with
 * every decision. Everything that matters happens in packages/domain/src/orders.
 */
import type { ActorDefinition } from '@oms/actors';
import { orderEventCodec, ordersStateCodec } from '@oms/codec';
import {
  decideOrders,
  evolveOrders,
  initialOrdersState,
  type OrderEvent,
  type OrderProcessorMessage,
  type OrdersState,
} from '@oms/domain';
import { OrderIndex } from './orderIndex.ts';
import { ReconciliationRun } from './reconciliationRun.ts';

export interface OrderProcessorOptions {
  /** How long a venue may take to answer a request before it counts as UNKNOWN. Default 5000. */
  readonly requestTimeoutMs?: number;
  /** From one comparison with the venue to the next; the first is at the start. Default 30000. */
  readonly reconcileEveryMs?: number;
}

const REQUEST_TIMEOUT_MS = 5_000;
const RECONCILE_EVERY_MS = 30_000;

export function orderProcessor(
  options: OrderProcessorOptions = {},
): ActorDefinition<OrdersState, OrderProcessorMessage, OrderEvent> {
  const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const index = new OrderIndex(requestTimeoutMs);
  const everyMs = options.reconcileEveryMs ?? RECONCILE_EVERY_MS;
  const run = new ReconciliationRun({ everyMs, quietMs: requestTimeoutMs });
  return {
    service: 'order-processor',
    eventCodec: orderEventCodec,
    stateCodec: ordersStateCodec,
    initialState: initialOrdersState,
    receive(message, state, context) {
      run.noticed(message);
      return decideOrders(message, state, context);
    },
    evolve: evolveOrders,
    index: {
      rebuilt(state) {
        index.rebuilt(state);
        run.reset();
      },
      applied: (state, event) => index.applied(state, event),
      due(state, context) {
        const messages = index.due(state, context);
        const next = run.due(state, context);
        return next === null ? messages : [...messages, next];
      },
    },
  };
}
