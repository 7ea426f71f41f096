/**
 * I7: at every approval the limits of that moment, read anew: the account's own (or the default set's, or the house's
 * last resort), the desk's and the firm's. Approvals are the only moments at which use of a limit may grow.
 */
import type { Instrument, RiskLimits, Side } from '@oms/domain';
import type { Findings } from '../findings.ts';
import { worstCase } from './averageCost.ts';
import { larger, smaller, timesUp, written } from './exactNumbers.ts';
import { type HoldFacts, type HoldNumbers, numbersUnder, type TermFacts } from './holdFacts.ts';
import { openOf, type RiskAccount, type RiskFacts, scopeKey } from './riskFacts.ts';

const whole = (units: bigint): bigint => units * 10n ** 8n;

/** Where neither account nor default set says anything. */
const LAST_RESORT = {
  orderQuantityMax: whole(1_000n),
  orderNotionalMax: whole(1_000_000n),
  openNotionalMax: whole(5_000_000n),
  positionQuantityMax: whole(5_000n),
  openOrdersMax: 200n,
  submitsPerSecondMax: 100n,
  replacesPerSecondMax: 100n,
} as const;
type CheckedLimit = keyof typeof LAST_RESORT;

export interface Approval {
  readonly account: RiskAccount;
  readonly instrument: Instrument;
  readonly orderId: string;
  readonly side: Side;
  readonly reduceOnly: boolean;
  readonly terms: TermFacts;
  /** Set for a replace: the hold as it stands. */
  readonly hold: HoldFacts | null;
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
    const { hold, terms } = approval;
    const { price, stopPrice, quantity } = terms;
    const samePrices = hold !== null && price === hold.terms.price && stopPrice === hold.terms.stopPrice;
    this.#count(approval);
    // A replace that only takes quantity away asks for nothing.
    if (hold !== null && samePrices && quantity <= hold.terms.quantity) return;
    this.#tradingState(approval);
    this.#rate(approval);
    this.#orderSize(approval);
    if (hold === null) this.#openOrders(approval);
    this.#openNotional(approval);
    this.#position(approval);
  }

  #limitOf(scope: string, id: string | null, name: CheckedLimit): bigint | null {
    const value: RiskLimits[CheckedLimit] = this.#facts.limits.get(scopeKey(scope, id))?.[name] ?? null;
    return value === null ? null : BigInt(value);
  }

  #own(account: RiskAccount, name: CheckedLimit): bigint {
    return (
      this.#limitOf('ACCOUNT', account.accountId, name) ?? this.#limitOf('DEFAULT', null, name) ?? LAST_RESORT[name]
    );
  }

  #tightest(account: RiskAccount, name: CheckedLimit): bigint {
    const others = [this.#limitOf('DESK', account.deskId, name), this.#limitOf('FIRM', null, name)];
    return others.reduce<bigint>(
      (least, limit) => (limit === null ? least : smaller(least, limit)),
      this.#own(account, name),
    );
  }

  #within(
    approval: Approval,
    used: bigint,
    limit: bigint,
    what: string,
    text: (value: bigint) => string = written,
  ): void {
    const { position, orderId, account } = approval;
    this.#findings.expect(
      used <= limit,
      'I7',
      position,
      () =>
        `order ${orderId} of ${account.accountId} is approved with ${what} ${text(used)}, the limit is ${text(limit)}`,
    );
  }

  #orderSize(approval: Approval): void {
    const { account, terms } = approval;
    const notional = terms.quoteQuantity ?? timesUp(terms.price ?? terms.holdPrice, terms.quantity);
    this.#within(approval, terms.quantity, this.#tightest(account, 'orderQuantityMax'), 'quantity');
    this.#within(approval, notional, this.#tightest(account, 'orderNotionalMax'), 'notional');
  }

  #openOrders(approval: Approval): void {
    const { account } = approval;
    const counts: readonly (readonly [string, number, bigint | null])[] = [
      ['account', account.holds.size, this.#own(account, 'openOrdersMax')],
      ['desk', this.#facts.deskOf(account).openOrders, this.#limitOf('DESK', account.deskId, 'openOrdersMax')],
      ['firm', this.#facts.firm.openOrders, this.#limitOf('FIRM', null, 'openOrdersMax')],
    ];
    for (const [scope, open, limit] of counts) {
      if (limit !== null) this.#within(approval, BigInt(open + 1), limit, `open orders of the ${scope}:`, String);
    }
  }

  #openNotional(approval: Approval): void {
    const { account, hold } = approval;
    const added = larger(this.#asked(approval).notional - (hold?.numbers.notional ?? 0n), 0n);
    if (added === 0n) return;
    const sums: readonly (readonly [string, bigint, bigint | null])[] = [
      ['account', account.openNotional, this.#own(account, 'openNotionalMax')],
      ['desk', this.#facts.deskOf(account).openNotional, this.#limitOf('DESK', account.deskId, 'openNotionalMax')],
      ['firm', this.#facts.firm.openNotional, this.#limitOf('FIRM', null, 'openNotionalMax')],
    ];
    for (const [scope, sum, limit] of sums) {
      if (limit !== null) this.#within(approval, sum + added, limit, `open notional of the ${scope}:`);
    }
  }

  #position(approval: Approval): void {
    const { account, hold, side, instrument } = approval;
    const added = larger(this.#asked(approval).leaves - (hold?.numbers.leaves ?? 0n), 0n);
    if (added === 0n) return;
    const quantity = account.positions.get(instrument.symbol)?.quantity ?? 0n;
    const { buys, sells } = openOf(account, instrument.symbol);
    const worst = worstCase(quantity, buys, sells, side) + added;
    this.#within(approval, worst, this.#tightest(account, 'positionQuantityMax'), `worst-case ${side} position`);
  }

  #asked({ terms, hold, side, reduceOnly, instrument }: Approval): HoldNumbers {
    const filled = hold?.filled ?? 0n;
    const filledQuote = hold?.filledQuote ?? 0n;
    return numbersUnder(terms, { side, reduceOnly, filled, filledQuote }, instrument);
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

  #rate(approval: Approval): void {
    const { account, hold } = approval;
    const name = hold === null ? 'submitsPerSecondMax' : 'replacesPerSecondMax';
    const used = BigInt(hold === null ? account.submits : account.replaces);
    this.#within(
      approval,
      used,
      this.#tightest(account, name),
      `${hold === null ? 'orders' : 'replaces'} in this second:`,
      String,
    );
  }

  #tradingState(approval: Approval): void {
    const { account, instrument, position, orderId } = approval;
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
