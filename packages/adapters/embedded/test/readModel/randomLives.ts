/** Order events by chance, every one of them legal: what the order processor could journal, mixed over many orders. */
import {
  decimal,
  evolveOrder,
  InvariantError,
  type Order,
  type OrderPlaced,
  type OrderTerms,
  reason,
  type SingleOrderEvent,
} from '@oms/domain';
import type { Random } from '@oms/ports';
import { below } from '../seededRandom.ts';

export const ACCOUNTS = ['A', 'B', 'C'];
export const SYMBOLS = ['BTC-USD', 'ETH-USD'];
const REASON = reason('VENUE', 'WHY', 'because');
const ATTEMPTS_MAX = 30;

export class RandomLives {
  readonly #random: Random;
  readonly #orders: Order[] = [];
  #requests = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next event: every third places an order, the others befall one of those there are, mostly a late one. */
  next(now: number): SingleOrderEvent {
    if (this.#orders.length === 0 || below(this.#random, 3) === 0) return this.#place(now);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const back = below(this.#random, this.#random.next() < 0.7 ? 4 : this.#orders.length);
      const index = Math.max(0, this.#orders.length - 1 - back);
      const order = this.#orders[index]!;
      const event = this.#candidate(order);
      try {
        this.#orders[index] = evolveOrder(structuredClone(order), event, now);
        return event;
      } catch (error) {
        if (!(error instanceof InvariantError)) throw error;
      }
    }
    return this.#place(now);
  }

  #place(now: number): OrderPlaced {
    const number = this.#orders.length + 1;
    const event: OrderPlaced = {
      type: 'OrderPlaced',
      orderId: `o-0-${number}`,
      accountId: this.#oneOf(ACCOUNTS),
      clientOrderId: `client-${number}`,
      terms: this.#terms(),
    };
    this.#orders.push(evolveOrder(undefined, event, now));
    return event;
  }

  #terms(): OrderTerms {
    const kind = this.#oneOf(['LIMIT', 'LIMIT', 'LIMIT', 'STOP', 'QUOTE'] as const);
    return {
      symbol: this.#oneOf(SYMBOLS),
      side: this.#oneOf(['BUY', 'SELL'] as const),
      type: kind === 'STOP' ? 'STOP' : kind === 'QUOTE' ? 'MARKET' : 'LIMIT',
      timeInForce: 'GTC',
      quantity: kind === 'QUOTE' ? null : decimal('3'),
      quoteQuantity: kind === 'QUOTE' ? decimal('300') : null,
      price: kind === 'LIMIT' ? decimal('100') : null,
      stopPrice: kind === 'STOP' ? decimal('99') : null,
      triggerSource: 'LAST',
      expireTime: null,
      postOnly: false,
      reduceOnly: false,
      tags: this.#oneOf([[], ['tagged', 'ünicode ✓']]),
    };
  }

  #candidate(order: Order): SingleOrderEvent {
    const { orderId, clientOrderId: originalClientOrderId } = order;
    const pending = order.pendingRequests.at(-1)?.clientOrderId;
    const answered = pending ?? 'nobody-asked';
    const requestId = this.#oneOf([null, answered]);
    const traded = order.fills.at(-1)?.executionId ?? 'no-trade';
    const executionId = `x-${++this.#requests}`;
    const origin = this.#oneOf(['CLIENT', 'CLIENT', 'KILL_SWITCH'] as const);
    const request = { orderId, clientOrderId: `request-${this.#requests}`, originalClientOrderId, origin };
    const terms = { quantity: decimal(this.#oneOf(['1', '2', '5'])), price: order.price, stopPrice: order.stopPrice };
    const asked = { askedQuantity: terms.quantity, askedPrice: null, askedStopPrice: null };
    const fill = { quantity: decimal(this.#oneOf(['1', '2', '3'])), price: decimal('100.1'), fee: decimal('0.1') };
    const money = { feeCurrency: 'USD', liquidity: 'TAKER', completesQuote: below(this.#random, 8) === 0 } as const;
    return this.#oneOf<() => SingleOrderEvent>([
      () => ({ type: 'OrderSubmitted', orderId, protectionPrice: null }),
      () => ({ type: 'OrderSubmitted', orderId, protectionPrice: null }),
      () => ({ type: 'OrderAccepted', orderId, venueOrderId: `v-${orderId}` }),
      () => ({ type: 'OrderAccepted', orderId, venueOrderId: `v-${orderId}` }),
      () => ({ type: 'OrderFilled', orderId, executionId, ...fill, ...money }),
      () => ({ type: 'OrderFilled', orderId, executionId, ...fill, ...money }),
      () => ({ type: 'OrderDenied', orderId, reason: REASON }),
      () => ({ type: 'OrderHeld', orderId, protectionPrice: null }),
      () => ({ type: 'OrderTriggered', orderId, triggerPrice: decimal('99') }),
      () => ({ type: 'OrderRejected', orderId, reason: REASON }),
      () => ({ type: 'OrderCanceled', orderId, requestId, reason: null }),
      () => ({ type: 'OrderExpired', orderId, requestId, reason: REASON }),
      () => ({ type: 'CancelRequested', ...request }),
      () => ({ type: 'CancelRequested', ...request }),
      () => ({ type: 'CancelRejected', orderId, clientOrderId: answered, reason: REASON }),
      () => ({ type: 'ReplaceRequested', ...request, ...terms, ...asked }),
      () => ({ type: 'ReplaceSubmitted', orderId, clientOrderId: answered }),
      () => ({ type: 'OrderReplaced', orderId, clientOrderId: answered }),
      () => ({ type: 'ReplaceRejected', orderId, clientOrderId: answered, reason: REASON }),
      () => ({ type: 'RequestUnknown', orderId, clientOrderId: answered }),
      () => ({ type: 'TradeCanceled', orderId, executionId, referenceExecutionId: traded }),
      () => ({ type: 'TradeCorrected', orderId, executionId, referenceExecutionId: traded, ...fill }),
      () => ({ type: 'OrderRestated', orderId, quantity: decimal('2'), reason: REASON }),
    ])();
  }

  #oneOf<T>(values: readonly T[]): T {
    return values[below(this.#random, values.length)]!;
  }
}
