/** Keeps the holds and every sum made of them; at the end the sums are made anew and compared (I6). */
import type { FillReversed, FillSettled, Instrument, ReopenedHold } from '@oms/domain';
import type { Findings } from '../findings.ts';
import { addTo, timesDown, written } from './exactNumbers.ts';
import { type HoldFacts, heldCurrency, NO_NUMBERS, numbersOf } from './holdFacts.ts';
import { fundsOf, openOf, type RiskAccount, type RiskFacts } from './riskFacts.ts';

export class HoldBook {
  readonly #facts: RiskFacts;

  constructor(facts: RiskFacts) {
    this.#facts = facts;
  }

  place(account: RiskAccount, hold: HoldFacts, instrument: Instrument): void {
    account.holds.set(hold.orderId, hold);
    this.#facts.deskOf(account).openOrders++;
    this.#facts.firm.openOrders++;
    this.change(account, hold, instrument, () => undefined);
  }

  remove(account: RiskAccount, hold: HoldFacts, instrument: Instrument): void {
    this.#count(account, hold, instrument, -1n);
    account.holds.delete(hold.orderId);
    this.#facts.deskOf(account).openOrders--;
    this.#facts.firm.openOrders--;
  }

  /** Takes the hold out of the sums, lets it change, and puts it back in. */
  change(account: RiskAccount, hold: HoldFacts, instrument: Instrument, change: () => unknown): void {
    this.#count(account, hold, instrument, -1n);
    change();
    hold.numbers = numbersOf(hold, instrument);
    this.#count(account, hold, instrument, 1n);
  }

  /** A fill uses its share up; a bust gives it back, and may start the hold of a filled order again. */
  fill(account: RiskAccount, event: FillSettled | FillReversed, instrument: Instrument, sign: 1n | -1n): void {
    const hold = account.holds.get(event.orderId);
    if (hold !== undefined) {
      this.change(account, hold, instrument, () => {
        hold.filled += sign * event.quantity;
        hold.filledQuote += sign * timesDown(event.price, event.quantity);
      });
    } else if (event.type === 'FillReversed' && event.reopened !== null) {
      this.place(account, reopenedHold(event, event.reopened), instrument);
    }
  }

  #count(account: RiskAccount, hold: HoldFacts, instrument: Instrument, sign: 1n | -1n): void {
    const { amount, leaves, notional } = hold.numbers;
    const open = openOf(account, hold.symbol);
    if (hold.side === 'BUY') open.buys += sign * leaves;
    else open.sells += sign * leaves;
    fundsOf(account, heldCurrency(instrument, hold.side)).held += sign * amount;
    account.openNotional += sign * notional;
    this.#facts.deskOf(account).openNotional += sign * notional;
    this.#facts.firm.openNotional += sign * notional;
  }

  /** Adds up every hold anew. */
  checkSums(findings: Findings): void {
    for (const account of this.#facts.accounts.values()) {
      const held = new Map<string, bigint>();
      for (const hold of account.holds.values()) {
        const instrument = this.#facts.instruments.get(hold.symbol)!;
        addTo(held, heldCurrency(instrument, hold.side), numbersOf(hold, instrument).amount);
      }
      for (const [currency, funds] of account.funds) {
        const sum = held.get(currency) ?? 0n;
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
    pending: new Map(),
    filled: filledQuantity,
    filledQuote,
    numbers: NO_NUMBERS,
  };
}
