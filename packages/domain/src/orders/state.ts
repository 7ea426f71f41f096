/** State of one order-processor partition: the orders of its accounts and every clientOrderId they ever used. */

import { AscendingNumbers } from '../ascendingNumbers.ts';
import type { Price, Quantity } from '../money.ts';
import { numberOfOrderId } from '../partitionKey.ts';
import type { Reason } from '../reason.ts';
import { OpenNumbers } from './openNumbers.ts';
import type { Order } from './order.ts';
import { OrderStore } from './orderStore.ts';
import { newReconciliation, type Reconciliation } from './reconciliation.ts';

/** What a clientOrderId was used for: the authority of idempotency, kept for ever. */
export type ClientRequest = { readonly kind: 'PLACE'; readonly orderId: string } | ChangeRequest;

export type ChangeRequest =
  | {
      readonly kind: 'CANCEL';
      readonly orderId: string;
      /** Why it was refused before it left the house; a repeat gets the same. */
      refused: Reason | null;
    }
  | {
      readonly kind: 'REPLACE';
      readonly orderId: string;
      /** As asked (null: unchanged), for comparing a repeat. */
      readonly quantity: Quantity | null;
      readonly price: Price | null;
      readonly stopPrice: Price | null;
      refused: Reason | null;
    };

export interface AccountOrders {
  readonly accountId: string;
  /** Ids of cancels and replaces; an id that an order was placed with is found in the orders themselves. */
  readonly requests: Map<string, ChangeRequest>;
  /** Numbers of the open orders: in the order they were placed. */
  readonly openOrders: AscendingNumbers;
  /** Counts the execution reports of the account: the gap-free sequence of its order and execution channels. */
  reportSequence: number;
}

export interface OrdersState {
  readonly partition: number;
  readonly accounts: Map<string, AccountOrders>;
  readonly orders: OrderStore;
  /** Derived: numbers of the open orders. */
  readonly openNumbers: OpenNumbers;
  /** Numbers of the orders with a request (their own placing included) whose outcome is UNKNOWN, oldest first. */
  readonly unanswered: Set<number>;
  readonly reconciliation: Reconciliation;
  /** Orders placed so far; the next order id is made from it. */
  orderCount: number;
  /** Orders risk approved, and orders sent to the venue: the second never exceeds the first (invariant I16). */
  approvedCount: number;
  submittedCount: number;
  /** Reports kept aside, for the alarm. */
  quarantinedCount: number;
}

export const initialOrdersState = (partition: number): OrdersState => ({
  partition,
  accounts: new Map(),
  orders: new OrderStore(partition),
  openNumbers: new OpenNumbers(),
  unanswered: new Set(),
  reconciliation: newReconciliation(),
  orderCount: 0,
  approvedCount: 0,
  submittedCount: 0,
  quarantinedCount: 0,
});

export const newAccountOrders = (accountId: string): AccountOrders => ({
  accountId,
  requests: new Map(),
  openOrders: new AscendingNumbers(),
  reportSequence: 0,
});

/** What the account used this id for, or undefined when it never did. */
export function requestOf(
  state: OrdersState,
  account: AccountOrders,
  clientOrderId: string,
): ClientRequest | undefined {
  const orderId = state.orders.placedAs(account.accountId, clientOrderId);
  return orderId === null ? account.requests.get(clientOrderId) : { kind: 'PLACE', orderId };
}

/** Enters an order among the open ones, or takes it out again. */
export function listOpenOrder(openNumbers: OpenNumbers, account: AccountOrders, order: Order): void {
  const number = numberOfOrderId(order.orderId);
  account.openOrders.add(number);
  openNumbers.add(number);
}

/** The open orders of an account, to look at, in the order they were placed. */
export function* openOrdersOf(state: OrdersState, account: AccountOrders): Generator<Order, void, void> {
  for (const number of account.openOrders) yield state.orders.at(number)!;
}

export function unlistOpenOrder(openNumbers: OpenNumbers, account: AccountOrders, order: Order): void {
  const number = numberOfOrderId(order.orderId);
  account.openOrders.delete(number);
  openNumbers.delete(number);
}
