/** The model's own arithmetic: whole numbers of 10⁻⁸, rounding in a stated direction, and writing them for people. */

const SCALE = 10n ** 8n;

/** a × b ÷ 10⁸; exact on an instrument's increments, towards zero otherwise. */
export const timesDown = (a: bigint, b: bigint): bigint => (a * b) / SCALE;

/** a × b ÷ 10⁸ of two numbers, away from zero. */
export function timesUp(a: bigint, b: bigint): bigint {
  const product = a * b;
  if (product < 0n) return -timesUp(-a, b);
  return (product + SCALE - 1n) / SCALE;
}

/** amount × part ÷ whole, half to even; part and whole are positive. */
export function shareHalfEven(amount: bigint, part: bigint, whole: bigint): bigint {
  if (amount < 0n) return -shareHalfEven(-amount, part, whole);
  const down = (amount * part) / whole;
  const rest = (amount * part) % whole;
  const isUp = rest * 2n > whole || (rest * 2n === whole && down % 2n === 1n);
  return isUp ? down + 1n : down;
}

export const sizeOf = (value: bigint): bigint => (value < 0n ? -value : value);
export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** "1.5", "-0.001". */
export function written(value: bigint): string {
  const digits = sizeOf(value).toString().padStart(9, '0');
  const fraction = digits.slice(-8).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -8)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Adds to an entry of a ledger, from 0 when it is not there yet. */
export function addTo<Key>(ledger: Map<Key, bigint>, key: Key, amount: bigint): void {
  ledger.set(key, (ledger.get(key) ?? 0n) + amount);
}
