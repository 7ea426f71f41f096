/** I10, the comparison: orders, funds, positions and holds of the reference model against the production fold's. */
import type { Order, OrdersState, RiskState } from '@oms/domain';
import type { Findings } from './findings.ts';
import { written } from './model/exactNumbers.ts';
import { isOverfilledOrder, leavesOfOrder, type OrderFacts } from './model/orderFacts.ts';
import type { OrderModel } from './model/orderModel.ts';
import { type RiskAccount, type RiskFacts, totalOf } from './model/riskFacts.ts';

type Value = bigint | number | string | boolean | null | undefined;
/** Name of a number, what the fold has, what the model has. */
type Pair = readonly [name: string, folded: Value, model: Value];

const textOf = (value: Value): string => (typeof value === 'bigint' ? written(value) : String(value));

export class StateComparison {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  orders(states: readonly OrdersState[], model: OrderModel): void {
    let orders = 0;
    let approvals = 0;
    let sends = 0;
    for (const state of states) {
      approvals += state.approvedCount;
      sends += state.submittedCount;
      orders += state.orders.size;
      for (const order of state.orders.values()) this.#order(order, model.orders.get(order.orderId));
      for (const { accountId, reportSequence, requests } of state.accounts.values()) {
        const account = model.accounts.get(accountId);
        this.#findings.expect(
          reportSequence === account?.reports,
          'I9',
          0,
          () =>
            `the report sequence of ${accountId} is ${reportSequence} after replay, the journal has ${account?.reports} reports`,
        );
        this.#compare(`account ${accountId}`, [['clientOrderIds', requests.size, account?.clientOrderIds.size]]);
      }
    }
    this.#compare('the order processor', [
      ['orders', orders, model.orders.size],
      ['approvals', approvals, model.approvals],
      ['orders sent', sends, model.sends],
    ]);
  }

  #order(order: Order, facts: OrderFacts | undefined): void {
    // What broke a rule is reported with it; its numbers have no meaning here.
    if (facts?.suspect === true) return;
    const name = `order ${order.orderId}`;
    if (facts === undefined) {
      this.#compare(name, [['existence', true, false]]);
      return;
    }
    const leaves = facts.phase === order.core ? leavesOfOrder(facts) : 0n;
    this.#compare(name, [
      ['state', order.core, facts.phase],
      ['quantity', order.quantity, facts.quantity],
      ['price', order.price, facts.price],
      ['stop price', order.stopPrice, facts.stopPrice],
      ['filled', order.filledQuantity, facts.filled],
      ['quote', order.cumulativeQuote, facts.quote],
      ['leaves', leavesIn(order), leaves],
      ['overfilled', order.overfilled, isOverfilledOrder(facts)],
      ['fills', order.fills.length, facts.fills?.size ?? 0],
      [
        'fees',
        feesText(order.fees.map(({ currency, amount }) => [currency, amount])),
        feesText([...(facts.fees ?? [])]),
      ],
      [
        'waiting requests',
        order.pendingRequests.map((each) => each.clientOrderId).join(),
        [...(facts.requests?.keys() ?? [])].join(),
      ],
    ]);
  }

  risk(state: RiskState, facts: RiskFacts): void {
    const where = `partition ${state.partition}`;
    this.#compare(where, [
      ['accounts', state.accounts.size, facts.accounts.size],
      ['open orders of the firm', state.firm.openOrders, facts.firm.openOrders],
      ['open notional of the firm', state.firm.openNotional, facts.firm.openNotional],
    ]);
    for (const [deskId, desk] of state.desks) {
      const model = facts.desks.get(deskId);
      this.#compare(`desk ${deskId}`, [
        ['open orders', desk.openOrders, model?.openOrders ?? 0],
        ['open notional', desk.openNotional, model?.openNotional ?? 0n],
      ]);
    }
    this.#ledger(`${where}, venue ledger`, state.venueLedger, facts.venue);
    this.#ledger(`${where}, fee ledger`, state.feeLedger, facts.feesTaken);
    for (const account of state.accounts.values()) this.#account(account, facts.accounts.get(account.accountId));
  }

  #account(
    account: RiskState['accounts'] extends Map<string, infer Account> ? Account : never,
    facts: RiskAccount | undefined,
  ): void {
    const { accountId } = account;
    for (const [currency, balance] of account.balances) {
      const funds = facts?.funds.get(currency);
      this.#compare(`${currency} of ${accountId}`, [
        ['total', balance.total, funds === undefined ? 0n : totalOf(funds)],
        ['deposits', balance.deposited, funds?.deposits ?? 0n],
        ['held', balance.held, funds?.held ?? 0n],
        ['margin', balance.margin, funds?.margin ?? 0n],
      ]);
    }
    for (const [symbol, position] of account.positions) {
      const model = facts?.positions.get(symbol);
      this.#compare(`${symbol} of ${accountId}`, [
        ['position', position.quantity, model?.quantity],
        ['cost', position.openCost, model?.cost],
        ['realized PnL', position.realizedPnl, model?.realized],
      ]);
    }
    this.#findings.expect(
      account.positionSequence === facts?.trades,
      'I9',
      0,
      () =>
        `the position sequence of ${accountId} is ${account.positionSequence} after replay, the journal has ${facts?.trades} settlements`,
    );
    this.#compare(`account ${accountId}`, [
      ['holds', account.holds.size, facts?.holds.size],
      ['open notional', account.openNotional, facts?.openNotional],
    ]);
    for (const hold of account.holds.values()) {
      const model = facts?.holds.get(hold.orderId)?.numbers;
      this.#compare(`hold of order ${hold.orderId}`, [
        ['amount', hold.amount, model?.amount],
        ['leaves', hold.openQuantity, model?.leaves],
        ['notional', hold.openNotional, model?.notional],
      ]);
    }
  }

  #ledger(name: string, folded: ReadonlyMap<string, bigint>, model: ReadonlyMap<string, bigint>): void {
    for (const [currency, amount] of folded) this.#compare(name, [[currency, amount, model.get(currency) ?? 0n]]);
  }

  #compare(name: string, pairs: readonly Pair[]): void {
    for (const [what, folded, model] of pairs) {
      this.#findings.expect(
        folded === model,
        'I10',
        0,
        () => `${name}: ${what} is ${textOf(folded)} after replay, ${textOf(model)} in the reference model`,
      );
    }
  }
}

/** As the production code tells it: by quantity and filled, 0 when closed. */
function leavesIn(order: Order): bigint {
  const isClosed =
    order.core !== 'INITIALIZED' && order.core !== 'HELD' && order.core !== 'SUBMITTED' && order.core !== 'WORKING';
  return isClosed || order.filledQuantity > order.quantity ? 0n : order.quantity - order.filledQuantity;
}

const feesText = (fees: readonly (readonly [string, bigint])[]): string =>
  fees
    .filter(([, amount]) => amount !== 0n)
    .map(([currency, amount]) => `${written(amount)} ${currency}`)
    .sort()
    .join(', ');
