/**
 * The REST API as typed methods. Refusals by risk or venue rules come back as data (PlaceOutcome); everything else
 * that is not success is thrown as OmsError. `place` may be retried freely: the clientOrderId makes it one order.
 */
import type {
  AccountLimitsView,
  AccountView,
  AuditEntry,
  BalanceView,
  ExecutionReport,
  OrderView,
  PositionView,
  TradingStateView,
  VenueAction,
} from '@oms/domain';
import { type HttpRequest, HttpTransport, type OmsClientOptions, type QueryValue } from './httpTransport.ts';
import { errorFromBody, OmsError } from './omsError.ts';
import { orderOf } from './orderOf.ts';
import type {
  AuditFilter,
  BookView,
  CancelAllRequest,
  CandleView,
  ExecutionsFilter,
  InstrumentView,
  LimitsChange,
  MarketTradeView,
  OrdersFilter,
  PlaceOutcome,
  PlaceRequest,
  ReconciliationAnswer,
  ReconciliationFilter,
  ReplaceRequest,
  ResolutionRequest,
  TickerView,
  TradingStateChange,
  VenueInstructionRequest,
  WirePage,
} from './wireTypes.ts';

type Query = Readonly<Record<string, QueryValue>>;
const segment = encodeURIComponent;

export class OmsClient {
  readonly #http: HttpTransport;

  constructor(options: OmsClientOptions) {
    this.#http = new HttpTransport(options);
  }

  // ---- orders -----------------------------------------------------------------------------------------------------

  /**
   * Places an order; after a lost answer or 503 it is sent again with the same clientOrderId.
   * @throws OmsError IDEMPOTENCY_CONFLICT when the clientOrderId was used for other content, and all other errors.
   */
  async place(request: PlaceRequest): Promise<PlaceOutcome> {
    const answer = await this.#http.send({
      method: 'POST',
      path: '/v1/orders',
      body: request,
      retry: 'ALWAYS',
      alsoAnswers: [422],
    });
    const replayed = answer.headers.get('idempotent-replayed') === 'true';
    if (answer.status !== 422) {
      return { outcome: answer.status === 202 ? 'UNDECIDED' : 'ACCEPTED', order: orderOf(answer.body), replayed };
    }
    const refusal = errorFromBody(answer.status, answer.body, null);
    // 422 without an order: refused before there was one (an unknown account, for instance).
    if (refusal.order === null) throw refusal;
    return { outcome: 'REFUSED', order: refusal.order, replayed };
  }

  /** Up to 1000 orders, each decided on its own; the results are in the same order. */
  async placeBatch(requests: readonly PlaceRequest[]): Promise<readonly (OrderView | OmsError)[]> {
    const body = await this.#send<{ results: readonly Record<string, unknown>[] }>({
      method: 'POST',
      path: '/v1/orders/batch',
      body: { orders: requests },
      retry: 'ALWAYS',
    });
    return body.results.map((result) =>
      result.error === undefined ? orderOf(result.order) : errorFromBody(0, result.error, null),
    );
  }

  /** Newest first; may trail what was acknowledged a moment ago. */
  orders(filter: OrdersFilter = {}): Promise<WirePage<OrderView>> {
    return this.#get('/v1/orders', { ...filter });
  }

  /** Every order that matches, page by page. */
  async *allOrders(filter: OrdersFilter = {}): AsyncGenerator<OrderView> {
    let cursor: string | null | undefined = filter.cursor;
    do {
      const page: WirePage<OrderView> = await this.orders({ ...filter, ...(cursor == null ? {} : { cursor }) });
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** Sees everything acknowledged before the call. @throws OmsError with status 404. */
  order(orderId: string): Promise<OrderView> {
    return this.#get(`/v1/orders/${segment(orderId)}`);
  }

  orderByClientOrderId(accountId: string, clientOrderId: string): Promise<OrderView> {
    return this.#get(`/v1/orders/by-client-order-id/${segment(clientOrderId)}`, { accountId });
  }

  /** Its execution reports, oldest first. */
  async orderEvents(orderId: string): Promise<readonly ExecutionReport[]> {
    return itemsOf(await this.#get(`/v1/orders/${segment(orderId)}/events`));
  }

  /** Asks for a replace; the order comes back with its pending status. @throws OmsError ORDER_NOT_OPEN. */
  replace(orderId: string, request: ReplaceRequest): Promise<OrderView> {
    return this.#write('PATCH', `/v1/orders/${segment(orderId)}`, request);
  }

  /** Asks for a cancel; the order comes back with its pending status. @throws OmsError ORDER_NOT_OPEN. */
  cancel(orderId: string, clientOrderId?: string): Promise<OrderView> {
    return this.#send({
      method: 'DELETE',
      path: `/v1/orders/${segment(orderId)}`,
      query: { clientOrderId },
      retry: 'IF_REFUSED',
    });
  }

  /** Asks to cancel all open orders that match. Safe to repeat: what is cancelled already no longer matches. */
  cancelAll(request: CancelAllRequest): Promise<{ readonly count: number }> {
    return this.#send({ method: 'DELETE', path: '/v1/orders', query: { ...request }, retry: 'ALWAYS' });
  }

  /** Trades, newest first. */
  executions(filter: ExecutionsFilter = {}): Promise<WirePage<ExecutionReport>> {
    return this.#get('/v1/executions', { ...filter });
  }

  // ---- accounts and risk --------------------------------------------------------------------------------------------

  async accounts(): Promise<readonly AccountView[]> {
    return itemsOf(await this.#get('/v1/accounts'));
  }

  async positions(accountId?: string): Promise<readonly PositionView[]> {
    return itemsOf(await this.#get('/v1/positions', { accountId }));
  }

  async balances(accountId?: string): Promise<readonly BalanceView[]> {
    return itemsOf(await this.#get('/v1/balances', { accountId }));
  }

  limits(accountId: string): Promise<AccountLimitsView> {
    return this.#get(`/v1/accounts/${segment(accountId)}/limits`);
  }

  setLimits(accountId: string, limits: LimitsChange): Promise<AccountLimitsView> {
    return this.#write('PUT', `/v1/accounts/${segment(accountId)}/limits`, limits);
  }

  async tradingStates(): Promise<readonly TradingStateView[]> {
    return itemsOf(await this.#get('/v1/trading-state'));
  }

  setTradingState(change: TradingStateChange): Promise<TradingStateView> {
    return this.#write('PUT', '/v1/trading-state', change);
  }

  /** Newest first. */
  audit(filter: AuditFilter = {}): Promise<WirePage<AuditEntry>> {
    return this.#get('/v1/audit', { ...filter });
  }

  // ---- comparison with the venue --------------------------------------------------------------------------------

  /** Requests of unknown outcome, oldest order first, and the newest differences from the venue. */
  reconciliation(filter: ReconciliationFilter = {}): Promise<ReconciliationAnswer> {
    return this.#get('/v1/reconciliation', { ...filter });
  }

  /** Lets a comparison begin now. */
  async startReconciliation(): Promise<void> {
    await this.#write('POST', '/v1/reconciliation/runs', undefined);
  }

  /** Settles a request of unknown outcome in place of the venue. @throws OmsError REQUEST_NOT_UNKNOWN. */
  resolveRequest(orderId: string, clientOrderId: string, resolution: ResolutionRequest): Promise<OrderView> {
    const request = `${segment(orderId)}/${segment(clientOrderId)}`;
    return this.#write('POST', `/v1/reconciliation/requests/${request}/resolve`, resolution);
  }

  // ---- market data --------------------------------------------------------------------------------------------------

  async instruments(): Promise<readonly InstrumentView[]> {
    return itemsOf(await this.#get('/v1/instruments'));
  }

  book(symbol: string, depth?: number): Promise<BookView> {
    return this.#get(`/v1/market-data/${segment(symbol)}/book`, { depth });
  }

  async trades(symbol: string, limit?: number): Promise<readonly MarketTradeView[]> {
    return itemsOf(await this.#get(`/v1/market-data/${segment(symbol)}/trades`, { limit }));
  }

  ticker(symbol: string): Promise<TickerView> {
    return this.#get(`/v1/market-data/${segment(symbol)}/ticker`);
  }

  async candles(symbol: string, interval: string, limit?: number): Promise<readonly CandleView[]> {
    return itemsOf(await this.#get(`/v1/market-data/${segment(symbol)}/candles`, { interval, limit }));
  }

  // ---- simulation and health ------------------------------------------------------------------------------------------

  /** Manual venue only: tells the simulated venue what to do with an order; answers after it was processed. */
  instructVenue(orderId: string, action: VenueAction, request: VenueInstructionRequest = {}): Promise<OrderView> {
    return this.#write('POST', `/v1/simulation/venue/orders/${segment(orderId)}/${action}`, request);
  }

  /** Whether the server is recovered and serving. Never throws for a server that is not there. */
  async isReady(): Promise<boolean> {
    try {
      await this.#http.send({ method: 'GET', path: '/readyz', retry: 'NEVER' });
      return true;
    } catch (error) {
      if (error instanceof OmsError) return false;
      throw error;
    }
  }

  #get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#send({ method: 'GET', path, query, retry: 'ALWAYS' });
  }

  #write<T>(method: 'POST' | 'PATCH' | 'PUT', path: string, body: unknown): Promise<T> {
    return this.#send({ method, path, body, retry: 'IF_REFUSED' });
  }

  async #send<T>(request: HttpRequest): Promise<T> {
    return (await this.#http.send(request)).body as T;
  }
}

const itemsOf = <T>(page: WirePage<T>): readonly T[] => page.items;
