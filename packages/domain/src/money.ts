/**
 * Exact money. Every price, quantity, amount, fee and PnL is a `bigint` that counts units of 10⁻⁸
 * ("atoms"); on the wire it is a decimal string. One scale for everything keeps sums and comparisons
 * plain integer work; an instrument's increments say how fine its own prices and quantities may be.
 */

/** Decimal places of every scaled value. */
export const SCALE = 8;

/** Atoms in one whole unit: 10⁸. */
export const ONE = 100_000_000n;

/** Largest magnitude accepted at the edge: what a signed 64-bit integer holds, about 92 billion units. */
export const ATOMS_MAX = 9_223_372_036_854_775_807n;

/** Quote units per base unit, in atoms. */
export type Price = bigint;
/** Base units, in atoms. */
export type Quantity = bigint;
/** Units of some currency, in atoms. */
export type Amount = bigint;
/** A ratio (fee rate, collar, margin rate), in atoms: 0.001 is 100 000n. */
export type Rate = bigint;

const DECIMAL = /^(-?)(0|[1-9][0-9]{0,18})(?:\.([0-9]{1,8}))?$/;

/**
 * Reads a plain decimal string ("12", "0.5", "-3.25"): no exponent, no leading zeros or plus sign, at most
 * 8 decimals, within ±{@link ATOMS_MAX}.
 * @returns the value in atoms, or `null` when the text is anything else.
 */
export function parseDecimal(text: string): bigint | null {
  const length = text.length;
  // Short and ordinary strings are read digit by digit in doubles that stay exact (< 2^53).
  if (length > 0 && length <= 15) {
    let mantissa = 0;
    let decimals = -1;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 48 && code <= 57) {
        mantissa = mantissa * 10 + (code - 48);
        if (decimals >= 0) decimals++;
      } else if (code === 46 && decimals < 0 && i > 0) {
        decimals = 0;
      } else {
        return parseDecimalSlow(text);
      }
    }
    const leadingZero = length > 1 && text.charCodeAt(0) === 48 && text.charCodeAt(1) !== 46;
    if (decimals === 0 || decimals > SCALE || leadingZero) return null;
    // Only so many digits may be beyond the largest.
    const wholeDigits = decimals < 0 ? length : length - decimals - 1;
    if (wholeDigits > WHOLE_DIGITS_SAFE) return parseDecimalSlow(text);
    return BigInt(mantissa) * POWERS_OF_TEN[SCALE - Math.max(decimals, 0)]!;
  }
  return parseDecimalSlow(text);
}

/** Whole numbers of so many digits are below {@link ATOMS_MAX}. */
const WHOLE_DIGITS_SAFE = 10;
const POWERS_OF_TEN = Array.from({ length: SCALE + 1 }, (_, exponent) => 10n ** BigInt(exponent));

function parseDecimalSlow(text: string): bigint | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const fraction = (match[3] ?? '').padEnd(SCALE, '0');
  const atoms = BigInt(match[2]! + fraction);
  if (atoms > ATOMS_MAX) return null;
  return match[1] === '-' ? -atoms : atoms;
}

/** Reads a decimal literal of our own source or configuration. @throws RangeError when it is not one. */
export function decimal(text: string): bigint {
  const atoms = parseDecimal(text);
  if (atoms === null) throw new RangeError(`not a decimal with at most ${SCALE} places: ${JSON.stringify(text)}`);
  return atoms;
}

/** Writes atoms as the shortest plain decimal string: 150000000n is "1.5". */
export function formatDecimal(atoms: bigint): string {
  if (atoms === 0n) return '0';
  const negative = atoms < 0n;
  const digits = (negative ? -atoms : atoms).toString();
  const whole = digits.length > SCALE ? digits.slice(0, -SCALE) : '0';
  let end = SCALE;
  const fraction = digits.length >= SCALE ? digits.slice(-SCALE) : digits.padStart(SCALE, '0');
  while (end > 0 && fraction.charCodeAt(end - 1) === 48) end--;
  const text = end === 0 ? whole : `${whole}.${fraction.slice(0, end)}`;
  return negative ? `-${text}` : text;
}

/**
 * Price times quantity, in atoms of the quote currency. Exact for any price and quantity on an instrument's
 * increments, because {@link validateInstrument} requires the increments' product to be a whole number of atoms.
 * Anything else (never on a booked trade) rounds towards zero.
 */
export function notionalOf(price: Price, quantity: Quantity): Amount {
  return (price * quantity) / ONE;
}

/** a × b ÷ ONE, rounded away from zero: what we ask others to set aside or pay. */
export function multiplyRoundUp(a: bigint, b: bigint): bigint {
  const product = a * b;
  const quotient = product / ONE;
  if (quotient * ONE === product) return quotient;
  return product > 0n ? quotient + 1n : quotient - 1n;
}

/**
 * a × b ÷ ONE, rounded towards zero: what we charge (fees), so that the fees of any number of partial fills never add
 * up to more than the one rounded-up fee that the order's hold set aside.
 */
export const multiplyRoundDown = (a: bigint, b: bigint): bigint => (a * b) / ONE;

/** a × b ÷ c, rounded half to even; c must be positive. The one place where a share of a cost is rounded. */
export function multiplyDivideHalfEven(a: bigint, b: bigint, c: bigint): bigint {
  const product = a * b;
  const quotient = product / c;
  const twice = 2n * (product - quotient * c);
  const magnitude = twice < 0n ? -twice : twice;
  if (magnitude < c || (magnitude === c && quotient % 2n === 0n)) return quotient;
  return product < 0n ? quotient - 1n : quotient + 1n;
}

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
export const minimum = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const maximum = (a: bigint, b: bigint): bigint => (a > b ? a : b);
