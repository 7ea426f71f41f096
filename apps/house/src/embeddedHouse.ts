/**
 * The house in one process: the runtime with its actors behind the ports that the order API sees. Reads are of live
 * state, but are handed over only once what they show is durable.
 */
import { type AnyActor, type Cell, Runtime, type RuntimeHooks, type RuntimeOptions } from '@oms/actors';
import {
  type Answer,
  accountViews,
  approvalViews,
  balanceViews,
  limitsView,
  type MarketView,
  type Order,
  type OrdersState,
  type OrderTerms,
  openOrdersOf,
  orderTextOf,
  partitionOf,
  partitionOfOrderId,
  positionViews,
  type RiskState,
  reconciliationView,
  requestOf,
  type Send,
  sameTerms,
  tradingStateViews,
  type VenueFaults,
  type VenueMessage,
  viewOfOrder,
} from '@oms/domain';
import type { Clock, CommandAnswer, CommandGateway, HouseMessage, LiveState, Urgency } from '@oms/ports';
import type { VenueState } from '@oms/venue-simulator';
import { Callers } from './callers.ts';

export interface EmbeddedHouseOptions
  extends Omit<RuntimeOptions<CommandAnswer>, 'hooks' | 'actors' | 'route'>,
    Pick<RuntimeHooks<CommandAnswer>, 'applied' | 'durable' | 'failed'> {
  readonly createOrderProcessor: () => AnyActor;
  readonly createRiskEngine: () => AnyActor;
  readonly createVenue: () => AnyActor;
  readonly partitions: number;
}

export class EmbeddedHouse implements CommandGateway, LiveState {
  readonly runtime: Runtime<CommandAnswer>;
  readonly partitions: number;
  readonly #journal: RuntimeOptions<CommandAnswer>['journal'];
  readonly #market: MarketView;
  readonly #clock: Clock;
  readonly #callers = new Callers<CommandAnswer>();

  constructor(options: EmbeddedHouseOptions) {
    this.partitions = options.partitions;
    this.#journal = options.journal;
    this.#market = options.market;
    this.#clock = options.clock;
    const { createOrderProcessor, createRiskEngine, createVenue, partitions, applied, durable, failed, ...rest } =
      options;
    this.runtime = new Runtime<CommandAnswer>({
      ...rest,
      actors: [
        { create: createOrderProcessor, partitions },
        { create: createRiskEngine, partitions },
        { create: createVenue, partitions: 1 },
      ],
      route: routeOf,
      hooks: {
        answer: (answer, cell) => this.#answered(answer, cell),
        quarantined: (position) => ({ ...NO_ANSWER, quarantinedAt: position }),
        deliver: (replyTo, answer) => this.#deliver(replyTo, answer),
        failed,
        ...(applied === undefined ? {} : { applied }),
        ...(durable === undefined ? {} : { durable }),
      },
    });
  }

  // ---- CommandGateway ------------------------------------------------------------------------------------------

  submit(
    partition: number,
    urgency: Urgency,
    build: (replyTo: number) => HouseMessage,
    done: (answer: CommandAnswer) => void,
  ): boolean {
    const replyTo = this.#callers.newAddress();
    const { to, message } = build(replyTo);
    const target = to === 'venue-simulator' ? 0 : partition;
    if (!this.runtime.submit(to, target, message, urgency)) return false;
    if ('replyTo' in message && message.replyTo === replyTo) this.#callers.wait(replyTo, done);
    return true;
  }

  /** Lets the simulated venue know of the market; it matters only now, so it is dropped when the mailbox is full. */
  tellVenue(message: VenueMessage): void {
    this.runtime.submit('venue-simulator', 0, message, 'urgent');
  }

  query<T>(read: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        const seen = read();
        this.runtime.whenDurable(() => resolve(seen));
      } catch (error) {
        reject(error);
      }
    });
  }

  get occupancy(): number {
    return this.runtime.occupancy;
  }

  get durablePosition(): number {
    return this.#journal.durablePosition;
  }

  // ---- LiveState -----------------------------------------------------------------------------------------------

  hasAccount(accountId: string): boolean {
    return this.#riskOf(accountId).accounts.has(accountId);
  }

  order(orderId: string) {
    const partition = partitionOfOrderId(orderId);
    const order = partition === null ? undefined : this.#ordersIn(partition)?.orders.get(orderId);
    return order === undefined ? null : viewOfOrder(order);
  }

  orderByClientOrderId(accountId: string, clientOrderId: string) {
    const state = this.#ordersIn(partitionOf(accountId, this.partitions));
    const account = state?.accounts.get(accountId);
    if (state === undefined || account === undefined) return null;
    const request = requestOf(state, account, clientOrderId);
    return request === undefined ? null : this.order(request.orderId);
  }

  orderPlacedWith(accountId: string, clientOrderId: string, terms: OrderTerms) {
    const state = this.#ordersIn(partitionOf(accountId, this.partitions));
    const orderId = state?.orders.placedAs(accountId, clientOrderId) ?? null;
    const order = orderId === null ? undefined : state?.orders.get(orderId);
    return order === undefined || !sameTerms(order.placed, terms) ? null : viewOfOrder(order);
  }

  openOrders(accountId: string) {
    const state = this.#ordersIn(partitionOf(accountId, this.partitions));
    const account = state?.accounts.get(accountId);
    return state === undefined || account === undefined ? [] : Array.from(openOrdersOf(state, account), viewOfOrder);
  }

  accounts() {
    return this.riskStates().flatMap((state) => accountViews(state));
  }

  positions(accountId: string | null) {
    return this.#riskStatesOf(accountId).flatMap((state) => positionViews(state, accountId, this.#market));
  }

  balances(accountId: string | null) {
    return this.#riskStatesOf(accountId).flatMap((state) => balanceViews(state, accountId));
  }

  limits(accountId: string) {
    return limitsView(this.#riskOf(accountId), accountId, this.#clock.now());
  }

  approvals() {
    // What is asked of every partition has one id; partition 0 speaks for all.
    const seen = new Map(
      this.riskStates()
        .reverse()
        .flatMap((state) => approvalViews(state, this.#clock.now()).map((view) => [view.approvalId, view] as const)),
    );
    return [...seen.values()].sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1));
  }

  tradingStates() {
    // FIRM and INSTRUMENT states are the same in every partition; an ACCOUNT's is in its own.
    const seen = new Map(
      this.riskStates().flatMap((state) =>
        tradingStateViews(state).map((view) => [`${view.scope}:${view.id}`, view] as const),
      ),
    );
    return [...seen.values()];
  }

  sequences(accountId: string) {
    const orders = this.#ordersIn(partitionOf(accountId, this.partitions))?.accounts.get(accountId);
    const risk = this.#riskOf(accountId).accounts.get(accountId);
    return {
      reports: orders?.reportSequence ?? 0,
      positions: risk?.positionSequence ?? 0,
      balances: risk?.balanceSequence ?? 0,
    };
  }

  reconciliation(accountId: string | null) {
    const now = this.#clock.now();
    const states = accountId === null ? this.orderStates() : [this.#ordersIn(partitionOf(accountId, this.partitions))!];
    return states.map((state) => reconciliationView(state, accountId, now));
  }

  // ---- states --------------------------------------------------------------------------------------------------

  orderStates(): OrdersState[] {
    return this.#statesOf('order-processor') as OrdersState[];
  }

  riskStates(): RiskState[] {
    return this.#statesOf('risk-engine') as RiskState[];
  }

  riskStateOf(accountId: string): RiskState {
    return this.#riskOf(accountId);
  }

  venueFaults(): VenueFaults {
    return this.#venueState().faults;
  }

  /** Whether the simulated venue has any order of ours in this instrument's book. */
  hasRestingOrders(symbol: string): boolean {
    return this.#venueState().resting.hasAny(symbol);
  }

  #venueState(): VenueState {
    return this.runtime.cells.of('venue-simulator', 0)!.state as VenueState;
  }

  #statesOf(service: Cell['service']): unknown[] {
    return this.runtime.cells.all.filter((cell) => cell.service === service).map((cell) => cell.state);
  }

  #ordersIn(partition: number): OrdersState | undefined {
    return this.runtime.cells.of('order-processor', partition)?.state as OrdersState | undefined;
  }

  #riskOf(accountId: string): RiskState {
    return this.runtime.cells.of('risk-engine', partitionOf(accountId, this.partitions))!.state as RiskState;
  }

  #riskStatesOf(accountId: string | null): RiskState[] {
    return accountId === null ? this.riskStates() : [this.#riskOf(accountId)];
  }

  #answered(answer: Answer, cell: Cell): CommandAnswer {
    const { outcome, orderId, reason, count } = answer;
    const known = orderId === null ? undefined : this.#orderIn(cell, orderId);
    const order = known === undefined ? null : orderTextOf(known);
    return { outcome, orderId, reason, count, order, quarantinedAt: null };
  }

  /** The cell that answers has the order, unless it is the venue's. */
  #orderIn(cell: Cell, orderId: string): Order | undefined {
    if (cell.service === 'order-processor') return (cell.state as OrdersState).orders.get(orderId);
    const partition = partitionOfOrderId(orderId);
    return partition === null ? undefined : this.#ordersIn(partition)?.orders.get(orderId);
  }

  #deliver(replyTo: number, answer: CommandAnswer): void {
    this.#callers.take(replyTo)?.(answer);
  }
}

const NO_ANSWER: CommandAnswer = {
  outcome: 'REFUSED',
  orderId: null,
  reason: null,
  count: 0,
  order: null,
  quarantinedAt: null,
};

/** The venue is one cell; what it sends goes to the partition that the order id or the answered question names. */
function routeOf(send: Send, fromPartition: number): number {
  if (send.to === 'venue-simulator') return 0;
  if (send.to !== 'order-processor') return fromPartition;
  switch (send.message.type) {
    case 'VenueReported':
      return partitionOfOrderId(send.message.report.orderId) ?? 0;
    case 'VenueOrdersListed':
    case 'VenuePositionsListed':
      return send.message.partition;
    default:
      return fromPartition;
  }
}
