/** What the instrument itself demands: that it trades, its increments, its smallest and largest order. */
import { type Amount, formatDecimal, notionalOf, ONE } from '../../money.ts';
import type { Reason } from '../../reason.ts';
import { type Assessment, expectedPriceOf, notionalOfTerms } from './assessment.ts';
import { refusal } from './refusal.ts';

/** Answered before the other checks: without an instrument there are no numbers to check. */
export const unknownInstrument = (symbol: string): Reason =>
  refusal('UNKNOWN_INSTRUMENT', `instrument ${symbol} is not listed`, { symbol });

export function instrumentTrades({ instrument: { symbol, status } }: Assessment): Reason | null {
  if (status === 'TRADING') return null;
  return refusal('INSTRUMENT_NOT_TRADING', `instrument ${symbol} is ${status}`, { symbol, status });
}

export function pricesOnIncrement({ instrument, terms }: Assessment): Reason | null {
  const increment = instrument.priceIncrement;
  const { price, stopPrice } = terms;
  const wrong =
    price !== null && (price <= 0n || price % increment !== 0n)
      ? { member: 'price', value: price }
      : stopPrice !== null && (stopPrice <= 0n || stopPrice % increment !== 0n)
        ? { member: 'stopPrice', value: stopPrice }
        : null;
  if (wrong === null) return null;
  const details = { member: wrong.member, requested: formatDecimal(wrong.value), increment: formatDecimal(increment) };
  const message = `${wrong.member} ${details.requested} is not a positive multiple of ${details.increment}`;
  return refusal('PRICE_INCREMENT', message, details);
}

export function quantityOnIncrement({ instrument, terms }: Assessment): Reason | null {
  if (terms.quoteQuantity !== null || terms.quantity % instrument.quantityIncrement === 0n) return null;
  const details = {
    requested: formatDecimal(terms.quantity),
    increment: formatDecimal(instrument.quantityIncrement),
  };
  const message = `quantity ${details.requested} is not a multiple of ${details.increment}`;
  return refusal('QUANTITY_INCREMENT', message, details);
}

/** An order by quoteQuantity must buy the smallest quantity at the reference price. */
export function quantityReachesMin({ instrument, terms, reference }: Assessment): Reason | null {
  const { quantity, quoteQuantity } = terms;
  let expected = quantity;
  if (quoteQuantity !== null) {
    if (reference === null) return null;
    expected = (quoteQuantity * ONE) / reference;
  }
  if (expected >= instrument.minQuantity) return null;
  const details = { requested: formatDecimal(expected), min: formatDecimal(instrument.minQuantity) };
  return refusal('QUANTITY_BELOW_MIN', `quantity ${details.requested} is below the smallest, ${details.min}`, details);
}

export function quantityWithinMax({ instrument, terms }: Assessment): Reason | null {
  if (terms.quantity <= instrument.maxQuantity) return null;
  const details = { requested: formatDecimal(terms.quantity), max: formatDecimal(instrument.maxQuantity) };
  return refusal('QUANTITY_EXCEEDS_MAX', `quantity ${details.requested} is above the largest, ${details.max}`, details);
}

/** An order without any price to judge it by passes here and is refused by the price collar. */
export function notionalReachesMin(assessment: Assessment): Reason | null {
  const { instrument } = assessment;
  const notional = expectedNotionalOf(assessment);
  if (notional === null || notional >= instrument.minNotional) return null;
  const details = { requested: formatDecimal(notional), min: formatDecimal(instrument.minNotional) };
  return refusal('NOTIONAL_BELOW_MIN', `notional ${details.requested} is below the smallest, ${details.min}`, details);
}

/** By a limit price no rounding takes part: price and quantity were found to be on their increments before. */
function expectedNotionalOf(assessment: Assessment): Amount | null {
  const { terms } = assessment;
  if (terms.quoteQuantity !== null) return terms.quoteQuantity;
  if (terms.price !== null) return notionalOfTerms(assessment);
  const price = expectedPriceOf(assessment);
  return price === null ? null : notionalOf(price, terms.quantity);
}
