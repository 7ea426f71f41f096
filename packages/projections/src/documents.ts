/** What the journal is projected to: documents with the columns they are found by, and how a store takes them. */
import type { AuditEntry, BalanceView, ExecutionReport, Order, PositionView } from '@oms/domain';

/**
 * An order as of the last projected event. `ordinal` counts the orders of the journal from 1; it orders lists and
 * stays the same when everything is rebuilt, as the ordinals below do.
 */
export interface OrderDocument {
  readonly ordinal: number;
  readonly order: Order;
}

export interface ExecutionDocument {
  readonly ordinal: number;
  readonly orderOrdinal: number;
  /** Of the journal record it tells of. */
  readonly position: number;
  readonly report: ExecutionReport;
}

/** An id a client gave: of the order itself, or of a request to change it. */
export interface ClientOrderIdDocument {
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly orderOrdinal: number;
}

export interface AuditDocument {
  readonly ordinal: number;
  readonly entry: AuditEntry;
}

/** Orders, reports and audit entries that changed since they were last taken; a document that changed twice is in it once. */
export interface DocumentChanges {
  readonly placedOrders: readonly OrderDocument[];
  /** Orders the store has already. */
  readonly changedOrders: readonly OrderDocument[];
  readonly clientOrderIds: readonly ClientOrderIdDocument[];
  readonly executions: readonly ExecutionDocument[];
  readonly audit: readonly AuditDocument[];
}

/** Positions and balances that changed since they were last taken: one account's change with each of its trades. */
export interface AccountChanges {
  readonly positions: readonly PositionView[];
  readonly balances: readonly BalanceView[];
}

/** What a projector asks of the store: all of it as of the last changes taken. */
export interface DocumentSource {
  /** A copy of its own for the projector to fold on. */
  order(orderId: string): OrderDocument | null;
  openOrders(): Iterable<OrderDocument>;
  /** Highest report sequence of the account; 0 when it has none. */
  reportSequence(accountId: string): number;
  /** Highest ordinals given; 0 when none. */
  ordinals(): { readonly orders: number; readonly executions: number; readonly audit: number };
  /** The newest entry of this action. */
  lastAudit(action: string): AuditEntry | null;
}

/** TRADE, TRADE_CANCEL and TRADE_CORRECT: what the trade history lists. */
export const isTrade = (report: ExecutionReport): boolean =>
  report.execType === 'TRADE' || report.execType === 'TRADE_CANCEL' || report.execType === 'TRADE_CORRECT';
