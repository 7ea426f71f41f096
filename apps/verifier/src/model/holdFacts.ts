/** What one open order sets aside, worked out from its terms by the model's own formulas (rule 14: rounded up). */
import type { Instrument, Side } from '@oms/domain';
import { larger, timesUp } from './exactNumbers.ts';

export interface TermFacts {
  readonly quantity: bigint;
  readonly quoteQuantity: bigint | null;
  readonly price: bigint | null;
  readonly stopPrice: bigint | null;
  readonly holdPrice: bigint;
}

/** The three numbers of a hold: what is set aside, and what counts against the limits. */
export interface HoldNumbers {
  readonly amount: bigint;
  readonly leaves: bigint;
  readonly notional: bigint;
}

export interface HoldFacts {
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly reduceOnly: boolean;
  readonly protectionPrice: bigint | null;
  terms: TermFacts;
  /** Approved replaces that wait for their answer. */
  pending: Map<string, TermFacts> | null;
  filled: bigint;
  filledQuote: bigint;
  numbers: HoldNumbers;
}

export const NO_NUMBERS: HoldNumbers = { amount: 0n, leaves: 0n, notional: 0n };

export const heldCurrency = (instrument: Instrument, side: Side): string =>
  instrument.kind === 'SPOT' && side === 'SELL' ? instrument.base : instrument.quote;

type Held = Pick<HoldFacts, 'side' | 'reduceOnly' | 'filled' | 'filledQuote'>;

/** Under one set of terms. */
export function numbersUnder(terms: TermFacts, hold: Held, instrument: Instrument): HoldNumbers {
  const spent = terms.quoteQuantity !== null && hold.filledQuote >= terms.quoteQuantity;
  const leaves = spent ? 0n : larger(terms.quantity - hold.filled, 0n);
  const notional =
    terms.quoteQuantity === null
      ? timesUp(terms.holdPrice, leaves)
      : larger(terms.quoteQuantity - hold.filledQuote, 0n);
  // Reduce-only orders take risk away: they do not count against the limits of open notional.
  return { amount: amountOf(leaves, notional, hold, instrument), leaves, notional: hold.reduceOnly ? 0n : notional };
}

function amountOf(leaves: bigint, notional: bigint, { side, reduceOnly }: Held, instrument: Instrument): bigint {
  const fee = timesUp(notional, larger(instrument.makerFeeRate, instrument.takerFeeRate));
  if (instrument.kind === 'SPOT') return side === 'SELL' ? leaves : notional + fee;
  return reduceOnly ? 0n : timesUp(notional, instrument.initialMarginRate) + fee;
}

/** The hold covers the dearest of its terms, those of unanswered replaces included. */
export function numbersOf(hold: HoldFacts, instrument: Instrument): HoldNumbers {
  const numbers = numbersUnder(hold.terms, hold, instrument);
  if (hold.pending === null) return numbers;
  let { amount, leaves, notional } = numbers;
  for (const terms of hold.pending.values()) {
    const other = numbersUnder(terms, hold, instrument);
    amount = larger(amount, other.amount);
    leaves = larger(leaves, other.leaves);
    notional = larger(notional, other.notional);
  }
  return { amount, leaves, notional };
}
