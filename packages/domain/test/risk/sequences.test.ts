/**
 * Random sequences of risk messages, played against a house with tight limits. After every single event the books
 * must balance, every hold must be what its order's terms say, and no limit may be exceeded.
 */
import {
  availableOf,
  decimal,
  evolveRisk,
  type Hold,
  holdAmountUnder,
  holdCurrencyOf,
  initialRiskState,
  leavesUnder,
  maximum,
  ONE,
  type ReverseFill,
  type RiskEngineMessage,
  type SettleFill,
} from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC, imbalances, limitsOf, type OrderText, prices, RiskHouse } from './riskHouse.ts';

type Step =
  | { readonly do: 'place'; readonly order: OrderText }
  | { readonly do: 'fill' | 'close' | 'release' | 'bust' | 'late'; readonly pick: number; readonly share: number }
  | { readonly do: 'replace'; readonly pick: number; readonly quantity: string; readonly price: string }
  | { readonly do: 'answer'; readonly pick: number; readonly accepted: boolean }
  | { readonly do: 'market'; readonly price: string }
  | { readonly do: 'wait'; readonly ms: number };

const pick = fc.nat(20);
const price = fc.integer({ min: 186, max: 214 }).map((halves) => String(halves / 2));
const quantity = fc.integer({ min: 1, max: 6_000 }).map((steps) => String(steps / 1_000));

const orderOf = (symbols: readonly string[]): fc.Arbitrary<OrderText> =>
  fc.oneof(
    fc.record({
      symbol: fc.constantFrom(...symbols),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      type: fc.constantFrom('LIMIT' as const, 'LIMIT' as const, 'MARKET' as const),
      quantity,
      price,
      reduceOnly: fc.boolean(),
    }),
    fc.record({
      symbol: fc.constantFrom(...symbols),
      type: fc.constant('MARKET' as const),
      quoteQuantity: fc.integer({ min: 1, max: 400 }).map(String),
    }),
  );

const touch = (...what: Extract<Step, { share: number }>['do'][]): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constantFrom(...what), pick, share: fc.integer({ min: 1, max: 100 }) });

const ordinaryStep = (symbols: readonly string[]): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('place' as const), order: orderOf(symbols) }) },
    { weight: 5, arbitrary: touch('fill', 'fill', 'close', 'release') },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('replace' as const), pick, quantity, price }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), pick, accepted: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('market' as const), price }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 400, 1_000) }) },
  );

const LIMITS = limitsOf({
  orderQuantityMax: '6',
  orderNotionalMax: '600',
  submitsPerSecondMax: 4,
  openOrdersMax: 6,
  openNotionalMax: '900',
  positionQuantityMax: '7',
  dailyLossMax: '40',
  repeatedOrdersMax: 3,
  priceCollarRate: '0.1',
});

/** Plays steps as order processor and venue would: fills within the terms, shrinks done at once. */
class Play {
  readonly house = new RiskHouse({ USD: '2000', BTC: '5' });
  readonly fills: SettleFill[] = [];
  readonly #check: (play: Play) => void;

  constructor(check: (play: Play) => void) {
    this.#check = check;
    this.house.limits('ACCOUNT', 'A', LIMITS);
  }

  step(step: Step): void {
    const { house } = this;
    const holds = house.holds();
    const hold = 'pick' in step ? holds[step.pick % Math.max(holds.length, 1)] : undefined;
    if (step.do === 'place') this.run(house.assessment(step.order));
    else if (step.do === 'wait') house.now += step.ms;
    else if (step.do === 'market') this.#moveMarket(step.price);
    else if (step.do === 'bust') this.#bust(step.pick);
    else if (hold !== undefined) this.#touch(hold, step);
  }

  #moveMarket(to: string): void {
    for (const symbol of ['BTC-USD', 'BTC-PERP']) this.house.market.set(symbol, prices(to, this.house.now));
  }

  #touch(hold: Hold, step: Step): void {
    if (step.do === 'replace') this.#replace(hold, decimal(step.quantity), decimal(step.price));
    else if (step.do === 'answer') this.#answer(hold, step.accepted);
    else if (step.do === 'release') this.run({ type: 'ReleaseHold', accountId: 'A', orderId: hold.orderId });
    else if ('share' in step) this.#fill(hold, BigInt(step.share), step.do);
  }

  run(message: RiskEngineMessage): void {
    const { sends } = this.house.run(message);
    this.#check(this);
    for (const { message: told } of sends) {
      if (told.type === 'ShrinkReduceOnly') this.#shrink(told.orderId, told.leavesMax);
    }
  }

  #shrink(orderId: string, leavesMax: bigint): void {
    const hold = this.house.state.holds.get(orderId);
    if (hold === undefined) return;
    for (const { requestId } of [...hold.pendingTerms]) {
      this.run({ type: 'ReplaceAnswered', accountId: 'A', orderId, requestId, accepted: false });
    }
    const total = hold.filledQuantity + leavesMax;
    this.run(
      leavesMax === 0n
        ? { type: 'ReleaseHold', accountId: 'A', orderId }
        : { type: 'ShrinkHold', accountId: 'A', orderId, quantity: total },
    );
  }

  #replace({ orderId, terms }: Hold, quantityAsked: bigint, priceAsked: bigint): void {
    if (terms.quoteQuantity !== null) return;
    this.run({
      type: 'AssessReplace',
      orderId,
      accountId: 'A',
      requestId: `r-${this.house.journal.length}`,
      quantity: quantityAsked,
      price: terms.price === null ? null : priceAsked,
      stopPrice: null,
      replyTo: null,
    });
  }

  #answer({ orderId, pendingTerms }: Hold, accepted: boolean): void {
    const requestId = pendingTerms[0]?.requestId;
    if (requestId !== undefined) this.run({ type: 'ReplaceAnswered', accountId: 'A', orderId, requestId, accepted });
  }

  /** A share of what is left, on the increment, at the order's own worst price or half a dollar better. */
  #fill(hold: Hold, share: bigint, how: Step['do']): void {
    const better = hold.side === 'BUY' ? -decimal('0.5') : decimal('0.5');
    const limit = hold.terms.price ?? hold.protectionPrice ?? hold.terms.holdPrice;
    const at = limit + (share % 2n) * better;
    let most = leavesUnder(hold.terms, hold);
    if (hold.terms.quoteQuantity !== null) {
      const affordable = ((hold.terms.quoteQuantity - hold.filledQuote) * ONE) / at;
      if (affordable < most) most = affordable;
    }
    if (how === 'late') most += decimal('2');
    const steps = ((most * share) / 100n / BTC.quantityIncrement) * BTC.quantityIncrement;
    if (steps <= 0n) return;
    const { side, orderId } = hold;
    const { symbol } = hold.exposure.instrument;
    const fee = (((at * steps) / ONE) * BTC.takerFeeRate) / ONE;
    const fill = { ...this.house.fillOf({ symbol, side, orderId }), quantity: steps, price: at, fee };
    this.fills.push(fill);
    if (how === 'late') this.run({ type: 'ReleaseHold', accountId: 'A', orderId });
    this.run({ ...fill, closes: how === 'close' });
  }

  #bust(index: number): void {
    const [fill] = this.fills.splice(index % Math.max(this.fills.length, 1), 1);
    if (fill === undefined) return;
    const { closes: _, ...trade } = fill;
    const isOpen = this.house.state.holds.has(fill.orderId);
    const prices = { price: fill.price, stopPrice: null, protectionPrice: null };
    const terms = { quantity: fill.quantity, quoteQuantity: null, reduceOnly: false };
    const reopened = { ...terms, ...prices, filledQuantity: 0n, filledQuote: 0n };
    const bust: ReverseFill = { ...trade, type: 'ReverseFill', reopened: isOpen || index % 2 === 0 ? reopened : null };
    this.run(bust);
  }
}

/** Every sum, worked out anew from the open orders and the positions. */
function holdsAreTheSumOverOpenOrders({ house }: Play): void {
  const { state } = house;
  const account = house.account();
  const held = new Map<string, bigint>();
  let openNotional = 0n;
  for (const hold of house.holds()) {
    const instrument = state.instruments.get(hold.exposure.instrument.symbol)!;
    const everyTerms = [hold.terms, ...hold.pendingTerms.map(({ terms }) => terms)];
    const most = (amounts: bigint[]): bigint => amounts.reduce(maximum);
    expect(hold.amount).toBe(most(everyTerms.map((terms) => holdAmountUnder(instrument, terms, hold))));
    expect(hold.openQuantity).toBe(most(everyTerms.map((terms) => leavesUnder(terms, hold))));
    const currency = holdCurrencyOf(instrument, hold.side);
    held.set(currency, (held.get(currency) ?? 0n) + hold.amount);
    openNotional += hold.openNotional;
  }
  for (const [currency, balance] of account.balances) expect(balance.held).toBe(held.get(currency) ?? 0n);
  expect([account.openNotional, state.firm.openNotional, state.desks.get('D')!.openNotional]).toEqual([
    openNotional,
    openNotional,
    openNotional,
  ]);
  const openOrders = house.holds().length;
  expect([account, state.firm, state.desks.get('D')!].map((scope) => scope.openOrders)).toEqual(
    Array(3).fill(openOrders),
  );
  for (const symbol of ['BTC-USD', 'BTC-PERP']) exposureIsTheSum(house.holds(), symbol, house);
}

const symbolOf = (hold: Hold): string => hold.exposure.instrument.symbol;

function exposureIsTheSum(holds: readonly Hold[], symbol: string, house: RiskHouse): void {
  const exposure = house.account().exposures.get(symbol);
  if (exposure === undefined) return;
  const open = (side: string, onlyReducing: boolean): bigint =>
    holds
      .filter((hold) => symbolOf(hold) === symbol && hold.side === side && (hold.reduceOnly || !onlyReducing))
      .reduce((sum, { openQuantity }) => sum + openQuantity, 0n);
  expect(exposure).toMatchObject({
    openBuyQuantity: open('BUY', false),
    openSellQuantity: open('SELL', false),
    reduceOnlyBuyQuantity: open('BUY', true),
    reduceOnlySellQuantity: open('SELL', true),
  });
  const ids = holds.filter((hold) => symbolOf(hold) === symbol && hold.reduceOnly).map(({ orderId }) => orderId);
  expect(exposure.reduceOnlyOrderIds).toEqual(ids);
}

const booksBalance = ({ house }: Play): void => expect(imbalances(house.state)).toEqual(new Map());

function limitsHold({ house }: Play): void {
  const account = house.account();
  expect(account.openOrders).toBeLessThanOrEqual(LIMITS.openOrdersMax!);
  expect(account.openNotional).toBeLessThanOrEqual(LIMITS.openNotionalMax!);
  expect(account.submits.count).toBeLessThanOrEqual(LIMITS.submitsPerSecondMax!);
  for (const [symbol, { openBuyQuantity, openSellQuantity }] of account.exposures) {
    const position = account.positions.get(symbol)?.quantity ?? 0n;
    expect(position + openBuyQuantity).toBeLessThanOrEqual(LIMITS.positionQuantityMax!);
    expect(openSellQuantity - position).toBeLessThanOrEqual(LIMITS.positionQuantityMax!);
  }
}

/** Asked after a whole step, when the shrinks it set off are done. */
function reduceOnlyOrdersFitThePosition({ house }: Play): void {
  const account = house.account();
  for (const [symbol, { reduceOnlyBuyQuantity, reduceOnlySellQuantity }] of account.exposures) {
    const position = account.positions.get(symbol)?.quantity ?? 0n;
    expect(reduceOnlyBuyQuantity).toBeLessThanOrEqual(position < 0n ? -position : 0n);
    expect(reduceOnlySellQuantity).toBeLessThanOrEqual(position > 0n ? position : 0n);
  }
}

function nothingIsOverdrawn({ house }: Play): void {
  for (const balance of house.account().balances.values()) expect(availableOf(balance)).toBeGreaterThanOrEqual(0n);
}

function replayGivesTheSameState({ house }: Play): void {
  const state = initialRiskState(0);
  for (const { event, now } of house.journal) evolveRisk(state, event, now);
  expect(state).toEqual(house.state);
}

const BOTH = ['BTC-USD', 'BTC-PERP'] as const;
const RUNS = { numRuns: 150 };

describe('any sequence', () => {
  it('of ordinary messages keeps books, holds, limits and reduce-only promises', () => {
    fc.assert(
      fc.property(fc.array(ordinaryStep(BOTH), { maxLength: 60 }), (steps) => {
        const play = new Play((after) => {
          holdsAreTheSumOverOpenOrders(after);
          booksBalance(after);
          limitsHold(after);
        });
        for (const step of steps) {
          play.step(step);
          reduceOnlyOrdersFitThePosition(play);
        }
        replayGivesTheSameState(play);
      }),
      RUNS,
    );
  });

  it('of spot messages never overdraws a balance', () => {
    fc.assert(
      fc.property(fc.array(ordinaryStep(['BTC-USD']), { maxLength: 60 }), (steps) => {
        const play = new Play(nothingIsOverdrawn);
        for (const step of steps) play.step(step);
      }),
      RUNS,
    );
  });

  it('with busts, late fills and overfills still keeps books and holds', () => {
    const anyStep = fc.oneof(
      { weight: 3, arbitrary: ordinaryStep(BOTH) },
      { weight: 1, arbitrary: touch('bust', 'late') },
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const play = new Play((after) => {
          holdsAreTheSumOverOpenOrders(after);
          booksBalance(after);
        });
        for (const step of steps) play.step(step);
        replayGivesTheSameState(play);
      }),
      RUNS,
    );
  });
});
