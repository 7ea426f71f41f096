/**
 * Nanoseconds per encode and decode of the commonest events, against JSON in the same process. Each figure is the best of
 * several turns, so that another process on the machine disturbs it least. Run: node bench/codec.ts [--quick]
 */
import { parseArgs } from 'node:util';
import { orderEventCodec, riskEventCodec } from '@oms/codec';
import type { FillSettled, OrderFilled, OrderPlaced } from '@oms/domain';
import { ByteReader, ByteWriter, type Codec } from '@oms/ports';
import { printFigure } from './suite/figure.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const ITERATIONS = values.quick ? 20_000 : 200_000;
const TURNS = values.quick ? 3 : 7;
/** As many different events, so that nothing is measured on one cached value. */
const VARIETY = 1_024;

const orderPlaced = (number: number): OrderPlaced => ({
  type: 'OrderPlaced',
  orderId: `o-3-${1_000_000 + number}`,
  accountId: `DEMO-${String(number % 64).padStart(4, '0')}`,
  clientOrderId: `desk-7-${1_700_000_000 + number}`,
  terms: {
    symbol: 'BTC-USD',
    side: number % 2 === 0 ? 'BUY' : 'SELL',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: 1_000_000n + BigInt(number),
    quoteQuantity: null,
    price: 6_512_345_000_000n + BigInt(number) * 1_000_000n,
    stopPrice: null,
    triggerSource: 'LAST',
    expireTime: null,
    postOnly: false,
    reduceOnly: false,
    tags: [],
  },
});

const orderFilled = (number: number): OrderFilled => ({
  type: 'OrderFilled',
  orderId: `o-3-${1_000_000 + number}`,
  executionId: `x-${2_000_000 + number}`,
  quantity: 1_000_000n + BigInt(number),
  price: 6_512_345_000_000n + BigInt(number) * 1_000_000n,
  fee: 65_123_450n,
  feeCurrency: 'USD',
  liquidity: number % 3 === 0 ? 'MAKER' : 'TAKER',
  completesQuote: false,
});

const fillSettled = (number: number): FillSettled => ({
  type: 'FillSettled',
  accountId: `DEMO-${String(number % 64).padStart(4, '0')}`,
  orderId: `o-3-${1_000_000 + number}`,
  executionId: `x-${2_000_000 + number}`,
  symbol: 'BTC-USD',
  side: number % 2 === 0 ? 'BUY' : 'SELL',
  quantity: 1_000_000n + BigInt(number),
  price: 6_512_345_000_000n + BigInt(number) * 1_000_000n,
  fee: 65_123_450n,
  feeCurrency: 'USD',
});

/** Best nanoseconds per call of `work` over the turns. */
function nanosecondsOf(work: (index: number) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TURNS; turn++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < ITERATIONS; i++) work(i % VARIETY);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / ITERATIONS);
  }
  return best;
}

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

function measure<Event extends { readonly type: string }>(
  name: string,
  codec: Codec<Event>,
  make: (number: number) => Event,
): void {
  const events = Array.from({ length: VARIETY }, (_, number) => make(number));
  const writer = new ByteWriter();
  const encoded = events.map((event) => {
    writer.reset();
    codec.encode(event, writer);
    return new ByteReader(writer.written().slice());
  });
  const texts = events.map((event) => JSON.stringify(event, bigintAsText));
  let kept: unknown;
  const encode = nanosecondsOf((index) => {
    if (index === 0) writer.reset();
    codec.encode(events[index]!, writer);
  });
  const decode = nanosecondsOf((index) => {
    const reader = encoded[index]!;
    reader.offset = 0;
    kept = codec.decode(reader);
  });
  const stringify = nanosecondsOf((index) => {
    kept = JSON.stringify(events[index], bigintAsText);
  });
  const parse = nanosecondsOf((index) => {
    kept = JSON.parse(texts[index]!);
  });
  if (kept === undefined) throw new Error('nothing was measured');
  const details = { bytes: encoded[0]!.end, jsonBytes: texts[0]!.length };
  const figure = { unit: 'ns', better: 'lower', details } as const;
  const stringifying = { what: 'JSON.stringify', value: stringify };
  const parsing = { what: 'JSON.parse', value: parse };
  printFigure({ ...figure, figure: `codec encode ${name}`, value: encode, baseline: stringifying });
  printFigure({ ...figure, figure: `codec decode ${name}`, value: decode, baseline: parsing });
}

measure('OrderPlaced', orderEventCodec, orderPlaced);
measure('OrderFilled', orderEventCodec, orderFilled);
measure('FillSettled', riskEventCodec, fillSettled);
