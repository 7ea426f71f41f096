/**
 * The whole house in memory: the real actors, runtime and codecs, with a journal, a clock and a market that the test
 * holds in its hand. Every call is decided and durable when it returns.
 */
import { createHash } from 'node:crypto';
import {
  type DisplayedBook,
  decimal,
  type Instrument,
  type MarketView,
  type OrderTerms,
  type OrderView,
  type ReferencePrices,
  type RiskLimits,
} from '@oms/domain';
import { defaultInstruments } from '@oms/market-data';
import { orderProcessor } from '@oms/order-processor';
import type { CommandAnswer, HouseMessage } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { ManualTime, MemoryJournal, terms } from '@oms/testkit';
import { createVenueSimulator } from '@oms/venue-simulator';
import { bootstrap } from '../src/bootstrap.ts';
import { EmbeddedHouse } from '../src/embeddedHouse.ts';
import { PROFILES } from '../src/profiles.ts';

/** An answer with its order as a view, to be looked at member by member. */
type ShownAnswer = Omit<CommandAnswer, 'order'> & { readonly order: OrderView | null };

/** A market whose books a test draws: levels as "price x quantity", best first. */
export class DrawnMarket implements MarketView {
  readonly #books = new Map<string, DisplayedBook>();
  readonly #prices = new Map<string, ReferencePrices>();
  #sequence = 0;

  draw(symbol: string, bids: readonly string[], asks: readonly string[], time: number): void {
    const level = (text: string): [bigint, bigint] => {
      const [price, quantity] = text.split(' x ');
      return [decimal(price!), decimal(quantity!)];
    };
    const book = { sequence: ++this.#sequence, bids: bids.map(level), asks: asks.map(level) };
    this.#books.set(symbol, book);
    const bestBid = book.bids[0]?.[0] ?? null;
    const bestAsk = book.asks[0]?.[0] ?? null;
    const middle = bestBid !== null && bestAsk !== null ? (bestBid + bestAsk) / 2n : null;
    this.#prices.set(symbol, { last: this.#prices.get(symbol)?.last ?? middle, bestBid, bestAsk, mark: middle, time });
  }

  trade(symbol: string, price: string, time: number): void {
    const before = this.#prices.get(symbol) ?? { bestBid: null, bestAsk: null, mark: null };
    this.#prices.set(symbol, { ...before, last: decimal(price), time });
  }

  book(symbol: string): DisplayedBook | undefined {
    return this.#books.get(symbol);
  }

  prices(symbol: string): ReferencePrices | undefined {
    return this.#prices.get(symbol);
  }
}

export interface TestHouseOptions {
  readonly venue?: 'simulated' | 'manual';
  readonly limits?: Partial<RiskLimits>;
  readonly journal?: MemoryJournal;
  readonly time?: ManualTime;
  readonly instruments?: readonly Instrument[];
  /** Left out: only at the start. */
  readonly reconcileEveryMs?: number;
}

const NEVER_MS = Number.MAX_SAFE_INTEGER;

export class TestHouse {
  readonly time: ManualTime;
  readonly market = new DrawnMarket();
  readonly journal: MemoryJournal;
  readonly house: EmbeddedHouse;
  readonly instruments: readonly Instrument[];
  readonly failures: unknown[] = [];

  constructor(options: TestHouseOptions = {}) {
    this.time = options.time ?? new ManualTime();
    this.journal = options.journal ?? new MemoryJournal();
    this.instruments = options.instruments ?? defaultInstruments();
    this.house = new EmbeddedHouse({
      createOrderProcessor: () => orderProcessor({ reconcileEveryMs: options.reconcileEveryMs ?? NEVER_MS }),
      createRiskEngine: () => riskEngine(),
      createVenue: () => createVenueSimulator({ mode: options.venue ?? 'simulated', seed: 'test' }),
      partitions: 1,
      journal: this.journal,
      snapshots: null,
      clock: this.time,
      scheduler: this.time,
      market: this.market,
      instruments: new Map(this.instruments.map((instrument) => [instrument.symbol, instrument])),
      failed: (error) => this.failures.push(error),
    });
    this.house.runtime.recover();
    this.house.runtime.start();
  }

  static async open(options: TestHouseOptions = {}): Promise<TestHouse> {
    const house = new TestHouse(options);
    const profile = { ...PROFILES.demo, defaultLimits: { ...PROFILES.demo.defaultLimits, ...options.limits } };
    const opened = bootstrap(house.house, house.house.riskStates(), house.instruments, profile);
    await house.step();
    await house.step();
    await opened;
    return house;
  }

  /** Lets everything that waits be decided and made durable. */
  async step(): Promise<void> {
    this.time.runSoon();
    await this.house.runtime.step();
    if (this.failures.length > 0) throw this.failures[0];
  }

  async send(build: (replyTo: number) => HouseMessage): Promise<ShownAnswer> {
    const answer = Promise.withResolvers<CommandAnswer>();
    if (!this.house.submit(0, 'ordinary', build, answer.resolve)) throw new Error('the mailbox is full');
    await this.step();
    const { order, ...rest } = await answer.promise;
    return { ...rest, order: order === null ? null : (JSON.parse(order.json) as OrderView) };
  }

  place(clientOrderId: string, changes: Partial<OrderTerms> = {}, accountId = 'DEMO-0001'): Promise<ShownAnswer> {
    return this.send((replyTo) => ({
      to: 'order-processor',
      message: { type: 'PlaceOrder', accountId, clientOrderId, terms: terms(changes), replyTo },
    }));
  }

  cancel(orderId: string, clientOrderId: string | null = null): Promise<ShownAnswer> {
    return this.send((replyTo) => ({
      to: 'order-processor',
      message: { type: 'CancelOrder', orderId, clientOrderId, origin: 'CLIENT', replyTo },
    }));
  }

  /** The displayed book moved; the venue looks at its resting orders. */
  async draw(symbol: string, bids: readonly string[], asks: readonly string[]): Promise<void> {
    this.market.draw(symbol, bids, asks, this.time.now());
    this.house.tellVenue({ type: 'BookMoved', symbol });
    await this.step();
  }

  async trade(symbol: string, price: string, quantity: string, aggressorSide: 'BUY' | 'SELL'): Promise<void> {
    this.market.trade(symbol, price, this.time.now());
    this.house.tellVenue({
      type: 'MarketTraded',
      symbol,
      price: decimal(price),
      quantity: decimal(quantity),
      aggressorSide,
    });
    await this.step();
  }

  order(orderId: string) {
    return this.house.order(orderId)!;
  }

  balance(currency: string, accountId = 'DEMO-0001') {
    return this.house.balances(accountId).find((view) => view.currency === currency)!;
  }

  position(symbol: string, accountId = 'DEMO-0001') {
    return this.house.positions(accountId).find((view) => view.symbol === symbol);
  }

  stateHash(): string {
    return createHash('sha256').update(this.house.runtime.stateBytes()).digest('hex');
  }

  /** The same journal in a new process. */
  restarted(options: TestHouseOptions = {}): TestHouse {
    return new TestHouse({ ...options, journal: new MemoryJournal(this.journal.groups, this.journal.epoch + 1) });
  }
}
