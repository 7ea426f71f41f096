/** What is set aside is never less than what the order may cost, to the atom, and at most two atoms more. */
import { type HeldOrder, type HoldTerms, holdAmountUnder, type Instrument, maximum, ONE } from '@oms/domain';
import { TEST_INSTRUMENT } from '@oms/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const UNFILLED = { reduceOnly: false, filledQuantity: 0n, filledQuote: 0n };
const BUY: HeldOrder = { ...UNFILLED, side: 'BUY' };
const PERPETUAL: Instrument = { ...TEST_INSTRUMENT, kind: 'PERPETUAL' };

const rate = fc.bigInt({ min: 0n, max: ONE / 10n });
const terms = fc
  .record({ quantity: fc.bigInt({ min: 1n, max: 10n ** 13n }), holdPrice: fc.bigInt({ min: 1n, max: 10n ** 14n }) })
  .map((numbers): HoldTerms => ({ ...numbers, quoteQuantity: null, price: numbers.holdPrice, stopPrice: null }));

/** Held, in units of 10⁻²⁴: without any rounding. */
const exactly = (amount: bigint) => amount * ONE * ONE;

function expectCovered(held: bigint, exact: bigint): void {
  expect(exactly(held) - exact).toBeGreaterThanOrEqual(0n);
  expect(exactly(held) - exact).toBeLessThan(exactly(3n));
}

describe('a hold covers', () => {
  it('a spot purchase with the dearer fee', () => {
    fc.assert(
      fc.property(terms, rate, rate, (asked, makerFeeRate, takerFeeRate) => {
        const instrument = { ...TEST_INSTRUMENT, makerFeeRate, takerFeeRate };
        const dearer = maximum(makerFeeRate, takerFeeRate);
        const exact = asked.holdPrice * asked.quantity * (ONE + dearer);
        expectCovered(holdAmountUnder(instrument, asked, BUY), exact);
      }),
    );
  });

  it('the margin of a perpetual with its fee', () => {
    fc.assert(
      fc.property(terms, rate, rate, (asked, initialMarginRate, takerFeeRate) => {
        const instrument = { ...PERPETUAL, initialMarginRate, takerFeeRate, makerFeeRate: 0n };
        const exact = asked.holdPrice * asked.quantity * (initialMarginRate + takerFeeRate);
        expectCovered(holdAmountUnder(instrument, asked, BUY), exact);
      }),
    );
  });
});
