/** A recorded market, read and checked as a whole before the first event is played. */
import type { BookLevel, Price, Quantity, Side } from '@oms/domain';
import { InfrastructureError } from '@oms/ports';

export interface TapeTrade {
  readonly kind: 'trade';
  /** Epoch milliseconds of the recording; never decreasing along the tape. */
  readonly time: number;
  readonly tradeId: string;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly aggressorSide: Side;
}

export interface TapeQuote {
  readonly kind: 'quote';
  readonly time: number;
  readonly bid: BookLevel;
  readonly ask: BookLevel;
}

/** The whole book after the change. */
export interface TapeDepth {
  readonly kind: 'depth';
  readonly time: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export type TapeEvent = TapeTrade | TapeQuote | TapeDepth;

export interface Tape {
  readonly file: string;
  readonly symbol: string;
  /** At least one. */
  readonly events: readonly TapeEvent[];
}

/** Where a reader stands in a tape, so that a complaint names the place. */
export interface TapePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** "tape.csv:17: price: expected a decimal …, found "4o.5"". */
export function malformed(place: TapePlace, column: string, expected: string, found: unknown): InfrastructureError {
  const text = JSON.stringify(found) ?? 'nothing';
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new InfrastructureError(
    'TAPE_MALFORMED',
    `${place.file}:${place.line}: ${column}: expected ${expected}, found ${shown}`,
  );
}
