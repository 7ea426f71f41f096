/** Limits on one order by itself: its size, its value, and how far its price may be from the market. */
import { absolute, formatDecimal, ONE, type Price } from '../../money.ts';
import type { Reason } from '../../reason.ts';
import { type Assessment, changesPrices, notionalOfTerms } from './assessment.ts';
import { limitRefusal, refusal, scopeOf } from './refusal.ts';

/** A reference price older than this counts as missing. */
export const REFERENCE_PRICE_AGE_MS_MAX = 60_000;

export function orderQuantityWithinLimit(assessment: Assessment): Reason | null {
  const { terms } = assessment;
  const limit = assessment.limits.orderQuantityMax;
  if (terms.quantity <= limit) return null;
  const use = { scope: scopeOf(assessment, 'orderQuantityMax'), limit, used: 0n, requested: terms.quantity };
  return limitRefusal('ORDER_QUANTITY_EXCEEDS_LIMIT', 'quantity of the order', 'orderQuantityMax', use);
}

/** Judged by the limit price, and by the worst price it may trade at when it has none. */
export function orderNotionalWithinLimit(assessment: Assessment): Reason | null {
  const { terms } = assessment;
  const limit = assessment.limits.orderNotionalMax;
  const requested = terms.quoteQuantity ?? notionalOfTerms(assessment);
  if (requested <= limit) return null;
  const use = { scope: scopeOf(assessment, 'orderNotionalMax'), limit, used: 0n, requested };
  return limitRefusal('ORDER_NOTIONAL_EXCEEDS_LIMIT', 'notional of the order', 'orderNotionalMax', use);
}

/**
 * A limit price may be at most the collar away from the reference price, on either side: too high and too low are
 * both typing errors. A STOP_LIMIT is measured from its own stop price, and stop prices are free. Whatever depends on
 * the reference price is refused while that is missing or stale.
 */
export function priceWithinCollar(assessment: Assessment): Reason | null {
  const { hold, terms } = assessment;
  const { price, stopPrice } = terms;
  if (hold !== null && !changesPrices(hold, terms)) return null;
  if (stopPrice !== null) {
    return price === null ? stopWithinProtection(assessment, stopPrice) : distanceWithin(assessment, price, stopPrice);
  }
  const { reference, prices, context } = assessment;
  if (reference === null || prices === undefined) {
    const message = `there is no reference price for ${assessment.instrument.symbol}`;
    return refusal('PRICE_OUTSIDE_COLLAR', message, { referencePrice: 'missing' });
  }
  const ageMs = context.now - prices.time;
  if (ageMs > REFERENCE_PRICE_AGE_MS_MAX) {
    const details = { referencePrice: 'stale', ageMs: String(ageMs), ageMsMax: String(REFERENCE_PRICE_AGE_MS_MAX) };
    return refusal('PRICE_OUTSIDE_COLLAR', `the reference price is ${ageMs} ms old`, details);
  }
  return price === null ? null : distanceWithin(assessment, price, reference);
}

function distanceWithin(assessment: Assessment, price: Price, reference: Price): Reason | null {
  const { priceCollarRate: collarRate } = assessment.limits;
  const distance = absolute(price - reference);
  if (distance * ONE <= collarRate * reference) return null;
  const details = {
    requested: formatDecimal(price),
    referencePrice: formatDecimal(reference),
    distance: formatDecimal((distance * ONE + reference - 1n) / reference),
    limit: formatDecimal(collarRate),
    scope: scopeOf(assessment, 'priceCollarRate'),
    limitName: 'priceCollarRate',
  };
  const message = `price ${details.requested} is further than ${details.limit} of ${details.referencePrice} away from it`;
  return refusal('PRICE_OUTSIDE_COLLAR', message, details);
}

/**
 * A replaced STOP keeps the protection price it was approved with; beyond it, it could be triggered but never trade.
 */
function stopWithinProtection({ hold, protectionPrice, side }: Assessment, stopPrice: Price): Reason | null {
  if (hold === null || protectionPrice === null) return null;
  if (side === 'BUY' ? stopPrice <= protectionPrice : stopPrice >= protectionPrice) return null;
  const details = { requested: formatDecimal(stopPrice), protectionPrice: formatDecimal(protectionPrice) };
  const message = `stop price ${details.requested} is beyond the order's protection price ${details.protectionPrice}`;
  return refusal('PRICE_OUTSIDE_COLLAR', message, details);
}
