/**
 * The read model in its obvious form, for comparison: every event is folded by the domain as it comes, everything is
 * kept in arrays, and lists are filtered when they are asked for.
 */
import {
  type ExecutionReport,
  evolveOrder,
  execTypeOf,
  executionReportOf,
  isOpen,
  type Order,
  type OrderEvent,
  type OrderView,
  projectStatus,
  type SingleOrderEvent,
  viewOfOrder,
} from '@oms/domain';
import type { ExecutionsQuery, OrdersQuery } from '@oms/ports';

const TRADES = ['TRADE', 'TRADE_CANCEL', 'TRADE_CORRECT'];

const OF_NO_ORDER: readonly OrderEvent['type'][] = [
  'AccountRegistered',
  'ReportQuarantined',
  'RequestResolved',
  'ReconciliationDifferenceFound',
  'ReconciliationDifferenceResolved',
  'ReconciliationCompleted',
];

const isOfOrder = (event: OrderEvent): event is SingleOrderEvent => !OF_NO_ORDER.includes(event.type);

export class ObviousReadModel {
  /** In the order they were placed. */
  readonly #orders = new Map<string, Order>();
  readonly #reports: ExecutionReport[] = [];
  readonly #sequences = new Map<string, number>();
  readonly #clientOrderIds = new Map<string, string>();

  apply(event: OrderEvent, now: number): void {
    if (!isOfOrder(event)) return;
    const before = this.#orders.get(event.orderId);
    const execType = execTypeOf(event, before);
    const order = evolveOrder(before, event, now);
    this.#orders.set(order.orderId, order);
    const isRequest = event.type === 'CancelRequested' || event.type === 'ReplaceRequested';
    if (event.type === 'OrderPlaced' || (isRequest && event.origin === 'CLIENT')) {
      const key = `${order.accountId} ${event.clientOrderId}`;
      if (!this.#clientOrderIds.has(key)) this.#clientOrderIds.set(key, order.orderId);
    }
    if (execType === null) return;
    const sequence = (this.#sequences.get(order.accountId) ?? 0) + 1;
    this.#sequences.set(order.accountId, sequence);
    this.#reports.push(executionReportOf(event, execType, order, sequence, now));
  }

  get orderIds(): string[] {
    return [...this.#orders.keys()];
  }

  /** Account and id of every client order id. */
  get clientOrderIds(): [string, string][] {
    return [...this.#clientOrderIds.keys()].map((key) => key.split(' ') as [string, string]);
  }

  order(orderId: string): OrderView | null {
    const order = this.#orders.get(orderId);
    return order === undefined ? null : viewOfOrder(order);
  }

  orderByClientOrderId(accountId: string, clientOrderId: string): OrderView | null {
    return this.order(this.#clientOrderIds.get(`${accountId} ${clientOrderId}`) ?? '');
  }

  orders({ accountIds, symbol, status }: Omit<OrdersQuery, 'limit' | 'cursor'>): OrderView[] {
    return [...this.#orders.values()]
      .filter((order) => accountIds === null || accountIds.includes(order.accountId))
      .filter((order) => symbol === null || order.placed.symbol === symbol)
      .filter((order) => {
        if (status === 'open') return isOpen(order);
        if (status === 'closed') return !isOpen(order);
        return status === null || projectStatus(order) === status;
      })
      .map(viewOfOrder)
      .reverse();
  }

  executions({ accountIds, symbol, orderId }: Omit<ExecutionsQuery, 'limit' | 'cursor'>): ExecutionReport[] {
    return this.#reports
      .filter((report) => TRADES.includes(report.execType))
      .filter((report) => accountIds === null || accountIds.includes(report.accountId))
      .filter((report) => symbol === null || report.symbol === symbol)
      .filter((report) => orderId === null || report.orderId === orderId)
      .reverse();
  }

  reportsOfOrder(orderId: string): ExecutionReport[] {
    return this.#reports.filter((report) => report.orderId === orderId);
  }

  reportsOfAccount(accountId: string, afterSequence: number, limit: number): ExecutionReport[] {
    return this.#reports
      .filter((report) => report.accountId === accountId && report.sequence > afterSequence)
      .slice(0, limit);
  }
}
