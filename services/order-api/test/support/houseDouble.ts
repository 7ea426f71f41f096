/**
 * A house of cardboard behind the real ports: it answers commands as a test tells it to, so that the tests of this
 * service are about shapes, codes, headers and framing. What a real house decides is tested with the real one.
 */
import type {
  AccountLimitsView,
  AccountView,
  ApprovalView,
  AuditEntry,
  BalanceView,
  ExecutionReport,
  Instrument,
  NoteAudit,
  OrderView,
  PositionView,
  ReconciliationView,
  TradingStateView,
  VenueFaults,
} from '@oms/domain';
import { decimal, orderTextOfView, partitionOf } from '@oms/domain';
import type {
  CommandAnswer,
  CommandGateway,
  HouseMessage,
  HouseStatus,
  LiveState,
  MarketDataFeed,
  MarketEvent,
  ReadModel,
  Urgency,
} from '@oms/ports';

export const BTC: Instrument = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: decimal('0.01'),
  quantityIncrement: decimal('0.0001'),
  minQuantity: decimal('0.0001'),
  maxQuantity: decimal('100'),
  minNotional: decimal('1'),
  makerFeeRate: decimal('0.001'),
  takerFeeRate: decimal('0.002'),
  initialMarginRate: 0n,
  status: 'TRADING',
};

export const anOrder = (over: Partial<OrderView> = {}): OrderView => ({
  orderId: 'o-0-1',
  clientOrderId: 'c-1',
  accountId: 'A',
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '1',
  quoteQuantity: null,
  price: '100',
  stopPrice: null,
  triggerSource: null,
  expireTime: null,
  postOnly: false,
  reduceOnly: false,
  tags: [],
  status: 'NEW',
  filledQuantity: '0',
  leavesQuantity: '1',
  averagePrice: null,
  fees: [],
  reason: null,
  pendingRequests: [],
  venueOrderId: 'v-1',
  overfilled: false,
  createdAt: '2026-01-05T12:00:00.000Z',
  updatedAt: '2026-01-05T12:00:00.000Z',
  version: 3,
  ...over,
});

export const aReport = (sequence: number, over: Partial<ExecutionReport> = {}): ExecutionReport => ({
  executionId: `o-0-1:${sequence}`,
  execType: 'NEW',
  status: 'NEW',
  orderId: 'o-0-1',
  accountId: 'A',
  symbol: 'BTC-USD',
  side: 'BUY',
  clientOrderId: 'c-1',
  originalClientOrderId: null,
  referenceExecutionId: null,
  quantity: '1',
  price: '100',
  stopPrice: null,
  filledQuantity: '0',
  leavesQuantity: '1',
  lastQuantity: null,
  lastPrice: null,
  averagePrice: null,
  fee: null,
  feeCurrency: null,
  liquidity: null,
  reason: null,
  sequence,
  time: '2026-01-05T12:00:00.000Z',
  ...over,
});

/** What a command is answered with; the order as a view, for the tests to look at. */
export type AnswerDouble = Partial<Omit<CommandAnswer, 'order'>> & { readonly order?: OrderView | null };
type Reply = (message: HouseMessage['message'], partition: number) => AnswerDouble | null;

export class HouseDouble implements CommandGateway, LiveState {
  readonly partitions: number;
  durablePosition = 10;
  occupancy = 0;
  /** What commands are answered with; null leaves one unanswered. */
  reply: Reply = () => ({ order: anOrder() });
  readonly submitted: {
    readonly message: HouseMessage['message'];
    readonly urgency: Urgency;
    readonly partition: number;
  }[] = [];
  /** What was put into the audit trail from outside. */
  readonly notes: NoteAudit[] = [];
  orders: OrderView[] = [];
  accountIds = ['A', 'B'];
  reportSequence = 0;
  reconciliations: ReconciliationView[] = [];
  positionSequence = 0;
  balanceSequence = 0;
  limitsView: AccountLimitsView['limits'] = {};
  states: TradingStateView[] = [];

  constructor(partitions = 1) {
    this.partitions = partitions;
  }

  submit(
    partition: number,
    urgency: Urgency,
    build: (replyTo: number) => HouseMessage,
    done: (answer: CommandAnswer) => void,
  ): boolean {
    if (this.occupancy >= 1 && urgency === 'ordinary') return false;
    const { message } = build(this.submitted.length);
    if (message.type === 'NoteAudit') {
      this.notes.push(message);
      return true;
    }
    this.submitted.push({ message, urgency, partition });
    const reply = this.reply(message, partition);
    const nothing = {
      outcome: 'ACCEPTED',
      orderId: null,
      reason: null,
      count: 0,
      order: null,
      quarantinedAt: null,
    } as const;
    if (reply === null) return true;
    const order = reply.order === undefined || reply.order === null ? null : orderTextOfView(reply.order);
    setImmediate(() => done({ ...nothing, ...reply, order }));
    return true;
  }

  async query<T>(read: () => T): Promise<T> {
    return read();
  }

  hasAccount = (accountId: string): boolean => this.accountIds.includes(accountId);
  order = (orderId: string): OrderView | null => this.orders.find((order) => order.orderId === orderId) ?? null;
  orderByClientOrderId = (accountId: string, clientOrderId: string): OrderView | null =>
    this.orders.find((order) => order.accountId === accountId && order.clientOrderId === clientOrderId) ?? null;
  orderPlacedWith = (accountId: string, clientOrderId: string): OrderView | null =>
    this.orderByClientOrderId(accountId, clientOrderId);
  openOrders = (accountId: string): readonly OrderView[] =>
    this.orders.filter((order) => order.accountId === accountId);
  accounts = (): readonly AccountView[] =>
    this.accountIds.map((accountId) => ({
      accountId,
      name: accountId,
      kind: 'CLIENT',
      deskId: 'D',
      tradingState: 'ACTIVE',
    }));
  positions = (accountId: string | null): readonly PositionView[] =>
    this.accountIds
      .filter((id) => accountId === null || id === accountId)
      .map((id) => aPosition(id, this.positionSequence));
  balances = (accountId: string | null): readonly BalanceView[] =>
    this.accountIds
      .filter((id) => accountId === null || id === accountId)
      .map((id) => aBalance(id, this.balanceSequence));
  limits = (accountId: string): AccountLimitsView | null =>
    this.hasAccount(accountId) ? { accountId, limits: this.limitsView, effective: [] } : null;
  approvalViews: ApprovalView[] = [];
  approvals = (): readonly ApprovalView[] => this.approvalViews;
  tradingStates = (): readonly TradingStateView[] => this.states;
  reconciliation = (): readonly ReconciliationView[] => this.reconciliations;
  sequences = () => ({
    reports: this.reportSequence,
    positions: this.positionSequence,
    balances: this.balanceSequence,
  });

  partitionOf = (accountId: string): number => partitionOf(accountId, this.partitions);
}

export const aPosition = (accountId: string, sequence: number): PositionView => ({
  accountId,
  symbol: 'BTC-USD',
  quantity: '1',
  averagePrice: '100',
  realizedPnl: '0',
  unrealizedPnl: null,
  markPrice: null,
  sequence,
});

export const aBalance = (accountId: string, sequence: number): BalanceView => ({
  accountId,
  currency: 'USD',
  total: '1000',
  held: '100',
  available: '900',
  sequence,
});

export class ReadModelDouble implements ReadModel {
  readonly asked: unknown[] = [];
  stalenessMs = 0;
  stored: OrderView[] = [];
  reports: ExecutionReport[] = [];
  entries: AuditEntry[] = [];

  reach = async (position: number) => ({ position, stalenessMs: this.stalenessMs });
  orders: ReadModel['orders'] = async (query) => {
    this.asked.push(query);
    return { items: this.stored, nextCursor: 'next' };
  };
  order: ReadModel['order'] = async (orderId) => this.stored.find((order) => order.orderId === orderId) ?? null;
  orderByClientOrderId: ReadModel['orderByClientOrderId'] = async (accountId, clientOrderId) =>
    this.stored.find((order) => order.accountId === accountId && order.clientOrderId === clientOrderId) ?? null;
  reportsOfOrder: ReadModel['reportsOfOrder'] = async (orderId) =>
    this.reports.filter((report) => report.orderId === orderId);
  executions: ReadModel['executions'] = async (query) => {
    this.asked.push(query);
    return { items: this.reports, nextCursor: null };
  };
  reportsOfAccount: ReadModel['reportsOfAccount'] = async (accountId, afterSequence, limit) =>
    this.reports.filter((report) => report.accountId === accountId && report.sequence > afterSequence).slice(0, limit);
  audit: ReadModel['audit'] = async () => ({ items: this.entries, nextCursor: null });
  positions: ReadModel['positions'] = async () => [];
  balances: ReadModel['balances'] = async () => [];
  close = async () => {};
}

export class MarketDouble implements MarketDataFeed {
  #listeners = new Set<(event: MarketEvent) => void>();
  sequence = 1;
  quiet = false;

  book: MarketDataFeed['book'] = (symbol) =>
    this.quiet
      ? undefined
      : {
          symbol,
          sequence: this.sequence,
          time: Date.UTC(2026, 0, 5, 12),
          bids: [
            [decimal('99'), decimal('1')],
            [decimal('98'), decimal('2.5')],
          ],
          asks: [[decimal('101'), decimal('1')]],
        };
  prices: MarketDataFeed['prices'] = () => undefined;
  trades: MarketDataFeed['trades'] = (symbol, limit) => (limit > 0 ? [this.trade(symbol)] : []);
  ticker: MarketDataFeed['ticker'] = (symbol) =>
    this.quiet
      ? undefined
      : {
          symbol,
          sequence: this.sequence,
          time: Date.UTC(2026, 0, 5, 12),
          last: decimal('100'),
          bestBid: decimal('99'),
          bestAsk: decimal('101'),
          mark: null,
          open24h: null,
          high24h: null,
          low24h: null,
          volume24h: 0n,
        };
  candles: MarketDataFeed['candles'] = (symbol, _interval, limit) => {
    const price = decimal('100');
    const candle = {
      symbol,
      openTime: 0,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: price,
      trades: 2,
    };
    return Array.from({ length: Math.min(limit, 3) }, () => candle);
  };
  subscribe: MarketDataFeed['subscribe'] = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  trade = (symbol: string) => ({
    symbol,
    sequence: this.sequence,
    time: Date.UTC(2026, 0, 5, 12),
    tradeId: `t-${this.sequence}`,
    price: decimal('100'),
    quantity: decimal('0.5'),
    aggressorSide: 'BUY' as const,
  });

  /** The market moves: everything of the symbol changes once. */
  move(symbol: string): void {
    this.sequence++;
    const events: MarketEvent[] = [
      { kind: 'book', book: this.book(symbol)! },
      { kind: 'trade', trade: this.trade(symbol) },
      { kind: 'ticker', ticker: this.ticker(symbol)! },
    ];
    for (const listener of this.#listeners) for (const event of events) listener(event);
  }
}

export const READY: HouseStatus = {
  ready: true,
  lastPosition: 12,
  durablePosition: 10,
  queueDepth: 3,
  openOrders: 2,
  ordersTotal: 5,
  quarantinedTotal: 0,
  projectionPosition: 9,
  projectionStalenessMs: 4,
  lastBatchSize: 7,
  fsyncMsP99: 1.5,
  reconciliation: { unknownRequests: 1, standingDifferences: 0, differencesByKind: {}, lastRunAt: null },
};

export const NO_FAULTS: VenueFaults = {
  latencyMs: 0,
  rejectRate: 0n,
  partialFillRate: 0n,
  lateReportRate: 0n,
  lateReportMs: 0,
  duplicateReportRate: 0n,
  lostReportRate: 0n,
  lostRequestRate: 0n,
  totalsOnly: false,
  reorderReportRate: 0n,
  overfillRate: 0n,
  disconnected: false,
};
