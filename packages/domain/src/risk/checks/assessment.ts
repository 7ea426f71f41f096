/**
 * What the risk checks look at: one order, or one replace, with its numbers worked out once. For a replace the
 * `added…` numbers are only what it asks beyond what the order's hold already covers.
 */
import type { DecisionContext } from '../../decision.ts';
import type { Instrument } from '../../instrument.ts';
import type { ReferencePrices } from '../../market.ts';
import type { AssessOrder, AssessReplace } from '../../messages.ts';
import { type Amount, maximum, multiplyRoundUp, type Price, type Quantity, type Rate } from '../../money.ts';
import type { Side } from '../../orders/order.ts';
import type { EffectiveLimits } from '../effectiveLimits.ts';
import { holdPriceOf, mostBoughtWith, type PricedOrder, protectionPriceOf, usableReference } from '../holdPrice.ts';
import { countedNotional, type HeldOrder, holdAmount, leavesUnder, openNotionalUnder } from '../holds.ts';
import type { AccountRisk, Exposure, Hold, HoldTerms, RiskState } from '../state.ts';

export interface Assessment {
  readonly state: RiskState;
  readonly context: DecisionContext;
  readonly account: AccountRisk;
  readonly limits: EffectiveLimits;
  readonly instrument: Instrument;
  /** `undefined` before the account's first order in the instrument. */
  readonly exposure: Exposure | undefined;
  /** Signed position in the instrument. */
  readonly position: Quantity;
  readonly side: Side;
  readonly reduceOnly: boolean;
  /** Set when this is a replace: the hold of the order as it stands. */
  readonly hold: Hold | null;
  /** The terms asked for. */
  readonly terms: HoldTerms;
  readonly protectionPrice: Price | null;
  /** The newest prices, however old; the reference price made of them. */
  readonly prices: ReferencePrices | undefined;
  readonly reference: Price | null;
  /** What may trade of it, and what of that is not covered by the order's hold yet. */
  readonly leaves: Quantity;
  /** Notional of the leaves at the hold price; of an order by quoteQuantity what is left to spend. */
  readonly openNotional: Amount;
  readonly addedQuantity: Quantity;
  readonly addedNotional: Amount;
  readonly addedHold: Amount;
}

export function assessmentOfOrder(
  message: AssessOrder,
  account: AccountRisk,
  instrument: Instrument,
  state: RiskState,
  context: DecisionContext,
): Assessment {
  const { side, quantity, quoteQuantity, price, stopPrice, reduceOnly } = message.terms;
  const limits = account.effectiveLimits;
  const prices = context.market.prices(instrument.symbol);
  const reference = usableReference(prices);
  const collarRate = limits.priceCollarRate;
  const exposure = account.exposures.get(instrument.symbol);
  const terms: HoldTerms = {
    quantity: quantity ?? mostBoughtWith(instrument, quoteQuantity ?? 0n, reference, collarRate),
    quoteQuantity,
    price,
    stopPrice,
    holdPrice: holdPriceOf(instrument, message.terms, reference, collarRate),
  };
  const order: HeldOrder = { side, reduceOnly, filledQuantity: 0n, filledQuote: 0n };
  const leaves = leavesUnder(terms, order);
  const openNotional = openNotionalUnder(terms, order, leaves);
  return {
    state,
    context,
    account,
    limits,
    instrument,
    exposure,
    position: (exposure === undefined ? account.positions.get(instrument.symbol) : exposure.position)?.quantity ?? 0n,
    side,
    reduceOnly,
    hold: null,
    terms,
    protectionPrice: protectionPriceOf(instrument, message.terms, reference, collarRate),
    prices,
    reference,
    leaves: terms.quantity,
    openNotional,
    addedQuantity: terms.quantity,
    addedNotional: countedNotional(order, openNotional),
    addedHold: holdAmount(instrument, order, leaves, openNotional),
  };
}

export function assessmentOfReplace(
  message: AssessReplace,
  hold: Hold,
  state: RiskState,
  context: DecisionContext,
): Assessment {
  const { exposure } = hold;
  const { account, instrument } = exposure;
  const limits = account.effectiveLimits;
  const prices = context.market.prices(instrument.symbol);
  const reference = usableReference(prices);
  const { quantity, price, stopPrice } = message;
  const asked = { side: hold.side, price, stopPrice };
  const holdPrice = replacedHoldPrice(instrument, hold, asked, reference, limits.priceCollarRate);
  const terms: HoldTerms = { quantity, quoteQuantity: null, price, stopPrice, holdPrice };
  const leaves = leavesUnder(terms, hold);
  const openNotional = openNotionalUnder(terms, hold, leaves);
  return {
    state,
    context,
    account,
    limits,
    instrument,
    exposure,
    position: exposure.position?.quantity ?? 0n,
    side: hold.side,
    reduceOnly: hold.reduceOnly,
    hold,
    terms,
    protectionPrice: hold.protectionPrice,
    prices,
    reference,
    leaves,
    openNotional,
    addedQuantity: maximum(leaves - hold.openQuantity, 0n),
    addedNotional: maximum(countedNotional(hold, openNotional) - hold.openNotional, 0n),
    addedHold: maximum(holdAmount(instrument, hold, leaves, openNotional) - hold.amount, 0n),
  };
}

/**
 * A replace that leaves the prices alone keeps the hold price. An order without a limit price keeps the protection
 * price it was approved with, because the venue does, so its hold price never falls below it.
 */
function replacedHoldPrice(
  instrument: Instrument,
  hold: Hold,
  asked: PricedOrder,
  reference: Price | null,
  collarRate: Rate,
): Price {
  const { terms, protectionPrice } = hold;
  if (!changesPrices(hold, asked)) return terms.holdPrice;
  const holdPrice = holdPriceOf(instrument, asked, reference, collarRate);
  if (protectionPrice === null) return holdPrice;
  return instrument.kind === 'PERPETUAL' && hold.side === 'SELL'
    ? maximum(holdPrice, terms.holdPrice)
    : protectionPrice;
}

/** Whether a replace asks for another limit or stop price. */
export const changesPrices = (hold: Hold, asked: Pick<PricedOrder, 'price' | 'stopPrice'>): boolean =>
  asked.price !== hold.terms.price || asked.stopPrice !== hold.terms.stopPrice;

/** A replace that only takes quantity away: it asks for nothing. */
export const onlyShrinks = (assessment: Assessment): boolean =>
  assessment.hold !== null &&
  assessment.terms.quantity <= assessment.hold.terms.quantity &&
  !changesPrices(assessment.hold, assessment.terms);

/** The price the order's value is judged by: its own, else its stop price, else what the market says. */
export const expectedPriceOf = ({ terms, reference }: Assessment): Price | null =>
  terms.price ?? terms.stopPrice ?? reference;

/**
 * Notional of all of an order that has no quoteQuantity, at its limit price or else at the worst price it may trade at,
 * rounded up: nearly always what its hold was worked out with.
 */
export function notionalOfTerms({ terms, leaves, openNotional }: Assessment): Amount {
  const price = terms.price ?? terms.holdPrice;
  const isHeldFor = price === terms.holdPrice && leaves === terms.quantity;
  return isHeldFor ? openNotional : multiplyRoundUp(price, terms.quantity);
}
