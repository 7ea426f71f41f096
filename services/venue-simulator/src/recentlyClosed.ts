/**
 * The orders that closed last, so that a late cancel is answered TOO_LATE rather than UNKNOWN. The id of the newest
 * {@link CLOSED_ORDERS_MAX} is kept, and of a manual venue's orders the whole, for busts and corrections; what closed
 * before that is forgotten.
 */
import { OrderTable } from '@oms/domain';
import { type StoredOrder, type VenueOrder, venueOrder } from './venueState.ts';

export const CLOSED_ORDERS_MAX = 16_384;

/** Stands in the ring where a reopened order was; no order id is empty. */
const REOPENED = '';

/** As the bytes of the state hold it. */
export interface ClosedEntry {
  readonly orderId: string;
  readonly order: StoredOrder | null;
}

export class RecentlyClosed {
  /** `null`: closed by a simulated venue, which needs no more than that. */
  readonly #orders = new OrderTable<VenueOrder | null>();
  /** Ids in the order they closed; a full ring overwrites its oldest. */
  readonly #ring: string[] = [];
  #oldest = 0;

  has(orderId: string): boolean {
    return this.#orders.has(orderId);
  }

  /** The order when a manual venue worked it. */
  get(orderId: string): VenueOrder | null {
    return this.#orders.get(orderId) ?? null;
  }

  remember(orderId: string, order: VenueOrder | null): void {
    this.#orders.set(orderId, order);
    this.#push(orderId);
  }

  /** It is open again. */
  forget(orderId: string): void {
    if (this.#orders.delete(orderId)) this.#ring[this.#ring.indexOf(orderId)] = REOPENED;
  }

  /** Oldest first, with the gaps of reopened orders (''), so that copying them gives a ring that forgets alike. */
  entries(): ClosedEntry[] {
    const { length } = this.#ring;
    return Array.from({ length }, (_, i) => {
      const orderId = this.#ring[(this.#oldest + i) % length]!;
      return { orderId, order: this.get(orderId) };
    });
  }

  static of(entries: Iterable<ClosedEntry>): RecentlyClosed {
    const closed = new RecentlyClosed();
    for (const { orderId, order } of entries) {
      if (orderId === REOPENED) closed.#push(REOPENED);
      else closed.remember(orderId, order === null ? null : venueOrder(order));
    }
    return closed;
  }

  #push(orderId: string): void {
    if (this.#ring.length < CLOSED_ORDERS_MAX) {
      this.#ring.push(orderId);
      return;
    }
    this.#orders.delete(this.#ring[this.#oldest]!);
    this.#ring[this.#oldest] = orderId;
    this.#oldest = (this.#oldest + 1) % CLOSED_ORDERS_MAX;
  }
}
