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

/** What differs, as "quantity 1 instead of 2"; empty when nothing does. */
function differences(pairs: readonly (readonly [name: string, got: bigint | null, expected: bigint | null])[]): string {
  return pairs
    .filter(([, got, expected]) => got !== expected)
    .map(([name, got, expected]) => `${name} ${textOf(got)} instead of ${textOf(expected)}`)
    .join(', ');
}

export function checkPlacedHold(
  findings: Findings,
  position: number,
  order: OrderFacts,
  event: HoldPlaced,
  instrument: Instrument,
): void {
  const { orderId, side } = order;
  const wrong = differences([
    ['quantity', event.quantity, order.placedQuantity ?? event.quantity],
    ['quoteQuantity', event.quoteQuantity, order.quoteQuantity],
    ['price', event.price, order.price],
    ['stopPrice', event.stopPrice, order.stopPrice],
    ...holdPriceOf(event.holdPrice, event.price ?? event.protectionPrice, instrument, side),
  ]);
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
  const wrong = differences([
    ['quantity', event.quantity, request.quantity],
    ['price', event.price, request.price],
    ['stopPrice', event.stopPrice, request.stopPrice],
    ...holdPriceOf(event.holdPrice, event.price, instrument, side),
  ]);
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
  const wrong = differences(holdPriceOf(holdPrice, price ?? protectionPrice, instrument, side));
  const about = `the hold of order ${orderId} of ${accountId} starts again`;
  findings.expect(before === undefined, 'I6', position, () => `${about}, but was not done`);
  findings.expect(wrong === '', 'I6', position, () => `${about} with ${wrong}`);
}

/** The worst price: a limit or protection price itself; a perpetual sale may be held for at a higher one. */
function holdPriceOf(
  holdPrice: bigint,
  worst: bigint | null,
  instrument: Instrument,
  side: Side,
): (readonly [string, bigint | null, bigint | null])[] {
  if (worst === null) return [];
  const isExact = instrument.kind === 'SPOT' || side === 'BUY';
  return [['holdPrice', holdPrice, isExact ? worst : larger(worst, holdPrice)]];
}

/** @param position the last of the group */
export function checkOrderAgainstHold(
  findings: Findings,
  position: number,
  order: OrderFacts,
  hold: HoldFacts | undefined,
): void {
  findings.looked('I6');
  const about = `order ${order.orderId} of ${order.accountId}`;
  if (!isOpenOrder(order)) {
    if (hold === undefined || (order.phase === 'FILLED' && waitsForReplace(order))) return;
    findings.breach(
      'I6',
      position,
      `${about} is ${order.phase}, but ${written(hold.numbers.amount)} are still held for it`,
    );
    return;
  }
  if (order.phase === 'INITIALIZED') return;
  if (hold === undefined) {
    findings.breach('I6', position, `${about} is ${order.phase}, but nothing is held for it`);
    return;
  }
  const wrong = differences([
    ['filled', hold.filled, order.filled],
    ['filled quote', hold.filledQuote, order.quote],
    ['price', hold.terms.price, order.price],
    ['stopPrice', hold.terms.stopPrice, order.stopPrice],
    ['protectionPrice', hold.protectionPrice, order.protectionPrice],
    ...(order.quoteQuantity === null ? [['quantity', hold.terms.quantity, order.quantity] as const] : []),
  ]);
  if (wrong !== '') findings.breach('I6', position, `the hold of ${about} has ${wrong}`);
}
