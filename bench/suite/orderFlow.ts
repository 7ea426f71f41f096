/**
 * The orders of the benchmarks: LIMIT orders of 0.001 BTC, both sides in turn, over accounts in turn or with one that is
 * hot. A kind of order always ends the same way, so that a run can check its own answer.
 */
import { decimal, type OrderTerms, type PlaceOrder, type Side } from '@oms/domain';
import type { CommandAnswer } from '@oms/ports';
import { accountIdOf, SYMBOL } from './benchHouse.ts';

/** `trades` is filled in full at once, `rests` stays open, `refused` is turned down by the price collar. */
export type OrderKind = 'trades' | 'rests' | 'refused';
/** What a flow is made of. */
export type Mix = 'all' | 'third' | 'none' | 'refused';

export const MIXES: readonly Mix[] = ['all', 'third', 'none', 'refused'];

const RESTING_PRICES = 64;
const QUANTITY = decimal('0.001');

const termsOf = (side: Side, price: string): OrderTerms => ({
  symbol: SYMBOL,
  side,
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: QUANTITY,
  quoteQuantity: null,
  price: decimal(price),
  stopPrice: null,
  triggerSource: 'LAST',
  expireTime: null,
  postOnly: false,
  reduceOnly: false,
  tags: [],
});

/** Terms are made anew for every order, as parsing a request does; only prices and quantity are shared. */
const TEMPLATES = {
  trades: { BUY: [termsOf('BUY', '50001')], SELL: [termsOf('SELL', '49999')] },
  rests: {
    BUY: Array.from({ length: RESTING_PRICES }, (_, i) => termsOf('BUY', String(20_000 + i))),
    SELL: Array.from({ length: RESTING_PRICES }, (_, i) => termsOf('SELL', String(80_000 + i))),
  },
  refused: { BUY: [termsOf('BUY', '1000')], SELL: [termsOf('SELL', '99000')] },
} as const satisfies Record<OrderKind, Record<Side, readonly OrderTerms[]>>;

export const kindOf = (mix: Mix, number: number): OrderKind => {
  if (mix === 'third') return number % 3 === 0 ? 'trades' : 'rests';
  return mix === 'all' ? 'trades' : mix === 'none' ? 'rests' : 'refused';
};

export interface FlowOptions {
  readonly accounts: number;
  /** Share of the orders that the first account places, 0 to 1; the others follow in turn. */
  readonly hotShare?: number;
  /** Both in turn by default. */
  readonly side?: Side;
}

export class OrderFlow {
  readonly #accountIds: readonly string[];
  readonly #hotShare: number;
  readonly #side: Side | null;
  #number = 0;
  #hotDebt = 0;

  constructor({ accounts, hotShare = 0, side }: FlowOptions) {
    this.#accountIds = Array.from({ length: accounts }, (_, i) => accountIdOf(i));
    this.#hotShare = hotShare;
    this.#side = side ?? null;
  }

  next(kind: OrderKind, replyTo: number): PlaceOrder {
    const number = this.#number++;
    const accounts = this.#accountIds.length;
    // Each account takes one side after the other, so that positions are opened and closed.
    const side = this.#side ?? (Math.floor(number / accounts) % 2 === 0 ? 'BUY' : 'SELL');
    const templates = TEMPLATES[kind][side];
    return {
      type: 'PlaceOrder',
      accountId: this.#accountIds[this.#isHot() ? 0 : number % accounts]!,
      clientOrderId: `desk-7-${number}`,
      terms: { ...templates[number % templates.length]! },
      replyTo,
    };
  }

  /** Spreads the hot account's share evenly. */
  #isHot(): boolean {
    this.#hotDebt += this.#hotShare;
    if (this.#hotDebt < 1) return false;
    this.#hotDebt--;
    return true;
  }
}

const STATUS_OF: Readonly<Record<OrderKind, string>> = { trades: 'FILLED', rests: 'NEW', refused: 'REJECTED' };

/** @throws Error when the order did not end as its kind must: then the figure would be of something else */
export function assertAnswer(kind: OrderKind, answer: CommandAnswer): void {
  const status = answer.order?.status;
  if (status === STATUS_OF[kind]) return;
  throw new Error(`an order that ${kind} was answered ${answer.outcome}, ${status}: ${answer.reason?.message}`);
}
