/** How many partitions each service of the journal's house had: told by the newest snapshot, or by the records. */

export interface PartitionCounts {
  readonly orders: number;
  readonly risk: number;
  readonly venue: number;
}

/** One of each is the least a house has. */
export class SeenPartitions {
  readonly #highest = [0, 0, 0, 0];

  note(service: number, partition: number): void {
    if (partition > this.#highest[service]!) this.#highest[service] = partition;
  }

  /** Accounts live in as many partitions of the order processor as of the risk engine. */
  counts(): PartitionCounts {
    const [, orders = 0, risk = 0, venue = 0] = this.#highest;
    const accounts = Math.max(orders, risk) + 1;
    return { orders: accounts, risk: accounts, venue: venue + 1 };
  }
}
