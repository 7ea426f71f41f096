/** What the market does to resting orders. They fill as makers, at their own price, best price and oldest first. */
import { type BookMoved, InvariantError, type MarketTraded, minimum, type Quantity } from '@oms/domain';
import type { Draft } from './draft.ts';
import { book, closeOrder, cutByFault, type Plan, planTake, type Work } from './matching.ts';
import { leavesOf, type VenueOrder } from './venueState.ts';

/**
 * Somebody traded. Through our price: our order would have been served before that, so all of it fills. At our price:
 * what the trade leaves after the queue ahead fills us; only trades that hit our side count.
 */
export function marketTraded(draft: Draft, trade: MarketTraded): void {
  for (const side of ['BUY', 'SELL'] as const) {
    let volume = trade.aggressorSide === side ? 0n : trade.quantity;
    draft.state.resting.reachedAt(trade.symbol, side, trade.price, (order) => {
      if (order.price !== trade.price) {
        fill(draft, order, leavesOf(order), 0);
        return true;
      }
      volume -= tradedAtOurPrice(draft, order, volume);
      return volume > 0n;
    });
  }
}

/** @returns what our order took of the volume, so that the next of ours behind it does not get it too. */
function tradedAtOurPrice(draft: Draft, order: VenueOrder, volume: Quantity): Quantity {
  const { queueAhead } = order;
  if (volume === 0n) return 0n;
  if (queueAhead > 0n) {
    const { orderId } = order.terms;
    draft.event({ type: 'VenueQueueAdvanced', orderId, queueAhead: queueAhead - minimum(queueAhead, volume) });
  }
  if (volume <= queueAhead) return 0n;
  const quantity = minimum(leavesOf(order), volume - queueAhead);
  fill(draft, order, quantity, 0);
  return quantity;
}

/** The displayed book moved: what of it crosses our resting orders fills them. */
export function bookMoved(draft: Draft, { symbol }: BookMoved): void {
  const displayed = draft.context.market.book(symbol);
  if (displayed === undefined) return;
  for (const side of ['BUY', 'SELL'] as const) {
    const opposite = side === 'BUY' ? displayed.asks[0] : displayed.bids[0];
    if (opposite === undefined) continue;
    draft.state.resting.reachedAt(symbol, side, opposite[0], (order) => {
      const plan = planTake(draft, workOf(draft, order));
      let quantity = 0n;
      for (const each of plan.fills) quantity += each.quantity;
      // A crossing order that gets nothing leaves nothing for those behind it.
      if (quantity === 0n) return false;
      draft.consume(fill(draft, order, quantity, plan.bookSequence));
      return true;
    });
    draft.turnSide();
  }
}

/** @returns what really traded. */
function fill(draft: Draft, order: VenueOrder, quantity: Quantity, bookSequence: number): Quantity {
  if (quantity === 0n) return 0n;
  const work = workOf(draft, order);
  const plan: Plan = { fills: [{ price: order.price!, quantity }], bookSequence, end: 'COMPLETE' };
  cutByFault(draft, work, plan);
  const before = work.filledQuantity;
  for (const each of plan.fills) book(draft, work, each, 'MAKER', bookSequence);
  if (work.filledQuantity >= work.quantity) closeOrder(draft, order.terms.orderId);
  return work.filledQuantity - before;
}

function workOf(draft: Draft, order: VenueOrder): Work {
  const { orderId, symbol, side } = order.terms;
  const instrument = draft.context.instruments.get(symbol);
  if (instrument === undefined) throw new InvariantError(`open order ${orderId} of unlisted ${symbol}`);
  const { quantity, price, filledQuantity, spentQuote, executions } = order;
  return { orderId, instrument, side, quantity, quoteQuantity: null, price, filledQuantity, spentQuote, executions };
}
