/**
 * Plays a tape into the market store, at any speed (`advance`) or one event at a time (`step`), and says how far it is.
 *
 * A tape rarely holds a whole book, so the missing part is made up, always the same way:
 * - quotes: the best bid and ask are the recorded ones; deeper levels follow the rule of liquidity.ts.
 * - trades: the best ask is the last price somebody bought at, the best bid the last price somebody sold at. When the
 *   two meet or cross, the side that did not trade steps back to one increment from the other; so it does while only
 *   one side has traded. When they are more than two basis points apart it follows to that distance, so that a side
 *   nobody traded for a while does not stay behind. Level sizes follow the rule of liquidity.ts.
 * - depth: as recorded.
 * When the tape has ended the last prices stay.
 */
import { decimal, type Instrument, maximum, minimum, notionalOf, ONE, type Price, type Rate } from '@oms/domain';
import type { MarketEvent } from '@oms/ports';
import { LEVELS_PER_SIDE, Liquidity } from './liquidity.ts';
import type { MarketStore } from './marketStore.ts';
import { hashText } from './seededRandom.ts';
import type { Tape, TapeEvent, TapeQuote, TapeTrade } from './tape.ts';

/** Typical value of a made-up level at the top of the book. */
const LEVEL_NOTIONAL = decimal('50000');

/** Widest spread that is made up between the last prints, as a share of the price: two basis points. */
const SPREAD_MAX = decimal('0.0002');

export interface TapeReplayOptions {
  readonly tape: Tape;
  readonly instrument: Instrument;
  readonly store: MarketStore;
  /** Feed time of the first event, epoch milliseconds. `null`: its recorded time, so that the feed runs on tape time. */
  readonly startTime: number | null;
  /** Tape seconds per second of feed time, above zero. */
  readonly speed: Rate;
}

export interface TapeStatus {
  readonly file: string;
  readonly symbol: string;
  readonly playedEvents: number;
  readonly totalEvents: number;
  readonly ended: boolean;
}

export class TapeReplay {
  readonly #tape: Tape;
  readonly #store: MarketStore;
  readonly #speed: Rate;
  readonly #startTime: number;
  readonly #liquidity: Liquidity;
  #next = 0;
  #boughtAt: Price | null = null;
  #soldAt: Price | null = null;

  constructor({ tape, instrument, store, startTime, speed }: TapeReplayOptions) {
    this.#tape = tape;
    this.#store = store;
    this.#speed = speed;
    this.#startTime = startTime ?? tape.events[0]!.time;
    this.#liquidity = new Liquidity(instrument, anyPriceOf(tape), LEVEL_NOTIONAL, hashText(tape.symbol));
  }

  get status(): TapeStatus {
    const { file, symbol, events } = this.#tape;
    const ended = this.#next === events.length;
    return { file, symbol, playedEvents: this.#next, totalEvents: events.length, ended };
  }

  /** Feed time of the next event; `null` once the tape has ended. */
  get nextTime(): number | null {
    const event = this.#tape.events[this.#next];
    return event === undefined ? null : this.#feedTimeOf(event);
  }

  /** Plays everything that is due until `now`. */
  advance(now: number): void {
    for (let time = this.nextTime; time !== null && time <= now; time = this.nextTime) this.step();
  }

  /** Plays the next event, whatever the time: the trade, or the book it changed; `null` once the tape has ended. */
  step(): MarketEvent | null {
    const event = this.#tape.events[this.#next];
    if (event === undefined) return null;
    const time = this.#feedTimeOf(event);
    this.#next++;
    const published = this.#play(event, time);
    this.#store.publishTicker(this.#tape.symbol, time);
    return published;
  }

  #feedTimeOf(event: TapeEvent): number {
    const elapsedMs = BigInt(event.time - this.#tape.events[0]!.time);
    return this.#startTime + Number((elapsedMs * ONE) / this.#speed);
  }

  #play(event: TapeEvent, time: number): MarketEvent {
    const { symbol } = this.#tape;
    switch (event.kind) {
      case 'trade': {
        const { price, quantity, aggressorSide, tradeId } = event;
        const trade = this.#store.publishTrade(symbol, time, price, quantity, aggressorSide, tradeId);
        this.#showBookAround(event, time);
        return trade;
      }
      case 'quote':
        return this.#showBookBehind(event, time);
      case 'depth':
        return this.#store.publishBook(symbol, time, event.bids, event.asks);
    }
  }

  #showBookAround({ price, aggressorSide }: TapeTrade, time: number): void {
    const bought = aggressorSide === 'BUY';
    if (bought) this.#boughtAt = price;
    else this.#soldAt = price;
    const increment = this.#liquidity.instrument.priceIncrement;
    const widest = maximum(increment, notionalOf(price, SPREAD_MAX) - (notionalOf(price, SPREAD_MAX) % increment));
    const bid = this.#soldAt ?? price - increment;
    const ask = this.#boughtAt ?? price + increment;
    const spread = minimum(maximum(ask - bid, increment), widest);
    this.#soldAt = bought ? ask - spread : bid;
    this.#boughtAt = bought ? ask : bid + spread;
    this.#publishAround(this.#soldAt, this.#boughtAt, time);
  }

  #publishAround(bid: Price, ask: Price, time: number): void {
    const { tickOf, quantityOf, levelLots } = this.#liquidity;
    this.#publishBook(time, [tickOf(bid), quantityOf(levelLots)], [tickOf(ask), quantityOf(levelLots)]);
  }

  #showBookBehind({ bid, ask }: TapeQuote, time: number): MarketEvent {
    const { tickOf } = this.#liquidity;
    return this.#publishBook(time, [tickOf(bid[0]), bid[1]], [tickOf(ask[0]), ask[1]]);
  }

  #publishBook(
    time: number,
    [bidTick, bidQuantity]: readonly [number, bigint],
    [askTick, askQuantity]: readonly [number, bigint],
  ): MarketEvent {
    const { priceOf, bookLevelsOf } = this.#liquidity;
    const deeperBids = this.#liquidity.levels('bids', bidTick - 1, time, LEVELS_PER_SIDE - 1);
    const deeperAsks = this.#liquidity.levels('asks', askTick + 1, time, LEVELS_PER_SIDE - 1);
    // A print at the very lowest price leaves no room for a bid below it.
    const bids = bidTick > 0 ? [[priceOf(bidTick), bidQuantity] as const, ...bookLevelsOf(deeperBids)] : [];
    const asks = [[priceOf(askTick), askQuantity] as const, ...bookLevelsOf(deeperAsks)];
    return this.#store.publishBook(this.#tape.symbol, time, bids, asks);
  }
}

/** About where the tape's market is: decides how wide made-up levels stand apart. */
function anyPriceOf(tape: Tape): Price {
  for (const event of tape.events) {
    const price = event.kind === 'trade' ? event.price : event.kind === 'quote' ? event.ask[0] : event.asks[0]?.[0];
    if (price !== undefined) return price;
  }
  return ONE;
}
