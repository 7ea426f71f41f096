/**
 * The reference model of orders: folds the order processor's events by a plain reading of the domain's rules and
 * reports every event that cannot be (I1, I3, I4, I8, I14, I16).
 */
import type {
  OrderEvent,
  OrderFilled,
  OrderPlaced,
  OrderReplaced,
  ReconciliationEvent,
  TradeCanceled,
  TradeCorrected,
} from '@oms/domain';
import type { Findings } from '../findings.ts';
import type { NameTable } from '../memory/nameTable.ts';
import { PackedTable } from '../memory/packedTable.ts';
import { TextSet } from '../memory/textSet.ts';
import { written } from './exactNumbers.ts';
import { type OrderMove, phaseAfter } from './legalMoves.ts';
import { isComplete, isOpenOrder, type OrderFacts, type RequestFacts, sumFills } from './orderFacts.ts';
import { orderPacking } from './packOrder.ts';
import { ReconciliationChecks } from './reconciliationChecks.ts';
import { checkReason } from './refusals.ts';
import type { Settlements } from './settlements.ts';

export interface AccountFacts {
  readonly number: number;
  /** How many clientOrderIds were accepted. */
  clientOrderIds: number;
  /** One of them was accepted a second time. */
  repeatsIds: boolean;
  /** Execution reports so far: the account's sequence. */
  reports: number;
}

type OneOrderEvent = Exclude<
  OrderEvent,
  { readonly type: 'AccountRegistered' | 'OrderPlaced' | 'ReportQuarantined' | ReconciliationEvent['type'] }
>;

export class OrderModel {
  readonly orders: PackedTable<OrderFacts>;
  readonly accounts = new Map<string, AccountFacts>();
  /** Orders of the group under way, to be compared with their holds at its end. */
  readonly touched = new Set<OrderFacts>();
  approvals = 0;
  sends = 0;
  readonly #findings: Findings;
  readonly #settlements: Settlements;
  /** Every clientOrderId ever accepted, by account. */
  readonly #clientOrderIds = new TextSet();
  readonly #reconciliation: ReconciliationChecks;
  #position = 0;

  constructor(findings: Findings, settlements: Settlements, names: NameTable) {
    this.orders = new PackedTable(orderPacking(names));
    this.#findings = findings;
    this.#settlements = settlements;
    this.#reconciliation = new ReconciliationChecks(findings);
  }

  apply(event: OrderEvent, position: number, partition: number): void {
    this.#position = position;
    switch (event.type) {
      case 'AccountRegistered':
        this.#expect('I1', !this.accounts.has(event.accountId), () => `account ${event.accountId} is registered twice`);
        this.accounts.set(event.accountId, {
          number: this.accounts.size,
          clientOrderIds: 0,
          repeatsIds: false,
          reports: 0,
        });
        return;
      case 'ReportQuarantined':
        this.#settlements.quarantined(event);
        return;
      case 'OrderPlaced':
        this.#place(event);
        return;
      case 'RequestResolved':
      case 'ReconciliationDifferenceFound':
      case 'ReconciliationDifferenceResolved':
      case 'ReconciliationCompleted':
        this.#reconciliation.apply(event, this.orders, position, partition);
        return;
      default: {
        const order = this.orders.get(event.orderId);
        if (order === undefined) {
          this.#breach('I1', `${event.type} of order ${event.orderId}, which was never placed`);
          return;
        }
        this.touched.add(order);
        const breachesBefore = this.#findings.breachCount;
        this.#countReport(order, event);
        this.#applyToOrder(order, event);
        if (this.#findings.breachCount > breachesBefore) order.suspect = true;
      }
    }
  }

  #place(event: OrderPlaced): void {
    const { orderId, accountId, terms } = event;
    const isNew = !this.orders.has(orderId);
    this.#expect('I1', isNew, () => `order ${orderId} of ${accountId} is placed a second time`);
    this.#accept(accountId, event.clientOrderId, orderId);
    const account = this.accounts.get(accountId);
    if (account !== undefined) account.reports++;
    if (!isNew) return;
    const order: OrderFacts = {
      orderId,
      phase: 'INITIALIZED',
      accountId,
      symbol: terms.symbol,
      side: terms.side,
      placedQuantity: terms.quantity,
      quoteQuantity: terms.quoteQuantity,
      quantity: terms.quantity ?? 0n,
      price: terms.price,
      stopPrice: terms.stopPrice,
      protectionPrice: null,
      isStop: terms.stopPrice !== null,
      reduceOnly: terms.reduceOnly,
      approved: false,
      sent: false,
      atVenue: false,
      triggered: false,
      suspect: false,
      filled: 0n,
      quote: 0n,
      fees: null,
      fills: null,
      requests: null,
    };
    this.orders.add(orderId, order);
    this.touched.add(order);
  }

  /** An id is accepted once, whatever kind of request it names (I3). */
  #accept(accountId: string, clientOrderId: string, orderId: string): void {
    const account = this.accounts.get(accountId);
    if (account === undefined) {
      this.#breach('I1', `order ${orderId} is of account ${accountId}, which was never registered`);
      return;
    }
    const isNew = this.#clientOrderIds.add(account.number, clientOrderId);
    if (isNew) account.clientOrderIds++;
    else account.repeatsIds = true;
    this.#expect(
      'I3',
      isNew,
      () => `clientOrderId ${clientOrderId} of account ${accountId} is accepted a second time, for order ${orderId}`,
    );
  }

  #applyToOrder(order: OrderFacts, event: OneOrderEvent): void {
    switch (event.type) {
      case 'OrderDenied':
        checkReason(this.#findings, this.#position, order.orderId, event.reason, ['RISK', 'OMS']);
        this.#move(order, 'DENY');
        return;
      case 'OrderHeld':
        this.approvals++;
        order.protectionPrice = event.protectionPrice;
        this.#legal(order.isStop, () => `order ${order.orderId} is held although it is no stop order`);
        this.#move(order, 'HOLD');
        return;
      case 'OrderSubmitted':
        this.approvals++;
        order.protectionPrice = event.protectionPrice;
        this.#legal(!order.isStop, () => `stop order ${order.orderId} is sent without a trigger`);
        this.#send(order, 'SUBMIT');
        return;
      case 'OrderTriggered':
        order.triggered = true;
        this.#send(order, 'TRIGGER');
        return;
      case 'OrderAccepted':
        this.#move(order, 'ACCEPT');
        return;
      case 'OrderRejected':
        checkReason(this.#findings, this.#position, order.orderId, event.reason, ['VENUE']);
        this.#move(order, 'REJECT');
        return;
      case 'OrderFilled':
        this.#fill(order, event);
        return;
      case 'OrderCanceled':
      case 'OrderExpired':
        if (event.requestId !== null) this.#answer(order, event.requestId, 'CANCEL', event.type);
        if (event.reason !== null) {
          checkReason(this.#findings, this.#position, order.orderId, event.reason, ['OMS', 'VENUE']);
        }
        this.#move(order, event.type === 'OrderCanceled' ? 'CANCEL' : 'EXPIRE');
        return;
      case 'OrderReplaced':
        this.#replace(order, event);
        return;
      case 'TradeCanceled':
      case 'TradeCorrected':
        this.#amend(order, event);
        return;
      case 'OrderRestated':
        checkReason(this.#findings, this.#position, order.orderId, event.reason, ['OMS']);
        this.#legal(
          order.reduceOnly && event.quantity < order.quantity && event.quantity > order.filled,
          () => `order ${order.orderId} is restated from ${written(order.quantity)} to ${written(event.quantity)}`,
        );
        order.quantity = event.quantity;
        this.#move(order, 'RESTATE');
        return;
      default:
        this.#request(order, event);
    }
  }

  #request(
    order: OrderFacts,
    event: Extract<
      OneOrderEvent,
      {
        readonly type:
          | 'CancelRequested'
          | 'CancelRejected'
          | 'ReplaceRequested'
          | 'ReplaceSubmitted'
          | 'ReplaceRejected'
          | 'RequestUnknown'
          | 'RequestResent';
      }
    >,
  ): void {
    const { orderId } = order;
    switch (event.type) {
      case 'CancelRequested':
      case 'ReplaceRequested': {
        if (event.origin === 'CLIENT') this.#accept(order.accountId, event.clientOrderId, orderId);
        const isReplace = event.type === 'ReplaceRequested';
        order.requests ??= new Map();
        order.requests.set(event.clientOrderId, {
          kind: isReplace ? 'REPLACE' : 'CANCEL',
          quantity: isReplace ? event.quantity : 0n,
          price: isReplace ? event.price : null,
          stopPrice: isReplace ? event.stopPrice : null,
          sent: false,
        });
        return;
      }
      case 'CancelRejected':
      case 'ReplaceRejected':
        checkReason(this.#findings, this.#position, orderId, event.reason, ['RISK', 'VENUE', 'OMS']);
        this.#answer(order, event.clientOrderId, event.type === 'CancelRejected' ? 'CANCEL' : 'REPLACE', event.type);
        return;
      case 'ReplaceSubmitted': {
        const request = order.requests?.get(event.clientOrderId);
        const legal = request?.kind === 'REPLACE' && !request.sent && order.sent && isOpenOrder(order);
        this.#legal(
          legal,
          () => `replace ${event.clientOrderId} of order ${orderId} (${order.phase}) is sent to the venue`,
        );
        if (request !== undefined) request.sent = true;
        return;
      }
      case 'RequestUnknown':
        this.#legal(
          order.phase === 'SUBMITTED' || (order.requests?.has(event.clientOrderId) ?? false),
          () => `request ${event.clientOrderId} of order ${orderId} becomes unknown, but none waits`,
        );
        return;
      case 'RequestResent':
        this.#legal(
          isOpenOrder(order) && (order.requests?.has(event.clientOrderId) ?? false),
          () => `request ${event.clientOrderId} of order ${orderId} (${order.phase}) is sent again, but none waits`,
        );
        return;
    }
  }

  /** Only an answer to a request that waits can come (rule 7). */
  #answer(order: OrderFacts, requestId: string, kind: RequestFacts['kind'], by: string): RequestFacts | undefined {
    const request = order.requests?.get(requestId);
    this.#legal(
      request?.kind === kind,
      () => `${by} answers request ${requestId} of order ${order.orderId}, but no ${kind} of that id waits`,
    );
    order.requests?.delete(requestId);
    if (order.requests?.size === 0) order.requests = null;
    return request;
  }

  #send(order: OrderFacts, move: OrderMove): void {
    order.sent = true;
    this.sends++;
    this.#expect(
      'I16',
      order.approved,
      () => `order ${order.orderId} is sent to the venue without an approval by risk`,
    );
    this.#expect('I16', this.sends <= this.approvals, () => `${this.sends} orders sent, ${this.approvals} approved`);
    this.#move(order, move);
  }

  #fill(order: OrderFacts, event: OrderFilled): void {
    const { executionId, quantity, price } = event;
    const { orderId } = order;
    order.fills ??= new Map();
    const isNew = !order.fills.has(executionId);
    this.#expect('I4', isNew, () => `execution ${executionId} of order ${orderId} is booked a second time`);
    this.#expect(
      'I4',
      quantity > 0n && price > 0n,
      () => `execution ${executionId} of order ${orderId} is ${written(quantity)} at ${written(price)}`,
    );
    if (!isNew) return;
    this.#settlements.filled(order, event, this.#position);
    const { fee, feeCurrency } = event;
    order.fills.set(executionId, { quantity, price, fee, feeCurrency, busted: false, amendments: [] });
    sumFills(order);
    if (event.completesQuote) {
      this.#expect('I4', order.quoteQuantity !== null, () => `order ${orderId} by quantity is completed by its quote`);
      order.quantity = order.filled;
    }
    this.#move(order, isComplete(order) ? 'FULL' : 'FILL');
  }

  #replace(order: OrderFacts, event: OrderReplaced): void {
    const request = this.#answer(order, event.clientOrderId, 'REPLACE', 'OrderReplaced');
    if (request === undefined) return;
    this.#legal(
      request.sent || order.phase === 'HELD',
      () => `replace ${event.clientOrderId} of order ${order.orderId} is accepted, but the venue was never asked`,
    );
    const done = request.quantity <= order.filled;
    order.quantity = done ? order.filled : request.quantity;
    order.price = request.price;
    order.stopPrice = request.stopPrice;
    this.#move(order, done ? 'REDONE' : 'RETERM');
  }

  #amend(order: OrderFacts, event: TradeCanceled | TradeCorrected): void {
    const { executionId, referenceExecutionId } = event;
    const fill = order.fills?.get(referenceExecutionId);
    const known = fill !== undefined && !fill.busted && !fill.amendments.includes(executionId);
    this.#expect(
      'I4',
      known,
      () =>
        `${event.type} ${executionId} of order ${order.orderId} refers to ${referenceExecutionId}, which is no live trade or has it already`,
    );
    if (!known) return;
    this.#settlements.amended(order, event, fill, this.#position);
    fill.amendments.push(executionId);
    if (event.type === 'TradeCanceled') {
      fill.busted = true;
    } else {
      fill.quantity = event.quantity;
      fill.price = event.price;
      fill.fee = event.fee;
    }
    sumFills(order);
    this.#move(order, isComplete(order) ? 'STILL' : 'BACK');
  }

  #move(order: OrderFacts, move: OrderMove): void {
    const next = phaseAfter(order.phase, move);
    this.#legal(next !== undefined, () => `order ${order.orderId} in ${order.phase} cannot take ${move}`);
    if (next !== undefined) order.phase = next;
  }

  /** The account's sequence goes up with every event a client is told of. */
  #countReport(order: OrderFacts, event: OneOrderEvent): void {
    const account = this.accounts.get(order.accountId);
    if (account === undefined) return;
    const isSilent =
      event.type === 'OrderSubmitted' ||
      event.type === 'ReplaceSubmitted' ||
      event.type === 'RequestResent' ||
      (event.type === 'OrderAccepted' && (order.phase !== 'SUBMITTED' || order.triggered));
    if (!isSilent) account.reports++;
  }

  #legal(holds: boolean, what: () => string): void {
    this.#expect('I8', holds, what);
  }

  #expect(id: 'I1' | 'I3' | 'I4' | 'I8' | 'I16', holds: boolean, what: () => string): void {
    this.#findings.expect(holds, id, this.#position, what);
  }

  #breach(id: 'I1', what: string): void {
    this.#findings.breach(id, this.#position, what);
  }
}
