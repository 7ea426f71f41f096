/**
 * The reference model of one risk partition: folds its events into plain maps and reports what cannot be (I5, I6, I7,
 * I14). Money is booked in double entry, holds by the model's own formulas.
 */
import type {
  AccountOpened,
  AuditNoted,
  FillReversed,
  FillSettled,
  HoldPlaced,
  HoldRaised,
  Instrument,
  RiskEvent,
} from '@oms/domain';
import type { Findings } from '../findings.ts';
import type { NameTable } from '../memory/nameTable.ts';
import type { PackedTable } from '../memory/packedTable.ts';
import { initialMargin, tradePosition } from './averageCost.ts';
import { addTo, larger, timesDown, timesUp, written } from './exactNumbers.ts';
import { HoldBook } from './holdBook.ts';
import { checkPlacedHold, checkRaisedHold, checkReopenedHold } from './holdChecks.ts';
import { type HoldFacts, NO_NUMBERS, numbersUnder } from './holdFacts.ts';
import { LimitChecks } from './limitChecks.ts';
import { isOverfilledOrder, type OrderFacts } from './orderFacts.ts';
import { PrivilegedActs, type PrivilegedEvent } from './privilegedActs.ts';
import { availableFunds, fundsOf, positionOf, type RiskAccount, RiskFacts, totalOf } from './riskFacts.ts';
import type { Settlements } from './settlements.ts';

export class RiskModel {
  readonly facts: RiskFacts;
  readonly #findings: Findings;
  readonly #settlements: Settlements;
  readonly #orders: PackedTable<OrderFacts>;
  readonly #touch: (order: OrderFacts) => void;
  readonly #holds: HoldBook;
  readonly #limits: LimitChecks;
  readonly #acts: PrivilegedActs;
  /** Accounts of the record under way. */
  readonly #moved = new Set<RiskAccount>();
  #position = 0;
  #now = 0;

  constructor(
    findings: Findings,
    settlements: Settlements,
    orders: PackedTable<OrderFacts>,
    touch: (order: OrderFacts) => void,
    names: NameTable,
  ) {
    this.facts = new RiskFacts(names);
    this.#findings = findings;
    this.#settlements = settlements;
    this.#orders = orders;
    this.#touch = touch;
    this.#holds = new HoldBook(this.facts);
    this.#limits = new LimitChecks(this.facts, findings);
    this.#acts = new PrivilegedActs(this.facts, findings);
  }

  apply(event: RiskEvent, position: number, now: number): void {
    this.#position = position;
    this.#now = now;
    switch (event.type) {
      case 'InstrumentListed':
        this.#list(event.instrument);
        return;
      case 'AccountOpened':
        this.#open(event);
        return;
      case 'LimitsChanged':
      case 'TradingStateChanged':
      case 'LimitsChangeProposed':
      case 'TradingStateChangeProposed':
      case 'ApprovalDecided':
        this.#acts.apply(event, position, now);
        return;
      case 'AuditNoted':
        return;
      default: {
        const account = this.facts.accounts.get(event.accountId);
        if (account === undefined) {
          this.#findings.breach('I1', position, `${event.type} of account ${event.accountId}, which was never opened`);
          return;
        }
        this.#moved.add(account);
        this.#applyToAccount(account, event);
      }
    }
  }

  #applyToAccount(
    account: RiskAccount,
    event: Exclude<RiskEvent, AccountOpened | AuditNoted | PrivilegedEvent | { readonly type: 'InstrumentListed' }>,
  ): void {
    switch (event.type) {
      case 'FundsDeposited': {
        const funds = fundsOf(account, event.currency);
        funds.deposits += event.amount;
        addTo(this.facts.outside, event.currency, -event.amount);
        if (event.amount < 0n) funds.excuse ??= 'funds were taken out';
        return;
      }
      case 'FillSettled':
        this.#settlements.settled(event, this.#position);
        this.#settle(account, event, 1n);
        return;
      case 'FillReversed':
        this.#settlements.reversed(event, this.#position);
        this.#settle(account, event, -1n);
        return;
      case 'HoldPlaced':
        this.#placeHold(account, event);
        return;
      default:
        this.#changeHold(account, event);
    }
  }

  #list(instrument: Instrument): void {
    const { symbol, quote, kind, initialMarginRate } = instrument;
    const before = this.facts.instruments.get(symbol);
    // Other rates change what is set aside for what is open already.
    if (before !== undefined) this.#retermHolds(instrument);
    this.facts.instruments.set(symbol, instrument);
    if (before === undefined) return;
    for (const account of this.facts.accounts.values()) {
      const position = account.positions.get(symbol);
      const funds = account.funds.get(quote);
      if (position !== undefined && kind === 'PERPETUAL') {
        fundsOf(account, quote).margin +=
          initialMargin(position, initialMarginRate) - initialMargin(position, before.initialMarginRate);
      }
      if (funds !== undefined) funds.excuse ??= `the rates of ${symbol} changed`;
    }
  }

  /** While the instrument is still known as it was: a hold is unpacked with the numbers it has been counted with. */
  #retermHolds(instrument: Instrument): void {
    for (const hold of this.facts.holds.values()) {
      const account = this.facts.accounts.get(hold.accountId);
      if (account !== undefined && hold.symbol === instrument.symbol) this.#holds.recount(account, hold, instrument);
    }
  }

  #open({ accountId, deskId }: AccountOpened): void {
    const isNew = !this.facts.accounts.has(accountId);
    this.#findings.expect(isNew, 'I1', this.#position, () => `account ${accountId} is opened a second time`);
    if (!isNew) return;
    this.facts.accounts.set(accountId, {
      accountId,
      deskId,
      funds: new Map(),
      positions: new Map(),
      openOrders: 0,
      open: new Map(),
      openNotional: 0n,
      trades: 0,
      second: 0,
      submits: 0,
      replaceSecond: 0,
      replaces: 0,
      limits: null,
      limitsSince: 0,
      moved: [],
      overdrawn: false,
    });
  }

  #instrumentOf(symbol: string): Instrument | undefined {
    const instrument = this.facts.instruments.get(symbol);
    if (instrument === undefined) this.#holdsOf(`instrument ${symbol} was never listed`);
    return instrument;
  }

  #holdsOf(what: string): void {
    this.#findings.expect(false, 'I6', this.#position, () => what);
  }

  #placeHold(account: RiskAccount, event: HoldPlaced): void {
    const instrument = this.#instrumentOf(event.symbol);
    if (instrument === undefined) return;
    const order = this.#orders.get(event.orderId);
    const isNew = this.facts.holds.get(account.accountId, event.orderId) === undefined;
    if (order === undefined || !isNew) {
      this.#holdsOf(
        `a hold is placed for order ${event.orderId}, which ${isNew ? 'was never placed' : 'has one already'}`,
      );
      return;
    }
    checkPlacedHold(this.#findings, this.#position, order, event, instrument);
    const { orderId, accountId, symbol, side, reduceOnly, protectionPrice } = event;
    const { quantity, quoteQuantity, price, stopPrice, holdPrice } = event;
    const terms = { quantity, quoteQuantity, price, stopPrice, holdPrice };
    const hold: HoldFacts = {
      orderId,
      side,
      reduceOnly,
      accountId,
      symbol,
      protectionPrice,
      terms,
      filled: 0n,
      filledQuote: 0n,
      pending: null,
      numbers: NO_NUMBERS,
    };
    const asked = numbersUnder(terms, hold, instrument);
    const position = this.#position;
    const now = this.#now;
    this.#limits.check({ account, instrument, orderId, side, terms, hold: null, asked, position, now });
    order.approved = true;
    this.#touch(order);
    hold.numbers = asked;
    this.#holds.place(account, hold, instrument);
  }

  #changeHold(
    account: RiskAccount,
    event: Extract<RiskEvent, { readonly type: 'HoldRaised' | 'HoldRetermed' | 'HoldShrunk' | 'HoldReleased' }>,
  ): void {
    const hold = this.facts.holds.get(account.accountId, event.orderId);
    const instrument = hold && this.#instrumentOf(hold.symbol);
    if (hold === undefined || instrument === undefined) {
      this.#holdsOf(`${event.type} for order ${event.orderId} of ${account.accountId}, which has no hold`);
      return;
    }
    const order = this.#orders.get(event.orderId);
    if (order !== undefined) this.#touch(order);
    switch (event.type) {
      case 'HoldRaised':
        this.#raise(account, hold, instrument, event, order);
        return;
      case 'HoldRetermed': {
        const asked = hold.pending?.get(event.requestId);
        if (asked === undefined) {
          this.#holdsOf(`request ${event.requestId} of order ${event.orderId} is answered, but its hold knows none`);
          return;
        }
        this.#holds.change(account, hold, instrument, () => {
          hold.pending?.delete(event.requestId);
          if (hold.pending?.size === 0) hold.pending = null;
          if (event.accepted) hold.terms = asked;
        });
        return;
      }
      case 'HoldShrunk':
        this.#holds.change(account, hold, instrument, () => {
          hold.terms = { ...hold.terms, quantity: event.quantity };
        });
        return;
      case 'HoldReleased':
        this.#holds.remove(account, hold, instrument);
        return;
    }
  }

  #raise(
    account: RiskAccount,
    hold: HoldFacts,
    instrument: Instrument,
    event: HoldRaised,
    order: OrderFacts | undefined,
  ): void {
    checkRaisedHold(this.#findings, this.#position, order, event, instrument, hold.side);
    const { orderId, requestId, quantity, price, stopPrice, holdPrice } = event;
    const terms = { quantity, quoteQuantity: null, price, stopPrice, holdPrice };
    const { side } = hold;
    const asked = numbersUnder(terms, hold, instrument);
    const position = this.#position;
    this.#limits.check({ account, instrument, orderId, side, terms, hold, asked, position, now: this.#now });
    this.#holds.change(account, hold, instrument, () => {
      hold.pending ??= new Map();
      hold.pending.set(requestId, terms);
    });
  }

  /** Books a trade, or with `sign` −1 the opposite of it with its fee given back. */
  #settle(account: RiskAccount, event: FillSettled | FillReversed, sign: 1n | -1n): void {
    const instrument = this.#instrumentOf(event.symbol);
    if (instrument === undefined) return;
    const { base, quote } = instrument;
    const { symbol, side, quantity, price, feeCurrency } = event;
    const bought = sign * (side === 'BUY' ? quantity : -quantity);
    const paid = (bought < 0n ? -1n : 1n) * timesDown(price, quantity);
    const fee = sign * event.fee;
    const position = positionOf(account, symbol);
    const marginBefore = initialMargin(position, instrument.initialMarginRate);
    const realized = tradePosition(position, bought - (feeCurrency === base ? fee : 0n), paid);
    position.realized += realized - (feeCurrency === quote ? fee : 0n);
    if (instrument.kind === 'SPOT') {
      this.#flow(account, base, bought);
      this.#flow(account, quote, -paid);
    } else {
      this.#flow(account, quote, realized);
      fundsOf(account, quote).margin += initialMargin(position, instrument.initialMarginRate) - marginBefore;
    }
    if (fee !== 0n) {
      fundsOf(account, feeCurrency).fees += fee;
      addTo(this.facts.feesTaken, feeCurrency, fee);
    }
    account.trades++;
    if (event.type === 'FillReversed') {
      const hold = this.facts.holds.get(account.accountId, event.orderId);
      checkReopenedHold(this.#findings, this.#position, event, instrument, hold);
    }
    this.#holds.fill(account, event, instrument, sign);
    this.#excuse(account, event, instrument, sign);
    const order = this.#orders.get(event.orderId);
    if (order !== undefined) this.#touch(order);
  }

  #flow(account: RiskAccount, currency: string, amount: bigint): void {
    fundsOf(account, currency).flows += amount;
    addTo(this.facts.venue, currency, -amount);
  }

  /** Facts from outside the house after which an account may owe something. */
  #excuse(account: RiskAccount, event: FillSettled | FillReversed, instrument: Instrument, sign: 1n | -1n): void {
    const why = this.#whyExcused(account, event, instrument, sign);
    if (why === null) return;
    for (const currency of [instrument.base, instrument.quote, event.feeCurrency]) {
      if (instrument.kind === 'SPOT' || currency !== instrument.base) fundsOf(account, currency).excuse ??= why;
    }
  }

  #whyExcused(
    account: RiskAccount,
    event: FillSettled | FillReversed,
    instrument: Instrument,
    sign: 1n | -1n,
  ): string | null {
    const trade = `execution ${event.executionId} of order ${event.orderId}`;
    if (sign < 0n) return `${trade} was busted or corrected`;
    if (instrument.kind === 'PERPETUAL') return `${instrument.symbol} is margined in it`;
    const hold = this.facts.holds.get(account.accountId, event.orderId);
    if (hold === undefined) return `${trade} came after its order was closed`;
    const order = this.#orders.get(event.orderId);
    if (order !== undefined && isOverfilledOrder(order)) return `${trade} is an overfill`;
    if (event.side === 'BUY' && event.price > hold.terms.holdPrice) return `${trade} traded beyond the order's limit`;
    const rate = larger(instrument.makerFeeRate, instrument.takerFeeRate);
    const feeMax = timesUp(timesDown(event.price, event.quantity), rate);
    if (event.feeCurrency === instrument.quote && event.fee <= feeMax) return null;
    return `${trade} cost more than the fee rates`;
  }

  /** What a record leaves an account with may not be negative. What did not move is as it was found to be. */
  endOfRecord(): void {
    for (const account of this.#moved) {
      this.#findings.looked('I6', account.funds.size);
      let isShort = account.overdrawn;
      for (const funds of account.moved) {
        funds.hasMoved = false;
        if (availableFunds(funds) < 0n) isShort = true;
      }
      account.moved.length = 0;
      if (isShort) account.overdrawn = this.#reportShort(account);
    }
    this.#moved.clear();
  }

  /** @returns whether there was anything to report */
  #reportShort(account: RiskAccount): boolean {
    let isShort = false;
    for (const [currency, funds] of account.funds) {
      const available = availableFunds(funds);
      if (available >= 0n) continue;
      isShort = true;
      const what = `${account.accountId} has ${written(available)} ${currency} available: ${written(totalOf(funds))} in all, ${written(funds.held)} held, ${written(funds.margin)} margin`;
      if (funds.excuse === null) this.#findings.breach('I6', this.#position, what);
      else this.#findings.excuse('I6', `position ${this.#position}: ${what}; ${funds.excuse}`);
    }
    return isShort;
  }

  end(): void {
    this.#holds.checkSums(this.#findings);
  }
}
