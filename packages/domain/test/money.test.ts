/** Money is exact: decimals come back to the letter, and every rounding goes the way that it says, at any size. */
import {
  ATOMS_MAX,
  formatDecimal,
  multiplyDivideHalfEven,
  multiplyRoundDown,
  multiplyRoundUp,
  notionalOf,
  ONE,
  parseDecimal,
} from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const atoms = fc.oneof(
  fc.bigInt({ min: 0n, max: 1_000n }),
  fc.bigInt({ min: 0n, max: 10n ** 13n }),
  // Far beyond what a double can hold.
  fc.bigInt({ min: 0n, max: ATOMS_MAX }),
);
const signed = fc.tuple(atoms, fc.boolean()).map(([value, negative]) => (negative ? -value : value));
const positive = atoms.map((value) => value + 1n);

describe('decimals', () => {
  it('come back to the letter', () => {
    fc.assert(
      fc.property(signed, (value) => {
        expect(parseDecimal(formatDecimal(value))).toBe(value);
      }),
    );
  });

  it('are read digit by digit: a double would lose the last ones of a large number', () => {
    const whole = fc.bigInt({ min: 0n, max: 9_999_999_999n });
    fc.assert(
      fc.property(whole, fc.stringMatching(/^[0-9]{1,8}$/), (units, fraction) => {
        expect(parseDecimal(`${units}.${fraction}`)).toBe(units * ONE + BigInt(fraction.padEnd(8, '0')));
      }),
    );
    for (const [text, value] of [
      ['9999999999.9999', 999_999_999_999_990_000n],
      ['9007199254.7411', 900_719_925_474_110_000n],
      ['1234567890.1237', 123_456_789_012_370_000n],
    ] as const) {
      expect(parseDecimal(text)).toBe(value);
    }
  });

  it.each([
    ['92233720368.54775807', ATOMS_MAX],
    ['12345678901.23', 1_234_567_890_123_000_000n],
    ['90071992547.41', 9_007_199_254_741_000_000n],
    ['92233720368', 9_223_372_036_800_000_000n],
    // Short, and beyond the largest all the same.
    ['92233720369', null],
    ['99999999999999', null],
    ['0.29', 29_000_000n],
    ['1.1', 110_000_000n],
    ['0.00000001', 1n],
    ['-0.00000001', -1n],
    ['92233720368.54775808', null],
    ['0.000000001', null],
    ['01', null],
    ['1.', null],
    ['.5', null],
    ['1e3', null],
    ['+1', null],
    ['', null],
  ])('%j is %s', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });
});

/** Exactly: a × b = quotient × divisor + what rounding took away. */
const lost = (a: bigint, b: bigint, divisor: bigint, quotient: bigint): bigint => a * b - quotient * divisor;

describe('rounding', () => {
  it('a notional and a fee lose less than an atom, towards zero', () => {
    fc.assert(
      fc.property(atoms, atoms, (a, b) => {
        for (const multiply of [notionalOf, multiplyRoundDown]) {
          const down = lost(a, b, ONE, multiply(a, b));
          expect(down >= 0n && down < ONE).toBe(true);
        }
      }),
    );
  });

  it('what is set aside gains less than an atom, away from zero', () => {
    fc.assert(
      fc.property(signed, atoms, (a, b) => {
        const gained = lost(a < 0n ? -a : a, b, ONE, a < 0n ? -multiplyRoundUp(a, b) : multiplyRoundUp(a, b));
        expect(gained <= 0n && gained > -ONE).toBe(true);
      }),
    );
  });

  it('a share of a cost is the nearest, and the even one in the middle', () => {
    fc.assert(
      fc.property(signed, atoms, positive, (a, b, c) => {
        const share = multiplyDivideHalfEven(a, b, c);
        const twice = 2n * lost(a, b, c, share);
        expect(twice <= c && twice >= -c).toBe(true);
        if (twice === c || twice === -c) expect(share % 2n).toBe(0n);
      }),
    );
    expect([1n, 3n, 5n, -1n, -3n].map((a) => multiplyDivideHalfEven(a, 1n, 2n))).toEqual([0n, 2n, 2n, 0n, -2n]);
  });

  it('the fees of any partial fills never exceed the fee that was held for the whole', () => {
    fc.assert(
      fc.property(fc.array(atoms, { maxLength: 20 }), fc.bigInt({ min: 0n, max: ONE }), (fills, rate) => {
        const fees = fills.reduce((sum, fill) => sum + multiplyRoundDown(rate, fill), 0n);
        const whole = fills.reduce((sum, fill) => sum + fill, 0n);
        expect(fees <= multiplyRoundUp(rate, whole)).toBe(true);
      }),
    );
  });
});
