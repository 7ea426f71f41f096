/** Projects the three axes of an order to the one `status` of the wire, by FIX precedence. */
import type { Order, PendingRequest } from './order.ts';

export const ORDER_STATUSES = [
  'PENDING_NEW',
  'NEW',
  'PARTIALLY_FILLED',
  'FILLED',
  'PENDING_CANCEL',
  'PENDING_REPLACE',
  'CANCELED',
  'EXPIRED',
  'REJECTED',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What of an order its status follows from. */
export interface StatusFacts extends Pick<Order, 'core' | 'filledQuantity' | 'triggeredAt'> {
  readonly pendingRequests: readonly PendingRequest[];
}

/**
 * PENDING_CANCEL > PENDING_REPLACE > FILLED > CANCELED / EXPIRED > PARTIALLY_FILLED > NEW, PENDING_NEW, REJECTED
 * (FIX 4.4 volume 4, "order state change matrices"). A request still unanswered shows even on a filled order
 * (rule 1); one whose outcome is unknown still counts as pending, for only its answer removes it (rule 7).
 */
export function projectStatus(order: StatusFacts): OrderStatus {
  const pending = order.pendingRequests;
  if (pending.length > 0) {
    for (const request of pending) if (request.kind === 'CANCEL') return 'PENDING_CANCEL';
    return 'PENDING_REPLACE';
  }
  switch (order.core) {
    case 'FILLED':
    case 'CANCELED':
    case 'EXPIRED':
    case 'REJECTED':
      return order.core;
    case 'DENIED':
      return 'REJECTED';
    case 'INITIALIZED':
      return 'PENDING_NEW';
    case 'HELD':
      return 'NEW';
    case 'SUBMITTED':
      // A triggered stop was NEW while we held it.
      return order.triggeredAt === null ? 'PENDING_NEW' : 'NEW';
    case 'WORKING':
      return order.filledQuantity > 0n ? 'PARTIALLY_FILLED' : 'NEW';
  }
}
