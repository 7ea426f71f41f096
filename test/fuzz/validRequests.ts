/** A valid request for every operation of the API: what HTTP fuzzing and WebSocket fuzzing mutate. */
import type { OperationId, SocketOperationName } from '@oms/api-contract';
import type { FuzzRandom } from './fuzzRandom.ts';

export interface ValidRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const ACCOUNTS = ['BENCH-0001', 'BENCH-0002', 'BENCH-0003'];
const SYMBOLS = ['BTC-USD', 'ETH-USD', 'BTC-PERP'];

const newId = (random: FuzzRandom): string => `fuzz-${random.next().toString(36)}-${random.next().toString(36)}`;
const orderId = (random: FuzzRandom): string => `o-0-${1 + random.below(50)}`;
const account = (random: FuzzRandom): string => random.pick(ACCOUNTS);
const symbol = (random: FuzzRandom): string => random.pick(SYMBOLS);

/** One of every kind of order. */
export function validOrder(random: FuzzRandom): Record<string, unknown> {
  const common = { clientOrderId: newId(random), accountId: account(random), symbol: 'BTC-USD', side: 'BUY' };
  return random.pick<Record<string, unknown>>([
    { ...common, type: 'LIMIT', quantity: '0.01', price: '30000' },
    { ...common, type: 'LIMIT', quantity: '0.25', price: '30000.5', timeInForce: 'GTC', postOnly: true },
    {
      ...common,
      type: 'LIMIT',
      quantity: '1',
      price: '31000',
      timeInForce: 'IOC',
      reduceOnly: false,
      tags: ['a', 'ü'],
    },
    {
      ...common,
      type: 'LIMIT',
      quantity: '1',
      price: '29000',
      timeInForce: 'GTD',
      expireTime: '2099-01-01T00:00:00.000Z',
    },
    { ...common, type: 'MARKET', quantity: '0.01' },
    { ...common, type: 'MARKET', quoteQuantity: '100' },
    { ...common, type: 'STOP', quantity: '0.01', stopPrice: '90000000', triggerSource: 'MARK' },
    { ...common, type: 'STOP_LIMIT', quantity: '0.01', price: '90000001', stopPrice: '90000000', timeInForce: 'DAY' },
  ]);
}

const replacement = (random: FuzzRandom) => ({ clientOrderId: newId(random), quantity: '0.02', price: '30001' });

type Make = (random: FuzzRandom) => ValidRequest;

export const VALID_REQUESTS: Readonly<Record<OperationId, Make>> = {
  placeOrder: (random) => ({ body: validOrder(random) }),
  placeBatch: (random) => ({ body: { orders: [validOrder(random), validOrder(random)] } }),
  listOrders: (random) => ({
    query: { accountId: account(random), symbol: symbol(random), status: 'open', limit: '2' },
  }),
  cancelMatching: (random) => ({ query: { accountId: account(random), symbol: 'ETH-USD', side: 'SELL' } }),
  getOrderByClientOrderId: (random) => ({
    params: { clientOrderId: newId(random) },
    query: { accountId: account(random) },
  }),
  getOrder: (random) => ({ params: { orderId: orderId(random) } }),
  replaceOrder: (random) => ({ params: { orderId: orderId(random) }, body: replacement(random) }),
  cancelOrder: (random) => ({ params: { orderId: orderId(random) }, query: { clientOrderId: newId(random) } }),
  listOrderEvents: (random) => ({ params: { orderId: orderId(random) } }),
  listExecutions: (random) => ({ query: { accountId: account(random), orderId: orderId(random), limit: '2' } }),
  listAccounts: () => ({}),
  listPositions: (random) => ({ query: { accountId: account(random) } }),
  listBalances: (random) => ({ query: { accountId: account(random) } }),
  getLimits: (random) => ({ params: { accountId: account(random) } }),
  changeLimits: () => ({
    params: { accountId: 'BENCH-0003' },
    body: { orderQuantityMax: '1000', openOrdersMax: 100_000, priceCollarRate: null },
  }),
  listTradingStates: () => ({}),
  changeTradingState: () => ({
    body: { scope: 'INSTRUMENT', id: 'SOL-USD', state: 'REDUCING', reason: 'a drill' },
  }),
  listApprovals: () => ({ query: { status: 'PENDING' } }),
  approveChange: () => ({ params: { approvalId: 'none' }, body: { reason: 'agreed' } }),
  rejectChange: () => ({ params: { approvalId: 'none' }, body: { reason: 'not now' } }),
  listAudit: (random) => ({ query: { accountId: account(random), action: 'LIMITS_CHANGED', limit: '2' } }),
  getReconciliation: (random) => ({ query: { accountId: account(random), limit: '2' } }),
  startReconciliation: () => ({}),
  resolveRequest: (random) => ({
    params: { orderId: orderId(random), clientOrderId: newId(random) },
    body: { outcome: 'REJECTED', reason: 'the venue said so on the telephone' },
  }),
  listInstruments: () => ({}),
  getBook: (random) => ({ params: { symbol: symbol(random) }, query: { depth: '2' } }),
  listMarketTrades: (random) => ({ params: { symbol: symbol(random) }, query: { limit: '2' } }),
  getTicker: (random) => ({ params: { symbol: symbol(random) } }),
  listCandles: (random) => ({ params: { symbol: symbol(random) }, query: { interval: '1m', limit: '2' } }),
  instructVenue: (random) => ({
    params: { orderId: orderId(random), action: random.pick(['ack', 'fill', 'cancel', 'reject', 'trade-correct']) },
    body: { executionId: newId(random), quantity: '0.001', price: '30000', reason: 'why not' },
  }),
  getVenueFaults: () => ({}),
  setVenueFaults: () => ({ body: { latencyMs: 0, rejectRate: '0', duplicateReportRate: '0.0', disconnected: false } }),
  getHealth: () => ({}),
  getReadiness: () => ({}),
};

const CHANNELS = [
  'orders',
  'executions',
  'positions',
  'balances',
  'book:BTC-USD',
  'trades:ETH-USD',
  'ticker:BTC-USD',
  'system',
];

export const VALID_FRAME_PARAMS: Readonly<Record<SocketOperationName, (random: FuzzRandom) => unknown>> = {
  'order.place': (random) => (random.oneIn(4) ? [validOrder(random), validOrder(random)] : validOrder(random)),
  'order.replace': (random) => ({ orderId: orderId(random), ...replacement(random) }),
  'order.cancel': (random) => ({ orderId: orderId(random), clientOrderId: newId(random) }),
  'order.cancelAll': (random) => ({ accountId: account(random), symbol: 'ETH-USD', side: 'SELL' }),
  subscribe: (random) => ({ channels: [random.pick(CHANNELS)], accountId: account(random), fromSequence: 1 }),
  unsubscribe: (random) => ({ channels: CHANNELS, accountId: account(random) }),
  ping: () => ({}),
  'session.cancelOnDisconnect': (random) => ({ enabled: random.oneIn(2), accountId: account(random) }),
  auth: () => ({ token: 'eyJhbGciOiJub25lIn0.e30.' }),
};
