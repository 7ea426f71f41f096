/**
 * given(events).when(message).then(events) for the order processor's core: folds what was given, decides, folds the
 * decision and hands out both. No clock, no runtime, nothing mocked.
 */
import {
  type Decision,
  type DecisionContext,
  decideOrders,
  decimal,
  type ExecutionReport,
  evolveOrders,
  executionReportOf,
  type Instrument,
  initialOrdersState,
  type MarketView,
  type Order,
  type OrderEvent,
  type OrderProcessorMessage,
  type OrdersState,
  type OrderTerms,
  type ReferencePrices,
} from '@oms/domain';

export const TEST_INSTRUMENT: Instrument = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: decimal('0.01'),
  quantityIncrement: decimal('0.000001'),
  minQuantity: decimal('0.0001'),
  maxQuantity: decimal('1000'),
  minNotional: decimal('1'),
  makerFeeRate: decimal('0.0005'),
  takerFeeRate: decimal('0.001'),
  initialMarginRate: 0n,
  status: 'TRADING',
};

/** A market whose prices a test sets by hand. */
export class FixedMarket implements MarketView {
  readonly #prices = new Map<string, ReferencePrices>();

  set(symbol: string, prices: Partial<ReferencePrices>): void {
    const before = this.#prices.get(symbol) ?? { last: null, bestBid: null, bestAsk: null, mark: null, time: 0 };
    this.#prices.set(symbol, { ...before, ...prices });
  }

  prices(symbol: string): ReferencePrices | undefined {
    return this.#prices.get(symbol);
  }

  book(): undefined {
    return undefined;
  }
}

/** A LIMIT BUY of 1 BTC at 100 USD, with what the test wants otherwise. */
export const terms = (changes: Partial<OrderTerms> = {}): OrderTerms => ({
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: decimal('1'),
  quoteQuantity: null,
  price: decimal('100'),
  stopPrice: null,
  triggerSource: 'LAST',
  expireTime: null,
  postOnly: false,
  reduceOnly: false,
  tags: [],
  ...changes,
});

export class OrdersScenario {
  readonly state: OrdersState = initialOrdersState(0);
  readonly market = new FixedMarket();
  readonly events: OrderEvent[] = [];
  readonly reports: ExecutionReport[] = [];
  now = Date.UTC(2026, 0, 5, 12);
  last: Decision<OrderEvent> = { events: [], sends: [], replies: [] };

  constructor() {
    this.fold({ type: 'AccountRegistered', accountId: 'A' });
  }

  get context(): DecisionContext {
    return { now: this.now, market: this.market, instruments: new Map([[TEST_INSTRUMENT.symbol, TEST_INSTRUMENT]]) };
  }

  fold(event: OrderEvent): void {
    this.events.push(event);
    const change = evolveOrders(this.state, event, this.now);
    if (change !== null && change.execType !== null) {
      this.reports.push(executionReportOf(event, change.execType, change.order, change.sequence, this.now));
    }
  }

  /** Decides the message and folds what was decided. */
  when(message: OrderProcessorMessage): Decision<OrderEvent> {
    this.last = decideOrders(message, this.state, this.context);
    for (const event of this.last.events) this.fold(event);
    return this.last;
  }

  order(orderId = 'o-0-1'): Order {
    const order = this.state.orders.get(orderId);
    if (order === undefined) throw new Error(`no order ${orderId}`);
    return order;
  }

  place(changes: Partial<OrderTerms> = {}, clientOrderId = 'c1'): Decision<OrderEvent> {
    return this.when({ type: 'PlaceOrder', accountId: 'A', clientOrderId, terms: terms(changes), replyTo: 1 });
  }

  approve(orderId = 'o-0-1', protectionPrice: bigint | null = null): Decision<OrderEvent> {
    return this.when({ type: 'OrderApproved', orderId, protectionPrice, replyTo: 1 });
  }

  /** Placed, approved and acknowledged by the venue. */
  working(changes: Partial<OrderTerms> = {}): this {
    this.place(changes);
    this.approve();
    this.when({ type: 'VenueReported', report: { kind: 'ACCEPTED', orderId: 'o-0-1', venueOrderId: 'v1' } });
    return this;
  }

  fill(
    quantity: string,
    executionId: string,
    price = '100',
    orderId = 'o-0-1',
    executionNumber = 1,
  ): Decision<OrderEvent> {
    return this.when({
      type: 'VenueReported',
      report: {
        kind: 'TRADED',
        orderId,
        executionId,
        quantity: decimal(quantity),
        price: decimal(price),
        fee: decimal('0.1'),
        feeCurrency: 'USD',
        liquidity: 'TAKER',
        executionNumber,
      },
    });
  }

  cancel(clientOrderId: string | null = 'x1'): Decision<OrderEvent> {
    return this.when({ type: 'CancelOrder', orderId: 'o-0-1', clientOrderId, origin: 'CLIENT', replyTo: 1 });
  }

  replace(clientOrderId: string, quantity: string | null, price: string | null = null): Decision<OrderEvent> {
    return this.when({
      type: 'ReplaceOrder',
      orderId: 'o-0-1',
      clientOrderId,
      quantity: quantity === null ? null : decimal(quantity),
      price: price === null ? null : decimal(price),
      stopPrice: null,
      replyTo: 1,
    });
  }

  /** The replace is allowed by risk and sent to the venue. */
  replaceSent(clientOrderId: string, quantity: string | null, price: string | null = null): void {
    this.replace(clientOrderId, quantity, price);
    this.when({ type: 'ReplaceApproved', orderId: 'o-0-1', requestId: clientOrderId, replyTo: 1 });
  }
}
