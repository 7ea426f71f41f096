/**
 * What is remembered of the comparison with the venue: the last whole run, and the differences found. Those that stand
 * unrepaired are kept before all others; the complete history is in the audit trail.
 */
import type {
  DifferenceKind,
  ReconciliationDifferenceFound,
  ReconciliationDifferenceResolved,
  ReconciliationEvent,
} from './events.ts';

export const DIFFERENCES_MAX = 1_000;

export interface Difference extends Omit<ReconciliationDifferenceFound, 'type'> {
  /** Counts the differences of the partition, from 1. */
  readonly number: number;
  readonly foundAt: number;
  /** When it was repaired or gone; null while it stands. */
  resolvedAt: number | null;
}

export interface Reconciliation {
  /** When the last run that was answered in full began, and how many open orders it compared. */
  lastRunAt: number | null;
  lastRunOrders: number;
  differenceCount: number;
  /** Found so far, by kind. */
  readonly countsByKind: Map<DifferenceKind, number>;
  /** The newest at the end. */
  readonly differences: Difference[];
}

export const newReconciliation = (): Reconciliation => ({
  lastRunAt: null,
  lastRunOrders: 0,
  differenceCount: 0,
  countsByKind: new Map(),
  differences: [],
});

type Subject = Pick<Difference, 'kind' | 'orderId' | 'accountId' | 'symbol'>;

const isAbout = (difference: Difference, { kind, orderId, accountId, symbol }: Subject): boolean =>
  difference.kind === kind &&
  difference.orderId === orderId &&
  difference.accountId === accountId &&
  difference.symbol === symbol;

/** The difference of this kind about this order or position that stands, if any. */
export const standing = ({ differences }: Reconciliation, subject: Subject): Difference | undefined =>
  differences.find((difference) => difference.resolvedAt === null && isAbout(difference, subject));

export function evolveReconciliation(memory: Reconciliation, event: ReconciliationEvent, now: number): void {
  switch (event.type) {
    case 'ReconciliationCompleted':
      memory.lastRunAt = event.startedAt;
      memory.lastRunOrders = event.orders;
      return;
    case 'ReconciliationDifferenceFound':
      found(memory, event, now);
      return;
    case 'ReconciliationDifferenceResolved':
      resolved(memory, event, now);
      return;
    case 'RequestResolved':
      // What follows from it is told by the order's own events.
      return;
  }
}

function found(memory: Reconciliation, event: ReconciliationDifferenceFound, now: number): void {
  const { type: _, ...difference } = event;
  // One that stands with other numbers is replaced.
  resolved(memory, event, now);
  const number = ++memory.differenceCount;
  memory.countsByKind.set(event.kind, (memory.countsByKind.get(event.kind) ?? 0) + 1);
  memory.differences.push({ ...difference, number, foundAt: now, resolvedAt: event.repaired ? now : null });
  if (memory.differences.length <= DIFFERENCES_MAX) return;
  const oldestDone = memory.differences.findIndex(({ resolvedAt }) => resolvedAt !== null);
  memory.differences.splice(Math.max(oldestDone, 0), 1);
}

function resolved(
  memory: Reconciliation,
  event: ReconciliationDifferenceFound | ReconciliationDifferenceResolved,
  now: number,
): void {
  const difference = standing(memory, event);
  if (difference !== undefined) difference.resolvedAt = now;
}
