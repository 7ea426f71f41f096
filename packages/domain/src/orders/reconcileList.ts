/**
 * A page of the venue's list of orders against ours. It is only a hint: whatever differs, and has not moved for a
 * while, is asked about one by one (reconcileOrder.ts), and only that answer is decided on.
 */
import { type Decision, type DecisionContext, decided, type Send } from '../decision.ts';
import type { ReconcileOrders, ReconciliationPage } from '../messages.ts';
import { formatDecimal } from '../money.ts';
import { numberOfOrderId } from '../partitionKey.ts';
import type { VenueOrdersListed } from '../venue/messages.ts';
import type { VenueOrderLine } from '../venue/reports.ts';
import type { OrderEvent } from './events.ts';
import { isOpen, isUnanswered, lacksAcknowledgement, type Order } from './order.ts';
import { askAbout } from './reconcileOrder.ts';
import { standing } from './reconciliation.ts';
import type { OrdersState } from './state.ts';
import { coveredExecutions, ownExecutions } from './syntheticFill.ts';

/** Our open orders that the page is about, oldest first. */
function* openOrdersOn({ after, through }: ReconciliationPage, state: OrdersState): Generator<Order, void, void> {
  const most = Math.min(through - after, state.openNumbers.size);
  for (const number of state.openNumbers.page(after, most)) {
    if (number > through) return;
    yield state.orders.at(number)!;
  }
}

/** Whether a venue should have it: it was sent. */
const wasSent = (order: Order): boolean =>
  order.core !== 'INITIALIZED' && order.core !== 'HELD' && order.core !== 'DENIED';

export function decideReconcileOrders({ page }: ReconcileOrders, state: OrdersState): Decision<OrderEvent> {
  const events: OrderEvent[] = [];
  for (const order of openOrdersOn(page, state)) {
    if (!lacksAcknowledgement(order) || order.updatedAt > page.quietSince) continue;
    if (state.unanswered.has(numberOfOrderId(order.orderId))) continue;
    const { orderId, placedClientOrderId } = order;
    events.push({ type: 'RequestUnknown', orderId, clientOrderId: placedClientOrderId });
  }
  const { partition } = state;
  return decided(events, [{ to: 'venue-simulator', message: { type: 'VenueListRequest', partition, page } }]);
}

export function decideOrdersListed(
  { page, orders }: VenueOrdersListed,
  state: OrdersState,
  context: DecisionContext,
): Decision<OrderEvent> {
  const events: OrderEvent[] = [];
  const sends: Send[] = [];
  const listed = new Map(orders.map((line) => [line.orderId, line]));
  const suspects = new Map<string, Order>();
  const suspect = (order: Order): void => void suspects.set(order.orderId, order);
  for (const order of openOrdersOn(page, state)) {
    if (wasSent(order) && !listed.has(order.orderId)) suspect(order);
  }
  for (const line of orders) {
    const order = state.orders.get(line.orderId);
    if (order === undefined || !wasSent(order)) noteForeign(line, order, state, events);
    else if (differs(line, order)) suspect(order);
  }
  for (const number of state.unanswered) {
    if (number > page.after && number <= page.through) suspect(state.orders.at(number)!);
  }
  for (const order of suspects.values()) {
    // What changed a moment ago may still be on its way, unless a question about it went unanswered already.
    const waits = state.unanswered.has(numberOfOrderId(order.orderId)) && isUnanswered(order);
    if (waits || order.updatedAt <= page.quietSince) sends.push(askAbout(order, context.now));
  }
  resolveGone(page, listed, state, events);
  return decided(events, sends);
}

function differs(line: VenueOrderLine, order: Order): boolean {
  if (line.isOpen !== isOpen(order) || line.filledQuantity !== order.filledQuantity) return true;
  return coveredExecutions(order) === 0 && line.executions !== ownExecutions(order);
}

function noteForeign(
  { orderId, filledQuantity }: VenueOrderLine,
  order: Order | undefined,
  { reconciliation }: OrdersState,
  events: OrderEvent[],
): void {
  const accountId = order?.accountId ?? '';
  const symbol = order?.placed.symbol ?? '';
  const subject = { kind: 'ORDER_UNKNOWN_HERE', orderId, accountId, symbol } as const;
  if (standing(reconciliation, subject) !== undefined) return;
  const venues = `filled ${formatDecimal(filledQuantity)}`;
  const ours = order === undefined ? 'none' : 'never sent';
  events.push({ type: 'ReconciliationDifferenceFound', ...subject, ours, venues, repaired: false });
}

/** Orders we do not have, that the venue no longer lists either. */
function resolveGone(
  { after, through }: ReconciliationPage,
  listed: ReadonlyMap<string, VenueOrderLine>,
  { reconciliation }: OrdersState,
  events: OrderEvent[],
): void {
  for (const { kind, orderId, accountId, symbol, resolvedAt } of reconciliation.differences) {
    if (kind !== 'ORDER_UNKNOWN_HERE' || resolvedAt !== null || listed.has(orderId)) continue;
    const number = numberOfOrderId(orderId);
    if (number > after && number <= through) {
      events.push({ type: 'ReconciliationDifferenceResolved', kind, orderId, accountId, symbol });
    }
  }
}
