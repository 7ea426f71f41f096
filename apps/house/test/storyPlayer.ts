/** The hand that plays a story: turns its small numbers into commands, books and instructions of a real house. */
import {
  decimal,
  formatDecimal,
  ONE,
  type OrderTerms,
  type OrderView,
  type RiskLimits,
  type VenueAction,
} from '@oms/domain';
import { ACCOUNTS, type Act, type Ask, SYMBOLS } from './houseStory.ts';
import { TestHouse, type TestHouseOptions } from './testHouse.ts';

/** Steps of 0.1 %: the market stands at 1,000 of them. */
const TICK = decimal('20');
const START_TICKS = 1_000n;
/** Order numbers from here on may mean closed orders just as well. */
const ANY_ORDER_FROM = 45;

const isOpenView = (order: OrderView): boolean => !['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'].includes(order.status);
const waitsFor = (kind: string) => (order: OrderView) => order.pendingRequests.some((request) => request.kind === kind);
const hasTraded = (order: OrderView): boolean => order.filledQuantity !== '0';
/** Orders with which a venue would do this. */
const FITS: Partial<Record<VenueAction, (order: OrderView) => boolean>> = {
  'cancel-reject': waitsFor('CANCEL'),
  'replace-accept': waitsFor('REPLACE'),
  'replace-reject': waitsFor('REPLACE'),
  'trade-cancel': hasTraded,
  'trade-correct': hasTraded,
};

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

  /** Mostly one that the act can do something with: among those that `fits`; else any that was ever placed. */
  #orderId(number: number, fits: (order: OrderView) => boolean = isOpenView): string | null {
    const all = this.#placed.flatMap(({ orderId }) => orderId ?? []);
    const fitting = number < ANY_ORDER_FROM ? all.filter((orderId) => fits(this.house.order(orderId))) : [];
    const among = fitting.length > 0 ? fitting : all;
    return among[number % among.length] ?? null;
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
    const orderId = this.#orderId(order, FITS[action]);
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
