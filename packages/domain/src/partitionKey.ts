/** Which partition owns an account: FNV-1a of the id, modulo the number of partitions, fixed at creation. */
export function partitionOf(accountId: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < accountId.length; i++) {
    hash ^= accountId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % partitions;
}

/** The order id carries its partition, so that a request by order id finds its owner: "o-<partition>-<number>". */
export const orderIdOf = (partition: number, number: number): string => `o-${partition}-${number}`;

/** @returns the owning partition, or `null` when the text is no order id of ours. */
export function partitionOfOrderId(orderId: string): number | null {
  const match = /^o-(\d{1,5})-\d{1,15}$/.exec(orderId);
  return match === null ? null : Number(match[1]);
}
