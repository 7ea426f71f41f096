/**
 * The made-up day that bench/projection.ts projects: of every twelve orders four are filled at once, one is filled and
 * one canceled by its client some thousands of orders later, and six rest; each with its risk and venue records, in
 * groups as the house writes them.
 */
import { decimal, type OrderTerms } from '@oms/domain';
import { type FedRecord, tradingDay } from '@oms/ports/contract/readModelScenario';

const ORDERS_PER_GROUP = 200;
/** How many orders later an order that rests is filled or canceled. */
const LATER = 5_000;
const START = Date.UTC(2026, 0, 5);
const GROUPS_PER_SECOND = 250;
const SYMBOLS = ['BTC-USD', 'ETH-USD'];

export interface FedGroup {
  readonly now: number;
  readonly records: readonly FedRecord[];
}

export const accountIdOf = (index: number): string => `BENCH-${String(index + 1).padStart(4, '0')}`;

const termsOf = (number: number): OrderTerms => ({
  symbol: SYMBOLS[number % SYMBOLS.length]!,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: decimal('0.015'),
  quoteQuantity: null,
  price: decimal('64123.57'),
  stopPrice: null,
  triggerSource: 'LAST',
  expireTime: null,
  postOnly: false,
  reduceOnly: false,
  tags: [],
});

interface BenchOrder {
  readonly orderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
}

function orderOf(number: number, accounts: number): BenchOrder {
  return {
    orderId: `o-0-${number}`,
    accountId: accountIdOf((number * 7_919) % accounts),
    clientOrderId: `client-${number.toString(36)}-${(number * 2_654_435_761) % 4_294_967_296}`,
    terms: termsOf(number),
  };
}

const FILLED_AT_ONCE = [0, 3, 6, 9];
const FILLED_LATER = 1;
const CANCELED_LATER = 2;

function placing({ orderId, accountId, clientOrderId, terms }: BenchOrder, number: number): FedRecord[] {
  const { symbol, side, price } = terms;
  const hold = { quantity: terms.quantity!, quoteQuantity: null, price, stopPrice: null, protectionPrice: null };
  const venueOrderId = `v-${number}`;
  const venueTerms = {
    orderId,
    accountId,
    symbol,
    side,
    type: 'LIMIT',
    timeInForce: 'GTC',
    ...hold,
    postOnly: false,
  } as const;
  return [
    { service: 'order-processor', events: [{ type: 'OrderPlaced', orderId, accountId, clientOrderId, terms }] },
    {
      service: 'risk-engine',
      events: [{ type: 'HoldPlaced', accountId, orderId, symbol, side, ...hold, holdPrice: price!, reduceOnly: false }],
    },
    { service: 'order-processor', events: [{ type: 'OrderSubmitted', orderId, protectionPrice: null }] },
    {
      service: 'venue-simulator',
      events: [{ type: 'VenueOrderReceived', terms: venueTerms, venueOrderId, queueAhead: 0n }],
    },
    { service: 'order-processor', events: [{ type: 'OrderAccepted', orderId, venueOrderId }] },
  ];
}

function filling({ orderId, accountId, terms }: BenchOrder, number: number): FedRecord[] {
  const { symbol, side, price } = terms;
  const executionId = `x-${number}`;
  const fill = { executionId, quantity: terms.quantity!, price: price!, fee: decimal('0.96'), feeCurrency: 'USD' };
  return [
    {
      service: 'venue-simulator',
      events: [
        { type: 'VenueOrderTraded', orderId, ...fill, liquidity: 'TAKER', bookSequence: 0 },
        { type: 'VenueOrderClosed', orderId },
      ],
    },
    {
      service: 'order-processor',
      events: [{ type: 'OrderFilled', orderId, ...fill, liquidity: 'TAKER', completesQuote: false }],
    },
    {
      service: 'risk-engine',
      events: [
        { type: 'FillSettled', accountId, orderId, symbol, side, ...fill },
        { type: 'HoldReleased', accountId, orderId },
      ],
    },
  ];
}

function canceling({ orderId, accountId, clientOrderId }: BenchOrder): FedRecord[] {
  const requestId = `${clientOrderId}-c`;
  const request = { clientOrderId: requestId, originalClientOrderId: clientOrderId, origin: 'CLIENT' } as const;
  return [
    { service: 'order-processor', events: [{ type: 'CancelRequested', orderId, ...request }] },
    { service: 'venue-simulator', events: [{ type: 'VenueOrderClosed', orderId }] },
    { service: 'order-processor', events: [{ type: 'OrderCanceled', orderId, requestId, reason: null }] },
    { service: 'risk-engine', events: [{ type: 'HoldReleased', accountId, orderId }] },
  ];
}

/** The records of the moment in which the order is placed. */
function recordsAt(number: number, accounts: number): FedRecord[] {
  const order = orderOf(number, accounts);
  const records = placing(order, number);
  if (FILLED_AT_ONCE.includes(number % 12)) records.push(...filling(order, number));
  const earlier = number - LATER;
  if (earlier < 1) return records;
  if (earlier % 12 === FILLED_LATER) records.push(...filling(orderOf(earlier, accounts), earlier));
  if (earlier % 12 === CANCELED_LATER) records.push(...canceling(orderOf(earlier, accounts)));
  return records;
}

/** The groups of the day, one by one: instruments, accounts, orders. */
export function* benchDay(orders: number, accounts: number): Generator<FedGroup, void, void> {
  yield { now: START, records: tradingDay()[0]!.slice(0, 1) };
  for (let i = 0; i < accounts; i++) {
    const accountId = accountIdOf(i);
    const opened = { type: 'AccountOpened', accountId, name: accountId, kind: 'BENCH', deskId: 'bench' } as const;
    const funded = { type: 'FundsDeposited', accountId, currency: 'USD', amount: decimal('10000000') } as const;
    yield {
      now: START,
      records: [
        { service: 'risk-engine', events: [opened, funded] },
        { service: 'order-processor', events: [{ type: 'AccountRegistered', accountId }] },
      ],
    };
  }
  for (let first = 1; first <= orders; first += ORDERS_PER_GROUP) {
    const records: FedRecord[] = [];
    for (let number = first; number < first + ORDERS_PER_GROUP && number <= orders; number++) {
      records.push(...recordsAt(number, accounts));
    }
    yield { now: START + Math.floor((1_000 * first) / (ORDERS_PER_GROUP * GROUPS_PER_SECOND)), records };
  }
}
