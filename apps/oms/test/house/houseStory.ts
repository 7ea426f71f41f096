/**
 * Random stories for the whole house: what clients, the market, the clock, operators and a misbehaving venue may do,
 * as plain data that shrinks well, and the hand that plays it. An order is named by its number, modulo how many there are.
 */
import {
  decimal,
  formatDecimal,
  type LimitName,
  ONE,
  type OrderTerms,
  type OrderType,
  type RiskLimits,
  type Side,
  type TimeInForce,
  type TradingState,
  VENUE_ACTIONS,
  type VenueAction,
  type VenueFaults,
} from '@oms/domain';
import { NO_FAULTS } from '@oms/venue-simulator';
import fc from 'fast-check';
import { TestHouse, type TestHouseOptions } from './testHouse.ts';

export const ACCOUNTS = ['DEMO-0001', 'DEMO-0002', 'DEMO-0005'] as const;
export const SYMBOLS = ['BTC-USD', 'BTC-PERP'] as const;
/** Steps of 0.1 %: the market stands at 1,000 of them. */
const TICK = decimal('20');
const PERCENT = ONE / 100n;

export type Act =
  | { readonly do: 'place'; readonly account: number; readonly order: Ask }
  | {
      readonly do: 'replace';
      readonly order: number;
      readonly quantity: number | null;
      readonly ticks: number | null;
      readonly stop: boolean;
    }
  | { readonly do: 'cancel'; readonly order: number; readonly named: boolean }
  | { readonly do: 'repeat'; readonly order: number; readonly changed: boolean }
  | { readonly do: 'cancelAll'; readonly account: number; readonly symbol: number | null; readonly side: Side | null }
  | { readonly do: 'draw'; readonly symbol: number; readonly ticks: number; readonly depth: number }
  | {
      readonly do: 'trade';
      readonly symbol: number;
      readonly ticks: number;
      readonly quantity: number;
      readonly side: Side;
    }
  | { readonly do: 'wait'; readonly ms: number }
  | {
      readonly do: 'instruct';
      readonly order: number;
      readonly action: VenueAction;
      readonly execution: number | null;
      readonly quantity: number | null;
      readonly ticks: number | null;
    }
  | { readonly do: 'faults'; readonly faults: VenueFaults }
  | { readonly do: 'limit'; readonly account: number; readonly name: LimitName; readonly value: number | null }
  | {
      readonly do: 'state';
      readonly scope: 'FIRM' | 'ACCOUNT' | 'INSTRUMENT';
      readonly which: number;
      readonly state: TradingState;
      readonly actor: string | null;
    }
  | { readonly do: 'restart' };

/** What an order asks, in small numbers: ticks from the middle of the market and thousandths of a coin. */
export interface Ask {
  readonly symbol: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly milli: number;
  readonly byQuote: boolean;
  readonly ticks: number;
  readonly stopTicks: number;
  readonly triggerSource: OrderTerms['triggerSource'];
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly lifeMs: number;
}

/** Present half of the time. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 2, nil: null });
const side = fc.constantFrom<Side>('BUY', 'SELL');
const account = fc.nat({ max: ACCOUNTS.length - 1 });
const symbol = fc.nat({ max: SYMBOLS.length - 1 });
const orderNumber = fc.nat({ max: 60 });
/** The collar is 100 of them. */
const ticks = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -110, max: 110 }));
const milli = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom(1_000, 2_000));

const ask: fc.Arbitrary<Ask> = fc.record({
  symbol,
  side,
  type: fc.constantFrom<OrderType>('LIMIT', 'LIMIT', 'LIMIT', 'MARKET', 'MARKET', 'STOP', 'STOP_LIMIT'),
  timeInForce: fc.constantFrom<TimeInForce>('GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
  milli,
  byQuote: fc.boolean(),
  ticks,
  stopTicks: ticks,
  triggerSource: fc.constantFrom('LAST', 'BID_ASK', 'MARK'),
  postOnly: fc.boolean(),
  reduceOnly: fc.boolean(),
  lifeMs: fc.integer({ min: 1, max: 5_000 }),
});

const rate = fc.constantFrom(0n, 0n, 20n * PERCENT, 50n * PERCENT, ONE);
/** Faults after which nothing is booked that risk has not held for: no limit may then ever be exceeded. */
const orderlyFaults = fc
  .record({
    latencyMs: fc.constantFrom(0, 0, 7, 40),
    rejectRate: rate,
    partialFillRate: rate,
    duplicateReportRate: rate,
    lostReportRate: fc.constantFrom(0n, 0n, 20n * PERCENT),
    disconnected: fc.boolean(),
  })
  .map((faults): VenueFaults => ({ ...NO_FAULTS, ...faults }));
const wildFaults = fc
  .tuple(
    orderlyFaults,
    fc.record({
      lateReportRate: rate,
      lateReportMs: fc.constantFrom(0, 5, 300),
      reorderReportRate: rate,
      overfillRate: rate,
    }),
  )
  .map(([orderly, wild]): VenueFaults => ({ ...orderly, ...wild }));

const clientActs: fc.WeightedArbitrary<Act>[] = [
  { weight: 30, arbitrary: fc.record({ do: fc.constant('place'), account, order: ask }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('replace'),
      order: orderNumber,
      quantity: maybe(milli),
      ticks: maybe(ticks),
      stop: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('cancel'), order: orderNumber, named: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat'), order: orderNumber, changed: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('cancelAll'), account, symbol: maybe(symbol), side: maybe(side) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 10, 100, 1_000, 30_000, 43_200_000) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('draw'), symbol, ticks, depth: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('trade'), symbol, ticks, quantity: milli, side }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' }) },
];

const operatorActs: fc.WeightedArbitrary<Act>[] = [
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('limit'),
      account,
      name: fc.constantFrom<LimitName>(
        'openOrdersMax',
        'positionQuantityMax',
        'openNotionalMax',
        'orderQuantityMax',
        'submitsPerSecondMax',
      ),
      value: maybe(fc.nat({ max: 6 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('state'),
      scope: fc.constantFrom('FIRM', 'ACCOUNT', 'INSTRUMENT'),
      which: fc.nat({ max: 2 }),
      state: fc.constantFrom<TradingState>('ACTIVE', 'ACTIVE', 'REDUCING', 'HALTED'),
      actor: fc.constantFrom('ann', 'bob', null),
    }),
  },
];

const instruct: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('instruct'),
  order: orderNumber,
  action: fc.constantFrom(...VENUE_ACTIONS, 'ack', 'fill', 'fill', 'fill'),
  execution: maybe(fc.nat({ max: 3 })),
  quantity: maybe(milli),
  ticks: maybe(ticks),
});

const story = (acts: fc.WeightedArbitrary<Act>[]) =>
  fc.array(fc.oneof(...acts), { minLength: 5, maxLength: 90, size: 'max' });

/** The simulated venue with faults that lose, delay and double reports, but never bring one out of turn. */
export const orderlyStory = story([
  ...clientActs,
  { weight: 2, arbitrary: fc.record({ do: fc.constant('faults'), faults: orderlyFaults }) },
]);
/** Everything at once: late, reordered and excessive reports, changing limits, the kill switch. */
export const wildStory = story([
  ...clientActs,
  ...operatorActs,
  { weight: 3, arbitrary: fc.record({ do: fc.constant('faults'), faults: wildFaults }) },
]);
/** A manual venue that does anything at all with our orders. */
export const manualStory = story([...clientActs, ...operatorActs, { weight: 40, arbitrary: instruct }]);

const START_TICKS = 1_000n;

/** Plays a story; what happens to the house between two acts is for the caller to check. */
export class Player {
  house: TestHouse;
  readonly #options: TestHouseOptions;
  /** Middle of the market per symbol, ticks. */
  readonly #middle = new Map<string, bigint>(SYMBOLS.map((symbol) => [symbol, START_TICKS]));
  readonly #placed: {
    readonly accountId: string;
    readonly clientOrderId: string;
    readonly terms: OrderTerms;
    orderId: string | null;
  }[] = [];
  #requests = 0;

  private constructor(house: TestHouse, options: TestHouseOptions) {
    this.house = house;
    this.#options = options;
  }

  static async open(options: TestHouseOptions): Promise<Player> {
    const player = new Player(await TestHouse.open(options), options);
    await player.#drawAll();
    return player;
  }

  async play(act: Act): Promise<void> {
    // Real time passes between any two acts.
    this.house.time.jump(1);
    switch (act.do) {
      case 'place':
        return this.#place(ACCOUNTS[act.account]!, `c${this.#placed.length}`, this.#termsOf(act.order));
      case 'repeat':
        return this.#repeat(act);
      case 'replace':
        return this.#replace(act);
      case 'cancel':
        return this.#cancel(act);
      case 'cancelAll':
        return this.#cancelAll(act);
      case 'draw':
        return this.#draw(SYMBOLS[act.symbol]!, BigInt(act.ticks), BigInt(act.depth));
      case 'trade': {
        const price = this.#price(SYMBOLS[act.symbol]!, act.ticks);
        return this.house.trade(
          SYMBOLS[act.symbol]!,
          formatDecimal(price),
          formatDecimal(coins(act.quantity)),
          act.side,
        );
      }
      case 'wait':
        this.house.time.jump(act.ms);
        return this.house.step();
      case 'instruct':
        return this.#instruct(act);
      case 'faults':
        await this.house.send((replyTo) => ({
          to: 'venue-simulator',
          message: { type: 'SetVenueFaults', faults: act.faults, actor: 'ann', replyTo },
        }));
        return;
      case 'limit':
        return this.#limit(act);
      case 'state':
        return this.#state(act);
      case 'restart':
        return this.restart();
    }
  }

  /** The process dies and comes back on the same journal, in the same market. */
  async restart(): Promise<void> {
    this.house = this.house.restarted({ ...this.#options, time: this.house.time });
    await this.#drawAll();
  }

  #orderId(number: number): string | null {
    return this.#placed.length === 0 ? null : this.#placed[number % this.#placed.length]!.orderId;
  }

  async #place(accountId: string, clientOrderId: string, terms: OrderTerms): Promise<void> {
    const answer = await this.house.place(clientOrderId, terms, accountId);
    this.#placed.push({ accountId, clientOrderId, terms, orderId: answer.orderId });
  }

  async #repeat({ order, changed }: Extract<Act, { do: 'repeat' }>): Promise<void> {
    if (this.#placed.length === 0) return;
    const { accountId, clientOrderId, terms, orderId } = this.#placed[order % this.#placed.length]!;
    const again = changed ? { ...terms, tags: ['changed'] } : terms;
    const answer = await this.house.place(clientOrderId, again, accountId);
    const same =
      answer.orderId === orderId &&
      (changed ? answer.reason?.code === 'IDEMPOTENCY_CONFLICT' : answer.reason?.code !== 'IDEMPOTENCY_CONFLICT');
    if (!same) throw new Error(`a repeat of ${clientOrderId} was answered ${answer.outcome} ${answer.orderId}`);
  }

  async #replace({ order, quantity, ticks, stop }: Extract<Act, { do: 'replace' }>): Promise<void> {
    const orderId = this.#orderId(order);
    if (orderId === null) return;
    const price = ticks === null ? null : this.#price(this.house.order(orderId).symbol, ticks);
    const clientOrderId = `r${++this.#requests}`;
    const terms = {
      quantity: quantity === null ? null : coins(quantity),
      price: stop ? null : price,
      stopPrice: stop ? price : null,
    };
    await this.house.send((replyTo) => ({
      to: 'order-processor',
      message: { type: 'ReplaceOrder', orderId, clientOrderId, ...terms, replyTo },
    }));
  }

  async #cancel({ order, named }: Extract<Act, { do: 'cancel' }>): Promise<void> {
    const orderId = this.#orderId(order);
    if (orderId !== null) await this.house.cancel(orderId, named ? `x${++this.#requests}` : null);
  }

  async #cancelAll({ account, symbol, side }: Extract<Act, { do: 'cancelAll' }>): Promise<void> {
    const filter = { accountId: ACCOUNTS[account]!, symbol: symbol === null ? null : SYMBOLS[symbol]!, side };
    await this.house.send((replyTo) => ({
      to: 'order-processor',
      message: { type: 'CancelMatching', ...filter, origin: 'CLIENT', replyTo },
    }));
  }

  async #instruct({ order, action, execution, quantity, ticks }: Extract<Act, { do: 'instruct' }>): Promise<void> {
    const orderId = this.#orderId(order);
    if (orderId === null) return;
    await this.house.send((replyTo) => ({
      to: 'venue-simulator',
      message: {
        type: 'VenueInstruction',
        orderId,
        action,
        executionId: execution === null ? null : `e${execution}`,
        quantity: quantity === null ? null : coins(quantity),
        price: ticks === null ? null : this.#price(this.house.order(orderId).symbol, ticks),
        reason: null,
        replyTo,
      },
    }));
  }

  async #limit({ account, name, value }: Extract<Act, { do: 'limit' }>): Promise<void> {
    const id = ACCOUNTS[account]!;
    const { limits } = this.house.house.riskStates()[0]!.accounts.get(id)!;
    const isCount = name === 'openOrdersMax' || name === 'submitsPerSecondMax';
    const isNotional = name === 'openNotionalMax';
    const changed: RiskLimits = {
      ...limits,
      [name]: value === null ? null : isCount ? value : BigInt(value) * ONE * (isNotional ? 50_000n : 1n),
    };
    await this.house.send((replyTo) => ({
      to: 'risk-engine',
      message: { type: 'ChangeLimits', scope: 'ACCOUNT', id, limits: changed, actor: 'ann', replyTo },
    }));
  }

  async #state({ scope, which, state, actor }: Extract<Act, { do: 'state' }>): Promise<void> {
    const id = scope === 'FIRM' ? null : scope === 'ACCOUNT' ? ACCOUNTS[which]! : SYMBOLS[which % SYMBOLS.length]!;
    await this.house.send((replyTo) => ({
      to: 'risk-engine',
      message: { type: 'ChangeTradingState', scope, id, state, reason: 'story', actor, replyTo },
    }));
  }

  async #drawAll(): Promise<void> {
    for (const symbol of SYMBOLS) await this.#draw(symbol, 0n, 10n);
  }

  /** A book of five levels on each side of a middle that never leaves half to one and a half of where it started. */
  async #draw(symbol: string, move: bigint, depth: bigint): Promise<void> {
    const moved = this.#middle.get(symbol)! + move;
    const middle = moved < 500n ? 500n : moved > 1_500n ? 1_500n : moved;
    this.#middle.set(symbol, middle);
    const level = (offset: bigint) =>
      `${formatDecimal((middle + offset) * TICK)} x ${formatDecimal((depth * ONE) / 10n)}`;
    const offsets = [2n, 4n, 8n, 16n, 32n];
    await this.house.draw(
      symbol,
      offsets.map((offset) => level(-offset)),
      offsets.map(level),
    );
  }

  #price(symbol: string, ticks: number): bigint {
    return (this.#middle.get(symbol)! + BigInt(ticks)) * TICK;
  }

  /** Only what the API would let through: no contradictions between the members. */
  #termsOf(ask: Ask): OrderTerms {
    const symbol = SYMBOLS[ask.symbol]!;
    const { side, type, reduceOnly, triggerSource } = ask;
    const isMarket = type === 'MARKET';
    const limited = type === 'LIMIT' || type === 'STOP_LIMIT';
    const stopped = type === 'STOP' || type === 'STOP_LIMIT';
    const timeInForce = isMarket && (ask.timeInForce === 'GTD' || ask.timeInForce === 'DAY') ? 'IOC' : ask.timeInForce;
    const immediate = timeInForce === 'IOC' || timeInForce === 'FOK';
    const byQuote = isMarket && side === 'BUY' && ask.byQuote && !reduceOnly;
    return {
      symbol,
      side,
      type,
      timeInForce,
      quantity: byQuote ? null : coins(ask.milli),
      quoteQuantity: byQuote ? coins(ask.milli) * 20_000n : null,
      price: limited ? this.#price(symbol, ask.ticks) : null,
      stopPrice: stopped ? this.#price(symbol, ask.stopTicks) : null,
      triggerSource: stopped ? triggerSource : 'LAST',
      expireTime: timeInForce === 'GTD' ? this.house.time.now() + ask.lifeMs : null,
      postOnly: ask.postOnly && limited && !immediate,
      reduceOnly,
      tags: [],
    };
  }
}

const coins = (milli: number): bigint => BigInt(milli) * (ONE / 1_000n);
