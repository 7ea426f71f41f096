/**
 * The WebSocket API: pipelined order entry and live channels that survive a lost connection. Orders in flight are sent
 * again with their clientOrderId; private channels resume from the last sequence delivered.
 */
import type { BalanceView, ExecutionReport, OrderView, PositionView } from '@oms/domain';
import { type BackOff, delayMs, systemBackOff } from './backOff.ts';
import { errorFromBody, OmsError } from './omsError.ts';
import { orderOf } from './orderOf.ts';
import {
  type OmsStreamOptions,
  type Push,
  type StreamAnswer,
  StreamConnection,
  type StreamState,
} from './streamConnection.ts';
import { type AccountChannel, type MarketChannel, Subscription, type SubscriptionHandler } from './subscription.ts';
import type {
  BookView,
  CancelAllRequest,
  MarketTradeView,
  PlaceOutcome,
  PlaceRequest,
  ReplaceRequest,
  TickerView,
} from './wireTypes.ts';

const ATTEMPTS_MAX = 5;

interface AccountChannelData {
  readonly orders: OrderView;
  readonly executions: ExecutionReport;
  readonly positions: PositionView;
  readonly balances: BalanceView;
}
type MarketChannelData<C extends MarketChannel> = C extends `book:${string}`
  ? BookView
  : C extends `trades:${string}`
    ? MarketTradeView
    : C extends `ticker:${string}`
      ? TickerView
      : unknown;

export class OmsStream {
  readonly #connection: StreamConnection;
  readonly #backOff: BackOff;
  readonly #subscriptions = new Set<Subscription>();

  /** Starts connecting at once; requests wait until it has. Call {@link close} when done. */
  constructor(options: OmsStreamOptions) {
    this.#backOff = options.backOff ?? systemBackOff;
    this.#connection = new StreamConnection(options, {
      connected: () => {
        for (const subscription of this.#subscriptions) this.#subscribe(subscription);
      },
      pushed: (push) => this.#pushed(push),
    });
  }

  get state(): StreamState {
    return this.#connection.state;
  }

  /** Many may be in flight. @throws OmsError as OmsClient.place does. */
  async place(request: PlaceRequest): Promise<PlaceOutcome> {
    for (let attempt = 1; ; attempt++) {
      try {
        return outcomeOf(await this.#connection.exchange('order.place', request, true));
      } catch (error) {
        if (!(error instanceof OmsError)) throw error;
        if (error.order !== null && error.order.status === 'REJECTED') {
          return { outcome: 'REFUSED', order: error.order, replayed: false };
        }
        if (!error.retryable || error.code === 'NO_ANSWER' || attempt >= ATTEMPTS_MAX) throw error;
        await this.#backOff.sleep(delayMs(this.#backOff, attempt, error.retryAfterMs));
      }
    }
  }

  /** Several orders in one message, each decided on its own; results in the same order. */
  async placeMany(requests: readonly PlaceRequest[]): Promise<readonly (OrderView | OmsError)[]> {
    type Result = { readonly order: OrderView } | { readonly error: unknown };
    const results = await this.#connection.request<readonly Result[]>('order.place', requests, true);
    return results.map((result) => ('order' in result ? result.order : errorFromBody(0, result.error, null)));
  }

  async replace(orderId: string, request: ReplaceRequest): Promise<OrderView> {
    return orderOf(await this.#connection.request('order.replace', { orderId, ...request }, false));
  }

  async cancel(orderId: string, clientOrderId?: string): Promise<OrderView> {
    const params = clientOrderId === undefined ? { orderId } : { orderId, clientOrderId };
    return orderOf(await this.#connection.request('order.cancel', params, false));
  }

  /** Safe to repeat, so it outlives a lost connection. */
  cancelAll(request: CancelAllRequest): Promise<{ readonly count: number }> {
    return this.#connection.request('order.cancelAll', request, true);
  }

  /** Whether the account's open orders are cancelled when this connection is lost. */
  cancelOnDisconnect(accountId: string, enabled: boolean): Promise<unknown> {
    return this.#connection.request('session.cancelOnDisconnect', { accountId, enabled }, true);
  }

  async ping(): Promise<void> {
    await this.#connection.request('ping', {}, true);
  }

  /**
   * Changes of one account, gap-free and in order, across reconnects.
   * @param fromSequence the last sequence already known: what came after it is replayed first
   */
  subscribeAccount<C extends AccountChannel>(
    channel: C,
    accountId: string,
    handler: SubscriptionHandler<AccountChannelData[C]>,
    fromSequence: number | null = null,
  ): Subscription {
    return this.#add(new Subscription(channel, accountId, fromSequence, handler as SubscriptionHandler<unknown>));
  }

  /** Market data or the house's own figures: always the newest, never replayed. */
  subscribe<C extends MarketChannel>(channel: C, handler: SubscriptionHandler<MarketChannelData<C>>): Subscription {
    return this.#add(new Subscription(channel, null, null, handler as SubscriptionHandler<unknown>));
  }

  unsubscribe(subscription: Subscription): void {
    if (!this.#subscriptions.delete(subscription)) return;
    if (this.state !== 'CONNECTED') return;
    const { fromSequence: _, ...params } = subscription.parameters();
    this.#connection.request('unsubscribe', params, false).catch(() => undefined);
  }

  close(): void {
    this.#subscriptions.clear();
    this.#connection.close();
  }

  #add(subscription: Subscription): Subscription {
    this.#subscriptions.add(subscription);
    if (this.state === 'CONNECTED') this.#subscribe(subscription);
    return subscription;
  }

  #subscribe(subscription: Subscription): void {
    this.#connection.request<unknown>('subscribe', subscription.parameters(), false).then(
      () => subscription.subscribed(),
      (error: OmsError) => {
        // Lost with its connection: the next one subscribes again.
        if (error.code === 'NO_ANSWER' || error.code === 'STREAM_CLOSED') return;
        this.#subscriptions.delete(subscription);
        subscription.refused(error);
      },
    );
  }

  #pushed(push: Push): void {
    for (const subscription of this.#subscriptions) {
      if (!subscription.matches(push)) continue;
      if (subscription.accept(push) === 'RESUME') this.#subscribe(subscription);
    }
  }
}

function outcomeOf({ result, replayed }: StreamAnswer): PlaceOutcome {
  const order = orderOf(result);
  return { outcome: order.status === 'REJECTED' ? 'REFUSED' : 'ACCEPTED', order, replayed };
}
