/**
 * A risk engine to play with: decides and folds one message after the other, as the runtime does, with a market and a
 * clock the test sets. Decimals are written as strings, so that tables read like a trader's notes.
 */
import {
  type AccountRisk,
  type AssessOrder,
  type Decision,
  type DecisionContext,
  decideRisk,
  decimal,
  evolveRisk,
  formatDecimal,
  type Hold,
  type Instrument,
  initialRiskState,
  type LimitName,
  NO_LIMITS,
  type OrderTerms,
  type Reason,
  type ReferencePrices,
  type RiskChange,
  type RiskEngineMessage,
  type RiskEvent,
  type RiskLimits,
  type RiskState,
  type SettleFill,
} from '@oms/domain';

export const NOON = Date.UTC(2026, 0, 5, 12);

export const BTC: Instrument = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: decimal('0.5'),
  quantityIncrement: decimal('0.001'),
  minQuantity: decimal('0.001'),
  maxQuantity: decimal('100'),
  minNotional: decimal('0.05'),
  makerFeeRate: decimal('0.001'),
  takerFeeRate: decimal('0.002'),
  initialMarginRate: 0n,
  status: 'TRADING',
};

export const PERP: Instrument = { ...BTC, symbol: 'BTC-PERP', kind: 'PERPETUAL', initialMarginRate: decimal('0.1') };

export const prices = (text: string, time = NOON): ReferencePrices => {
  const price = decimal(text);
  return { last: price, bestBid: price, bestAsk: price, mark: price, time };
};

/** Limits as decimal strings or counts; what is not named stays unset. */
export function limitsOf(set: Partial<Record<LimitName, string | number>>): RiskLimits {
  const entries = Object.entries(set).map(([name, value]) => [
    name,
    typeof value === 'string' ? decimal(value) : value,
  ]);
  return { ...NO_LIMITS, ...Object.fromEntries(entries) };
}

/** Wide enough that nothing but the check under test can refuse. */
export const WIDE = limitsOf({
  orderQuantityMax: '1000000',
  orderNotionalMax: '1000000000',
  priceCollarRate: '0.1',
  submitsPerSecondMax: 1_000_000,
  replacesPerSecondMax: 1_000_000,
  openOrdersMax: 1_000_000,
  openNotionalMax: '1000000000',
  positionQuantityMax: '1000000',
  dailyLossMax: '1000000000',
  repeatedOrdersMax: 0,
  repeatedOrderWindowMs: 1_000,
});

export interface OrderText {
  readonly symbol?: string;
  readonly side?: 'BUY' | 'SELL';
  readonly type?: OrderTerms['type'];
  readonly quantity?: string | null;
  readonly quoteQuantity?: string | null;
  readonly price?: string | null;
  readonly stopPrice?: string | null;
  readonly reduceOnly?: boolean;
}

const orNull = (text: string | null | undefined): bigint | null => (text == null ? null : decimal(text));

/** A LIMIT BUY of 1 BTC-USD at 100 unless told otherwise. */
export function termsOf(order: OrderText): OrderTerms {
  const quoteQuantity = orNull(order.quoteQuantity);
  const stopPrice = orNull(order.stopPrice);
  const isPriced = order.type === undefined || order.type === 'LIMIT' || order.type === 'STOP_LIMIT';
  return {
    symbol: order.symbol ?? 'BTC-USD',
    side: order.side ?? 'BUY',
    type: order.type ?? 'LIMIT',
    timeInForce: 'GTC',
    quantity: quoteQuantity === null ? decimal(order.quantity ?? '1') : null,
    quoteQuantity,
    price: isPriced ? decimal(order.price ?? '100') : null,
    stopPrice,
    triggerSource: 'LAST',
    expireTime: null,
    postOnly: false,
    reduceOnly: order.reduceOnly ?? false,
    tags: [],
  };
}

export interface FillText {
  readonly orderId?: string;
  readonly symbol?: string;
  readonly side?: 'BUY' | 'SELL';
  readonly quantity?: string;
  readonly price?: string;
  readonly fee?: string;
  readonly feeCurrency?: string;
  readonly closes?: boolean;
}

export class RiskHouse {
  readonly state: RiskState = initialRiskState(0);
  /** Everything journalled so far, with its time: what a replay folds. */
  readonly journal: { readonly event: RiskEvent; readonly now: number }[] = [];
  readonly market = new Map<string, ReferencePrices>();
  readonly accountId: string;
  now = NOON;
  lastChange: RiskChange | null = null;
  #orders = 0;
  #executions = 0;

  /** An open house: BTC-USD and BTC-PERP at 100, account A at desk D with 10,000 USD and 10 BTC, wide limits. */
  constructor(deposits: Readonly<Record<string, string>> = { USD: '10000', BTC: '10' }, accountId = 'A') {
    this.accountId = accountId;
    this.market.set('BTC-USD', prices('100'));
    this.market.set('BTC-PERP', prices('100'));
    this.run({ type: 'ListInstrument', instrument: BTC });
    this.run({ type: 'ListInstrument', instrument: PERP });
    this.limits('DEFAULT', '', WIDE);
    this.open(accountId, 'D', deposits);
  }

  open(accountId: string, deskId: string, deposits: Readonly<Record<string, string>> = {}): Decision<RiskEvent> {
    const funds = Object.entries(deposits).map(([currency, amount]) => ({ currency, amount: decimal(amount) }));
    const words = { name: accountId, kind: 'DESK', deskId };
    return this.run({ type: 'OpenAccount', accountId, ...words, deposits: funds, replyTo: 1 });
  }

  limits(scope: 'FIRM' | 'DESK' | 'ACCOUNT' | 'DEFAULT', id: string, limits: RiskLimits): Decision<RiskEvent> {
    return this.run({ type: 'ChangeLimits', scope, id, limits, actor: 'risk', replyTo: 1 });
  }

  get context(): DecisionContext {
    const market = { book: () => undefined, prices: (symbol: string) => this.market.get(symbol) };
    return { now: this.now, market, instruments: this.state.instruments };
  }

  run(message: RiskEngineMessage): Decision<RiskEvent> {
    const decision = decideRisk(message, this.state, this.context);
    for (const event of decision.events) {
      this.journal.push({ event, now: this.now });
      this.lastChange = evolveRisk(this.state, event, this.now);
    }
    return decision;
  }

  account(accountId = this.accountId): AccountRisk {
    return this.state.accounts.get(accountId)!;
  }

  /** The holds of one account, oldest order first. */
  holds(accountId = this.accountId): Hold[] {
    return [...this.state.holds].filter(({ exposure }) => exposure.account.accountId === accountId);
  }

  assessment(order: OrderText, accountId = this.accountId): AssessOrder {
    this.#orders += 1;
    return { type: 'AssessOrder', orderId: `o-0-${this.#orders}`, accountId, terms: termsOf(order), replyTo: null };
  }

  /** Asks for the order. @returns its id, or why it was refused */
  place(order: OrderText, accountId = this.accountId): string | Reason {
    const message = this.assessment(order, accountId);
    return refusalIn(this.run(message)) ?? message.orderId;
  }

  /** Places an order that must be approved. */
  placed(order: OrderText, accountId = this.accountId): string {
    const answer = this.place(order, accountId);
    if (typeof answer !== 'string') throw new Error(`refused: ${JSON.stringify(answer)}`);
    return answer;
  }

  replace(
    orderId: string,
    terms: Pick<OrderText, 'quantity' | 'price' | 'stopPrice'>,
    requestId = 'r1',
  ): Reason | null {
    return refusalIn(
      this.run({
        type: 'AssessReplace',
        orderId,
        accountId: this.accountId,
        requestId,
        quantity: decimal(terms.quantity ?? '1'),
        price: orNull(terms.price),
        stopPrice: orNull(terms.stopPrice),
        replyTo: null,
      }),
    );
  }

  answered(orderId: string, accepted: boolean, requestId = 'r1'): Decision<RiskEvent> {
    return this.run({ type: 'ReplaceAnswered', accountId: this.accountId, orderId, requestId, accepted });
  }

  fillOf(fill: FillText): SettleFill {
    this.#executions += 1;
    return {
      type: 'SettleFill',
      accountId: this.accountId,
      orderId: fill.orderId ?? 'o-0-999',
      executionId: `x-${this.#executions}`,
      symbol: fill.symbol ?? 'BTC-USD',
      side: fill.side ?? 'BUY',
      quantity: decimal(fill.quantity ?? '1'),
      price: decimal(fill.price ?? '100'),
      fee: decimal(fill.fee ?? '0'),
      feeCurrency: fill.feeCurrency ?? 'USD',
      closes: fill.closes ?? false,
    };
  }

  fill(fill: FillText): Decision<RiskEvent> {
    return this.run(this.fillOf(fill));
  }

  release(orderId: string): Decision<RiskEvent> {
    return this.run({ type: 'ReleaseHold', accountId: this.accountId, orderId });
  }

  /** "total held margin" of a currency. */
  balance(currency: string): string {
    const { total, held, margin } = this.account().balances.get(currency)!;
    return `${formatDecimal(total)} ${formatDecimal(held)} ${formatDecimal(margin)}`;
  }

  /** "quantity openCost realizedPnl". */
  position(symbol = 'BTC-USD'): string {
    const { quantity, openCost, realizedPnl } = this.account().positions.get(symbol)!;
    return `${formatDecimal(quantity)} ${formatDecimal(openCost)} ${formatDecimal(realizedPnl)}`;
  }
}

/** Why the decision refused the order or the replace, or `null`. */
export function refusalIn(decision: Decision<RiskEvent>): Reason | null {
  for (const { message } of decision.sends) {
    if (message.type === 'OrderRefused' || message.type === 'ReplaceRefused') return message.reason;
  }
  return null;
}

/** "orderId→leavesMax" of every shrink the decision asks for. */
export const shrinksIn = (decision: Decision<RiskEvent>): string[] =>
  decision.sends.flatMap(({ message }) =>
    message.type === 'ShrinkReduceOnly' ? [`${message.orderId}→${formatDecimal(message.leavesMax)}`] : [],
  );

/** Σ account totals + venue + fees − deposits, for every currency that ever moved. */
export function imbalances(state: RiskState): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  const add = (currency: string, amount: bigint): void => void sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  for (const account of state.accounts.values()) {
    for (const [currency, { total }] of account.balances) add(currency, total);
  }
  for (const [currency, amount] of state.venueLedger) add(currency, amount);
  for (const [currency, amount] of state.feeLedger) add(currency, amount);
  for (const [currency, amount] of state.depositLedger) add(currency, -amount);
  return new Map([...sums].filter(([, sum]) => sum !== 0n));
}
