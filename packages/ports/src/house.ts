/**
 * What the order API sees of the house behind it: a mailbox to put commands into, the live state to read, and the
 * committed changes to stream. Embedded these are the runtime itself; distributed they are topics and read models.
 */
import type {
  AccountLimitsView,
  AccountView,
  Answer,
  ApprovalView,
  BalanceView,
  ExecutionReport,
  OrderProcessorMessage,
  OrderTerms,
  OrderText,
  OrderView,
  PositionView,
  ReconciliationFigures,
  ReconciliationView,
  RiskEngineMessage,
  TradingStateView,
  VenueMessage,
} from '@oms/domain';

export interface CommandAnswer extends Answer {
  /** The order as it stood when the answer was decided, when the answer is about one. */
  readonly order: OrderText | null;
  /** The message could not be processed: a bug of ours; it was put aside with its position. */
  readonly quarantinedAt: number | null;
}

/** Cancels and trading-state changes are `urgent`: they pass when the queue is full for everything else (rule 16). */
export type Urgency = 'ordinary' | 'urgent';

export type HouseMessage =
  | { readonly to: 'order-processor'; readonly message: OrderProcessorMessage }
  | { readonly to: 'risk-engine'; readonly message: RiskEngineMessage }
  | { readonly to: 'venue-simulator'; readonly message: VenueMessage };

export interface CommandGateway {
  /**
   * Puts a command into the mailbox of `partition`; `done` is called once, after the decision is durable.
   * @param build makes the message with the reply address it must carry
   * @returns false when the mailbox is full: nothing was accepted.
   */
  submit(
    partition: number,
    urgency: Urgency,
    build: (replyTo: number) => HouseMessage,
    done: (answer: CommandAnswer) => void,
  ): boolean;

  /** How full the mailbox is for ordinary commands: from 0 to 1, at which the next is refused. */
  readonly occupancy: number;

  /** Reads live state and hands it over only once everything it shows is durable. */
  query<T>(read: () => T): Promise<T>;

  /** Partitions of this house; see partitionOf(accountId, partitions). */
  readonly partitions: number;
  /** Position of the newest durable record. */
  readonly durablePosition: number;
}

/** Live state, to be read inside {@link CommandGateway.query}. */
export interface LiveState {
  hasAccount(accountId: string): boolean;
  order(orderId: string): OrderView | null;
  orderByClientOrderId(accountId: string, clientOrderId: string): OrderView | null;
  /** The order that exactly this request placed; null also when the id was used for something else. */
  orderPlacedWith(accountId: string, clientOrderId: string, terms: OrderTerms): OrderView | null;
  /** Open orders of the account, oldest first. */
  openOrders(accountId: string): readonly OrderView[];
  accounts(): readonly AccountView[];
  /** `null`: of all accounts. */
  positions(accountId: string | null): readonly PositionView[];
  balances(accountId: string | null): readonly BalanceView[];
  limits(accountId: string): AccountLimitsView | null;
  /** The comparison with the venue, of every partition that has to do with it; `null`: of all accounts. */
  reconciliation(accountId: string | null): readonly ReconciliationView[];
  /** Changes that wait for a second person, and the newest that did, newest first. */
  approvals(): readonly ApprovalView[];
  /** FIRM always; others once they were set. */
  tradingStates(): readonly TradingStateView[];
  /** Newest sequence of each private channel; 0 when nothing happened yet. */
  sequences(accountId: string): { readonly reports: number; readonly positions: number; readonly balances: number };
}

/** Where committed changes go to be streamed. Called only after they are durable, in sequence order per account. */
export interface AccountStreamSink {
  /** Whether anybody would see changes of this account: spares building them. */
  listens(accountId: string): boolean;
  /** `order` right after the change that `report` tells; both carry the account's report sequence. */
  reported(accountId: string, sequence: number, report: ExecutionReport, order: OrderView): void;
  position(accountId: string, sequence: number, position: PositionView): void;
  balance(accountId: string, sequence: number, balance: BalanceView): void;
}

/** Figures about the house for health, metrics and the `system` channel. */
export interface HouseStatus {
  readonly ready: boolean;
  readonly lastPosition: number;
  readonly durablePosition: number;
  readonly queueDepth: number;
  readonly openOrders: number;
  readonly ordersTotal: number;
  readonly quarantinedTotal: number;
  readonly projectionPosition: number;
  readonly projectionStalenessMs: number;
  readonly lastBatchSize: number;
  readonly fsyncMsP99: number;
  readonly reconciliation: ReconciliationFigures;
}
