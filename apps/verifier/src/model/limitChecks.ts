/**
 * I7: at every approval the limits of that moment, read anew: the account's own (or the default set's, or the house's
 * last resort), the desk's and the firm's. Approvals are the only moments at which use of a limit may grow.
 */
import type { Instrument, Side } from '@oms/domain';
import type { Findings } from '../findings.ts';
import { type AccountLimits, limitsOf } from './accountLimits.ts';
import { worstCase } from './averageCost.ts';
import { larger, timesUp, written } from './exactNumbers.ts';
import type { HoldFacts, HoldNumbers, TermFacts } from './holdFacts.ts';
import { openOf, type RiskAccount, type RiskFacts, scopeKey } from './riskFacts.ts';

export interface Approval {
  readonly account: RiskAccount;
  readonly instrument: Instrument;
  readonly orderId: string;
  readonly side: Side;
  readonly terms: TermFacts;
  /** Set for a replace: the hold as it stands. */
  readonly hold: HoldFacts | null;
  /** What is asked for, with what of the hold is filled already. */
  readonly asked: HoldNumbers;
  readonly position: number;
  readonly now: number;
}

export class LimitChecks {
  readonly #facts: RiskFacts;
  readonly #findings: Findings;

  constructor(facts: RiskFacts, findings: Findings) {
    this.#facts = facts;
    this.#findings = findings;
  }

  /** Judges an approval before it is folded in. */
  check(approval: Approval): void {
    const { hold, terms, account } = approval;
    const { price, stopPrice, quantity } = terms;
    const samePrices = hold !== null && price === hold.terms.price && stopPrice === hold.terms.stopPrice;
    this.#count(approval);
    // A replace that only takes quantity away asks for nothing.
    if (hold !== null && samePrices && quantity <= hold.terms.quantity) return;
    const limits = limitsOf(this.#facts, account);
    this.#tradingState(approval);
    this.#rate(approval, limits);
    this.#orderSize(approval, limits);
    if (hold === null) this.#openOrders(approval, limits);
    this.#openNotional(approval, limits);
    this.#position(approval, limits);
  }

  #within(approval: Approval, used: bigint, limit: bigint, what: string, text = written): void {
    this.#findings.looked('I7');
    if (used <= limit) return;
    const { position, orderId, account } = approval;
    const about = `order ${orderId} of ${account.accountId} is approved`;
    this.#findings.breach('I7', position, `${about} with ${what} ${text(used)}, the limit is ${text(limit)}`);
  }

  #orderSize(approval: Approval, { tightest }: AccountLimits): void {
    const { terms } = approval;
    const notional = terms.quoteQuantity ?? timesUp(terms.price ?? terms.holdPrice, terms.quantity);
    this.#within(approval, terms.quantity, tightest.orderQuantityMax, 'quantity');
    this.#within(approval, notional, tightest.orderNotionalMax, 'notional');
  }

  #openOrders(approval: Approval, { own, desk, firm }: AccountLimits): void {
    const { account } = approval;
    const ofDesk = this.#facts.deskOf(account).openOrders;
    this.#moreOrders(approval, account.openOrders, own.openOrdersMax, 'open orders of the account:');
    this.#moreOrders(approval, ofDesk, desk.openOrdersMax, 'open orders of the desk:');
    this.#moreOrders(approval, this.#facts.firm.openOrders, firm.openOrdersMax, 'open orders of the firm:');
  }

  #moreOrders(approval: Approval, open: number, limit: bigint | null, what: string): void {
    if (limit !== null) this.#within(approval, BigInt(open + 1), limit, what, String);
  }

  #openNotional(approval: Approval, { own, desk, firm }: AccountLimits): void {
    const { account, hold, asked } = approval;
    const added = larger(asked.notional - (hold?.numbers.notional ?? 0n), 0n);
    if (added === 0n) return;
    const ofDesk = this.#facts.deskOf(account).openNotional + added;
    const ofFirm = this.#facts.firm.openNotional + added;
    this.#within(approval, account.openNotional + added, own.openNotionalMax, 'open notional of the account:');
    if (desk.openNotionalMax !== null) {
      this.#within(approval, ofDesk, desk.openNotionalMax, 'open notional of the desk:');
    }
    if (firm.openNotionalMax !== null) {
      this.#within(approval, ofFirm, firm.openNotionalMax, 'open notional of the firm:');
    }
  }

  #position(approval: Approval, { tightest }: AccountLimits): void {
    const { account, hold, side, instrument, asked } = approval;
    const added = larger(asked.leaves - (hold?.numbers.leaves ?? 0n), 0n);
    if (added === 0n) return;
    const quantity = account.positions.get(instrument.symbol)?.quantity ?? 0n;
    const { buys, sells } = openOf(account, instrument.symbol);
    const worst = worstCase(quantity, buys, sells, side) + added;
    const what = side === 'BUY' ? 'worst-case BUY position' : 'worst-case SELL position';
    this.#within(approval, worst, tightest.positionQuantityMax, what);
  }

  /** Approvals of this second, this one included. */
  #count({ account, hold, now }: Approval): void {
    const second = Math.floor(now / 1_000);
    if (hold === null) {
      account.submits = account.second === second ? account.submits + 1 : 1;
      account.second = second;
    } else {
      account.replaces = account.replaceSecond === second ? account.replaces + 1 : 1;
      account.replaceSecond = second;
    }
  }

  #rate(approval: Approval, { tightest }: AccountLimits): void {
    const { account, hold } = approval;
    if (hold === null) {
      this.#within(approval, BigInt(account.submits), tightest.submitsPerSecondMax, 'orders in this second:', String);
    } else {
      const limit = tightest.replacesPerSecondMax;
      this.#within(approval, BigInt(account.replaces), limit, 'replaces in this second:', String);
    }
  }

  #tradingState(approval: Approval): void {
    const { account, instrument, position, orderId } = approval;
    if (this.#facts.tradingStates.size === 0) {
      this.#findings.looked('I7', 3);
      return;
    }
    for (const key of ['FIRM', scopeKey('ACCOUNT', account.accountId), scopeKey('INSTRUMENT', instrument.symbol)]) {
      const state = this.#facts.tradingStates.get(key)?.state;
      this.#findings.expect(
        state !== 'HALTED',
        'I7',
        position,
        () => `order ${orderId} of ${account.accountId} is approved while ${key} is HALTED`,
      );
    }
  }
}
