/**
 * An order in about a hundred bytes, and back: equal in every member. Whether anything is due for it comes first, then
 * the account and the id it was placed with, so that looking for those reads no further.
 */
import { type Dictionary, type PackedReader, type PackedWriter, packGiven, unpackGiven } from '../packedBytes.ts';
import type { PackedForm } from '../packedTable.ts';
import { numberOfSerialId, partitionOfSerialId } from '../partitionKey.ts';
import type { Reason, ReasonSource } from '../reason.ts';
import {
  type FeeTotal,
  type Fill,
  isOpen,
  type Liquidity,
  NO_FEES,
  NO_FILLS,
  NO_REQUESTS,
  type Order,
  type OrderTerms,
  type OrderType,
  type PendingRequest,
  type RequestOrigin,
  type Side,
  type TimeInForce,
  type TriggerSource,
} from './order.ts';
import { expiryOf } from './orderTimers.ts';
import { CORE_STATES } from './transitions.ts';

const ASCII_MAX = 127;

const SIDES: readonly Side[] = ['BUY', 'SELL'];
const TYPES: readonly OrderType[] = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTD', 'DAY'];
const TRIGGER_SOURCES: readonly TriggerSource[] = ['LAST', 'BID_ASK', 'MARK'];
const LIQUIDITIES: readonly Liquidity[] = ['MAKER', 'TAKER'];
const FILL_STATES: readonly Fill['state'][] = ['TRADE', 'CANCELED', 'CORRECTED'];
const ORIGINS: readonly RequestOrigin[] = ['CLIENT', 'EXPIRY', 'KILL_SWITCH', 'REDUCE_ONLY', 'DISCONNECT'];
const SOURCES: readonly ReasonSource[] = ['RISK', 'VENUE', 'OMS'];

/** What is as in nearly every order, and then takes one bit instead of its bytes. */
const SAME_ID = 1;
const SAME_QUANTITY = 2;
const SAME_PRICE = 4;
const SAME_STOP_PRICE = 8;
const NOT_FILLED = 16;
const NOTHING_PENDING = 32;
const NO_REASON = 64;

function usualOf(order: Order): number {
  const { placed, placedClientOrderId } = order;
  const sameId = order.clientOrderId === placedClientOrderId && order.previousClientOrderId === placedClientOrderId;
  const notFilled =
    order.filledQuantity === 0n && order.cumulativeQuote === 0n && order.fills.length === 0 && order.fees.length === 0;
  return (
    (sameId ? SAME_ID : 0) |
    (order.quantity === placed.quantity ? SAME_QUANTITY : 0) |
    (order.price === placed.price ? SAME_PRICE : 0) |
    (order.stopPrice === placed.stopPrice ? SAME_STOP_PRICE : 0) |
    (notFilled ? NOT_FILLED : 0) |
    (order.pendingRequests.length === 0 ? NOTHING_PENDING : 0) |
    (order.reason === null ? NO_REASON : 0)
  );
}

/** A difference of either sign as a number that is not negative, and small when the difference is. */
const signedCode = (difference: number): number => (difference >= 0 ? difference * 2 : -difference * 2 - 1);
const signedOf = (code: number): number => (code % 2 === 0 ? code / 2 : -(code + 1) / 2);

function packOrder(order: Order, writer: PackedWriter, texts: Dictionary): void {
  const { placed } = order;
  const usual = usualOf(order);
  writer.byte(waits(order) ? 1 : 0);
  texts.write(order.accountId, writer);
  writer.text(order.placedClientOrderId);
  writer.byte(usual);
  packSerialId(order.orderId, writer);
  if ((usual & SAME_ID) === 0) {
    writer.text(order.clientOrderId);
    writer.text(order.previousClientOrderId);
  }
  packTerms(placed, writer, texts);
  if ((usual & SAME_QUANTITY) === 0) writer.integer(order.quantity);
  if ((usual & SAME_PRICE) === 0) packGiven(order.price, writer);
  if ((usual & SAME_STOP_PRICE) === 0) packGiven(order.stopPrice, writer);
  writer.byte(CORE_STATES.indexOf(order.core) * 2 + (order.overfilled ? 1 : 0));
  if ((usual & NOT_FILLED) === 0) {
    writer.integer(order.filledQuantity);
    writer.integer(order.cumulativeQuote);
    packFills(order.fills, writer, texts);
    packFees(order.fees, writer, texts);
  }
  if ((usual & NOTHING_PENDING) === 0) packRequests(order.pendingRequests, writer);
  if ((usual & NO_REASON) === 0) packReason(order.reason, writer, texts);
  packGiven(order.protectionPrice, writer);
  packNullable(order.venueOrderId, writer, packSerialId);
  packNullable(order.triggeredAt, writer, packNumber);
  writer.number(order.createdAt);
  writer.number(signedCode(order.updatedAt - order.createdAt));
  writer.number(order.version);
}

function unpackOrder(reader: PackedReader, texts: Dictionary): Order {
  reader.byte();
  const accountId = texts.read(reader);
  const placedClientOrderId = reader.text();
  const usual = reader.byte();
  const orderId = unpackSerialId(reader);
  const clientOrderId = (usual & SAME_ID) === 0 ? reader.text() : placedClientOrderId;
  const previousClientOrderId = (usual & SAME_ID) === 0 ? reader.text() : placedClientOrderId;
  const placed = unpackTerms(reader, texts);
  const quantity = (usual & SAME_QUANTITY) === 0 ? reader.integer() : placed.quantity!;
  const price = (usual & SAME_PRICE) === 0 ? unpackGiven(reader) : placed.price;
  const stopPrice = (usual & SAME_STOP_PRICE) === 0 ? unpackGiven(reader) : placed.stopPrice;
  const core = reader.byte();
  const isFilled = (usual & NOT_FILLED) === 0;
  const filledQuantity = isFilled ? reader.integer() : 0n;
  const cumulativeQuote = isFilled ? reader.integer() : 0n;
  const fills = isFilled ? unpackFills(reader, texts) : NO_FILLS;
  const fees = isFilled ? unpackFees(reader, texts) : NO_FEES;
  const pendingRequests = (usual & NOTHING_PENDING) === 0 ? unpackRequests(reader) : NO_REQUESTS;
  const reason = (usual & NO_REASON) === 0 ? unpackReason(reader, texts) : null;
  const protectionPrice = unpackGiven(reader);
  const venueOrderId = unpackNullable(reader, unpackSerialId);
  const triggeredAt = unpackNullable(reader, unpackNumber);
  const createdAt = reader.number();
  const updatedAt = createdAt + signedOf(reader.number());
  return {
    orderId,
    accountId,
    clientOrderId,
    previousClientOrderId,
    placedClientOrderId,
    placed,
    quantity,
    price,
    stopPrice,
    core: CORE_STATES[core >>> 1]!,
    filledQuantity,
    cumulativeQuote,
    fills,
    fees,
    pendingRequests,
    reason,
    protectionPrice,
    triggeredAt,
    venueOrderId,
    overfilled: core % 2 === 1,
    createdAt,
    updatedAt,
    version: reader.number(),
  };
}

/** Whether time or the market may move it by themselves: stops, orders that expire, requests without an answer. */
const waits = (order: Order): boolean =>
  order.pendingRequests.length > 0 || (isOpen(order) && (order.core === 'HELD' || expiryOf(order) !== null));

/** The same of a packed order, read without the rest. */
export const readWaits = (reader: PackedReader): boolean => reader.byte() === 1;

/** What a packed order was placed as, read without the rest. */
export function readPlacedAs(reader: PackedReader, texts: Dictionary) {
  reader.byte();
  return { accountId: texts.read(reader), clientOrderId: reader.text() };
}

export const orderForm: PackedForm<Order> = { pack: packOrder, unpack: unpackOrder };

function packTerms(terms: OrderTerms, writer: PackedWriter, texts: Dictionary): void {
  texts.write(terms.symbol, writer);
  writer.byte(
    SIDES.indexOf(terms.side) |
      (TYPES.indexOf(terms.type) << 1) |
      (TIMES_IN_FORCE.indexOf(terms.timeInForce) << 3) |
      (TRIGGER_SOURCES.indexOf(terms.triggerSource) << 6),
  );
  writer.byte((terms.postOnly ? 1 : 0) | (terms.reduceOnly ? 2 : 0) | (terms.tags.length > 0 ? 4 : 0));
  packGiven(terms.quantity, writer);
  packGiven(terms.quoteQuantity, writer);
  packGiven(terms.price, writer);
  packGiven(terms.stopPrice, writer);
  packNullable(terms.expireTime, writer, packNumber);
  if (terms.tags.length === 0) return;
  writer.number(terms.tags.length);
  for (const tag of terms.tags) writer.text(tag);
}

function unpackTerms(reader: PackedReader, texts: Dictionary): OrderTerms {
  const symbol = texts.read(reader);
  const words = reader.byte();
  const flags = reader.byte();
  return {
    symbol,
    side: SIDES[words & 1]!,
    type: TYPES[(words >>> 1) & 3]!,
    timeInForce: TIMES_IN_FORCE[(words >>> 3) & 7]!,
    quantity: unpackGiven(reader),
    quoteQuantity: unpackGiven(reader),
    price: unpackGiven(reader),
    stopPrice: unpackGiven(reader),
    triggerSource: TRIGGER_SOURCES[words >>> 6]!,
    expireTime: unpackNullable(reader, unpackNumber),
    postOnly: (flags & 1) !== 0,
    reduceOnly: (flags & 2) !== 0,
    tags: (flags & 4) === 0 ? [] : Array.from({ length: reader.number() }, () => reader.text()),
  };
}

function packFills(fills: readonly Fill[], writer: PackedWriter, texts: Dictionary): void {
  writer.number(fills.length);
  for (const fill of fills) {
    packSerialId(fill.executionId, writer);
    writer.integer(fill.quantity);
    writer.integer(fill.price);
    writer.integer(fill.fee);
    texts.write(fill.feeCurrency, writer);
    writer.byte(LIQUIDITIES.indexOf(fill.liquidity) | (FILL_STATES.indexOf(fill.state) << 1));
    writer.number(fill.amendedBy.length);
    for (const executionId of fill.amendedBy) packSerialId(executionId, writer);
  }
}

function unpackFills(reader: PackedReader, texts: Dictionary): Fill[] {
  const count = reader.number();
  if (count === 0) return NO_FILLS;
  return Array.from({ length: count }, () => {
    const executionId = unpackSerialId(reader);
    const quantity = reader.integer();
    const price = reader.integer();
    const fee = reader.integer();
    const feeCurrency = texts.read(reader);
    const words = reader.byte();
    const amendedBy = Array.from({ length: reader.number() }, () => unpackSerialId(reader));
    const [liquidity, state] = [LIQUIDITIES[words & 1]!, FILL_STATES[words >>> 1]!];
    return { executionId, quantity, price, fee, feeCurrency, liquidity, state, amendedBy };
  });
}

function packFees(totals: readonly FeeTotal[], writer: PackedWriter, texts: Dictionary): void {
  writer.number(totals.length);
  for (const { currency, amount } of totals) {
    texts.write(currency, writer);
    writer.integer(amount);
  }
}

function unpackFees(reader: PackedReader, texts: Dictionary): FeeTotal[] {
  const count = reader.number();
  if (count === 0) return NO_FEES;
  return Array.from({ length: count }, () => {
    const currency = texts.read(reader);
    return { currency, amount: reader.integer() };
  });
}

function packRequests(requests: readonly PendingRequest[], writer: PackedWriter): void {
  writer.number(requests.length);
  for (const request of requests) {
    const { clientOrderId, originalClientOrderId, sentAt, outcome, origin } = request;
    const isReplace = request.kind === 'REPLACE';
    writer.byte((isReplace ? 1 : 0) | (outcome === 'unknown' ? 2 : 0) | (ORIGINS.indexOf(origin) << 2));
    writer.text(clientOrderId);
    packSameText(originalClientOrderId, clientOrderId, writer);
    writer.number(sentAt);
    if (!isReplace) continue;
    writer.integer(request.quantity);
    packGiven(request.price, writer);
    packGiven(request.stopPrice, writer);
    writer.byte(request.sentToVenue ? 1 : 0);
  }
}

function unpackRequests(reader: PackedReader): PendingRequest[] {
  const count = reader.number();
  return count === 0 ? NO_REQUESTS : Array.from({ length: count }, () => unpackRequest(reader));
}

function unpackRequest(reader: PackedReader): PendingRequest {
  const words = reader.byte();
  const clientOrderId = reader.text();
  const asked = {
    clientOrderId,
    originalClientOrderId: unpackSameText(clientOrderId, reader),
    sentAt: reader.number(),
    outcome: (words & 2) === 0 ? 'pending' : 'unknown',
    origin: ORIGINS[words >>> 2]!,
  } as const;
  if ((words & 1) === 0) return { kind: 'CANCEL', ...asked };
  const quantity = reader.integer();
  const price = unpackGiven(reader);
  const stopPrice = unpackGiven(reader);
  return { kind: 'REPLACE', ...asked, quantity, price, stopPrice, sentToVenue: reader.byte() === 1 };
}

function packReason(reason: Reason | null, writer: PackedWriter, texts: Dictionary): void {
  if (reason === null) {
    writer.byte(0);
    return;
  }
  writer.byte(1 + SOURCES.indexOf(reason.source));
  texts.write(reason.code, writer);
  writer.text(reason.message);
  const details = Object.entries(reason.details);
  writer.number(details.length);
  for (const [name, value] of details) {
    texts.write(name, writer);
    writer.text(value);
  }
}

function unpackReason(reader: PackedReader, texts: Dictionary): Reason | null {
  const source = reader.byte();
  if (source === 0) return null;
  const code = texts.read(reader);
  const message = reader.text();
  const details: Record<string, string> = {};
  for (let left = reader.number(); left > 0; left--) {
    const name = texts.read(reader);
    details[name] = reader.text();
  }
  return { source: SOURCES[source - 1]!, code, message, details };
}

/** A serial id of the house or its venue, "x-0-123", as its letter and two numbers; any other after a 0. */
function packSerialId(id: string, writer: PackedWriter): void {
  const number = numberOfSerialId(id);
  const letter = id.charCodeAt(0);
  if (number < 0 || letter > ASCII_MAX) {
    writer.byte(0);
    writer.text(id);
    return;
  }
  writer.byte(letter);
  writer.number(partitionOfSerialId(id));
  writer.number(number);
}

function unpackSerialId(reader: PackedReader): string {
  const letter = reader.byte();
  return letter === 0 ? reader.text() : `${String.fromCharCode(letter)}-${reader.number()}-${reader.number()}`;
}

/** Nearly always the same as another text: then one byte. */
function packSameText(text: string, other: string, writer: PackedWriter): void {
  writer.byte(text === other ? 1 : 0);
  if (text !== other) writer.text(text);
}

const unpackSameText = (other: string, reader: PackedReader): string => (reader.byte() === 1 ? other : reader.text());

function packNullable<T>(value: T | null, writer: PackedWriter, pack: (value: T, writer: PackedWriter) => void): void {
  writer.byte(value === null ? 0 : 1);
  if (value !== null) pack(value, writer);
}

const unpackNullable = <T>(reader: PackedReader, unpack: (reader: PackedReader) => T): T | null =>
  reader.byte() === 0 ? null : unpack(reader);

const packNumber = (value: number, writer: PackedWriter): void => writer.number(value);
const unpackNumber = (reader: PackedReader): number => reader.number();
