/**
 * Decides what each request is: a new order (of which instrument, side, price and account), or the replace or cancel of
 * one that rests. Both sides come in turn, so that positions stay near zero. The same seed gives the same orders on the
 * same market.
 */
import { TERMS_PER_SIDE } from '../marketTerms.ts';
import type { Answer } from './answer.ts';
import { RestingOrders, type TakenOrder } from './restingOrders.ts';

export const KIND = { NEW: 0, REPLACE: 1, CANCEL: 2 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

export interface MixOptions {
  readonly seed: number;
  readonly accounts: number;
  /** Shares of the requests; what is left of 1 are new orders. */
  readonly replaceShare: number;
  readonly cancelShare: number;
  /** Share of the new orders priced to trade. */
  readonly tradeShare: number;
  /** Share of the new orders that go to the first account. */
  readonly skew: number;
}

/** What is remembered of requests under way: enough for the two million newest. */
const REMEMBERED = 1 << 21;
const NO_ID = new Uint8Array(0);

/** mulberry32: small, fast and good enough to spread orders. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The request that was picked last is in its members: an object per request would be garbage. */
export class OrderMix implements TakenOrder {
  kind: Kind = KIND.NEW;
  /** Index of the terms: (instrument × 2 + side) × TERMS_PER_SIDE + price. */
  terms = 0;
  /** Of a new order, from 0. */
  account = 0;
  /** Of the order to replace or cancel. */
  id: Uint8Array = NO_ID;
  /** Instruments with a market. */
  symbols = 0;
  readonly #options: MixOptions;
  readonly #random: () => number;
  readonly #remembers: boolean;
  readonly #placed = new RestingOrders();
  readonly #replaced = new RestingOrders();
  readonly #kinds = new Uint8Array(REMEMBERED);
  readonly #terms = new Uint16Array(REMEMBERED);
  #newOrders = 0;

  constructor(options: MixOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#remembers = options.replaceShare + options.cancelShare > 0;
  }

  /** Decides what request `number` is. While nothing rests, requests are new orders. */
  pick(number: number): void {
    this.kind = this.#remembers ? this.#pickKind() : KIND.NEW;
    if (this.kind === KIND.NEW) this.#pickNew();
    else if (this.kind === KIND.REPLACE) this.#placed.takeInto(this);
    // Orders that were replaced once are canceled first: they cannot be replaced again, see `kindOf`.
    else (this.#replaced.count > 0 ? this.#replaced : this.#placed).takeInto(this);
    this.#kinds[number & (REMEMBERED - 1)] = this.kind;
    this.#terms[number & (REMEMBERED - 1)] = this.terms;
  }

  kindOf(number: number): Kind {
    return this.#kinds[number & (REMEMBERED - 1)] as Kind;
  }

  /** Remembers the order if it rests. A replaced one has the quantity for replacing already, and is only canceled. */
  acknowledged(answer: Answer): void {
    if (!this.#remembers || !answer.resting) return;
    const kind = this.kindOf(answer.number);
    if (kind === KIND.CANCEL) return;
    const orders = kind === KIND.NEW ? this.#placed : this.#replaced;
    const terms = this.#terms[answer.number & (REMEMBERED - 1)]!;
    orders.add(answer.bytes, answer.orderIdStart, answer.orderIdEnd, terms);
  }

  #pickKind(): Kind {
    const { replaceShare, cancelShare } = this.#options;
    const pick = this.#random();
    if (pick < replaceShare) return this.#placed.count > 0 ? KIND.REPLACE : KIND.NEW;
    if (pick >= replaceShare + cancelShare) return KIND.NEW;
    return this.#placed.count + this.#replaced.count > 0 ? KIND.CANCEL : KIND.NEW;
  }

  #pickNew(): void {
    const { accounts, tradeShare, skew } = this.#options;
    const order = this.#newOrders++;
    const symbol = order % this.symbols;
    // Sides change over once the instruments were gone round.
    const side = Math.trunc(order / this.symbols) & 1;
    const resting = TERMS_PER_SIDE - 1;
    const price = this.#random() < tradeShare ? 0 : 1 + Math.trunc(this.#random() * resting);
    this.terms = (symbol * 2 + side) * TERMS_PER_SIDE + price;
    const hot = skew > 0 && this.#random() < skew;
    this.account = hot ? 0 : Math.trunc(this.#random() * accounts);
  }
}
