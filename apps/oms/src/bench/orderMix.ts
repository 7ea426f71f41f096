/**
 * The orders of the benchmark: small LIMIT orders at the minimum size, both sides in turn, over all instruments and
 * accounts. About a third are priced through the market and trade; the others rest a little away from it. Built as
 * JSON text by hand, for the generator shares the machine with what it measures. The same seed gives the same orders
 * on the same market.
 */
import type { BookView, InstrumentView } from '@oms/client';
import { decimal, formatDecimal, maximum, ONE } from '@oms/domain';

/** Share of the orders priced to trade. */
const CROSSING_SHARE = 1 / 3;
/** Distances from the market, in parts of 10 000. */
const CROSSING_DISTANCE = 20n;
const RESTING_DISTANCES = [20n, 30n, 40n, 60n, 80n, 120n, 160n, 240n] as const;
const PARTS = 10_000n;

interface SideTexts {
  /** Everything of the parameters from the symbol to the price. */
  readonly crossing: string;
  readonly resting: readonly string[];
}

interface SymbolTexts {
  readonly buy: SideTexts;
  readonly sell: SideTexts;
}

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

export class OrderMix {
  readonly #random: () => number;
  readonly #accounts: readonly string[];
  /** What all clientOrderIds begin with; the order's number follows. */
  readonly idPrefix: string;
  readonly #symbols: SymbolTexts[] = [];
  readonly #indexes = new Map<string, number>();

  /** @param idPrefix what makes the clientOrderIds of this run differ from all others */
  constructor(seed: number, accounts: number, idPrefix: string) {
    this.#random = seededRandom(seed);
    this.#accounts = Array.from({ length: accounts }, (_, i) => `BENCH-${String(i + 1).padStart(4, '0')}`);
    this.idPrefix = idPrefix;
  }

  /** Prices the orders of one instrument by its book; again whenever the market has moved. An empty side is left out. */
  quote(instrument: InstrumentView, book: BookView): void {
    const bid = book.bids[0]?.[0];
    const ask = book.asks[0]?.[0];
    if (bid === undefined || ask === undefined) return;
    const index = this.#indexes.get(instrument.symbol) ?? this.#symbols.length;
    this.#indexes.set(instrument.symbol, index);
    this.#symbols[index] = {
      buy: textsOf(instrument, 'BUY', decimal(bid), decimal(ask)),
      sell: textsOf(instrument, 'SELL', decimal(bid), decimal(ask)),
    };
  }

  get symbols(): number {
    return this.#symbols.length;
  }

  /** The request of order `number`, to be sent as it is. */
  request(number: number): string {
    const pick = this.#random();
    const texts = this.#symbols[number % this.#symbols.length]!;
    // Sides change over once the symbols were gone round, so that positions stay near zero.
    const side = Math.floor(number / this.#symbols.length) % 2 === 0 ? texts.buy : texts.sell;
    const terms =
      pick < CROSSING_SHARE ? side.crossing : side.resting[Math.floor(this.#random() * side.resting.length)]!;
    const account = this.#accounts[Math.floor(this.#random() * this.#accounts.length)]!;
    return `{"id":${number},"op":"order.place","params":{"clientOrderId":"${this.idPrefix}${number}","accountId":"${account}",${terms}}}`;
  }
}

function textsOf(instrument: InstrumentView, side: 'BUY' | 'SELL', bid: bigint, ask: bigint): SideTexts {
  const text = (price: bigint) =>
    `"symbol":"${instrument.symbol}","side":"${side}","type":"LIMIT","quantity":"${formatDecimal(quantityOf(instrument, price))}","price":"${formatDecimal(price)}"`;
  const increment = decimal(instrument.priceIncrement);
  const away = (price: bigint, parts: bigint) => {
    const moved = (price * (PARTS + parts)) / PARTS;
    return maximum(moved - (moved % increment), increment);
  };
  return side === 'BUY'
    ? {
        crossing: text(away(ask, CROSSING_DISTANCE)),
        resting: RESTING_DISTANCES.map((parts) => text(away(bid, -parts))),
      }
    : {
        crossing: text(away(bid, -CROSSING_DISTANCE)),
        resting: RESTING_DISTANCES.map((parts) => text(away(ask, parts))),
      };
}

/** The smallest quantity the instrument takes at this price. */
function quantityOf(instrument: InstrumentView, price: bigint): bigint {
  const increment = decimal(instrument.quantityIncrement);
  const byNotional = (decimal(instrument.minNotional) * ONE) / price;
  const rounded = (byNotional / increment + 1n) * increment;
  return maximum(decimal(instrument.minQuantity), rounded);
}
