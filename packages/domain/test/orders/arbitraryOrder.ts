/** Any order that the types allow, consistent or not: for codecs, which must not care. */
import { CORE_STATES, type Fill, type Order, type OrderTerms, orderIdOf, type PendingRequest } from '@oms/domain';
import fc from 'fast-check';

const text = fc.string({ maxLength: 40, unit: 'grapheme' });
const serial = fc.oneof(
  fc.tuple(fc.nat(70_000), fc.nat()).map(([p, n]) => `x-${p}-${n}`),
  text,
);
const price = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const givenPrice = fc.option(fc.oneof(price, fc.constant(0n)));
const amount = fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n });
const time = fc.integer({ min: 0, max: 4e12 });

const terms: fc.Arbitrary<OrderTerms> = fc.record({
  symbol: fc.constantFrom('BTC-USD', 'ETH-USD', 'Größe'),
  side: fc.constantFrom('BUY', 'SELL'),
  type: fc.constantFrom('MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'),
  timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
  quantity: givenPrice,
  quoteQuantity: givenPrice,
  price: givenPrice,
  stopPrice: givenPrice,
  triggerSource: fc.constantFrom('LAST', 'BID_ASK', 'MARK'),
  expireTime: fc.option(time),
  postOnly: fc.boolean(),
  reduceOnly: fc.boolean(),
  tags: fc.array(text, { maxLength: 3 }),
});

const fill: fc.Arbitrary<Fill> = fc.record({
  executionId: serial,
  quantity: price,
  price,
  fee: amount,
  feeCurrency: fc.constantFrom('USD', 'BTC', 'X'),
  liquidity: fc.constantFrom('MAKER', 'TAKER'),
  state: fc.constantFrom('TRADE', 'CANCELED', 'CORRECTED'),
  amendedBy: fc.array(serial, { maxLength: 2 }),
});

const asked = {
  clientOrderId: text,
  originalClientOrderId: text,
  sentAt: time,
  outcome: fc.constantFrom('pending' as const, 'unknown' as const),
  origin: fc.constantFrom('CLIENT', 'EXPIRY', 'KILL_SWITCH', 'REDUCE_ONLY', 'DISCONNECT'),
};
const request: fc.Arbitrary<PendingRequest> = fc.oneof(
  fc.record({ kind: fc.constant('CANCEL' as const), ...asked }),
  fc.record({
    kind: fc.constant('REPLACE' as const),
    ...asked,
    quantity: amount,
    price: givenPrice,
    stopPrice: givenPrice,
    sentToVenue: fc.boolean(),
  }),
);

const reason = fc.record({
  source: fc.constantFrom('RISK', 'VENUE', 'OMS'),
  code: text,
  message: text,
  details: fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    text,
    { maxKeys: 3, noNullPrototype: true },
  ),
});

export const arbitraryOrder: fc.Arbitrary<Order> = fc.record({
  orderId: fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 2 ** 20 })).map(([p, n]) => orderIdOf(p, n)),
  accountId: fc.constantFrom('A', 'DEMO-0001'),
  clientOrderId: text,
  previousClientOrderId: text,
  placedClientOrderId: text,
  placed: terms,
  quantity: amount,
  price: givenPrice,
  stopPrice: givenPrice,
  core: fc.constantFrom(...CORE_STATES),
  filledQuantity: amount,
  cumulativeQuote: amount,
  fills: fc.array(fill, { maxLength: 3 }),
  fees: fc.array(fc.record({ currency: fc.constantFrom('USD', 'BTC'), amount }), { maxLength: 2 }),
  pendingRequests: fc.array(request, { maxLength: 2 }),
  reason: fc.option(reason),
  protectionPrice: givenPrice,
  triggeredAt: fc.option(time),
  venueOrderId: fc.option(serial),
  overfilled: fc.boolean(),
  createdAt: time,
  updatedAt: time,
  version: fc.nat(),
}) as fc.Arbitrary<Order>;
