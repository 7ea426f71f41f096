/**
 * The worst price an order may trade at: what its hold is computed with, and the protection price that keeps the
 * venue from trading worse. Derived from the limit price, or from an anchor (the stop price, else the reference
 * price) moved by the price collar and snapped outwards to the price increment.
 */
import type { Instrument } from '../instrument.ts';
import { type ReferencePrices, referencePriceOf } from '../market.ts';
import { maximum, ONE, type Price, type Quantity, type Rate } from '../money.ts';
import type { Side } from '../orders/order.ts';

/** anchor × (1 + rate), rounded up to the increment. */
export function collarTop(anchor: Price, rate: Rate, increment: Price): Price {
  const step = increment * ONE;
  return ((anchor * (ONE + rate) + step - 1n) / step) * increment;
}

/** anchor × (1 − rate), rounded down to the increment, at least one increment. */
export function collarBottom(anchor: Price, rate: Rate, increment: Price): Price {
  const bottom = ((anchor * (ONE - rate)) / (increment * ONE)) * increment;
  return maximum(bottom, increment);
}

/** A price of nothing is no price to derive anything from. */
export function usableReference(prices: ReferencePrices | undefined): Price | null {
  const reference = referencePriceOf(prices);
  return reference !== null && reference > 0n ? reference : null;
}

/** The prices of an order that its worst price follows from. */
export interface PricedOrder {
  readonly side: Side;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
}

/** Where a price-less order is expected to trade: at its stop price, else at the reference price. */
export const anchorOf = (order: PricedOrder, reference: Price | null): Price | null => order.stopPrice ?? reference;

/** @returns `null` when the order has a limit price, or when nothing is known to derive it from */
export function protectionPriceOf(
  instrument: Instrument,
  order: PricedOrder,
  reference: Price | null,
  collarRate: Rate,
): Price | null {
  const anchor = anchorOf(order, reference);
  if (order.price !== null || anchor === null) return null;
  return order.side === 'BUY'
    ? collarTop(anchor, collarRate, instrument.priceIncrement)
    : collarBottom(anchor, collarRate, instrument.priceIncrement);
}

/** @returns 0 when nothing is known to derive it from: the collar check refuses such an order */
export function holdPriceOf(
  instrument: Instrument,
  order: PricedOrder,
  reference: Price | null,
  collarRate: Rate,
): Price {
  const worst = order.price ?? protectionPriceOf(instrument, order, reference, collarRate) ?? 0n;
  return holdPriceFrom(worst, instrument, order, reference, collarRate);
}

/**
 * A short PERPETUAL costs more margin the *higher* it is sold, so its hold is computed at the top of the collar.
 * @param worst the order's limit price, or the protection price it was approved with
 */
export function holdPriceFrom(
  worst: Price,
  instrument: Instrument,
  order: PricedOrder,
  reference: Price | null,
  collarRate: Rate,
): Price {
  if (instrument.kind === 'SPOT' || order.side === 'BUY') return worst;
  const anchor = anchorOf(order, reference);
  return anchor === null ? worst : maximum(worst, collarTop(anchor, collarRate, instrument.priceIncrement));
}

/** The most base units a quote amount may buy: at the bottom of the collar, rounded up to the increment. */
export function mostBoughtWith(
  instrument: Instrument,
  quoteQuantity: bigint,
  reference: Price | null,
  collarRate: Rate,
): Quantity {
  if (reference === null) return 0n;
  const step = collarBottom(reference, collarRate, instrument.priceIncrement) * instrument.quantityIncrement;
  return ((quoteQuantity * ONE + step - 1n) / step) * instrument.quantityIncrement;
}
