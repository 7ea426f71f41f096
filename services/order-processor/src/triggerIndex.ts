/**
 * Held stop orders by instrument, trigger source and side, nearest stop price on top, so that a price move looks at
 * the orders it triggers and no others. Derived from the state; an entry whose order has changed is dropped when it
 * comes to the top.
 */
import { Heap } from '@oms/actors';
import {
  isTriggered,
  type MarketView,
  type Order,
  type OrdersState,
  type Price,
  type Side,
  type TriggerSource,
  type TriggerStop,
  triggerPriceOf,
} from '@oms/domain';

interface HeldStop {
  readonly orderId: string;
  readonly stopPrice: Price;
}

interface Watch {
  readonly symbol: string;
  readonly source: TriggerSource;
  readonly side: Side;
  readonly stops: Heap<HeldStop>;
}

export class TriggerIndex {
  readonly #watches = new Map<string, Watch>();

  clear(): void {
    this.#watches.clear();
  }

  /** Call whenever an order is held, or its stop price changed while held. */
  add(order: Order): void {
    if (order.core !== 'HELD' || order.stopPrice === null) return;
    const { symbol, side, triggerSource } = order.placed;
    this.#watchOf(symbol, triggerSource, side).stops.push({ orderId: order.orderId, stopPrice: order.stopPrice });
  }

  /** Takes the orders that the market triggers now out of the index. */
  triggered(state: OrdersState, market: MarketView): TriggerStop[] {
    const messages: TriggerStop[] = [];
    for (const watch of this.#watches.values()) {
      if (watch.stops.size === 0) continue;
      const price = triggerPriceOf(watch.source, watch.side, market.prices(watch.symbol));
      if (price === null) continue;
      for (let top = watch.stops.peek(); top !== undefined; top = watch.stops.peek()) {
        if (!isTriggered(watch.side, top.stopPrice, price)) break;
        watch.stops.pop();
        const order = state.orders.get(top.orderId);
        if (order?.core === 'HELD' && order.stopPrice === top.stopPrice) {
          messages.push({ type: 'TriggerStop', orderId: top.orderId, triggerPrice: price });
        }
      }
    }
    return messages;
  }

  #watchOf(symbol: string, source: TriggerSource, side: Side): Watch {
    const key = `${symbol}|${source}|${side}`;
    let watch = this.#watches.get(key);
    if (watch === undefined) {
      // A buy stop triggers as the price rises: the lowest is nearest. A sell stop the other way round.
      const stops = new Heap<HeldStop>(
        side === 'BUY' ? (a, b) => a.stopPrice < b.stopPrice : (a, b) => a.stopPrice > b.stopPrice,
      );
      watch = { symbol, source, side, stops };
      this.#watches.set(key, watch);
    }
    return watch;
  }
}
