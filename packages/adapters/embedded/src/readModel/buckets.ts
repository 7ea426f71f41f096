/**
 * The bucket of an order: its status, and whether it is open, as one number that lists are kept by. The two are
 * not the same: a filled order shows PENDING_CANCEL until the cancel is answered (domain rule 1). Numbers are stored.
 */
import { isOpen, ORDER_STATUSES, type OrderStatus, projectStatus, type StatusFacts } from '@oms/domain';

const CLOSED = 16;

export const bucketOf = (order: StatusFacts): number =>
  ORDER_STATUSES.indexOf(projectStatus(order)) + (isOpen(order) ? 0 : CLOSED);

const OPEN_STATUSES: readonly OrderStatus[] = [
  'PENDING_NEW',
  'NEW',
  'PARTIALLY_FILLED',
  'PENDING_CANCEL',
  'PENDING_REPLACE',
];
const CLOSED_STATUSES: readonly OrderStatus[] = [
  'FILLED',
  'CANCELED',
  'EXPIRED',
  'REJECTED',
  'PENDING_CANCEL',
  'PENDING_REPLACE',
];

const OPEN_BUCKETS: readonly number[] = OPEN_STATUSES.map((status) => ORDER_STATUSES.indexOf(status));
const CLOSED_BUCKETS: readonly number[] = CLOSED_STATUSES.map((status) => ORDER_STATUSES.indexOf(status) + CLOSED);
const ALL_BUCKETS: readonly number[] = [...OPEN_BUCKETS, ...CLOSED_BUCKETS];

/** @param status 'open', 'closed', one status, or null for all; of a word that is no status there are none */
export function bucketsOf(status: string | null): readonly number[] {
  if (status === null) return ALL_BUCKETS;
  if (status === 'open') return OPEN_BUCKETS;
  if (status === 'closed') return CLOSED_BUCKETS;
  const index = ORDER_STATUSES.indexOf(status as OrderStatus);
  return index < 0 ? [] : ALL_BUCKETS.filter((bucket) => bucket % CLOSED === index);
}
