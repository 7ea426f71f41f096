/**
 * The order processor as an actor, composed: the domain's decisions and fold, its codecs, and the index of what is due.
 * It needs nothing from outside but the time and the prices that come with every decision. Everything that matters
 * happens in packages/domain/src/orders.
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

export interface OrderProcessorOptions {
  /** How long a venue may take to answer a cancel or replace before it counts as UNKNOWN. Default 5000. */
  readonly requestTimeoutMs?: number;
}

const REQUEST_TIMEOUT_MS = 5_000;

export function orderProcessor(
  options: OrderProcessorOptions = {},
): ActorDefinition<OrdersState, OrderProcessorMessage, OrderEvent> {
  return {
    service: 'order-processor',
    eventCodec: orderEventCodec,
    stateCodec: ordersStateCodec,
    initialState: initialOrdersState,
    receive: decideOrders,
    evolve: evolveOrders,
    index: new OrderIndex(options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS),
  };
}
