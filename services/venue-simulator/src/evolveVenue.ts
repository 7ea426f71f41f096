/** Folds a venue event into the state. What an event means never depends on the options the venue runs with. */
import {
  InvariantError,
  notionalOf,
  type Quantity,
  type VenueEvent,
  type VenueFact,
  type VenueOrderAmended,
  type VenueOrderReceived,
  type VenueOrderTraded,
  type VenueTradeAmended,
} from '@oms/domain';
import { isFaultless, parseFaults } from './faultSwitches.ts';
import { parseReport } from './reportText.ts';
import { isKeptWhole, type VenueOrder, type VenueState, venueOrder } from './venueState.ts';

/** @throws InvariantError when the event is about an order the venue never had. */
export function evolveVenue(state: VenueState, event: VenueEvent, now: number): void {
  switch (event.type) {
    case 'VenueOrderReceived':
      receive(state, event);
      return;
    case 'VenueOrderAcknowledged': {
      const order = knownOrder(state, event.orderId);
      order.venueOrderId = event.venueOrderId;
      order.queueAhead = event.queueAhead;
      state.venueOrderCount++;
      if (state.orders.has(event.orderId)) state.resting.add(order);
      return;
    }
    case 'VenueOrderTraded':
      trade(state, event);
      return;
    case 'VenueQueueAdvanced':
      knownOrder(state, event.orderId).queueAhead = event.queueAhead;
      return;
    case 'VenueOrderAmended':
      amend(state, event);
      return;
    case 'VenueRequestHeld': {
      const { kind, requestId, quantity, price } = event;
      const order = knownOrder(state, event.orderId);
      order.notes ??= { trades: [], requests: [] };
      order.notes.requests.push({ kind, requestId, quantity, price });
      return;
    }
    case 'VenueRequestRefused':
      removeRequest(knownOrder(state, event.orderId), event.requestId);
      return;
    case 'VenueOrderClosed':
      close(state, event.orderId);
      return;
    case 'VenueTradeAmended':
      amendTrade(state, event);
      return;
    case 'VenueReportScheduled':
      state.scheduled.add({ key: event.key, dueAt: event.dueAt, report: event.report });
      state.scheduledCount = event.key;
      // Unless it was delayed beyond the ordinary, what follows waits for it.
      if (event.dueAt === Math.max(state.reportFloor, now + state.faults.latencyMs)) state.reportFloor = event.dueAt;
      return;
    case 'VenueReportReleased':
      state.scheduled.remove(event.key);
      return;
    case 'VenueFaultsChanged':
      state.faults = parseFaults(event.faults);
      state.faultless = isFaultless(state.faults);
      return;
    case 'VenueReportIssued': {
      const order = findOrder(state, event.orderId);
      if (order === null) return;
      order.history ??= [];
      order.history.push(parseReport(event.report) as VenueFact);
      return;
    }
    case 'VenueOrderLost':
      lose(state, event.orderId);
      return;
  }
}

/** Open, or closed and kept whole. */
export const findOrder = (state: VenueState, orderId: string): VenueOrder | null =>
  state.orders.get(orderId) ?? state.kept.get(orderId);

/** Whether the venue had it and works it no more, as far as it remembers. */
export const isClosed = (state: VenueState, orderId: string): boolean =>
  state.closed.has(orderId) || state.kept.has(orderId);

function knownOrder(state: VenueState, orderId: string): VenueOrder {
  const order = findOrder(state, orderId);
  if (order === null) throw new InvariantError(`the venue was never sent order ${orderId}`);
  return order;
}

function receive(state: VenueState, { terms, venueOrderId, queueAhead }: VenueOrderReceived): void {
  const isAcknowledged = venueOrderId !== '';
  const order = venueOrder({
    terms,
    venueOrderId,
    quantity: terms.quantity ?? 0n,
    price: terms.price,
    filledQuantity: 0n,
    spentQuote: 0n,
    paidFees: 0n,
    executions: 0,
    queueAhead,
    arrival: ++state.arrivalCount,
    notes: isAcknowledged ? null : { trades: [], requests: [] },
    history: null,
  });
  state.orders.set(terms.orderId, order);
  if (!isAcknowledged) return;
  state.venueOrderCount++;
  state.resting.add(order);
}

function trade(state: VenueState, event: VenueOrderTraded): void {
  const order = knownOrder(state, event.orderId);
  const { executionId, quantity, price, fee, feeCurrency, liquidity, bookSequence } = event;
  order.filledQuantity += quantity;
  order.spentQuote += notionalOf(price, quantity);
  order.paidFees += fee;
  const executionNumber = ++order.executions;
  state.executionCount++;
  move(state, order, quantity);
  order.notes?.trades.push({ executionId, quantity, price, fee, feeCurrency, liquidity, executionNumber });
  if (bookSequence === 0) return;
  let consumed = state.consumed.get(order.terms.symbol);
  if (consumed === undefined) {
    consumed = { bookSequence, bids: 0n, asks: 0n };
    state.consumed.set(order.terms.symbol, consumed);
  } else if (consumed.bookSequence !== bookSequence) {
    consumed.bookSequence = bookSequence;
    consumed.bids = consumed.asks = 0n;
  }
  if (order.terms.side === 'BUY') consumed.asks += quantity;
  else consumed.bids += quantity;
}

function move(state: VenueState, { terms }: VenueOrder, quantity: Quantity): void {
  let positions = state.positions.get(terms.accountId);
  if (positions === undefined) {
    positions = new Map();
    state.positions.set(terms.accountId, positions);
  }
  const change = terms.side === 'BUY' ? quantity : -quantity;
  positions.set(terms.symbol, (positions.get(terms.symbol) ?? 0n) + change);
}

/** A new price or more quantity goes to the back of the queue; less keeps its place. */
function amend(state: VenueState, event: VenueOrderAmended): void {
  const order = knownOrder(state, event.orderId);
  const isOpen = state.orders.has(event.orderId);
  const wasFilled = order.filledQuantity >= order.quantity;
  const losesPlace = event.price !== order.price || event.quantity > order.quantity;
  if (losesPlace) {
    state.resting.remove(order);
    order.arrival = ++state.arrivalCount;
  }
  order.quantity = event.quantity;
  order.price = event.price;
  order.queueAhead = event.queueAhead;
  removeRequest(order, event.requestId);
  if (losesPlace && isOpen && order.venueOrderId !== '') state.resting.add(order);
  // A manual venue may accept a raise after the fill that closed the order.
  if (!isOpen && wasFilled) reopenIfWorking(state, order);
}

function lose(state: VenueState, orderId: string): void {
  const order = state.orders.get(orderId);
  if (order === undefined) {
    state.kept.forget(orderId);
    return;
  }
  state.resting.remove(order);
  state.orders.delete(orderId);
}

function removeRequest(order: VenueOrder, requestId: string): void {
  const requests = order.notes?.requests ?? [];
  const index = requests.findIndex((request) => request.requestId === requestId);
  if (index >= 0) requests.splice(index, 1);
}

function close(state: VenueState, orderId: string): void {
  const order = state.orders.get(orderId);
  if (order === undefined) throw new InvariantError(`order ${orderId} closed without being open`);
  state.resting.remove(order);
  state.orders.delete(orderId);
  if (isKeptWhole(order)) state.kept.remember(orderId, order);
  else state.closed.remember(orderId, null);
}

function amendTrade(state: VenueState, event: VenueTradeAmended): void {
  const order = knownOrder(state, event.orderId);
  state.executionCount++;
  order.executions++;
  const amended = order.notes?.trades.find((each) => each.executionId === event.referenceExecutionId);
  if (amended === undefined) return;
  const wasFilled = order.filledQuantity >= order.quantity;
  order.filledQuantity += event.quantity - amended.quantity;
  order.paidFees += event.fee - amended.fee;
  move(state, order, event.quantity - amended.quantity);
  order.spentQuote += notionalOf(event.price, event.quantity) - notionalOf(amended.price, amended.quantity);
  amended.quantity = event.quantity;
  amended.price = event.price;
  amended.fee = event.fee;
  if (wasFilled) reopenIfWorking(state, order);
}

/** Rule 3: a bust takes a filled order back to work. */
function reopenIfWorking(state: VenueState, order: VenueOrder): void {
  const { orderId } = order.terms;
  if (order.filledQuantity >= order.quantity || state.orders.has(orderId)) return;
  state.kept.forget(orderId);
  state.orders.set(orderId, order);
  if (order.venueOrderId !== '') state.resting.add(order);
}
