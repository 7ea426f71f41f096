/**
 * What stands behind the order API in bench/api.ts and bench/access.ts: a house that takes every order as it comes and answers a turn of
 * the event loop later, all that came together at once, as a batch does. It decides, keeps and syncs nothing.
 */
import type { AddressInfo } from 'node:net';
import { type Order, orderTextOf, type PlaceOrder } from '@oms/domain';
import { createOrderApi, type OrderApiOptions } from '@oms/order-api';
import type {
  Clock,
  CommandAnswer,
  CommandGateway,
  HouseMessage,
  HouseStatus,
  LiveState,
  MarketDataFeed,
  ReadModel,
  Scheduler,
  Urgency,
} from '@oms/ports';

const TIME = Date.UTC(2026, 0, 5, 12);

const houseStatus: HouseStatus = {
  ready: true,
  lastPosition: 0,
  durablePosition: 0,
  queueDepth: 0,
  openOrders: 0,
  ordersTotal: 0,
  quarantinedTotal: 0,
  projectionPosition: 0,
  projectionStalenessMs: 0,
  lastBatchSize: 0,
  fsyncMsP99: 0,
  reconciliation: { unknownRequests: 0, standingDifferences: 0, differencesByKind: {}, lastRunAt: null },
};

class AcceptingHouse implements CommandGateway, LiveState {
  readonly partitions = 1;
  readonly durablePosition = 0;
  readonly occupancy: number;
  #orders = 0;
  #dones: ((answer: CommandAnswer) => void)[] = [];
  #answers: CommandAnswer[] = [];

  /** @param isFull whether it refuses every order instead, as a full mailbox does */
  constructor(isFull: boolean) {
    this.occupancy = isFull ? 1 : 0;
  }

  submit(
    _partition: number,
    _urgency: Urgency,
    build: (replyTo: number) => HouseMessage,
    done: (answer: CommandAnswer) => void,
  ): boolean {
    if (this.occupancy === 1) return false;
    const { message } = build(++this.#orders);
    // Notes for the audit trail are answered to nobody.
    if (message.type !== 'PlaceOrder') return true;
    const order = this.#orderOf(message);
    if (this.#dones.length === 0) setImmediate(() => this.#deliver());
    this.#dones.push(done);
    this.#answers.push({
      outcome: 'ACCEPTED',
      orderId: order.orderId,
      reason: null,
      count: 0,
      order: orderTextOf(order),
      quarantinedAt: null,
    });
    return true;
  }

  query = async <T>(read: () => T): Promise<T> => read();
  hasAccount = () => true;
  order = () => null;
  orderByClientOrderId = () => null;
  orderPlacedWith = () => null;
  openOrders = () => [];
  accounts = () => [];
  positions = () => [];
  balances = () => [];
  limits = () => null;
  reconciliation = () => [];
  approvals = () => [];
  tradingStates = () => [];
  sequences = () => ({ reports: 0, positions: 0, balances: 0 });

  #deliver(): void {
    const dones = this.#dones;
    const answers = this.#answers;
    this.#dones = [];
    this.#answers = [];
    for (let i = 0; i < dones.length; i++) dones[i]!(answers[i]!);
  }

  #orderOf({ accountId, clientOrderId, terms }: PlaceOrder): Order {
    return {
      orderId: `o-0-${this.#orders}`,
      accountId,
      clientOrderId,
      previousClientOrderId: clientOrderId,
      placedClientOrderId: clientOrderId,
      placed: terms,
      quantity: terms.quantity!,
      price: terms.price,
      stopPrice: null,
      core: 'WORKING',
      filledQuantity: 0n,
      cumulativeQuote: 0n,
      fills: [],
      fees: [],
      pendingRequests: [],
      reason: null,
      protectionPrice: null,
      triggeredAt: null,
      venueOrderId: `v-o-0-${this.#orders}`,
      overfilled: false,
      createdAt: TIME,
      updatedAt: TIME,
      version: 3,
    };
  }
}

const unasked = (): never => {
  throw new Error('not asked in this bench');
};

/** The parts of the API that no order needs, and real time. */
function nothingBehind() {
  const clock: Clock = { now: () => Date.now() };
  const scheduler: Scheduler = {
    soon: (task) => void setImmediate(task),
    every: (ms, task) => {
      const timer = setInterval(task, ms);
      return { cancel: () => clearInterval(timer) };
    },
    after: (ms, task) => {
      const timer = setTimeout(task, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const readModel = new Proxy({}, { get: () => unasked }) as ReadModel;
  const market = { subscribe: () => () => {} } as unknown as MarketDataFeed;
  return { clock, scheduler, readModel, market, instruments: new Map() };
}

/** A server over an accepting house, on a free port. @returns the port */
export async function startApi(full: boolean, over: Partial<OrderApiOptions> = {}): Promise<number> {
  const house = new AcceptingHouse(full);
  const api = createOrderApi({
    house,
    live: house,
    ...nothingBehind(),
    status: () => houseStatus,
    manualVenue: false,
    venueFaults: () => {
      throw new Error('not asked in this bench');
    },
    rateLimiter: null,
    onFault: (fault) => {
      throw fault;
    },
    ...over,
  });
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  return (api.app.server.address() as AddressInfo).port;
}
