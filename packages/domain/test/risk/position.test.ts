/** The position against the slow reference: never further from the exact average cost than its rounding allows. */
import { decimal, ONE } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageCost, type Fraction, type ReferenceTrade } from './averageCostReference.ts';
import { RiskHouse } from './riskHouse.ts';

const trade: fc.Arbitrary<ReferenceTrade> = fc.record({
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  quantity: fc.bigInt(1n, 3_000n).map((steps) => steps * decimal('0.001')),
  price: fc.bigInt(1n, 400n).map((steps) => steps * decimal('0.5')),
});

/** |booked − exact| in atoms, rounded up; the reference counts in price × quantity units. */
function distance(booked: bigint, { numerator, denominator }: Fraction): bigint {
  const difference = booked * ONE * denominator - numerator;
  const size = difference < 0n ? -difference : difference;
  return (size + ONE * denominator - 1n) / (ONE * denominator);
}

describe('average-cost accounting', () => {
  it('equals the exact reference up to half an atom for every trade that closes a part', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
        const house = new RiskHouse();
        trades.forEach(({ side, quantity, price }, index) => {
          const fill = { ...house.fillOf({ symbol: 'BTC-PERP', side }), quantity, price };
          house.run(fill);
          const exact = averageCost(trades.slice(0, index + 1));
          const position = house.account().positions.get('BTC-PERP')!;
          expect(position.quantity).toBe(exact.quantity);
          const roundedAtMost = BigInt(index + 2) / 2n;
          expect(distance(position.openCost, exact.openCost)).toBeLessThanOrEqual(roundedAtMost);
          expect(distance(position.realizedPnl, exact.realized)).toBeLessThanOrEqual(roundedAtMost);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('loses no atom: what was paid is either open cost or realized', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
        const house = new RiskHouse();
        let cash = 0n;
        for (const { side, quantity, price } of trades) {
          house.run({ ...house.fillOf({ symbol: 'BTC-PERP', side }), quantity, price });
          cash += ((side === 'BUY' ? -1n : 1n) * (price * quantity)) / ONE;
          const { quantity: open, openCost, realizedPnl } = house.account().positions.get('BTC-PERP')!;
          expect(openCost).toBeGreaterThanOrEqual(0n);
          expect(open === 0n ? openCost : 0n).toBe(0n);
          expect(realizedPnl).toBe(cash + (open >= 0n ? openCost : -openCost));
        }
      }),
      { numRuns: 100 },
    );
  });
});
