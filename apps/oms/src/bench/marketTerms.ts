/**
 * What the orders of the benchmark say at the market as it is: small LIMIT orders at the minimum size, one price through
 * the market that trades, and several a little away from it that rest.
 */
import type { BookView, InstrumentView } from '@oms/client';
import { decimal, formatDecimal, maximum, ONE } from '@oms/domain';

/** Distances from the market, in parts of 10 000. */
const CROSSING_DISTANCE = 20n;
const RESTING_DISTANCES = [20n, 30n, 40n, 60n, 80n, 120n, 160n, 240n] as const;
const PARTS = 10_000n;

/** How many ways there are to price an order of one instrument and side: the one that trades first. */
export const TERMS_PER_SIDE = 1 + RESTING_DISTANCES.length;

/** Quantity and price as decimal texts. */
export interface Terms {
  readonly quantity: string;
  readonly price: string;
  /** Another quantity, for replacing the order. */
  readonly replacedQuantity: string;
}

export interface SymbolTerms {
  readonly symbol: string;
  /** The crossing price first. */
  readonly buy: readonly Terms[];
  readonly sell: readonly Terms[];
}

/** null when a side of the book is empty. */
export function termsOf(instrument: InstrumentView, book: BookView): SymbolTerms | null {
  const bidText = book.bids[0]?.[0];
  const askText = book.asks[0]?.[0];
  if (bidText === undefined || askText === undefined) return null;
  const bid = decimal(bidText);
  const ask = decimal(askText);
  const increment = decimal(instrument.priceIncrement);
  const away = (price: bigint, parts: bigint): Terms => {
    const moved = (price * (PARTS + parts)) / PARTS;
    return termsAt(instrument, maximum(moved - (moved % increment), increment));
  };
  return {
    symbol: instrument.symbol,
    buy: [away(ask, CROSSING_DISTANCE), ...RESTING_DISTANCES.map((parts) => away(bid, -parts))],
    sell: [away(bid, -CROSSING_DISTANCE), ...RESTING_DISTANCES.map((parts) => away(ask, parts))],
  };
}

/** The smallest quantity that the instrument takes at this price. */
function termsAt(instrument: InstrumentView, price: bigint): Terms {
  const increment = decimal(instrument.quantityIncrement);
  const byNotional = (decimal(instrument.minNotional) * ONE) / price;
  const quantity = maximum(decimal(instrument.minQuantity), (byNotional / increment + 1n) * increment);
  return {
    quantity: formatDecimal(quantity),
    price: formatDecimal(price),
    replacedQuantity: formatDecimal(quantity * 2n),
  };
}
