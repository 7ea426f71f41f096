/**
 * The reference model's orders in a few dozen bytes each. Sums are made again, not kept. An order with a request that
 * waits, or with an amended fill, does not fit and stays an object.
 */
import type { NameTable } from '../memory/nameTable.ts';
import type { PackedBytes } from '../memory/packedBytes.ts';
import type { Packing } from '../memory/packedTable.ts';
import { PHASES } from './legalMoves.ts';
import { type FillFacts, type OrderFacts, sumFills } from './orderFacts.ts';

export function orderPacking(names: NameTable): Packing<OrderFacts> {
  return {
    pack: (order, bytes) => pack(order, bytes, names),
    unpack: (orderId, bytes) => unpack(orderId, bytes, names),
  };
}

const SELL = 1;
const STOP = 2;
const REDUCE_ONLY = 4;
const APPROVED = 8;
const SENT = 16;
const AT_VENUE = 32;
const TRIGGERED = 64;
const SUSPECT = 128;

function flagsOf(order: OrderFacts): number {
  return (
    (order.side === 'SELL' ? SELL : 0) |
    (order.isStop ? STOP : 0) |
    (order.reduceOnly ? REDUCE_ONLY : 0) |
    (order.approved ? APPROVED : 0) |
    (order.sent ? SENT : 0) |
    (order.atVenue ? AT_VENUE : 0) |
    (order.triggered ? TRIGGERED : 0) |
    (order.suspect ? SUSPECT : 0)
  );
}

function pack(order: OrderFacts, bytes: PackedBytes, names: NameTable): void {
  if (order.requests !== null) bytes.fits = false;
  bytes.u8(flagsOf(order));
  bytes.u8(PHASES.indexOf(order.phase));
  bytes.u32(names.numberOf(order.accountId));
  bytes.u32(names.numberOf(order.symbol));
  bytes.amount(order.placedQuantity);
  bytes.amount(order.quoteQuantity);
  bytes.amount(order.quantity);
  bytes.amount(order.price);
  bytes.amount(order.stopPrice);
  bytes.amount(order.protectionPrice);
  bytes.u8(order.fills === null ? 0 : Math.min(order.fills.size, 255));
  if (order.fills === null) return;
  if (order.fills.size > 255) bytes.fits = false;
  for (const [executionId, fill] of order.fills) packFill(executionId, fill, bytes, names);
}

function packFill(executionId: string, fill: FillFacts, bytes: PackedBytes, names: NameTable): void {
  if (fill.busted || fill.amendments.length > 0) bytes.fits = false;
  bytes.text(executionId);
  bytes.amount(fill.quantity);
  bytes.amount(fill.price);
  bytes.amount(fill.fee);
  bytes.u32(names.numberOf(fill.feeCurrency));
}

function unpack(orderId: string, bytes: PackedBytes, names: NameTable): OrderFacts {
  const flags = bytes.readU8();
  const order: OrderFacts = {
    orderId,
    phase: PHASES[bytes.readU8()]!,
    accountId: names.nameOf(bytes.readU32()),
    symbol: names.nameOf(bytes.readU32()),
    side: (flags & SELL) > 0 ? 'SELL' : 'BUY',
    placedQuantity: bytes.readAmount(),
    quoteQuantity: bytes.readAmount(),
    quantity: bytes.readAmount()!,
    price: bytes.readAmount(),
    stopPrice: bytes.readAmount(),
    protectionPrice: bytes.readAmount(),
    isStop: (flags & STOP) > 0,
    reduceOnly: (flags & REDUCE_ONLY) > 0,
    approved: (flags & APPROVED) > 0,
    sent: (flags & SENT) > 0,
    atVenue: (flags & AT_VENUE) > 0,
    triggered: (flags & TRIGGERED) > 0,
    suspect: (flags & SUSPECT) > 0,
    filled: 0n,
    quote: 0n,
    fees: null,
    fills: null,
    requests: null,
  };
  const fillCount = bytes.readU8();
  if (fillCount === 0) return order;
  order.fills = new Map();
  for (let left = fillCount; left > 0; left--) order.fills.set(bytes.readText(), unpackFill(bytes, names));
  sumFills(order);
  return order;
}

function unpackFill(bytes: PackedBytes, names: NameTable): FillFacts {
  return {
    quantity: bytes.readAmount()!,
    price: bytes.readAmount()!,
    fee: bytes.readAmount()!,
    feeCurrency: names.nameOf(bytes.readU32()),
    busted: false,
    amendments: [],
  };
}
