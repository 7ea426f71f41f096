/** Keeps the holds and every sum made of them; at the end the sums are made anew and compared (I6). */
import type { FillReversed, FillSettled, Instrument, ReopenedHold } from '@oms/domain';
import type { Findings } from '../findings.ts';
import { addTo, timesDown, written } from './exactNumbers.ts';
import { type HoldFacts, type HoldNumbers, heldCurrency, NO_NUMBERS, numbersOf } from './holdFacts.ts';
import { fundsOf, openOf, type RiskAccount, type RiskFacts } from './riskFacts.ts';

export class HoldBook {
  readonly #facts: RiskFacts;

  constructor(facts: RiskFacts) {
    this.#facts = facts;
  }

  /** Enters a hold with its numbers. */
  place(account: RiskAccount, hold: HoldFacts, instrument: Instrument): void {
    this.#facts.holds.add(hold);
    account.openOrders++;
    this.#facts.deskOf(account).openOrders++;
    this.#facts.firm.openOrders++;
    this.#count(account, hold, instrument, NO_NUMBERS, hold.numbers);
  }

  remove(account: RiskAccount, hold: HoldFacts, instrument: Instrument): void {
    this.#count(account, hold, instrument, hold.numbers, NO_NUMBERS);
    this.#facts.holds.delete(hold);
    account.openOrders--;
    this.#facts.deskOf(account).openOrders--;
    this.#facts.firm.openOrders--;
  }

  /** Lets the hold change, and the sums with it. */
  change(account: RiskAccount, hold: HoldFacts, instrument: Instrument, change: () => void): void {
    const before = hold.numbers;
    change();
    hold.numbers = numbersOf(hold, instrument);
    this.#count(account, hold, instrument, before, hold.numbers);
  }

  /** Counts a hold anew whose instrument has other rates now. */
  recount(account: RiskAccount, hold: HoldFacts, instrument: Instrument): void {
    this.change(account, hold, instrument, () => undefined);
  }

  /** A fill uses its share up; a bust gives it back, and may start the hold of a filled order again. */
  fill(account: RiskAccount, event: FillSettled | FillReversed, instrument: Instrument, sign: 1n | -1n): void {
    const hold = this.#facts.holds.get(account.accountId, event.orderId);
    if (hold !== undefined) {
      this.change(account, hold, instrument, () => {
        hold.filled += sign * event.quantity;
        hold.filledQuote += sign * timesDown(event.price, event.quantity);
      });
    } else if (event.type === 'FillReversed' && event.reopened !== null) {
      const reopened = reopenedHold(event, event.reopened);
      reopened.numbers = numbersOf(reopened, instrument);
      this.place(account, reopened, instrument);
    }
  }

  #count(account: RiskAccount, hold: HoldFacts, instrument: Instrument, before: HoldNumbers, after: HoldNumbers): void {
    const open = openOf(account, hold.symbol);
    const leaves = after.leaves - before.leaves;
    if (hold.side === 'BUY') open.buys += leaves;
    else open.sells += leaves;
    fundsOf(account, heldCurrency(instrument, hold.side)).held += after.amount - before.amount;
    const notional = after.notional - before.notional;
    if (notional === 0n) return;
    account.openNotional += notional;
    this.#facts.deskOf(account).openNotional += notional;
    this.#facts.firm.openNotional += notional;
  }

  /** Adds up every hold anew. */
  checkSums(findings: Findings): void {
    const sums = new Map<string, Map<string, bigint>>();
    for (const hold of this.#facts.holds.values()) {
      const instrument = this.#facts.instruments.get(hold.symbol)!;
      let held = sums.get(hold.accountId);
      if (held === undefined) {
        held = new Map();
        sums.set(hold.accountId, held);
      }
      addTo(held, heldCurrency(instrument, hold.side), numbersOf(hold, instrument).amount);
    }
    for (const account of this.#facts.accounts.values()) {
      for (const [currency, funds] of account.funds) {
        const sum = sums.get(account.accountId)?.get(currency) ?? 0n;
        findings.expect(
          sum === funds.held,
          'I6',
          0,
          () => `${account.accountId} holds ${written(funds.held)} ${currency}, its open orders need ${written(sum)}`,
        );
      }
    }
  }
}

function reopenedHold(event: FillReversed, reopened: ReopenedHold): HoldFacts {
  const {
    quantity,
    quoteQuantity,
    price,
    stopPrice,
    protectionPrice,
    holdPrice,
    reduceOnly,
    filledQuantity,
    filledQuote,
  } = reopened;
  return {
    orderId: event.orderId,
    accountId: event.accountId,
    symbol: event.symbol,
    side: event.side,
    reduceOnly,
    protectionPrice,
    terms: {
      quantity: quantity ?? filledQuantity + event.quantity,
      quoteQuantity,
      price,
      stopPrice,
      holdPrice,
    },
    pending: null,
    filled: filledQuantity,
    filledQuote,
    numbers: NO_NUMBERS,
  };
}
