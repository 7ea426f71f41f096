/**
 * The venue's part of an order alone: receive and evolve of the simulated venue, without runtime, codecs or journal,
 * while many orders rest in its book (gate P8: a million against a thousand). Messages are made outside the clock.
 * Prints one JSON line: processor time per order (garbage collection included) by what was done, per size of the book.
 *   node bench/venue.ts [orders] [resting ...]
 */
import {
  type BookLevel,
  type DecisionContext,
  type DisplayedBook,
  decimal,
  ONE,
  type Price,
  type VenueMessage,
} from '@oms/domain';
import { defaultInstruments } from '@oms/market-data';
import { createVenueSimulator } from '@oms/venue-simulator';

const SYMBOL = 'BTC-USD';
const LEVELS = 1_000;
/** Messages made and then timed in one go. */
const ROUND = 1_000;
const QUANTITY = decimal('0.001');
const CENT = decimal('0.01');
const BID = decimal('49999');
const ASK = decimal('50001');
const BEST_OWN = decimal('49998');

const instruments = new Map(defaultInstruments().map((each) => [each.symbol, each]));
/** As deep as the market simulator's, and never used up. */
const sideOf = (best: Price, step: Price): BookLevel[] =>
  Array.from({ length: 25 }, (_, i) => [best + BigInt(i) * step, 10_000_000n * ONE]);
const BIDS = sideOf(BID, -CENT);
const QUIET = sideOf(ASK, CENT);
/** Offers what one of our best orders wants. */
const REACHING: readonly BookLevel[] = [[BEST_OWN, QUANTITY], ...QUIET];

/** A venue whose book of ours always holds the same number of orders, buys over {@link LEVELS} prices. */
class DeepVenue {
  readonly #definition = createVenueSimulator({ mode: 'simulated', seed: 'bench' });
  readonly #state = this.#definition.initialState(0);
  readonly #resting: string[] = [];
  #asks: readonly BookLevel[] = QUIET;
  #book: DisplayedBook = { sequence: 1, bids: BIDS, asks: QUIET };
  #orders = 0;
  #context: DecisionContext = {
    now: 1,
    market: { book: () => this.#book, prices: () => undefined },
    instruments,
  };
  reports = 0;

  constructor(resting: number) {
    for (let i = 0; i < ROUND; i++) this.send(this.restingAtBest());
    for (let i = 0; i < resting; i++) this.send(this.resting());
  }

  send(message: VenueMessage): void {
    if (message.type === 'BookMoved') this.#book = { sequence: this.#book.sequence + 1, bids: BIDS, asks: this.#asks };
    const { events, sends } = this.#definition.receive(message, this.#state, this.#context);
    for (const event of events) this.#definition.evolve(this.#state, event, 1);
    this.reports += sends.length;
  }

  resting(): VenueMessage {
    const message = this.#place(BEST_OWN - BigInt((this.#orders * 7) % LEVELS) * CENT);
    this.#resting.push(message.terms.orderId);
    return message;
  }

  restingAtBest(): VenueMessage {
    return this.#place(BEST_OWN);
  }

  filling(): VenueMessage {
    return this.#place(ASK);
  }

  canceling(): VenueMessage {
    return { type: 'VenueCancel', orderId: this.#takeAny(), requestId: 'c', origin: 'CLIENT' };
  }

  replacing(i: number): VenueMessage {
    const orderId = this.#resting[(i * 7_919) % this.#resting.length]!;
    const price = BEST_OWN - BigInt((i * 31) % LEVELS) * CENT;
    return { type: 'VenueReplace', orderId, requestId: 'r', quantity: QUANTITY, price };
  }

  /** Somebody sells at our best price, or one cent above where nobody of ours waits. */
  trade(isReaching: boolean): VenueMessage {
    const price = isReaching ? BEST_OWN : BEST_OWN + CENT;
    return { type: 'MarketTraded', symbol: SYMBOL, price, quantity: QUANTITY, aggressorSide: 'SELL' };
  }

  /** The book moved; when it reaches us, it offers what one order wants. */
  moveBook(isReaching: boolean): VenueMessage {
    this.#asks = isReaching ? REACHING : QUIET;
    return { type: 'BookMoved', symbol: SYMBOL };
  }

  #place(price: Price): Extract<VenueMessage, { type: 'VenuePlace' }> {
    const terms = {
      orderId: `o-0-${++this.#orders}`,
      accountId: 'BENCH-0001',
      symbol: SYMBOL,
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: QUANTITY,
      quoteQuantity: null,
      price,
      postOnly: false,
    } as const;
    return { type: 'VenuePlace', terms };
  }

  /** Half of the cancels are for the newest order, half for any. */
  #takeAny(): string {
    const newest = this.#resting.pop()!;
    const at = (this.#orders * 7_919 + this.#resting.length) % (2 * this.#resting.length);
    const other = this.#resting[at];
    if (other === undefined) return newest;
    this.#resting[at] = newest;
    return other;
  }
}

/** @returns nanoseconds of processor time per message, of those that `timed` makes; `after` restores the book. */
function measure(venue: DeepVenue, count: number, timed: (i: number) => VenueMessage, after?: () => VenueMessage) {
  let microseconds = 0;
  for (let i = 0; i < count; ) {
    const messages: VenueMessage[] = [];
    for (const end = i + ROUND; i < end; i++) messages.push(timed(i));
    const before = process.cpuUsage();
    for (const message of messages) venue.send(message);
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
    if (after !== undefined) for (let j = 0; j < ROUND; j++) venue.send(after());
  }
  return Math.round((1_000 * microseconds) / count);
}

function measureAll(resting: number, count: number) {
  const venue = new DeepVenue(resting);
  const cancel = () => venue.canceling();
  const rest = () => venue.resting();
  const cpuNsPerOrder = {
    placeAndRest: measure(venue, count, rest, cancel),
    cancel: measure(venue, count, cancel, rest),
    replace: measure(venue, count, (i) => venue.replacing(i)),
    placeAndFill: measure(venue, count, () => venue.filling()),
    tradeBeside: measure(venue, count, () => venue.trade(false)),
    moveBeside: measure(venue, count, () => venue.moveBook(false)),
    // From here on the book's orders are not those that cancel and replace know.
    tradeFilling: measure(
      venue,
      count,
      () => venue.trade(true),
      () => venue.restingAtBest(),
    ),
    moveFilling: measure(
      venue,
      count,
      () => venue.moveBook(true),
      () => venue.restingAtBest(),
    ),
  };
  return { resting, cpuNsPerOrder, reports: venue.reports };
}

const [count = 200_000, ...books] = process.argv.slice(2).map(Number);
measureAll(1_000, count); // warm-up
console.log(
  JSON.stringify((books.length > 0 ? books : [1_000, 1_000_000]).map((resting) => measureAll(resting, count))),
);
