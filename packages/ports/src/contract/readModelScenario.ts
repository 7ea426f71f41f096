/** The small trading day the read-model contract is told with: two accounts, five orders, and what befell them. */
import {
  decimal,
  type Instrument,
  NO_LIMITS,
  type OrderEvent,
  type OrderTerms,
  type RiskEvent,
  reason,
  type VenueEvent,
} from '@oms/domain';

/** One journal record: what one service decided at once, in partition 0. */
export type FedRecord =
  | { readonly service: 'order-processor'; readonly events: readonly OrderEvent[] }
  | { readonly service: 'risk-engine'; readonly events: readonly RiskEvent[] }
  | { readonly service: 'venue-simulator'; readonly events: readonly VenueEvent[] };

/** Seconds into the day as epoch milliseconds. */
export const timeOf = (seconds: number): number => Date.UTC(2026, 0, 5) + seconds * 1_000;

const orders = (...events: OrderEvent[]): FedRecord => ({ service: 'order-processor', events });
const risk = (...events: RiskEvent[]): FedRecord => ({ service: 'risk-engine', events });
const venue = (...events: VenueEvent[]): FedRecord => ({ service: 'venue-simulator', events });

const instrument = (symbol: string, base: string): Instrument => ({
  symbol,
  base,
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: decimal('0.01'),
  quantityIncrement: decimal('0.001'),
  minQuantity: decimal('0.001'),
  maxQuantity: decimal('1000'),
  minNotional: decimal('1'),
  makerFeeRate: 0n,
  takerFeeRate: 0n,
  initialMarginRate: 0n,
  status: 'TRADING',
});

const limitBuy = (symbol: string, quantity: string, price: string): OrderTerms => ({
  symbol,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: decimal(quantity),
  quoteQuantity: null,
  price: decimal(price),
  stopPrice: null,
  triggerSource: 'LAST',
  expireTime: null,
  postOnly: false,
  reduceOnly: false,
  tags: ['day'],
});

const opened = (accountId: string, amount: string): FedRecord =>
  risk(
    { type: 'AccountOpened', accountId, name: `Account ${accountId}`, kind: 'HOUSE', deskId: 'desk' },
    { type: 'FundsDeposited', accountId, currency: 'USD', amount: decimal(amount) },
  );

export const registrations = (): FedRecord[] => [
  orders({ type: 'AccountRegistered', accountId: 'A' }),
  orders({ type: 'AccountRegistered', accountId: 'B' }),
];

const placed = (orderId: string, accountId: string, clientOrderId: string, terms: OrderTerms): FedRecord =>
  orders({ type: 'OrderPlaced', orderId, accountId, clientOrderId, terms });

/** The n-th of many, by A and B in turn. */
export const placedNumber = (number: number): FedRecord =>
  placed(`o-0-${number}`, number % 2 === 0 ? 'A' : 'B', `many-${number}`, limitBuy('BTC-USD', '1', '100'));

/** The n-th of many deposits, to A and B in turn. */
export const depositNumber = (number: number): FedRecord =>
  risk({ type: 'FundsDeposited', accountId: number % 2 === 0 ? 'A' : 'B', currency: 'USD', amount: BigInt(number) });

const submitted = (orderId: string): FedRecord => orders({ type: 'OrderSubmitted', orderId, protectionPrice: null });
const accepted = (orderId: string): FedRecord =>
  orders({ type: 'OrderAccepted', orderId, venueOrderId: `v-${orderId}` });

const held = (orderId: string, accountId: string, terms: OrderTerms): FedRecord =>
  risk({
    type: 'HoldPlaced',
    accountId,
    orderId,
    symbol: terms.symbol,
    side: terms.side,
    quantity: terms.quantity!,
    quoteQuantity: null,
    price: terms.price,
    stopPrice: null,
    protectionPrice: null,
    holdPrice: terms.price!,
    reduceOnly: false,
  });

const released = (orderId: string, accountId: string): FedRecord => risk({ type: 'HoldReleased', accountId, orderId });

export const filled = (orderId: string, executionId: string, quantity: string, price: string, fee = '0'): FedRecord =>
  orders({
    type: 'OrderFilled',
    orderId,
    executionId,
    quantity: decimal(quantity),
    price: decimal(price),
    fee: decimal(fee),
    feeCurrency: 'USD',
    liquidity: 'TAKER',
    completesQuote: false,
  });

const settled = (orderId: string, accountId: string, executionId: string, price: string, fee: string): FedRecord =>
  risk({
    type: 'FillSettled',
    accountId,
    orderId,
    executionId,
    symbol: 'BTC-USD',
    side: 'BUY',
    quantity: decimal('1'),
    price: decimal(price),
    fee: decimal(fee),
    feeCurrency: 'USD',
  });

export const busted = (orderId: string, executionId: string, referenceExecutionId: string): FedRecord =>
  orders({ type: 'TradeCanceled', orderId, executionId, referenceExecutionId });

const cancelRequested = (orderId: string, clientOrderId: string, originalClientOrderId: string): FedRecord =>
  orders({ type: 'CancelRequested', orderId, clientOrderId, originalClientOrderId, origin: 'CLIENT' });

const replaced = (orderId: string, clientOrderId: string, originalClientOrderId: string): FedRecord[] => [
  orders({
    type: 'ReplaceRequested',
    orderId,
    clientOrderId,
    originalClientOrderId,
    origin: 'CLIENT',
    quantity: decimal('3'),
    price: decimal('90'),
    stopPrice: null,
    askedQuantity: decimal('3'),
    askedPrice: null,
    askedStopPrice: null,
  }),
  orders({ type: 'ReplaceSubmitted', orderId, clientOrderId }),
  orders({ type: 'OrderReplaced', orderId, clientOrderId }),
];

const placedAndHeld = (orderId: string, accountId: string, clientOrderId: string, terms: OrderTerms): FedRecord[] => [
  placed(orderId, accountId, clientOrderId, terms),
  held(orderId, accountId, terms),
  submitted(orderId),
];

/** The groups of the day; the n-th is of second n. */
export const tradingDay = (): FedRecord[][] => [
  [
    risk(
      { type: 'InstrumentListed', instrument: instrument('BTC-USD', 'BTC') },
      { type: 'InstrumentListed', instrument: instrument('ETH-USD', 'ETH') },
    ),
    opened('A', '10000'),
    opened('B', '1000'),
    ...registrations(),
  ],
  [
    risk({
      type: 'LimitsChanged',
      scope: 'ACCOUNT',
      id: 'A',
      limits: { ...NO_LIMITS, openOrdersMax: 7, orderNotionalMax: decimal('5000') },
      actor: 'rita',
    }),
    risk({ type: 'TradingStateChanged', scope: 'FIRM', id: null, state: 'HALTED', reason: 'drill', actor: 'rita' }),
  ],
  placedAndHeld('o-0-1', 'A', 'a-1', limitBuy('BTC-USD', '2', '101')),
  [accepted('o-0-1'), ...placedAndHeld('o-0-2', 'B', 'b-1', limitBuy('BTC-USD', '5', '90')), accepted('o-0-2')],
  [filled('o-0-1', 'x-1', '1', '100', '0.1'), settled('o-0-1', 'A', 'x-1', '100', '0.1')],
  [
    filled('o-0-1', 'x-2', '1', '101', '0.1'),
    settled('o-0-1', 'A', 'x-2', '101', '0.1'),
    released('o-0-1', 'A'),
    ...placedAndHeld('o-0-3', 'A', 'a-3', limitBuy('ETH-USD', '1', '10')),
  ],
  [
    accepted('o-0-3'),
    cancelRequested('o-0-3', 'a-3-cancel', 'a-3'),
    orders({ type: 'OrderCanceled', orderId: 'o-0-3', requestId: 'a-3-cancel', reason: null }),
    released('o-0-3', 'A'),
  ],
  [
    ...replaced('o-0-2', 'b-1-replace', 'b-1'),
    filled('o-0-2', 'x-3', '1', '90'),
    settled('o-0-2', 'B', 'x-3', '90', '0'),
  ],
  [
    placed('o-0-4', 'B', 'b-2', limitBuy('ETH-USD', '1', '5000')),
    orders({ type: 'OrderDenied', orderId: 'o-0-4', reason: reason('RISK', 'INSUFFICIENT_BALANCE', 'too much') }),
    ...placedAndHeld('o-0-5', 'A', 'a-5', limitBuy('BTC-USD', '1', '50')),
    accepted('o-0-5'),
  ],
  [
    orders({
      type: 'ReportQuarantined',
      orderId: 'o-0-77',
      executionId: 'x-9',
      code: 'UNKNOWN_ORDER',
      report: '{"kind":"TRADED"}',
    }),
    venue({ type: 'VenueFaultsChanged', faults: '{"latencyMs":1}', actor: null }),
    venue({ type: 'VenueFaultsChanged', faults: '{"latencyMs":2}', actor: 'otto' }),
  ],
];
