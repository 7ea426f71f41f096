/** Levels of a book gathered into wider ticks, with their cumulative size. Exact: sizes are summed as atoms. */
import type { Side } from '@oms/domain';
import { atoms, roundDown } from '../numbers/decimals.ts';

export interface LadderLevel {
  readonly price: bigint;
  readonly quantity: bigint;
  readonly cumulative: bigint;
}

/**
 * @param levels `[price, quantity]`, best first
 * @param increment tick to gather by, in atoms; bids gather downwards, asks upwards, so no level looks better than it is
 */
export function groupLevels(
  levels: readonly (readonly string[])[],
  increment: bigint,
  side: Side,
  levelsMax: number,
): LadderLevel[] {
  const grouped: LadderLevel[] = [];
  let price = -1n;
  let quantity = 0n;
  let cumulative = 0n;
  const close = () => {
    if (price < 0n) return;
    cumulative += quantity;
    grouped.push({ price, quantity, cumulative });
  };
  for (const [priceText, quantityText] of levels) {
    const exact = atoms(priceText);
    const down = roundDown(exact, increment);
    const bucket = side === 'BUY' || down === exact ? down : down + increment;
    if (bucket === price) {
      quantity += atoms(quantityText);
      continue;
    }
    close();
    if (grouped.length === levelsMax) return grouped;
    price = bucket;
    quantity = atoms(quantityText);
  }
  close();
  return grouped;
}
