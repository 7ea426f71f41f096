/**
 * Layout of an order-processor partition: its accounts and all its orders. Which orders are open, and what they were
 * placed as, is told by the orders themselves and entered again on reading.
 */
import {
  type AccountOrders,
  type ChangeRequest,
  type Difference,
  type DifferenceKind,
  type FeeTotal,
  type Fill,
  isOpen,
  listOpenOrder,
  NO_FEES,
  NO_FILLS,
  NO_REQUESTS,
  newAccountOrders,
  numberOfOrderId,
  OpenNumbers,
  type Order,
  OrderStore,
  type OrdersState,
  type PendingRequest,
  partitionOfOrderId,
  type Reconciliation,
} from '@oms/domain';
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
  type Streamed,
  streamOf,
  struct,
  text8,
  text16,
  time,
  u16,
  unionOf,
} from '../fieldTypes.ts';
import { malformed } from '../malformed.ts';
import { type StateLayout, streamedStateCodec } from '../stateCodec.ts';
import { differenceKind, liquidity, orderTerms, reason, requestOrigin } from './shared.ts';

interface DifferenceCount {
  readonly kind: DifferenceKind;
  readonly found: number;
}

type StoredReconciliation = Omit<Reconciliation, 'countsByKind' | 'differences'> & {
  readonly countsByKind: readonly DifferenceCount[];
  readonly differences: readonly Difference[];
};

export type StoredAccountOrders = Omit<AccountOrders, 'openOrders'>;
export type StoredOrdersState = Omit<
  OrdersState,
  'accounts' | 'orders' | 'openNumbers' | 'unanswered' | 'reconciliation'
> & {
  readonly unanswered: readonly number[];
  readonly reconciliation: StoredReconciliation;
  readonly accounts: ReadonlyMap<string, StoredAccountOrders>;
  /** In the order they were placed. */
  readonly orders: Streamed<Order>;
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

const changeRequest = unionOf<ChangeRequest, 'kind'>('ChangeRequest', 'kind', {
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
  requests: mapOf(text8, changeRequest),
  reportSequence: count,
});

const reconciliation = struct<StoredReconciliation>('Reconciliation', {
  lastRunAt: nullable(time),
  lastRunOrders: count,
  differenceCount: count,
  countsByKind: arrayOf(struct<DifferenceCount>('DifferenceCount', { kind: differenceKind, found: count })),
  differences: arrayOf(
    struct<Difference>('Difference', {
      number: count,
      kind: differenceKind,
      orderId: text8,
      accountId: text8,
      symbol: text8,
      ours: text16,
      venues: text16,
      repaired: bool,
      foundAt: time,
      resolvedAt: nullable(time),
    }),
  ),
});

export const ORDERS_STATE: StateLayout<StoredOrdersState> = {
  name: 'OrdersState',
  fields: {
    partition: u16,
    accounts: mapBy('accountId', accountOrders),
    orderCount: count,
    approvedCount: count,
    submittedCount: count,
    quarantinedCount: count,
    unanswered: arrayOf(count),
    reconciliation,
    orders: streamOf(order),
  },
};

/** Packed orders exist as objects only while they are written. */
const ordersOf = (orders: OrderStore): Streamed<Order> => ({
  length: orders.size,
  [Symbol.iterator]: () => orders.values(),
});

function store(state: OrdersState): StoredOrdersState {
  const { openNumbers: _, ...stored } = state;
  const countsByKind = Array.from(state.reconciliation.countsByKind, ([kind, found]) => ({ kind, found }));
  return {
    ...stored,
    unanswered: [...state.unanswered],
    reconciliation: { ...state.reconciliation, countsByKind },
    orders: ordersOf(state.orders),
  };
}

function restore(stored: StoredOrdersState): OrdersState {
  const accounts = new Map<string, AccountOrders>();
  for (const [accountId, { requests, reportSequence }] of stored.accounts) {
    const account = newAccountOrders(accountId);
    account.reportSequence = reportSequence;
    for (const [clientOrderId, request] of requests) account.requests.set(clientOrderId, request);
    accounts.set(accountId, account);
  }
  const orders = new OrderStore(stored.partition);
  const openNumbers = new OpenNumbers();
  for (const each of stored.orders) {
    const { orderId, accountId } = each;
    const account = accounts.get(accountId);
    if (account === undefined) malformed('OrdersState.orders', `${orderId} is of no account`);
    if (partitionOfOrderId(orderId) !== stored.partition) malformed('OrdersState.orders', `${orderId} is not of here`);
    if (numberOfOrderId(orderId) <= orders.newest) malformed('OrdersState.orders', `${orderId} is out of order`);
    if (orders.placedAs(accountId, each.placedClientOrderId) !== null)
      malformed('OrdersState.orders', `${orderId} was placed under an id that was taken`);
    restoreOrder(each, account, orders, openNumbers);
  }
  const unanswered = new Set(stored.unanswered);
  for (const number of unanswered) {
    if (orders.at(number) === undefined) malformed('OrdersState.unanswered', `there is no order ${number}`);
  }
  if (unanswered.size < stored.unanswered.length) malformed('OrdersState.unanswered', 'an order appears twice');
  return { ...stored, accounts, orders, openNumbers, unanswered, reconciliation: restoreReconciliation(stored) };
}

function restoreReconciliation({ reconciliation: stored }: StoredOrdersState): Reconciliation {
  const countsByKind = new Map(stored.countsByKind.map(({ kind, found }) => [kind, found]));
  if (countsByKind.size < stored.countsByKind.length) malformed('Reconciliation.countsByKind', 'a kind appears twice');
  return { ...stored, countsByKind, differences: [...stored.differences] };
}

function restoreOrder(order: Order, account: AccountOrders, orders: OrderStore, openNumbers: OpenNumbers): void {
  if (order.fills.length === 0) order.fills = NO_FILLS;
  if (order.fees.length === 0) order.fees = NO_FEES;
  if (order.pendingRequests.length === 0) order.pendingRequests = NO_REQUESTS;
  orders.add(order);
  if (isOpen(order)) listOpenOrder(openNumbers, account, order);
}

export const ordersStateCodec: Codec<OrdersState> = streamedStateCodec(ORDERS_STATE, store, restore);
