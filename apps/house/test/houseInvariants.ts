/**
 * What must hold in the house at any moment, whatever clients, market and venue did, worked out anew from the orders
 * and their fills. Each breach says what it saw, so that a failing story explains itself.
 */
import {
  type AccountRisk,
  DEFAULT_LIMITS,
  type Hold,
  holdCurrencyOf,
  type Instrument,
  isOpen,
  type LimitName,
  maximum,
  minimum,
  notionalOf,
  type Order,
  type OrdersState,
  orderIdOf,
  type RiskState,
} from '@oms/domain';
import type { VenueState } from '@oms/venue-simulator';
import type { TestHouse } from './testHouse.ts';

/** How much of the rules can be asked for. */
export interface Expectations {
  /** Every report comes once its request was decided, in turn, and no trade is more than was asked for. */
  readonly orderly: boolean;
}

export class InvariantChecker {
  readonly #expectations: Expectations;
  /** Losses on perpetuals so far, per account: what the quote balance may lack for no fault of risk's. */
  readonly #lost = new Map<string, bigint>();
  readonly #pnl = new Map<string, bigint>();

  constructor(expectations: Expectations) {
    this.#expectations = expectations;
  }

  /** @throws Error that says which rule is broken by which numbers */
  check(house: TestHouse): void {
    const risk = house.house.riskStates()[0]!;
    const orders = house.house.orderStates()[0]!;
    const venue = house.house.runtime.cells.of('venue-simulator', 0)!.state as VenueState;
    expectEqual('messages put aside', house.house.runtime.status.quarantinedTotal, 0);
    expect(
      orders.approvedCount >= orders.submittedCount,
      `${orders.submittedCount} sent of ${orders.approvedCount} approved`,
    );
    sumsAreZero(risk);
    for (const order of orders.orders.values()) orderAddsUp(order);
    openOrdersAreIndexed(orders);
    for (const account of risk.accounts.values()) {
      const own = [...orders.orders.values()].filter((order) => order.accountId === account.accountId);
      positionsAreFills(account, own);
      holdsAreOpenOrders(risk, account, own, orders);
      if (!this.#expectations.orderly) continue;
      reduceOnlyStaysInside(
        account,
        own.filter((order) => order.core === 'HELD' || venue.orders.has(order.orderId)),
      );
      limitsHold(risk, account);
      this.#nothingSpentTwice(risk, account);
    }
    totalsAddUp(risk);
  }

  #nothingSpentTwice(risk: RiskState, account: AccountRisk): void {
    const pnl = [...account.positions.values()]
      .filter(({ symbol }) => instrumentOf(risk, symbol).kind === 'PERPETUAL')
      .reduce((sum, position) => sum + position.realizedPnl, 0n);
    const before = this.#pnl.get(account.accountId) ?? 0n;
    this.#pnl.set(account.accountId, pnl);
    const lost = (this.#lost.get(account.accountId) ?? 0n) + (pnl < before ? before - pnl : 0n);
    this.#lost.set(account.accountId, lost);
    for (const [currency, { total, held, margin }] of account.balances) {
      const allowed = currency === 'USD' ? lost : 0n;
      expect(
        total - held - margin >= -allowed,
        `${account.accountId} has ${total - held - margin} ${currency} available (${allowed} lost)`,
      );
    }
  }
}

function expect(holds: boolean, breach: string): void {
  if (!holds) throw new Error(breach);
}

function expectEqual(what: string, seen: unknown, wanted: unknown): void {
  if (seen !== wanted) throw new Error(`${what}: ${seen}, not ${wanted}`);
}

const instrumentOf = (risk: RiskState, symbol: string): Instrument => risk.instruments.get(symbol)!;

const add = (sums: Map<string, bigint>, key: string, amount: bigint): void => {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
};

/** What the accounts gained, venue, fees and deposits gave. */
function sumsAreZero(risk: RiskState): void {
  const sums = new Map<string, bigint>();
  for (const account of risk.accounts.values()) {
    for (const [currency, { total }] of account.balances) add(sums, currency, total);
  }
  for (const [currency, amount] of [...risk.venueLedger, ...risk.feeLedger]) add(sums, currency, amount);
  for (const [currency, amount] of risk.depositLedger) add(sums, currency, -amount);
  for (const [currency, sum] of sums) expectEqual(`the sum of all ${currency}`, sum, 0n);
}

function orderAddsUp(order: Order): void {
  const live = order.fills.filter((fill) => fill.state !== 'CANCELED');
  const { orderId } = order;
  expectEqual(
    `${orderId} filled`,
    order.filledQuantity,
    live.reduce((sum, fill) => sum + fill.quantity, 0n),
  );
  expectEqual(
    `${orderId} quote`,
    order.cumulativeQuote,
    live.reduce((sum, fill) => sum + notionalOf(fill.price, fill.quantity), 0n),
  );
  for (const { currency, amount } of order.fees) {
    const paid = live.filter((fill) => fill.feeCurrency === currency).reduce((sum, fill) => sum + fill.fee, 0n);
    expectEqual(`${orderId} fees`, amount, paid);
  }
  expectEqual(`${orderId} executions`, new Set(order.fills.map((fill) => fill.executionId)).size, order.fills.length);
  if (order.core === 'DENIED') expectEqual(`fills of denied ${orderId}`, order.fills.length, 0);
}

function openOrdersAreIndexed(orders: OrdersState): void {
  expectEqual('orders', orders.orders.size, orders.orderCount);
  for (const [accountId, account] of orders.accounts) {
    const open = [...orders.orders.values()].filter((order) => order.accountId === accountId && isOpen(order));
    expectEqual(
      `open orders of ${accountId}`,
      ids([...account.openOrders].map((number) => orderIdOf(orders.partition, number))),
      ids(open.map((order) => order.orderId)),
    );
  }
}

const ids = (orderIds: readonly string[]): string => [...orderIds].sort().join();

function positionsAreFills(account: AccountRisk, own: readonly Order[]): void {
  const positions = new Map<string, bigint>();
  for (const { placed, filledQuantity } of own) {
    add(positions, placed.symbol, placed.side === 'BUY' ? filledQuantity : -filledQuantity);
  }
  for (const { symbol, quantity } of account.positions.values()) {
    expectEqual(`${account.accountId} position in ${symbol}`, quantity, positions.get(symbol) ?? 0n);
    positions.delete(symbol);
  }
  for (const [symbol, quantity] of positions) expectEqual(`unbooked ${symbol} of ${account.accountId}`, quantity, 0n);
}

/** Approved orders that may still trade have a hold, all others none, and the sums are those of the holds. */
function holdsAreOpenOrders(risk: RiskState, account: AccountRisk, own: readonly Order[], orders: OrdersState): void {
  const held = new Map<string, bigint>();
  let notional = 0n;
  const holds = [...risk.holds].filter((hold) => hold.exposure.account === account);
  expectEqual(`holds of ${account.accountId}`, account.openOrders, holds.length);
  for (const hold of holds) {
    const order = orders.orders.get(hold.orderId)!;
    const waits = order.pendingRequests.some(({ kind }) => kind === 'REPLACE');
    expect(isOpen(order) || (order.core === 'FILLED' && waits), `a hold for ${order.core} order ${hold.orderId}`);
    const instrument = instrumentOf(risk, hold.exposure.instrument.symbol);
    holdIsOfOrder(hold, order, instrument);
    expect(hold.amount >= 0n && hold.openQuantity >= 0n, `hold of ${hold.orderId} is ${hold.amount}`);
    add(held, holdCurrencyOf(instrument, hold.side), hold.amount);
    notional += hold.openNotional;
  }
  for (const order of own) {
    const approved = order.core === 'HELD' || order.core === 'SUBMITTED' || order.core === 'WORKING';
    if (approved) expect(risk.holds.has(order.orderId), `no hold for ${order.core} order ${order.orderId}`);
  }
  for (const [currency, balance] of account.balances) {
    expectEqual(`${account.accountId} ${currency} held`, balance.held, held.get(currency) ?? 0n);
  }
  expectEqual(`${account.accountId} open notional`, account.openNotional, notional);
  for (const [symbol, exposure] of account.exposures) {
    const open = (side: string) =>
      holds
        .filter((hold) => hold.exposure === exposure && hold.side === side)
        .reduce((sum, hold) => sum + hold.openQuantity, 0n);
    expectEqual(`${account.accountId} open buys of ${symbol}`, exposure.openBuyQuantity, open('BUY'));
    expectEqual(`${account.accountId} open sells of ${symbol}`, exposure.openSellQuantity, open('SELL'));
  }
  expect(risk.accounts.has(account.accountId), 'the account is known');
}

function holdIsOfOrder(hold: Hold, order: Order, instrument: Instrument): void {
  const { orderId } = order;
  expectEqual(`hold of ${orderId}: filled`, hold.filledQuantity, order.filledQuantity);
  expectEqual(`hold of ${orderId}: quote`, hold.filledQuote, order.cumulativeQuote);
  expectEqual(`hold of ${orderId}: reduceOnly`, hold.reduceOnly, order.placed.reduceOnly);
  if (order.quantity > 0n && hold.terms.quoteQuantity === null) {
    // A replace to less than is filled ends at what is filled (rule 6): nothing is left either way.
    const quantity = maximum(hold.terms.quantity, hold.filledQuantity);
    expectEqual(`hold of ${orderId}: quantity`, quantity, maximum(order.quantity, order.filledQuantity));
  }
  expectEqual(`hold of ${orderId}: price`, hold.terms.price, order.price);
  expectEqual(`hold of ${orderId}: stop price`, hold.terms.stopPrice, order.stopPrice);
  expectEqual(`hold of ${orderId}: protection price`, hold.protectionPrice, order.protectionPrice);
  const worst = (order.price ?? order.protectionPrice)!;
  // A perpetual sale may be held for above it.
  const isExact = hold.side === 'BUY' || instrument.kind === 'SPOT';
  const { holdPrice } = hold.terms;
  expectEqual(`hold of ${orderId}: hold price`, holdPrice, isExact ? worst : maximum(worst, holdPrice));
  const waiting = order.pendingRequests.flatMap((request) =>
    request.kind === 'REPLACE' ? [request.clientOrderId] : [],
  );
  for (const { requestId } of hold.pendingTerms) {
    expect(waiting.includes(requestId), `hold of ${orderId} waits for ${requestId}, the order for ${waiting.join()}`);
  }
}

/** Rule 12 over the orders that can still trade, counting what was already asked back from the venue as gone. */
function reduceOnlyStaysInside(account: AccountRisk, own: readonly Order[]): void {
  const working = new Map<string, bigint>();
  for (const order of own) {
    if (!order.placed.reduceOnly || !isOpen(order) || order.pendingRequests.some(({ kind }) => kind === 'CANCEL'))
      continue;
    const asked = order.pendingRequests.flatMap((request) =>
      request.kind === 'REPLACE' && request.origin === 'REDUCE_ONLY' ? [request.quantity] : [],
    );
    const quantity = asked.reduce((least, each) => minimum(least, each), order.quantity);
    const leaves = quantity - order.filledQuantity;
    if (leaves > 0n) add(working, `${order.placed.side} ${order.placed.symbol}`, leaves);
  }
  for (const [key, leaves] of working) {
    const [side, symbol] = key.split(' ');
    const position = account.positions.get(symbol!)?.quantity ?? 0n;
    const capacity = side === 'BUY' ? -position : position;
    expect(
      leaves <= (capacity > 0n ? capacity : 0n),
      `${account.accountId}: reduce-only ${key} of ${leaves} against a position of ${position}`,
    );
  }
}

/** I7, with every open order of a side counted as filled. */
function limitsHold(risk: RiskState, account: AccountRisk): void {
  const limit = (name: LimitName) => account.limits[name] ?? risk.defaultLimits[name] ?? DEFAULT_LIMITS[name];
  const { accountId } = account;
  expect(account.openOrders <= (limit('openOrdersMax') as number), `${accountId}: ${account.openOrders} open orders`);
  expect(
    account.openNotional <= (limit('openNotionalMax') as bigint),
    `${accountId}: open notional ${account.openNotional}`,
  );
  for (const [symbol, { openBuyQuantity, openSellQuantity }] of account.exposures) {
    const position = account.positions.get(symbol)?.quantity ?? 0n;
    const most = limit('positionQuantityMax') as bigint;
    expect(
      position + openBuyQuantity <= most || openBuyQuantity === 0n,
      `${accountId}: ${symbol} may reach ${position + openBuyQuantity}`,
    );
    expect(
      openSellQuantity - position <= most || openSellQuantity === 0n,
      `${accountId}: ${symbol} may reach ${position - openSellQuantity}`,
    );
  }
}

/** Firm and desks are the sums over their accounts. */
function totalsAddUp(risk: RiskState): void {
  const all = [...risk.accounts.values()];
  const sumOf = (accounts: readonly AccountRisk[]) => ({
    openOrders: accounts.reduce((sum, account) => sum + account.openOrders, 0),
    openNotional: accounts.reduce((sum, account) => sum + account.openNotional, 0n),
  });
  const firm = sumOf(all);
  expectEqual('open orders of the firm', risk.firm.openOrders, firm.openOrders);
  expectEqual('open notional of the firm', risk.firm.openNotional, firm.openNotional);
  for (const [deskId, desk] of risk.desks) {
    const own = sumOf(all.filter((account) => account.deskId === deskId));
    expectEqual(`open orders of ${deskId}`, desk.openOrders, own.openOrders);
    expectEqual(`open notional of ${deskId}`, desk.openNotional, own.openNotional);
  }
}
