/**
 * What an order trades: planned first against the displayed book (so that fill-or-kill and post-only can look before
 * they leap), then booked. Our own orders are not in the displayed book, so they never meet each other.
 */
import {
  type Instrument,
  type Liquidity,
  maximum,
  minimum,
  multiplyRoundDown,
  notionalOf,
  ONE,
  type Price,
  type Quantity,
  type Side,
} from '@oms/domain';
import type { Draft } from './draft.ts';

/** An order while a decision works it: the state's own is not touched before the events are folded. */
export interface Work {
  readonly orderId: string;
  readonly instrument: Instrument;
  readonly side: Side;
  /** Total; 0 for an order by quoteQuantity. */
  readonly quantity: Quantity;
  readonly quoteQuantity: bigint | null;
  /** Limit or protection price. */
  readonly price: Price | null;
  filledQuantity: Quantity;
  spentQuote: bigint;
  /** Executions of the order so far. */
  executions: number;
}

export interface PlannedFill {
  readonly price: Price;
  quantity: Quantity;
}

export interface Plan {
  readonly fills: PlannedFill[];
  readonly bookSequence: number;
  /** COMPLETE: nothing is left to trade. PRICE_REACHED: the book goes on beyond the limit. BOOK_EMPTY: it does not. */
  readonly end: 'COMPLETE' | 'PRICE_REACHED' | 'BOOK_EMPTY';
}

/** What most orders take when they come. Never changed. */
const NO_FILLS: PlannedFill[] = [];

/** Walks the displayed levels that are not used up yet, each at its own price, as far as the order's price allows. */
export function planTake(draft: Draft, work: Work): Plan {
  const { symbol } = work.instrument;
  const book = draft.context.market.book(symbol);
  if (book === undefined) return { fills: [], bookSequence: 0, end: 'BOOK_EMPTY' };
  const side = work.side === 'BUY' ? 'asks' : 'bids';
  const levels = work.side === 'BUY' ? book.asks : book.bids;
  const bookSequence = book.sequence;
  let fills = NO_FILLS;
  let usedUp = draft.consumedOf(symbol, side, bookSequence);
  let { filledQuantity, spentQuote } = work;
  for (let i = 0; i < levels.length; i++) {
    const price = levels[i]![0];
    const wanted = wantedAt(price, work, filledQuantity, spentQuote);
    if (wanted <= 0n) return { fills, bookSequence, end: 'COMPLETE' };
    if (isWorse(price, work)) return { fills, bookSequence, end: 'PRICE_REACHED' };
    const displayed = levels[i]![1];
    if (usedUp >= displayed) {
      usedUp -= displayed;
      continue;
    }
    const quantity = minimum(displayed - usedUp, wanted);
    usedUp = 0n;
    if (fills === NO_FILLS) fills = [{ price, quantity }];
    else fills.push({ price, quantity });
    filledQuantity += quantity;
    spentQuote += notionalOf(price, quantity);
  }
  const isComplete = work.quoteQuantity === null && filledQuantity >= work.quantity;
  return { fills, bookSequence, end: isComplete || quoteIsSpent(work, spentQuote, fills) ? 'COMPLETE' : 'BOOK_EMPTY' };
}

/** An order by quoteQuantity buys whole increments with what it has left. */
function wantedAt(price: Price, work: Work, filledQuantity: Quantity, spentQuote: bigint): Quantity {
  const { quoteQuantity, quantity } = work;
  if (quoteQuantity === null) return quantity - filledQuantity;
  const affordable = ((quoteQuantity - spentQuote) * ONE) / price;
  return affordable - (affordable % work.instrument.quantityIncrement);
}

const isWorse = (price: Price, { side, price: limit }: Work): boolean =>
  limit !== null && (side === 'BUY' ? price > limit : price < limit);

function quoteIsSpent(work: Work, spentQuote: bigint, fills: readonly PlannedFill[]): boolean {
  const newest = fills.at(-1);
  if (work.quoteQuantity === null || newest === undefined) return false;
  return work.quoteQuantity - spentQuote < notionalOf(newest.price, work.instrument.quantityIncrement);
}

/** True when nothing more of the order can trade: by quantity, or its quote buys no increment at its last price. */
export function isDone(work: Work, lastPrice: Price | null): boolean {
  if (work.quoteQuantity === null) return work.filledQuantity >= work.quantity;
  if (lastPrice === null) return false;
  return work.quoteQuantity - work.spentQuote < notionalOf(lastPrice, work.instrument.quantityIncrement);
}

/** Switch `partialFillRate`: only half of what could trade does, at least one increment. */
export function cutByFault(draft: Draft, work: Work, plan: Plan): void {
  const { partialFillRate } = draft.state.faults;
  if (partialFillRate === 0n || plan.fills.length === 0) return;
  if (!draft.throwDice('partial', `${work.orderId}|${work.filledQuantity}`, partialFillRate)) return;
  const { quantityIncrement } = work.instrument;
  const total = plan.fills.reduce((sum, fill) => sum + fill.quantity, 0n);
  let left = maximum(quantityIncrement, total / 2n - ((total / 2n) % quantityIncrement));
  for (const fill of plan.fills) {
    fill.quantity = minimum(fill.quantity, left);
    left -= fill.quantity;
  }
  while (plan.fills.at(-1)?.quantity === 0n) plan.fills.pop();
}

/** Switch `overfillRate`: what completes the order trades a tenth of it too much, at least one increment. */
function raisedByFault(draft: Draft, work: Work, quantity: Quantity): Quantity {
  const completes = work.quoteQuantity === null && work.filledQuantity + quantity >= work.quantity;
  if (!completes || !draft.throwDice('overfill', work.orderId, draft.state.faults.overfillRate)) return quantity;
  const { quantityIncrement } = work.instrument;
  const tenth = work.quantity / 10n;
  return quantity + maximum(quantityIncrement, tenth - (tenth % quantityIncrement));
}

/** Books one trade: event, report, and the running numbers of the work. `bookSequence` 0: no displayed liquidity. */
export function book(draft: Draft, work: Work, fill: PlannedFill, liquidity: Liquidity, bookSequence: number): void {
  const { orderId, instrument } = work;
  const { price } = fill;
  const quantity = raisedByFault(draft, work, fill.quantity);
  const notional = notionalOf(price, quantity);
  const fee = multiplyRoundDown(liquidity === 'TAKER' ? instrument.takerFeeRate : instrument.makerFeeRate, notional);
  const executionId = draft.nextExecutionId();
  const feeCurrency = instrument.quote;
  draft.event({
    type: 'VenueOrderTraded',
    orderId,
    executionId,
    quantity,
    price,
    fee,
    feeCurrency,
    liquidity,
    bookSequence,
  });
  const executionNumber = ++work.executions;
  draft.report({
    kind: 'TRADED',
    orderId,
    executionId,
    quantity,
    price,
    fee,
    feeCurrency,
    liquidity,
    executionNumber,
  });
  work.filledQuantity += quantity;
  work.spentQuote += notional;
}

/** Books every fill of the plan. @returns the price of the last one. */
export function bookPlan(draft: Draft, work: Work, plan: Plan): Price | null {
  for (const fill of plan.fills) book(draft, work, fill, 'TAKER', plan.bookSequence);
  return plan.fills.at(-1)?.price ?? null;
}

export function closeOrder(draft: Draft, orderId: string): void {
  draft.event({ type: 'VenueOrderClosed', orderId });
}

/** Displayed quantity at this price on the order's own side: whoever joins stands behind it. */
export function displayedAt(draft: Draft, symbol: string, side: Side, price: Price | null): Quantity {
  const levels = draft.context.market.book(symbol)?.[side === 'BUY' ? 'bids' : 'asks'];
  if (levels === undefined || price === null) return 0n;
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const levelPrice = levels[middle]![0];
    if (side === 'BUY' ? levelPrice > price : levelPrice < price) low = middle + 1;
    else high = middle;
  }
  const level = levels[low];
  return level?.[0] === price ? level[1] : 0n;
}
