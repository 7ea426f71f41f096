/**
 * I6: a hold must stand for its order. When it is placed or raised its terms are the order's; at the end of every
 * group an open order has a hold of just what is left of it, and a closed one has none.
 */
import type { FillReversed, HoldPlaced, HoldRaised, Instrument, Side } from '@oms/domain';
import type { Findings } from '../findings.ts';
import { larger, written } from './exactNumbers.ts';
import type { HoldFacts } from './holdFacts.ts';
import { isOpenOrder, type OrderFacts, waitsForReplace } from './orderFacts.ts';

const textOf = (value: bigint | null): string => (value === null ? 'none' : written(value));

/** Adds what differs to the others, as "quantity 1 instead of 2"; '' while nothing does. */
function differing(others: string, name: string, got: bigint | null, expected: bigint | null): string {
  if (got === expected) return others;
  return `${others}${others === '' ? '' : ', '}${name} ${textOf(got)} instead of ${textOf(expected)}`;
}

export function checkPlacedHold(
  findings: Findings,
  position: number,
  order: OrderFacts,
  event: HoldPlaced,
  instrument: Instrument,
): void {
  const { orderId, side } = order;
  const { holdPrice } = event;
  const expectedPrice = holdPriceOf(holdPrice, event.price ?? event.protectionPrice, instrument, side);
  let wrong = differing('', 'quantity', event.quantity, order.placedQuantity ?? event.quantity);
  wrong = differing(wrong, 'quoteQuantity', event.quoteQuantity, order.quoteQuantity);
  wrong = differing(wrong, 'price', event.price, order.price);
  wrong = differing(wrong, 'stopPrice', event.stopPrice, order.stopPrice);
  wrong = differing(wrong, 'holdPrice', holdPrice, expectedPrice);
  const sameOrder =
    event.accountId === order.accountId &&
    event.symbol === order.symbol &&
    event.side === side &&
    event.reduceOnly === order.reduceOnly;
  findings.expect(
    sameOrder && order.phase === 'INITIALIZED',
    'I6',
    position,
    () =>
      `a hold is placed as ${event.side} ${event.symbol} of ${event.accountId} for order ${orderId}, which is ${order.side} ${order.symbol} of ${order.accountId} and ${order.phase}`,
  );
  findings.expect(
    wrong === '',
    'I6',
    position,
    () => `the hold of order ${orderId} of ${order.accountId} has ${wrong}`,
  );
}

export function checkRaisedHold(
  findings: Findings,
  position: number,
  order: OrderFacts | undefined,
  event: HoldRaised,
  instrument: Instrument,
  side: Side,
): void {
  const request = order?.requests?.get(event.requestId);
  if (request?.kind !== 'REPLACE') {
    findings.expect(
      false,
      'I6',
      position,
      () => `the hold of order ${event.orderId} is raised for ${event.requestId}, which is no waiting replace of it`,
    );
    return;
  }
  const { holdPrice } = event;
  let wrong = differing('', 'quantity', event.quantity, request.quantity);
  wrong = differing(wrong, 'price', event.price, request.price);
  wrong = differing(wrong, 'stopPrice', event.stopPrice, request.stopPrice);
  wrong = differing(wrong, 'holdPrice', holdPrice, holdPriceOf(holdPrice, event.price, instrument, side));
  findings.expect(
    wrong === '',
    'I6',
    position,
    () => `the hold of order ${event.orderId} is raised for ${event.requestId} with ${wrong}`,
  );
}

/** The hold of an order that is open again: its prices are compared with the order's at the end of the group. */
export function checkReopenedHold(
  findings: Findings,
  position: number,
  event: FillReversed,
  instrument: Instrument,
  before: HoldFacts | undefined,
): void {
  const { reopened, orderId, accountId, side } = event;
  if (reopened === null) return;
  const { holdPrice, price, protectionPrice } = reopened;
  const expectedPrice = holdPriceOf(holdPrice, price ?? protectionPrice, instrument, side);
  const wrong = differing('', 'holdPrice', holdPrice, expectedPrice);
  const about = `the hold of order ${orderId} of ${accountId} starts again`;
  findings.expect(before === undefined, 'I6', position, () => `${about}, but was not done`);
  findings.expect(wrong === '', 'I6', position, () => `${about} with ${wrong}`);
}

/**
 * What the hold price should be, as far as the journal tells: the limit or protection price itself; a perpetual sale
 * may be held for at a higher one.
 */
function holdPriceOf(holdPrice: bigint, worst: bigint | null, instrument: Instrument, side: Side): bigint {
  if (worst === null) return holdPrice;
  return instrument.kind === 'SPOT' || side === 'BUY' ? worst : larger(worst, holdPrice);
}

const named = (order: OrderFacts): string => `order ${order.orderId} of ${order.accountId}`;

/** @param position the last of the group */
export function checkOrderAgainstHold(
  findings: Findings,
  position: number,
  order: OrderFacts,
  hold: HoldFacts | undefined,
): void {
  findings.looked('I6');
  if (!isOpenOrder(order)) {
    if (hold === undefined || (order.phase === 'FILLED' && waitsForReplace(order))) return;
    findings.breach(
      'I6',
      position,
      `${named(order)} is ${order.phase}, but ${written(hold.numbers.amount)} are still held for it`,
    );
    return;
  }
  if (order.phase === 'INITIALIZED') return;
  if (hold === undefined) {
    findings.breach('I6', position, `${named(order)} is ${order.phase}, but nothing is held for it`);
    return;
  }
  let wrong = differing('', 'filled', hold.filled, order.filled);
  wrong = differing(wrong, 'filled quote', hold.filledQuote, order.quote);
  wrong = differing(wrong, 'price', hold.terms.price, order.price);
  wrong = differing(wrong, 'stopPrice', hold.terms.stopPrice, order.stopPrice);
  wrong = differing(wrong, 'protectionPrice', hold.protectionPrice, order.protectionPrice);
  if (order.quoteQuantity === null) wrong = differing(wrong, 'quantity', hold.terms.quantity, order.quantity);
  if (wrong !== '') findings.breach('I6', position, `the hold of ${named(order)} has ${wrong}`);
}
