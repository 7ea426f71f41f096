/**
 * Average-cost accounting, slow and obvious: the open quantity as a list of lots, every lot at its own price, and
 * exact fractions for the average. Written from domain rule 13, apart from the code it judges.
 */

export interface ReferenceTrade {
  readonly side: 'BUY' | 'SELL';
  readonly quantity: bigint;
  readonly price: bigint;
}

/** A fraction of two integers; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const fraction = (numerator: bigint, denominator = 1n): Fraction => ({ numerator, denominator });
const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
const times = (a: Fraction, factor: bigint): Fraction => fraction(a.numerator * factor, a.denominator);

export interface ReferencePosition {
  /** Signed. */
  readonly quantity: bigint;
  /** Σ price × quantity of what is open, and of what was earned: both exact, in price × quantity units. */
  readonly openCost: Fraction;
  readonly realized: Fraction;
}

/** Trades one atom of quantity after the other would be the definition; whole parts give the same. */
export function averageCost(trades: readonly ReferenceTrade[]): ReferencePosition {
  let quantity = 0n;
  let averagePrice = fraction(0n);
  let realized = fraction(0n);
  for (const trade of trades) {
    const direction = trade.side === 'BUY' ? 1n : -1n;
    const openDirection = quantity > 0n ? 1n : quantity < 0n ? -1n : 0n;
    const openSize = quantity * openDirection;
    let rest = trade.quantity;
    if (openDirection === -direction) {
      const closed = rest < openSize ? rest : openSize;
      const gainPerUnit = times(plus(fraction(trade.price), times(averagePrice, -1n)), openDirection);
      realized = plus(realized, times(gainPerUnit, closed));
      quantity += direction * closed;
      rest -= closed;
    }
    if (rest > 0n) {
      const size = quantity * direction;
      const cost = plus(times(averagePrice, size), fraction(trade.price * rest));
      averagePrice = fraction(cost.numerator, cost.denominator * (size + rest));
      quantity += direction * rest;
    }
  }
  const size = quantity < 0n ? -quantity : quantity;
  return { quantity, openCost: times(averagePrice, size), realized };
}
