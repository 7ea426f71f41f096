/**
 * The read-model port: documents projected from the journal, filtered and paged by index. It trails the journal and
 * says by how much; it is never on the acknowledgement path and can be thrown away. Documents are wire-shaped JSON.
 * Queries reject with InfrastructureError READ_MODEL_UNAVAILABLE (try again), lists also with CURSOR_MALFORMED.
 * Contract: contract/readModelContract.ts.
 */
import type { AuditEntry, BalanceView, ExecutionReport, OrderView, PositionView } from '@oms/domain';

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; null at the end. */
  readonly nextCursor: string | null;
}

export interface OrdersQuery {
  readonly accountIds: readonly string[] | null;
  readonly symbol: string | null;
  /** 'open', 'closed' or one status. */
  readonly status: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface ExecutionsQuery {
  readonly accountIds: readonly string[] | null;
  readonly symbol: string | null;
  readonly orderId: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface AuditQuery {
  readonly actor: string | null;
  readonly action: string | null;
  readonly accountId: string | null;
  /** From this time on, and before this time; ISO 8601 in UTC. */
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** How far the projections have come. */
export interface ProjectionState {
  readonly position: number;
  /** Milliseconds between the newest durable record and the newest projected one; 0 when level. */
  readonly stalenessMs: number;
}

export interface ReadModel {
  /**
   * Waits until everything up to `position` is projected, at most `timeoutMs`.
   * @returns how far it has come by then.
   */
  reach(position: number, timeoutMs: number): Promise<ProjectionState>;
  /** Newest first. */
  orders(query: OrdersQuery): Promise<Page<OrderView>>;
  order(orderId: string): Promise<OrderView | null>;
  /** By any id its client used for it: of placing it, or of a request to replace or cancel it. */
  orderByClientOrderId(accountId: string, clientOrderId: string): Promise<OrderView | null>;
  /** Every report of one order, oldest first. */
  reportsOfOrder(orderId: string): Promise<readonly ExecutionReport[]>;
  /** Trades only (TRADE, TRADE_CANCEL, TRADE_CORRECT), newest first. */
  executions(query: ExecutionsQuery): Promise<Page<ExecutionReport>>;
  /** Reports of an account with sequence > `afterSequence`, oldest first: what a resuming stream missed. */
  reportsOfAccount(accountId: string, afterSequence: number, limit: number): Promise<readonly ExecutionReport[]>;
  /** By account and symbol; `null`: of all accounts. Without mark prices, which no journal has. */
  positions(accountId: string | null): Promise<readonly PositionView[]>;
  /** By account and currency. */
  balances(accountId: string | null): Promise<readonly BalanceView[]>;
  /** Newest first. */
  audit(query: AuditQuery): Promise<Page<AuditEntry>>;
  close(): Promise<void>;
}
