/**
 * Exact arithmetic on the decimal strings of the wire, and how they look to a person. Nothing here is a float but what
 * is only drawn.
 */
import { formatDecimal, ONE, parseDecimal } from '@oms/domain';

/** Atoms of a decimal string; 0 for what is no decimal. */
export const atoms = (text: string | null | undefined): bigint => (text == null ? 0n : (parseDecimal(text) ?? 0n));

/** price × quantity, truncated to 8 decimals. */
export const notionalOf = (price: bigint, quantity: bigint): bigint => (price * quantity) / ONE;

/** The largest multiple of the increment at or below the value. */
export const roundDown = (value: bigint, increment: bigint): bigint =>
  increment === 0n ? value : value - (value % increment);

export const isMultiple = (value: bigint, increment: bigint): boolean => increment === 0n || value % increment === 0n;

/** Decimals that a multiple of the increment needs: 2 for "0.01". */
export function decimalsOf(increment: string): number {
  const point = increment.indexOf('.');
  return point < 0 ? 0 : increment.length - point - 1;
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(decimalsMin: number, decimalsMax: number): Intl.NumberFormat {
  const key = `${decimalsMin}/${decimalsMax}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(undefined, {
      minimumFractionDigits: decimalsMin,
      maximumFractionDigits: decimalsMax,
      roundingMode: 'trunc',
    });
    formats.set(key, format);
  }
  return format;
}

/** Grouped as the person's language does, exactly: the string never becomes a float. */
export function show(text: string | null | undefined, decimalsMin = 0, decimalsMax = Math.max(8, decimalsMin)): string {
  if (text == null) return '–';
  return formatOf(decimalsMin, decimalsMax).format(text as Intl.StringNumericLiteral);
}

/** With the sign in front, also when it is a plus. */
export function showSigned(value: bigint, decimals = 2): string {
  const text = show(formatDecimal(value < 0n ? -value : value), decimals, decimals);
  if (value === 0n) return text;
  return `${value < 0n ? '−' : '+'}${text}`;
}

/** Change from `from` to `to` in percent with two decimals, or null without a base. */
export function percentChange(from: string | null, to: string | null): string | null {
  const base = atoms(from);
  if (from === null || to === null || base === 0n) return null;
  const hundredths = ((atoms(to) - base) * 10_000n) / base;
  const size = hundredths < 0n ? -hundredths : hundredths;
  return `${hundredths < 0n ? '−' : hundredths > 0n ? '+' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')} %`;
}

export { formatDecimal };
