/** I10, the comparison: orders, funds, positions and holds of the reference model against the production fold's. */
import type { AccountRisk, Hold, Order, OrdersState, RiskState } from '@oms/domain';
import type { Findings } from '../findings.ts';
import { written } from '../model/exactNumbers.ts';
import type { HoldFacts } from '../model/holdFacts.ts';
import type { ModelFacts, RiskPartition } from '../model/modelFacts.ts';
import { isOverfilledOrder, leavesOfOrder, type OrderFacts } from '../model/orderFacts.ts';
import { type RiskAccount, totalOf } from '../model/riskFacts.ts';

type Value = bigint | number | string | boolean | null | undefined;

const textOf = (value: Value): string => (typeof value === 'bigint' ? written(value) : String(value));

export class StateComparison {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  orders(states: readonly OrdersState[], model: ModelFacts): void {
    let orders = 0;
    let approvals = 0;
    let sends = 0;
    for (const state of states) {
      approvals += state.approvedCount;
      sends += state.submittedCount;
      orders += state.orders.size;
      const placed = this.#ordersOf(state, model);
      for (const { accountId, reportSequence, requests } of state.accounts.values()) {
        const account = model.accounts.get(accountId);
        this.#findings.expect(
          reportSequence === account?.reports,
          'I9',
          0,
          () =>
            `the report sequence of ${accountId} is ${reportSequence} after replay, the journal has ${account?.reports} reports`,
        );
        // An id accepted twice is reported with it, and counted otherwise there.
        if (account?.repeatsIds === true) continue;
        const ids = requests.size + (placed.get(accountId)?.orders ?? 0);
        this.#same('account', accountId, 'clientOrderIds', ids, account?.clientOrderIds);
      }
    }
    this.#same('the order processor', '', 'orders', orders, model.orders.size);
    this.#same('the order processor', '', 'approvals', approvals, model.approvals);
    this.#same('the order processor', '', 'orders sent', sends, model.sends);
  }

  /** @returns how many orders each account placed */
  #ordersOf(state: OrdersState, model: ModelFacts): ReadonlyMap<string, { readonly orders: number }> {
    const placed = new Map<string, { orders: number }>();
    for (const order of state.orders.values()) {
      this.#order(order, model.orders.peek(order.orderId));
      const account = placed.get(order.accountId);
      if (account === undefined) placed.set(order.accountId, { orders: 1 });
      else account.orders++;
    }
    return placed;
  }

  #order(order: Order, facts: OrderFacts | undefined): void {
    // What broke a rule is reported with it; its numbers have no meaning here.
    if (facts?.suspect === true) return;
    const { orderId } = order;
    if (facts === undefined) {
      this.#same('order', orderId, 'existence', true, false);
      return;
    }
    const leaves = facts.phase === order.core ? leavesOfOrder(facts) : 0n;
    this.#same('order', orderId, 'state', order.core, facts.phase);
    this.#same('order', orderId, 'quantity', order.quantity, facts.quantity);
    this.#same('order', orderId, 'price', order.price, facts.price);
    this.#same('order', orderId, 'stop price', order.stopPrice, facts.stopPrice);
    this.#same('order', orderId, 'filled', order.filledQuantity, facts.filled);
    this.#same('order', orderId, 'quote', order.cumulativeQuote, facts.quote);
    this.#same('order', orderId, 'leaves', leavesIn(order), leaves);
    this.#same('order', orderId, 'overfilled', order.overfilled, isOverfilledOrder(facts));
    this.#same('order', orderId, 'fills', order.fills.length, facts.fills?.size ?? 0);
    this.#same('order', orderId, 'fees', feesIn(order), feesOf(facts));
    this.#same('order', orderId, 'waiting requests', requestsIn(order), requestsOf(facts));
  }

  risk(state: RiskState, facts: RiskPartition): void {
    const where = `partition ${state.partition}`;
    this.#same(where, '', 'accounts', state.accounts.size, facts.accounts.size);
    this.#same(where, '', 'open orders of the firm', state.firm.openOrders, facts.firm.openOrders);
    this.#same(where, '', 'open notional of the firm', state.firm.openNotional, facts.firm.openNotional);
    for (const [deskId, desk] of state.desks) {
      const model = facts.desks.get(deskId);
      this.#same('desk', deskId, 'open orders', desk.openOrders, model?.openOrders ?? 0);
      this.#same('desk', deskId, 'open notional', desk.openNotional, model?.openNotional ?? 0n);
    }
    this.#ledger(`${where}, venue ledger`, state.venueLedger, facts.venue);
    this.#ledger(`${where}, fee ledger`, state.feeLedger, facts.feesTaken);
    for (const account of state.accounts.values()) this.#account(account, facts.accounts.get(account.accountId));
    for (const hold of state.holds.values()) {
      this.#hold(hold, facts.holds.peek(hold.exposure.account.accountId, hold.orderId));
    }
  }

  #account(account: AccountRisk, facts: RiskAccount | undefined): void {
    const { accountId } = account;
    for (const [currency, balance] of account.balances) {
      const funds = facts?.funds.get(currency);
      const name = `${currency} of`;
      this.#same(name, accountId, 'total', balance.total, funds === undefined ? 0n : totalOf(funds));
      this.#same(name, accountId, 'deposits', balance.deposited, funds?.deposits ?? 0n);
      this.#same(name, accountId, 'held', balance.held, funds?.held ?? 0n);
      this.#same(name, accountId, 'margin', balance.margin, funds?.margin ?? 0n);
    }
    for (const [symbol, position] of account.positions) {
      const model = facts?.positions.get(symbol);
      const name = `${symbol} of`;
      this.#same(name, accountId, 'position', position.quantity, model?.quantity);
      this.#same(name, accountId, 'cost', position.openCost, model?.cost);
      this.#same(name, accountId, 'realized PnL', position.realizedPnl, model?.realized);
    }
    this.#findings.expect(
      account.positionSequence === facts?.trades,
      'I9',
      0,
      () =>
        `the position sequence of ${accountId} is ${account.positionSequence} after replay, the journal has ${facts?.trades} settlements`,
    );
    this.#same('account', accountId, 'holds', account.openOrders, facts?.openOrders);
    this.#same('account', accountId, 'open notional', account.openNotional, facts?.openNotional);
  }

  #hold(hold: Hold, facts: HoldFacts | undefined): void {
    const numbers = facts?.numbers;
    this.#same('hold of order', hold.orderId, 'amount', hold.amount, numbers?.amount);
    this.#same('hold of order', hold.orderId, 'leaves', hold.openQuantity, numbers?.leaves);
    this.#same('hold of order', hold.orderId, 'notional', hold.openNotional, numbers?.notional);
  }

  #ledger(name: string, folded: ReadonlyMap<string, bigint>, model: ReadonlyMap<string, bigint>): void {
    for (const [currency, amount] of folded) this.#same(name, '', currency, amount, model.get(currency) ?? 0n);
  }

  /** @param kind what is compared, with `id` which one of these, '' when there is but one */
  #same(kind: string, id: string, what: string, folded: Value, model: Value): void {
    this.#findings.looked('I10');
    if (folded === model) return;
    const name = id === '' ? kind : `${kind} ${id}`;
    const difference = `${what} is ${textOf(folded)} after replay, ${textOf(model)} in the reference model`;
    this.#findings.breach('I10', 0, `${name}: ${difference}`);
  }
}

/** As the production code tells it: by quantity and filled, 0 when closed. */
function leavesIn(order: Order): bigint {
  const isClosed =
    order.core !== 'INITIALIZED' && order.core !== 'HELD' && order.core !== 'SUBMITTED' && order.core !== 'WORKING';
  return isClosed || order.filledQuantity > order.quantity ? 0n : order.quantity - order.filledQuantity;
}

const feesIn = ({ fees }: Order): string =>
  fees.length === 0 ? '' : feesText(fees.map(({ currency, amount }) => [currency, amount]));
const feesOf = ({ fees }: OrderFacts): string => (fees === null ? '' : feesText([...fees]));

const feesText = (fees: readonly (readonly [string, bigint])[]): string =>
  fees
    .filter(([, amount]) => amount !== 0n)
    .map(([currency, amount]) => `${written(amount)} ${currency}`)
    .sort()
    .join(', ');

const requestsIn = ({ pendingRequests }: Order): string =>
  pendingRequests.length === 0 ? '' : pendingRequests.map((each) => each.clientOrderId).join();
const requestsOf = ({ requests }: OrderFacts): string => (requests === null ? '' : [...requests.keys()].join());
