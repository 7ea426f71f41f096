/**
 * All orders of a partition, for ever: by id, and by what they were placed as. Orders at rest are packed
 * (packedTable.ts), so that a closed order costs about a hundred bytes and stays as answerable as an open one.
 */
import { InvariantError } from '../invariant.ts';
import { PackedTable } from '../packedTable.ts';
import { numberOfOrderId, orderIdOf, partitionOfOrderId } from '../partitionKey.ts';
import type { Order } from './order.ts';
import { orderForm, readPlacedAs, readWaits } from './packOrder.ts';
import { PlacedIndex, placedHash } from './placedIndex.ts';

export class OrderStore implements Iterable<Order> {
  readonly #partition: number;
  readonly #orders = new PackedTable<Order>(orderForm);
  readonly #placed = new PlacedIndex();
  #newest = 0;

  constructor(partition: number) {
    this.#partition = partition;
  }

  /** Number of the newest order; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  get size(): number {
    return this.#orders.size;
  }

  /** The order to look at: it may be a copy. */
  get(orderId: string): Order | undefined {
    return this.#orders.get(orderId);
  }

  /** The same by the number in its id. */
  at(number: number): Order | undefined {
    return this.#orders.at(this.#partition, number);
  }

  /** The order itself, for a fold to change. */
  change(orderId: string): Order | undefined {
    return this.#orders.change(orderId);
  }

  /** @throws InvariantError when the id is of another partition, or it or the clientOrderId is taken. */
  add(order: Order): void {
    const { orderId } = order;
    const number = numberOfOrderId(orderId);
    if (number < 1 || partitionOfOrderId(orderId) !== this.#partition) {
      throw new InvariantError(`"${orderId}" is no order id of partition ${this.#partition}`);
    }
    const { accountId, placedClientOrderId } = order;
    const isNew = this.#placed.add(placedHash(accountId, placedClientOrderId), number, (candidate) =>
      this.#isPlacedAs(candidate, accountId, placedClientOrderId),
    );
    if (!isNew) throw new InvariantError(`clientOrderId ${placedClientOrderId} of ${accountId} is used twice`);
    this.#orders.add(orderId, order);
    if (number > this.#newest) this.#newest = number;
  }

  /** The id of the order that the account placed under this id, or null when there is none. */
  placedAs(accountId: string, clientOrderId: string): string | null {
    const number = this.#placed.find(placedHash(accountId, clientOrderId), (candidate) =>
      this.#isPlacedAs(candidate, accountId, clientOrderId),
    );
    return number === 0 ? null : orderIdOf(this.#partition, number);
  }

  /** In the order they were placed. */
  values(): Generator<Order, void, void> {
    return this.#orders.values();
  }

  /** All orders that time or the market may move by themselves, and a few others; in the order they were placed. */
  waiting(): Generator<Order, void, void> {
    return this.#orders.values(readWaits);
  }

  [Symbol.iterator](): Generator<Order, void, void> {
    return this.values();
  }

  #isPlacedAs(number: number, accountId: string, clientOrderId: string): boolean {
    const packed = this.#orders.peek(this.#partition, number, readPlacedAs);
    const { accountId: account, clientOrderId: id } = packed ?? placedAsOf(this.at(number)!);
    return account === accountId && id === clientOrderId;
  }
}

const placedAsOf = ({ accountId, placedClientOrderId }: Order) => ({ accountId, clientOrderId: placedClientOrderId });
