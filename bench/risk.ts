/**
 * The risk engine alone: its decisions and folds for up to 1,000 accounts on one thread, without journal or codecs,
 * at a steady number of open orders. `release`: an order is assessed and held while the oldest one is released;
 * `fill`: that one is filled and settled instead. Prints CPU per order, the garbage collector's threads included, of
 * the best and of the middle one of many short rounds, so that another process on the machine disturbs it least.
 * With few accounts their records stay in the nearest cache: the difference is what memory costs.
 *   node bench/risk.ts [orders] [openOrders] [accounts]
 */
import {
  type DecisionContext,
  decideRisk,
  decimal,
  evolveRisk,
  initialRiskState,
  type OrderTerms,
  type RiskEngineMessage,
  type RiskState,
} from '@oms/domain';
import { PROFILES } from '@oms/house';
import { defaultInstruments } from '@oms/market-data';

type Scenario = 'release' | 'fill';

const ORDERS_PER_ROUND = 20_000;
const orders = Number(process.argv[2] ?? 1_000_000);
const openOrders = Number(process.argv[3] ?? 1_000);
const { accounts: everyAccount, defaultLimits } = PROFILES.bench;
const accounts = everyAccount.slice(0, Number(process.argv[4] ?? everyAccount.length));
const now = Date.UTC(2026, 0, 5, 12);
const last = decimal('50000');
const prices = { last, bestBid: last, bestAsk: last, mark: last, time: now };
const instruments = defaultInstruments();
const context: DecisionContext = {
  now,
  market: { book: () => undefined, prices: () => prices },
  instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
};
const quantity = decimal('0.001');
const price = decimal('49990');
const fee = decimal('0.01');
const terms: OrderTerms = {
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity,
  quoteQuantity: null,
  price,
  stopPrice: null,
  triggerSource: 'LAST',
  expireTime: null,
  postOnly: false,
  reduceOnly: false,
  tags: [],
};

/** @returns how many events the message led to */
function run(state: RiskState, message: RiskEngineMessage): number {
  const { events } = decideRisk(message, state, context);
  for (let i = 0; i < events.length; i++) evolveRisk(state, events[i]!, now);
  return events.length;
}

function openHouse(): RiskState {
  const state = initialRiskState(0);
  for (const instrument of instruments) run(state, { type: 'ListInstrument', instrument });
  const wide = { scope: 'DEFAULT', id: '', limits: defaultLimits, actor: null, replyTo: null } as const;
  run(state, { type: 'ChangeLimits', ...wide });
  for (const account of accounts) run(state, { type: 'OpenAccount', ...account, replyTo: null });
  return state;
}

/** One flow of orders: every order placed closes the one that was placed `openOrders` before it. */
class Flow {
  readonly #state = openHouse();
  readonly #scenario: Scenario;
  readonly #open: string[] = [];
  #placed = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    for (let i = 0; i < openOrders; i++) this.#open.push(this.#place());
  }

  /** @returns CPU nanoseconds per order */
  measure(): number {
    const before = process.cpuUsage();
    for (let i = 0; i < ORDERS_PER_ROUND; i++) this.#step();
    const { user, system } = process.cpuUsage(before);
    return Math.round(((user + system) * 1_000) / ORDERS_PER_ROUND);
  }

  #step(): void {
    const slot = this.#placed % openOrders;
    const accountId = this.#accountOf(this.#placed - openOrders);
    const orderId = this.#open[slot]!;
    const message: RiskEngineMessage =
      this.#scenario === 'release'
        ? { type: 'ReleaseHold', accountId, orderId }
        : {
            type: 'SettleFill',
            accountId,
            orderId,
            executionId: 'x-1',
            symbol: terms.symbol,
            side: terms.side,
            quantity,
            price,
            fee,
            feeCurrency: 'USD',
            closes: true,
          };
    this.#expect(run(this.#state, message), this.#scenario === 'release' ? 1 : 2);
    this.#open[slot] = this.#place();
  }

  #place(): string {
    const orderId = `o-0-${this.#placed + 1}`;
    const accountId = this.#accountOf(this.#placed++);
    this.#expect(run(this.#state, { type: 'AssessOrder', orderId, accountId, terms: { ...terms }, replyTo: null }), 1);
    return orderId;
  }

  #accountOf = (order: number): string => accounts[order % accounts.length]!.accountId;

  #expect(events: number, expected: number): void {
    if (events !== expected) throw new Error(`${events} events instead of ${expected} after ${this.#placed} orders`);
  }
}

function measured(scenario: Scenario) {
  const flow = new Flow(scenario);
  const rounds = Array.from({ length: Math.ceil(orders / ORDERS_PER_ROUND) }, () => flow.measure());
  rounds.sort((a, b) => a - b);
  return { cpuNsPerOrder: rounds[0], medianNs: rounds[Math.floor(rounds.length / 2)] };
}

console.log(
  JSON.stringify({
    orders,
    openOrders,
    accounts: accounts.length,
    release: measured('release'),
    fill: measured('fill'),
  }),
);
