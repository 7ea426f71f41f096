/**
 * The reference model's holds in a few dozen bytes each. What a hold sets aside follows from its terms and is worked
 * out again. A hold with a replace that waits does not fit and stays an object.
 */
import type { Instrument } from '@oms/domain';
import type { NameTable } from '../memory/nameTable.ts';
import type { PackedBytes } from '../memory/packedBytes.ts';
import type { Packing } from '../memory/packedTable.ts';
import { type HoldFacts, NO_NUMBERS, numbersOf } from './holdFacts.ts';

export function holdPacking(names: NameTable, instruments: ReadonlyMap<string, Instrument>): Packing<HoldFacts> {
  return {
    pack: (hold, bytes) => pack(hold, bytes, names),
    unpack: (orderId, bytes) => {
      const hold = unpack(orderId, bytes, names);
      hold.numbers = numbersOf(hold, instruments.get(hold.symbol)!);
      return hold;
    },
  };
}

const SELL = 1;
const REDUCE_ONLY = 2;

function pack(hold: HoldFacts, bytes: PackedBytes, names: NameTable): void {
  if (hold.pending !== null) bytes.fits = false;
  bytes.u8((hold.side === 'SELL' ? SELL : 0) | (hold.reduceOnly ? REDUCE_ONLY : 0));
  bytes.u32(names.numberOf(hold.accountId));
  bytes.u32(names.numberOf(hold.symbol));
  bytes.amount(hold.protectionPrice);
  bytes.amount(hold.terms.quantity);
  bytes.amount(hold.terms.quoteQuantity);
  bytes.amount(hold.terms.price);
  bytes.amount(hold.terms.stopPrice);
  bytes.amount(hold.terms.holdPrice);
  bytes.amount(hold.filled);
  bytes.amount(hold.filledQuote);
}

function unpack(orderId: string, bytes: PackedBytes, names: NameTable): HoldFacts {
  const flags = bytes.readU8();
  return {
    orderId,
    side: (flags & SELL) > 0 ? 'SELL' : 'BUY',
    reduceOnly: (flags & REDUCE_ONLY) > 0,
    accountId: names.nameOf(bytes.readU32()),
    symbol: names.nameOf(bytes.readU32()),
    protectionPrice: bytes.readAmount(),
    terms: {
      quantity: bytes.readAmount()!,
      quoteQuantity: bytes.readAmount(),
      price: bytes.readAmount(),
      stopPrice: bytes.readAmount(),
      holdPrice: bytes.readAmount()!,
    },
    filled: bytes.readAmount()!,
    filledQuote: bytes.readAmount()!,
    pending: null,
    numbers: NO_NUMBERS,
  };
}
