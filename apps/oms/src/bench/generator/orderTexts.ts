/**
 * The parts of requests as bytes, prepared whenever the market has moved: a request is put together from copies, with
 * its number and account written in. Formatting each order anew would cost five times as much.
 */
import { benchAccountId } from '@oms/house';
import { NUMBER_DIGITS } from '../acknowledged.ts';
import type { SymbolTerms, Terms } from '../marketTerms.ts';
import { type Outgoing, putDigits } from './outgoing.ts';
import { ascii } from './protocol.ts';

const END = ascii('"}');
const PLACE_HOLDER = '0'.repeat(NUMBER_DIGITS);

export class OrderTexts {
  readonly #idPrefix: string;
  /** All account ids one after the other, and where each begins. */
  readonly #accountIds: Uint8Array;
  readonly #accountStarts: Uint32Array;
  /** `{"clientOrderId":"…","symbol":…,"accountId":"` by index of the terms. */
  #placed: Uint8Array[] = [];
  /** `"clientOrderId":"…","quantity":…,"price":…}` by index of the terms. */
  #replaced: Uint8Array[] = [];
  readonly #requestId: Uint8Array;
  readonly #numberAtPlaced: number;
  readonly #numberAtReplaced: number;

  /** @param idPrefix what makes the clientOrderIds of this run differ from all others */
  constructor(idPrefix: string, accounts: number) {
    this.#idPrefix = idPrefix;
    this.#requestId = ascii(idPrefix + PLACE_HOLDER);
    this.#numberAtPlaced = '{"clientOrderId":"'.length + idPrefix.length;
    this.#numberAtReplaced = '"clientOrderId":"'.length + idPrefix.length;
    const ids = Array.from({ length: accounts }, (_, i) => benchAccountId(i + 1));
    this.#accountIds = ascii(ids.join(''));
    this.#accountStarts = new Uint32Array(accounts + 1);
    for (const [i, id] of ids.entries()) this.#accountStarts[i + 1] = this.#accountStarts[i]! + id.length;
  }

  /** @param symbols in the same order every time */
  price(symbols: readonly SymbolTerms[]): void {
    const sides = symbols.flatMap(({ symbol, buy, sell }) => [
      { symbol, side: 'BUY', all: buy },
      { symbol, side: 'SELL', all: sell },
    ]);
    this.#placed = sides.flatMap(({ symbol, side, all }) =>
      all.map((terms) => ascii(this.#placeText(symbol, side, terms))),
    );
    this.#replaced = sides.flatMap(({ all }) => all.map((terms) => ascii(this.#replaceText(terms))));
  }

  placeBytes(terms: number, account: number): number {
    const accountBytes = this.#accountStarts[account + 1]! - this.#accountStarts[account]!;
    return this.#placed[terms]!.length + accountBytes + END.length;
  }

  /** The order as a JSON object of `placeBytes` bytes. */
  putPlace(out: Outgoing, number: number, terms: number, account: number): void {
    const start = out.length;
    out.put(this.#placed[terms]!);
    putDigits(out.bytes, start + this.#numberAtPlaced, number, NUMBER_DIGITS);
    const end = this.#accountStarts[account + 1]!;
    out.reserve(end - this.#accountStarts[account]!);
    // A dozen bytes: a loop is cheaper than making a view of them.
    for (let at = this.#accountStarts[account]!; at < end; at++) out.bytes[out.length++] = this.#accountIds[at]!;
    out.put(END);
  }

  /** The clientOrderId of request `number`. Valid until the next call. */
  requestId(number: number): Uint8Array {
    putDigits(this.#requestId, this.#requestId.length - NUMBER_DIGITS, number, NUMBER_DIGITS);
    return this.#requestId;
  }

  replaceBytes(terms: number): number {
    return this.#replaced[terms]!.length;
  }

  /** The members of a replace but the order's id, and the closing brace: `replaceBytes` bytes. */
  putReplace(out: Outgoing, number: number, terms: number): void {
    const start = out.length;
    out.put(this.#replaced[terms]!);
    putDigits(out.bytes, start + this.#numberAtReplaced, number, NUMBER_DIGITS);
  }

  #placeText(symbol: string, side: string, { quantity, price }: Terms): string {
    return `{"clientOrderId":"${this.#idPrefix}${PLACE_HOLDER}","symbol":"${symbol}","side":"${side}","type":"LIMIT","quantity":"${quantity}","price":"${price}","accountId":"`;
  }

  #replaceText({ replacedQuantity, price }: Terms): string {
    return `"clientOrderId":"${this.#idPrefix}${PLACE_HOLDER}","quantity":"${replacedQuantity}","price":"${price}"}`;
  }
}
