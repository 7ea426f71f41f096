/** What the generator needs of a transport, per connection: putting requests into bytes, and answers out of them. */
import type { Answer } from './answer.ts';
import type { OrderMix } from './orderMix.ts';
import type { OrderTexts } from './orderTexts.ts';
import type { Outgoing } from './outgoing.ts';

export interface Protocol {
  /** Reads one message, as a TakeMessage. */
  take(bytes: Buffer, start: number, end: number): number;
  /** Writes what the mix picked last, under this number. */
  put(mix: OrderMix, number: number): void;
  /** Called after the last request of a group: a batch ends here. */
  finish(): void;
}

export interface ProtocolOptions {
  readonly out: Outgoing;
  readonly texts: OrderTexts;
  /** For the Host header. */
  readonly host: string;
  /** The object is filled anew for every answer. */
  readonly onAnswer: (answer: Answer) => void;
  /** The connection may be used. */
  readonly onReady: () => void;
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
