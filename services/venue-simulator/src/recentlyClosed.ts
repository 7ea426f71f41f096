/**
 * The orders that closed last, so that a late cancel is answered TOO_LATE rather than UNKNOWN: the ids of the newest
 * {@link CLOSED_ORDERS_MAX}; and in a ring of their own the newest {@link KEPT_ORDERS_MAX} whole orders whose reports
 * may not all have arrived, or that a manual venue may bust and correct. What closed before that is forgotten.
 */
import { OrderTable } from '@oms/domain';
import { type StoredOrder, type VenueOrder, venueOrder } from './venueState.ts';

export const CLOSED_ORDERS_MAX = 16_384;
export const KEPT_ORDERS_MAX = 65_536;

/** Stands in the ring where a reopened order was; no order id is empty. */
export const REOPENED = '';

/** As the bytes of the state hold it. */
export interface ClosedEntry {
  readonly orderId: string;
  readonly order: StoredOrder | null;
}

export class RecentlyClosed {
  /** `null`: its id is all that is kept. */
  readonly #orders = new OrderTable<VenueOrder | null>();
  /** Ids in the order they closed; a full ring overwrites its oldest. */
  readonly #ring: string[] = [];
  readonly #max: number;
  #oldest = 0;

  constructor(max: number = CLOSED_ORDERS_MAX) {
    this.#max = max;
  }

  has(orderId: string): boolean {
    return this.#orders.has(orderId);
  }

  /** The order when it was kept whole. */
  get(orderId: string): VenueOrder | null {
    return this.#orders.get(orderId) ?? null;
  }

  /** Those kept whole, by the numbers in their ids: above `after` and up to `through`. */
  *between(partition: number, after: number, through: number): Generator<VenueOrder, void, void> {
    for (const order of this.#orders.between(partition, after, through)) if (order !== null) yield order;
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

  static of(entries: Iterable<ClosedEntry>, max: number = CLOSED_ORDERS_MAX): RecentlyClosed {
    const closed = new RecentlyClosed(max);
    for (const { orderId, order } of entries) {
      if (orderId === REOPENED) closed.#push(REOPENED);
      else closed.remember(orderId, order === null ? null : venueOrder(order));
    }
    return closed;
  }

  #push(orderId: string): void {
    if (this.#ring.length < this.#max) {
      this.#ring.push(orderId);
      return;
    }
    this.#orders.delete(this.#ring[this.#oldest]!);
    this.#ring[this.#oldest] = orderId;
    this.#oldest = (this.#oldest + 1) % this.#max;
  }
}
