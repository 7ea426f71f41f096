/**
 * The manual venue: does exactly what it is told, also what a well-behaved venue would not do (late, repeated and
 * excessive fills, fills after a cancel, busts), as long as it knows the order. The only refusals are instructions
 * that do not say enough, or that answer a request nobody made.
 */
import {
  type Answer,
  type Instrument,
  InvariantError,
  multiplyRoundDown,
  notionalOf,
  ONE,
  type Price,
  type Quantity,
  type Reason,
  reason,
  type VenueInstruction,
  type VenueReasonCode,
} from '@oms/domain';
import { amendOrder, whyNotOpen } from './changeOrder.ts';
import type { Draft } from './draft.ts';
import { findOrder } from './evolveVenue.ts';
import { closeOrder, displayedAt } from './matching.ts';
import { type HeldRequest, leavesOf, type VenueOrder, type VenueTrade } from './venueState.ts';

/** @returns why the instruction is refused, or `null` when it was carried out. */
export function instruct(draft: Draft, instruction: VenueInstruction): Reason | null {
  if (draft.settings.mode !== 'manual') {
    return refusal('NOT_A_MANUAL_VENUE', 'The venue is simulated; only a manual venue takes instructions.');
  }
  const order = findOrder(draft.state, instruction.orderId);
  if (order === null) {
    return refusal('UNKNOWN_ORDER', 'The venue does not know the order, or closed it too long ago.');
  }
  return ACTIONS[instruction.action](draft, order, instruction);
}

export const outcomeOf = (why: Reason | null): Answer['outcome'] => (why === null ? 'ACCEPTED' : 'REFUSED');

type Action = (draft: Draft, order: VenueOrder, instruction: VenueInstruction) => Reason | null;

const ACTIONS: Readonly<Record<VenueInstruction['action'], Action>> = {
  ack: acknowledge,
  reject: rejectOrder,
  fill,
  cancel,
  'cancel-reject': rejectCancel,
  'replace-accept': acceptReplace,
  'replace-reject': rejectReplace,
  expire,
  'trade-cancel': cancelTrade,
  'trade-correct': correctTrade,
  lose,
};

const refusal = (code: VenueReasonCode, message: string): Reason => reason('VENUE', code, message);

const isOpen = (draft: Draft, order: VenueOrder): boolean => draft.state.orders.has(order.terms.orderId);

function closeIfOpen(draft: Draft, order: VenueOrder): void {
  if (isOpen(draft, order)) closeOrder(draft, order.terms.orderId);
}

/** A second acknowledgement repeats the first. */
function acknowledge(draft: Draft, order: VenueOrder): null {
  const { orderId, symbol, side } = order.terms;
  let { venueOrderId } = order;
  if (venueOrderId === '') {
    venueOrderId = draft.nextVenueOrderId();
    const queueAhead = displayedAt(draft, symbol, side, order.price);
    draft.event({ type: 'VenueOrderAcknowledged', orderId, venueOrderId, queueAhead });
  }
  draft.report({ kind: 'ACCEPTED', orderId, venueOrderId });
  return null;
}

function rejectOrder(draft: Draft, order: VenueOrder, instruction: VenueInstruction): null {
  closeIfOpen(draft, order);
  const message = instruction.reason ?? 'Rejected by the venue.';
  draft.report({ kind: 'REJECTED', orderId: instruction.orderId, code: 'VENUE_REJECTED', message });
  return null;
}

function fill(draft: Draft, order: VenueOrder, instruction: VenueInstruction): Reason | null {
  const { orderId } = instruction;
  const repeated = order.notes?.trades.find((each) => each.executionId === instruction.executionId);
  const price = instruction.price ?? repeated?.price ?? defaultPrice(draft, order);
  if (price === null) return refusal('INSTRUCTION_INCOMPLETE', 'A price is needed: the market shows none.');
  const quantity = instruction.quantity ?? repeated?.quantity ?? defaultQuantity(draft, order, price);
  if (quantity <= 0n) return refusal('INSTRUCTION_INCOMPLETE', 'A quantity is needed: the order has nothing left.');

  const executionId = instruction.executionId ?? draft.nextExecutionId();
  const { quote: feeCurrency } = instrumentOf(draft, order);
  const liquidity = isTaker(order) ? 'TAKER' : 'MAKER';
  const fee = feeOf(draft, order, price, quantity);
  // The venue itself booked a repeated execution the first time.
  if (repeated === undefined) {
    draft.event({
      type: 'VenueOrderTraded',
      orderId,
      executionId,
      quantity,
      price,
      fee,
      feeCurrency,
      liquidity,
      bookSequence: 0,
    });
    if (completes(draft, order, price, quantity)) closeIfOpen(draft, order);
  }
  const executionNumber = repeated?.executionNumber ?? order.executions + 1;
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
  return null;
}

function cancel(draft: Draft, order: VenueOrder, instruction: VenueInstruction): null {
  const { orderId } = instruction;
  const request = oldestRequest(order, 'CANCEL');
  answerRequest(draft, order, request);
  closeIfOpen(draft, order);
  const code = request === undefined ? 'VENUE_CANCELED' : null;
  const message = instruction.reason ?? (request === undefined ? 'Canceled by the venue.' : 'Canceled on request.');
  draft.report({ kind: 'CANCELED', orderId, requestId: request?.requestId ?? null, code, message });
  return null;
}

function expire(draft: Draft, order: VenueOrder): null {
  const request = oldestRequest(order, 'CANCEL');
  answerRequest(draft, order, request);
  closeIfOpen(draft, order);
  draft.report({ kind: 'EXPIRED', orderId: order.terms.orderId, requestId: request?.requestId ?? null });
  return null;
}

function rejectCancel(draft: Draft, order: VenueOrder, instruction: VenueInstruction): Reason | null {
  const request = oldestRequest(order, 'CANCEL');
  if (request === undefined) return refusal('NO_PENDING_REQUEST', 'No cancel request waits for an answer.');
  answerRequest(draft, order, request);
  const { orderId } = instruction;
  const { code, message } = refusalOfRequest(draft, order, instruction);
  draft.report({ kind: 'CANCEL_REJECTED', orderId, requestId: request.requestId, code, message });
  return null;
}

function acceptReplace(draft: Draft, order: VenueOrder): Reason | null {
  const request = oldestRequest(order, 'REPLACE');
  if (request === undefined) return refusal('NO_PENDING_REQUEST', 'No replace request waits for an answer.');
  const { orderId } = order.terms;
  const { requestId } = request;
  const quantity = request.quantity ?? order.quantity;
  amendOrder(draft, order, { requestId, quantity, price: request.price });
  if (quantity <= order.filledQuantity) closeIfOpen(draft, order);
  draft.report({ kind: 'REPLACED', orderId, requestId });
  return null;
}

function rejectReplace(draft: Draft, order: VenueOrder, instruction: VenueInstruction): Reason | null {
  const request = oldestRequest(order, 'REPLACE');
  if (request === undefined) return refusal('NO_PENDING_REQUEST', 'No replace request waits for an answer.');
  answerRequest(draft, order, request);
  const { orderId } = instruction;
  const { code, message } = refusalOfRequest(draft, order, instruction);
  draft.report({ kind: 'REPLACE_REJECTED', orderId, requestId: request.requestId, code, message });
  return null;
}

/** The instruction's executionId names the trade to bust, one the venue never made included; default: the newest. */
function cancelTrade(draft: Draft, order: VenueOrder, instruction: VenueInstruction): Reason | null {
  const trade = tradeOf(order, instruction);
  const referenceExecutionId = instruction.executionId ?? trade?.executionId;
  if (referenceExecutionId === undefined) return refusal('UNKNOWN_EXECUTION', 'The order has no trade to cancel.');
  const { orderId } = instruction;
  const executionId = draft.nextExecutionId();
  const price = trade?.price ?? 0n;
  draft.event({ type: 'VenueTradeAmended', orderId, executionId, referenceExecutionId, quantity: 0n, price, fee: 0n });
  draft.report({ kind: 'TRADE_CANCELED', orderId, executionId, referenceExecutionId });
  return null;
}

/** Quantity and price that the instruction leaves out stay as they were traded. */
function correctTrade(draft: Draft, order: VenueOrder, instruction: VenueInstruction): Reason | null {
  const trade = tradeOf(order, instruction);
  const referenceExecutionId = instruction.executionId ?? trade?.executionId;
  if (referenceExecutionId === undefined) return refusal('UNKNOWN_EXECUTION', 'The order has no trade to correct.');
  const quantity = instruction.quantity ?? trade?.quantity ?? 0n;
  const price = instruction.price ?? trade?.price ?? 0n;
  if (quantity <= 0n || price <= 0n) {
    return refusal('INSTRUCTION_INCOMPLETE', 'Quantity and price are needed: the venue does not know that trade.');
  }
  const { orderId } = instruction;
  const executionId = draft.nextExecutionId();
  const fee = feeOf(draft, order, price, quantity);
  draft.event({ type: 'VenueTradeAmended', orderId, executionId, referenceExecutionId, quantity, price, fee });
  draft.report({ kind: 'TRADE_CORRECTED', orderId, executionId, referenceExecutionId, quantity, price, fee });
  return null;
}

/** It says nothing of it: that is how an order gets lost. */
function lose(draft: Draft, order: VenueOrder): null {
  draft.event({ type: 'VenueOrderLost', orderId: order.terms.orderId });
  return null;
}

const tradeOf = (order: VenueOrder, { executionId }: VenueInstruction): VenueTrade | undefined =>
  executionId === null
    ? order.notes?.trades.findLast((each) => each.quantity > 0n)
    : order.notes?.trades.find((each) => each.executionId === executionId);

const oldestRequest = (order: VenueOrder, kind: HeldRequest['kind']): HeldRequest | undefined =>
  order.notes?.requests.find((request) => request.kind === kind);

/** It waits no more; what the answer was is in the report. */
function answerRequest(draft: Draft, order: VenueOrder, request: HeldRequest | undefined): void {
  if (request === undefined) return;
  draft.event({ type: 'VenueRequestRefused', orderId: order.terms.orderId, requestId: request.requestId });
}

function refusalOfRequest(draft: Draft, order: VenueOrder, instruction: VenueInstruction) {
  const { orderId } = order.terms;
  const { code, message } = isOpen(draft, order)
    ? { code: 'VENUE_REJECTED', message: 'Refused by the venue.' }
    : whyNotOpen(draft, orderId);
  return { code, message: instruction.reason ?? message };
}

/** The limit price; for a market order the best price of the other side, the last, or the mark. */
function defaultPrice(draft: Draft, order: VenueOrder): Price | null {
  if (order.terms.type === 'LIMIT') return order.price;
  const prices = draft.context.market.prices(order.terms.symbol);
  if (prices === undefined) return null;
  return (order.terms.side === 'BUY' ? prices.bestAsk : prices.bestBid) ?? prices.last ?? prices.mark;
}

function defaultQuantity(draft: Draft, order: VenueOrder, price: Price): Quantity {
  const { quoteQuantity } = order.terms;
  if (quoteQuantity === null) return leavesOf(order);
  const affordable = ((quoteQuantity - order.spentQuote) * ONE) / price;
  return affordable - (affordable % instrumentOf(draft, order).quantityIncrement);
}

function completes(draft: Draft, order: VenueOrder, price: Price, quantity: Quantity): boolean {
  const { quoteQuantity } = order.terms;
  if (quoteQuantity === null) return order.filledQuantity + quantity >= order.quantity;
  const left = quoteQuantity - order.spentQuote - notionalOf(price, quantity);
  return left < notionalOf(price, instrumentOf(draft, order).quantityIncrement);
}

const isTaker = ({ terms }: VenueOrder): boolean =>
  terms.type === 'MARKET' || terms.timeInForce === 'IOC' || terms.timeInForce === 'FOK';

function feeOf(draft: Draft, order: VenueOrder, price: Price, quantity: Quantity): bigint {
  const { takerFeeRate, makerFeeRate } = instrumentOf(draft, order);
  return multiplyRoundDown(isTaker(order) ? takerFeeRate : makerFeeRate, notionalOf(price, quantity));
}

function instrumentOf(draft: Draft, order: VenueOrder): Instrument {
  const { orderId, symbol } = order.terms;
  const instrument = draft.context.instruments.get(symbol);
  if (instrument === undefined) throw new InvariantError(`order ${orderId} of unlisted ${symbol}`);
  return instrument;
}
