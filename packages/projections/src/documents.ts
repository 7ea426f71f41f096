/** What the journal is projected to, and what the projections ask of the store that keeps it. */
import type {
  AuditEntry,
  BalanceView,
  CoreState,
  ExecutionReport,
  PendingRequest,
  PositionView,
  StatusFacts,
} from '@oms/domain';
import type { HistoryArena, HistoryChain, HistoryPart } from './orderHistory.ts';
import type { PlainOrder } from './plainFold.ts';

/**
 * What a store keeps of an order beside its history. `ordinal` counts the orders of the journal from 1; it orders
 * lists and stays the same when everything is rebuilt, as the ordinals below do. Accounts and symbols go by the
 * numbers the store gave them.
 */
export interface StoredOrder extends Readonly<Omit<PlainOrder, 'pendingRequests'>> {
  readonly ordinal: number;
  readonly account: number;
  readonly symbol: number;
  /** False when later events need more than this: the history must be folded. */
  readonly isPlain: boolean;
}

/** An order that events of the chunk were about, as of the last of them. */
export interface TouchedOrder extends PlainOrder, StatusFacts, HistoryChain {
  readonly orderId: string;
  readonly ordinal: number;
  readonly account: number;
  readonly symbol: number;
  /** Whether it is folded by these facts. */
  isPlain: boolean;
  core: CoreState;
  filledQuantity: bigint;
  pendingRequests: readonly PendingRequest[];
  triggeredAt: number | null;
  /** As the store has it; null for an order that was placed in this chunk. */
  before: StatusFacts | null;
}

/** What a chunk of the journal told of orders. The columns of reports, trades and ids belong together by index. */
export interface OrderChanges {
  /** By ordinal, without gaps. */
  readonly placed: readonly TouchedOrder[];
  /** Orders the store has already. */
  readonly changed: readonly TouchedOrder[];
  /** Gives the new entries of any of them. */
  readonly history: HistoryArena;
  /** Of reports whose order is another than that of the account's report before. */
  readonly reportAccounts: readonly number[];
  readonly reportSequences: readonly number[];
  readonly reportOrders: readonly number[];
  /** Execution ordinals of the reports that tell of trades. */
  readonly tradeOrdinals: readonly number[];
  readonly tradeOrders: readonly TouchedOrder[];
  /** hashOfClientOrderId of every id a client gave, of an order itself or of a request to change it. */
  readonly clientIdHashes: readonly number[];
  readonly clientIdOrders: readonly number[];
}

export interface AuditDocument {
  readonly ordinal: number;
  readonly entry: AuditEntry;
}

export interface ListChanges extends OrderChanges {
  readonly audit: readonly AuditDocument[];
  /** Highest given so far. */
  readonly ordinals: Ordinals;
}

/** Positions and balances that changed since they were last taken: one account's change with each of its trades. */
export interface AccountChanges {
  readonly positions: readonly PositionView[];
  readonly balances: readonly BalanceView[];
}

/** Highest ordinals given; 0 when none. */
export interface Ordinals {
  readonly orders: number;
  readonly executions: number;
  readonly audit: number;
}

/** What the projection of orders asks of the store: all of it as of the last chunk written. */
export interface OrderSource {
  ordinals(): Ordinals;
  /** Finds or gives the account's number. */
  accountNumber(accountId: string): number;
  accountId(accountNumber: number): string;
  symbolNumber(symbol: string): number;
  /** Of the newest order of the partition, 0 when there is none: they are placed by number. */
  highestOrderNumber(partition: number): number;
  storedOrder(orderId: string): StoredOrder | null;
  /** Oldest first. */
  history(orderOrdinal: number): readonly HistoryPart[];
  /** Highest report sequence of the account; 0 when it has none. */
  reportSequence(accountNumber: number): number;
}

/** What the projections of lists ask of the store. */
export interface ListSource extends OrderSource {
  /** The newest entry of this action. */
  lastAudit(action: string): AuditEntry | null;
}

/** TRADE, TRADE_CANCEL and TRADE_CORRECT: what the trade history lists. */
export const isTrade = (execType: ExecutionReport['execType']): boolean =>
  execType === 'TRADE' || execType === 'TRADE_CANCEL' || execType === 'TRADE_CORRECT';
