/**
 * Layout of an order-processor partition. Its open orders are objects shared with the map of all orders, so only
 * their ids are stored and the objects are linked again on reading.
 */
import type { AccountOrders, ClientRequest, FeeTotal, Fill, Order, OrdersState, PendingRequest } from '@oms/domain';
import type { Codec } from '@oms/ports';
import {
  arrayOf,
  bigInteger,
  bool,
  count,
  i64,
  mapBy,
  mapOf,
  nullable,
  oneOf,
  struct,
  text8,
  time,
  u16,
  unionOf,
} from '../fieldTypes.ts';
import { malformed } from '../malformed.ts';
import { type StateLayout, storedStateCodec } from '../stateCodec.ts';
import { liquidity, orderTerms, reason, requestOrigin } from './shared.ts';

export type StoredAccountOrders = Omit<AccountOrders, 'openOrders'> & { readonly openOrderIds: readonly string[] };
export type StoredOrdersState = Omit<OrdersState, 'accounts'> & {
  readonly accounts: Map<string, StoredAccountOrders>;
};

const outcome = oneOf('pending', 'unknown');

const pendingRequest = unionOf<PendingRequest, 'kind'>('PendingRequest', 'kind', {
  CANCEL: {
    clientOrderId: text8,
    originalClientOrderId: text8,
    sentAt: time,
    outcome,
    origin: requestOrigin,
  },
  REPLACE: {
    clientOrderId: text8,
    originalClientOrderId: text8,
    sentAt: time,
    outcome,
    origin: requestOrigin,
    quantity: i64,
    price: nullable(i64),
    stopPrice: nullable(i64),
    sentToVenue: bool,
  },
});

const fill = struct<Fill>('Fill', {
  executionId: text8,
  quantity: i64,
  price: i64,
  fee: bigInteger,
  feeCurrency: text8,
  liquidity,
  state: oneOf('TRADE', 'CANCELED', 'CORRECTED'),
  amendedBy: arrayOf(text8),
});

const order = struct<Order>('Order', {
  orderId: text8,
  accountId: text8,
  clientOrderId: text8,
  previousClientOrderId: text8,
  placedClientOrderId: text8,
  placed: orderTerms,
  quantity: bigInteger,
  price: nullable(i64),
  stopPrice: nullable(i64),
  core: oneOf('INITIALIZED', 'HELD', 'SUBMITTED', 'WORKING', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'DENIED'),
  filledQuantity: bigInteger,
  cumulativeQuote: bigInteger,
  fills: arrayOf(fill),
  fees: arrayOf(struct<FeeTotal>('FeeTotal', { currency: text8, amount: bigInteger })),
  pendingRequests: arrayOf(pendingRequest),
  reason: nullable(reason),
  protectionPrice: nullable(bigInteger),
  triggeredAt: nullable(time),
  venueOrderId: nullable(text8),
  overfilled: bool,
  createdAt: time,
  updatedAt: time,
  version: count,
});

const clientRequest = unionOf<ClientRequest, 'kind'>('ClientRequest', 'kind', {
  PLACE: { orderId: text8 },
  CANCEL: { orderId: text8, refused: nullable(reason) },
  REPLACE: {
    orderId: text8,
    quantity: nullable(i64),
    price: nullable(i64),
    stopPrice: nullable(i64),
    refused: nullable(reason),
  },
});

const accountOrders = struct<StoredAccountOrders>('AccountOrders', {
  accountId: text8,
  requests: mapOf(text8, clientRequest),
  openOrderIds: arrayOf(text8),
  reportSequence: count,
});

export const ORDERS_STATE: StateLayout<StoredOrdersState> = {
  name: 'OrdersState',
  fields: {
    partition: u16,
    orders: mapBy('orderId', order),
    accounts: mapBy('accountId', accountOrders),
    orderCount: count,
    approvedCount: count,
    submittedCount: count,
    quarantinedCount: count,
  },
};

/** Changes the values of a map, keeping keys and order. */
function mapValues<From, To>(map: ReadonlyMap<string, From>, change: (value: From) => To): Map<string, To> {
  const changed = new Map<string, To>();
  for (const [key, value] of map) changed.set(key, change(value));
  return changed;
}

const store = (state: OrdersState): StoredOrdersState => ({
  ...state,
  accounts: mapValues(state.accounts, ({ openOrders, ...account }) => ({
    ...account,
    openOrderIds: [...openOrders.keys()],
  })),
});

function linkOpenOrders(ids: readonly string[], orders: ReadonlyMap<string, Order>): Map<string, Order> {
  const openOrders = new Map<string, Order>();
  for (const id of ids) {
    const order = orders.get(id);
    if (order === undefined) malformed('AccountOrders.openOrderIds', `there is no order ${id}`);
    openOrders.set(id, order);
  }
  if (openOrders.size !== ids.length) malformed('AccountOrders.openOrderIds', 'an id appears twice');
  return openOrders;
}

const restore = (stored: StoredOrdersState): OrdersState => ({
  ...stored,
  accounts: mapValues(stored.accounts, ({ openOrderIds, ...account }) => ({
    ...account,
    openOrders: linkOpenOrders(openOrderIds, stored.orders),
  })),
});

export const ordersStateCodec: Codec<OrdersState> = storedStateCodec(ORDERS_STATE, store, restore);
