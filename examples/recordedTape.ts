/**
 * Works 200 orders of every type through 46 seconds of real BTC/USDT prints, on the tape's own time: the whole house,
 * stepped event by event, so that every run gives the same fills and the same state hash. Asserts its outcome.
 *
 *   node examples/recordedTape.ts [TAPE]     (default: ../shared/data/market/btcusdt-trades-2021-01-08.csv)
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decimal, formatDecimal, ONE, type OrderTerms, type OrderView } from '@oms/domain';
import { EmbeddedHouse } from '@oms/house';
import { defaultInstruments, loadTape, MarketStore, TapeReplay } from '@oms/market-data';
import { orderProcessor } from '@oms/order-processor';
import type { CommandAnswer, HouseMessage, Journal } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { ManualTime, MemoryJournal } from '@oms/testkit';
import { createVenueSimulator } from '@oms/venue-simulator';

export const TAPE = resolve(import.meta.dirname, '../../shared/data/market/btcusdt-trades-2021-01-08.csv');
const SYMBOL = 'BTC-USD';
const ACCOUNT = 'TAPE-0001';
const ORDERS = 200;
const CENTS = decimal('0.01');

export interface TapeOutcome {
  readonly stateHash: string;
  readonly orders: readonly OrderView[];
  readonly byStatus: Readonly<Record<string, number>>;
  readonly trades: number;
  readonly events: number;
}

/** Plays the tape through a house of its own. @param journal where the decisions go; in memory when left out */
export async function workTheTape(file: string, journal: Journal = new MemoryJournal()): Promise<TapeOutcome> {
  const desk = await TapeDesk.open(file, journal);
  const { replay } = desk;
  const every = Math.floor(replay.status.totalEvents / ORDERS);
  for (let played = 0; replay.nextTime !== null; played++) {
    await desk.playNext();
    if (played % every === 0 && desk.placed < ORDERS) await desk.placeNext();
  }
  await desk.closeWhatRests();
  return desk.outcome();
}

/** A desk that trades the tape: one account, one order type after the other. */
class TapeDesk {
  readonly time: ManualTime;
  readonly replay: TapeReplay;
  readonly #store: MarketStore;
  readonly #house: EmbeddedHouse;
  readonly #answers: CommandAnswer[] = [];

  static async open(file: string, journal: Journal): Promise<TapeDesk> {
    const desk = new TapeDesk(file, journal);
    await desk.#fund();
    return desk;
  }

  constructor(file: string, journal: Journal) {
    const instruments = defaultInstruments();
    const instrument = instruments.find((each) => each.symbol === SYMBOL)!;
    const tape = loadTape(file, instrument);
    this.time = new ManualTime(tape.events[0]!.time);
    this.#store = new MarketStore(instruments);
    this.replay = new TapeReplay({ tape, instrument, store: this.#store, startTime: null, speed: ONE });
    this.#house = new EmbeddedHouse({
      createOrderProcessor: () => orderProcessor(),
      createRiskEngine: () => riskEngine(),
      createVenue: () => createVenueSimulator({ mode: 'simulated', seed: 'tape' }),
      partitions: 1,
      journal,
      snapshots: null,
      clock: this.time,
      scheduler: this.time,
      market: this.#store,
      instruments: new Map(instruments.map((each) => [each.symbol, each])),
      failed: (error) => {
        throw error;
      },
    });
    this.#house.runtime.recover();
    this.#house.runtime.start();
    this.#house.submit(
      0,
      'urgent',
      () => ({ to: 'risk-engine', message: { type: 'ListInstrument', instrument } }),
      () => {},
    );
  }

  get placed(): number {
    return this.#answers.length;
  }

  /** The next print: prices move, the venue looks at what rests, stops and expiries fall due. */
  async playNext(): Promise<void> {
    this.time.jump(Math.max(0, this.replay.nextTime! - this.time.now()));
    const event = this.replay.step();
    if (event?.kind === 'trade') {
      const { symbol, price, quantity, aggressorSide } = event.trade;
      this.#house.tellVenue({ type: 'MarketTraded', symbol, price, quantity, aggressorSide });
    }
    this.#house.tellVenue({ type: 'BookMoved', symbol: SYMBOL });
    await this.#house.runtime.step();
  }

  async placeNext(): Promise<void> {
    const number = this.placed;
    const terms = this.#termsOf(number);
    const clientOrderId = `tape-${number}`;
    const place = () =>
      this.#send((replyTo) => ({
        to: 'order-processor',
        message: { type: 'PlaceOrder', accountId: ACCOUNT, clientOrderId, terms, replyTo },
      }));
    const answer = await place();
    assert.ok(answer.order !== null, `order ${number} was not stored: ${answer.reason?.message}`);
    this.#answers.push(answer);
    // A client that lost the answer asks again: it must get the very same order.
    if (number % 20 === 0) assert.equal((await place()).orderId, answer.orderId);
    const order = JSON.parse(answer.order.json) as OrderView;
    if (number % 8 === 3) await this.#replace(order, clientOrderId);
    if (number % 8 === 4) await this.#cancel(order);
  }

  async closeWhatRests(): Promise<void> {
    await this.#send((replyTo) => ({
      to: 'order-processor',
      message: { type: 'CancelMatching', accountId: ACCOUNT, symbol: null, side: null, origin: 'CLIENT', replyTo },
    }));
  }

  outcome(): TapeOutcome {
    const orders = this.#answers.map((answer) => this.#house.order(answer.orderId!)!);
    const byStatus: Record<string, number> = {};
    for (const order of orders) byStatus[order.status] = (byStatus[order.status] ?? 0) + 1;
    const position = this.#house.positions(ACCOUNT).find((view) => view.symbol === SYMBOL);
    const signed = orders.reduce(
      (sum, order) => sum + (order.side === 'BUY' ? 1n : -1n) * decimal(order.filledQuantity),
      0n,
    );
    assert.equal(position?.quantity, formatDecimal(signed), 'the position is the sum of the fills');
    for (const balance of this.#house.balances(ACCOUNT))
      assert.equal(balance.held, '0', `${balance.currency} is still held`);
    const [state] = this.#house.riskStates();
    return {
      stateHash: createHash('sha256').update(this.#house.runtime.stateBytes()).digest('hex'),
      orders,
      byStatus,
      trades: state!.accounts.get(ACCOUNT)!.positions.get(SYMBOL)!.trades,
      events: this.replay.status.playedEvents,
    };
  }

  async #fund(): Promise<void> {
    const deposits = [
      { currency: 'USD', amount: decimal('2000000') },
      { currency: 'BTC', amount: decimal('50') },
    ];
    await this.#send((replyTo) => ({
      to: 'risk-engine',
      message: {
        type: 'OpenAccount',
        accountId: ACCOUNT,
        name: 'Tape',
        kind: 'HOUSE',
        deskId: 'tape',
        deposits,
        replyTo,
      },
    }));
  }

  async #replace(order: OrderView, clientOrderId: string): Promise<void> {
    const price = order.price === null ? null : decimal(order.price) + (order.side === 'BUY' ? 100n : -100n) * CENTS;
    await this.#send((replyTo) => ({
      to: 'order-processor',
      message: {
        type: 'ReplaceOrder',
        orderId: order.orderId,
        clientOrderId: `${clientOrderId}-r`,
        quantity: price === null ? decimal('0.02') : null,
        price,
        stopPrice: null,
        replyTo,
      },
    }));
  }

  async #cancel(order: OrderView): Promise<void> {
    await this.#send((replyTo) => ({
      to: 'order-processor',
      message: { type: 'CancelOrder', orderId: order.orderId, clientOrderId: null, origin: 'CLIENT', replyTo },
    }));
  }

  async #send(build: (replyTo: number) => HouseMessage): Promise<CommandAnswer> {
    const { promise, resolve: answered } = Promise.withResolvers<CommandAnswer>();
    assert.ok(this.#house.submit(0, 'ordinary', build, answered), 'the mailbox took it');
    await this.#house.runtime.step();
    return promise;
  }

  /** Sixteen kinds of order, one after the other, around the market as it stands. */
  #termsOf(number: number): OrderTerms {
    const { bids, asks } = this.#store.book(SYMBOL)!;
    const bid = bids[0]![0];
    const ask = asks[0]![0];
    const away = decimal('5');
    const base: OrderTerms = {
      symbol: SYMBOL,
      side: number % 2 === 0 ? 'BUY' : 'SELL',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: decimal('0.01'),
      quoteQuantity: null,
      price: number % 2 === 0 ? bid - away : ask + away,
      stopPrice: null,
      triggerSource: 'LAST',
      expireTime: null,
      postOnly: false,
      reduceOnly: false,
      tags: [`kind-${number % 16}`],
    };
    const market = { type: 'MARKET', timeInForce: 'IOC', price: null } as const;
    const kinds: readonly Partial<OrderTerms>[] = [
      market,
      market,
      { ...market, quantity: null, quoteQuantity: decimal('500') },
      { price: ask + away },
      {},
      { price: bid - away },
      { price: bid, postOnly: true },
      { price: ask, postOnly: true },
      { price: ask, timeInForce: 'IOC' },
      { price: bid, timeInForce: 'FOK' },
      { timeInForce: 'GTD', expireTime: this.time.now() + 2_000 },
      { timeInForce: 'DAY' },
      { type: 'STOP', price: null, stopPrice: ask + away },
      { type: 'STOP', price: null, stopPrice: bid - away },
      { type: 'STOP_LIMIT', stopPrice: ask + away, price: ask + away + away, triggerSource: 'BID_ASK' },
      { ...market, reduceOnly: true, quantity: decimal('0.005') },
    ];
    return { ...base, ...kinds[number % kinds.length] };
  }
}

async function main(): Promise<void> {
  const file = process.argv[2] ?? TAPE;
  if (!existsSync(file)) {
    console.error(`The recorded tape is not here: ${file}\nName one: node examples/recordedTape.ts FILE`);
    process.exitCode = 2;
    return;
  }
  const outcome = await workTheTape(file);
  const again = await workTheTape(file);
  assert.equal(again.stateHash, outcome.stateHash, 'two runs end in the same state');
  assert.equal(outcome.orders.length, ORDERS);
  assert.ok(outcome.trades > 50, 'many of them traded');
  console.table(outcome.byStatus);
  console.log(`${outcome.events} prints, ${outcome.orders.length} orders, ${outcome.trades} trades`);
  console.log(`state hash ${outcome.stateHash} (the same twice)`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
