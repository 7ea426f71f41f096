/** State of one order-processor partition: the orders of its accounts and every clientOrderId they ever used. */
import type { Price, Quantity } from '../money.ts';
import type { Reason } from '../reason.ts';
import type { Order } from './order.ts';

/** What a clientOrderId was used for: the authority of idempotency, kept for ever. */
export type ClientRequest =
  | { readonly kind: 'PLACE'; readonly orderId: string }
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
  readonly requests: Map<string, ClientRequest>;
  /** Open orders in the order they were placed. */
  readonly openOrders: Map<string, Order>;
  /** Counts the execution reports of the account: the gap-free sequence of its order and execution channels. */
  reportSequence: number;
}

export interface OrdersState {
  readonly partition: number;
  readonly accounts: Map<string, AccountOrders>;
  readonly orders: Map<string, Order>;
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
  orders: new Map(),
  orderCount: 0,
  approvedCount: 0,
  submittedCount: 0,
  quarantinedCount: 0,
});
