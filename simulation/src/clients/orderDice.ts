/** Orders as clients think them up: every type and instruction, near the market and far from it, and some mistakes. */
import { formatDecimal, type Instrument, isoTime, type ReferencePrices, type Side } from '@oms/domain';

import type { SeededRandom } from '../world/seededRandom.ts';
import type { JsonBody } from './wire.ts';

export interface MarketGlimpse {
  readonly prices: (symbol: string) => ReferencePrices | undefined;
  /** Epoch milliseconds, by the client's own clock. */
  readonly now: () => number;
}

type Shape = 'MARKET' | 'QUOTE' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';

const SHAPES: readonly (readonly [number, Shape])[] = [
  [14, 'MARKET'],
  [4, 'QUOTE'],
  [60, 'LIMIT'],
  [12, 'STOP'],
  [10, 'STOP_LIMIT'],
];
/** Of the notional, in whole quote units. */
const NOTIONALS = [6, 100, 500, 2_000, 10_000, 40_000];

export function drawOrder(
  random: SeededRandom,
  instruments: readonly Instrument[],
  glimpse: MarketGlimpse,
  ids: { readonly accountId: string; readonly clientOrderId: string },
): JsonBody {
  const instrument = random.pick(instruments);
  const side: Side = random.chance(0.5) ? 'BUY' : 'SELL';
  const middle = middleOf(instrument, glimpse);
  const shape = random.weighted(SHAPES);
  const notional = random.pick(NOTIONALS);
  const base = { ...ids, symbol: instrument.symbol, side };
  if (shape === 'QUOTE') return { ...base, side: 'BUY', type: 'MARKET', quoteQuantity: String(notional) };
  const quantity = quantityOf(random, instrument, middle, notional);
  const reduce = random.chance(0.08) ? { reduceOnly: true } : {};
  const tags = random.chance(0.05) ? { tags: ['desk/7', 'algo'] } : {};
  const rest = { ...base, quantity, ...reduce, ...tags };
  switch (shape) {
    case 'MARKET':
      return { ...rest, type: 'MARKET', ...(random.chance(0.3) ? { timeInForce: random.pick(['IOC', 'FOK']) } : {}) };
    case 'LIMIT':
      return {
        ...rest,
        type: 'LIMIT',
        price: limitPrice(random, instrument, middle, side),
        ...termsOfLimit(random, glimpse),
      };
    case 'STOP':
      return { ...rest, type: 'STOP', ...stopOf(random, instrument, middle, side) };
    case 'STOP_LIMIT':
      return {
        ...rest,
        type: 'STOP_LIMIT',
        price: priceNear(random, instrument, middle, 0.01),
        ...stopOf(random, instrument, middle, side),
      };
  }
}

/** The same request with other content, as from a client that used an id twice. */
export const withOtherContent = (body: JsonBody): JsonBody => ({ ...body, tags: ['again'] });

/** A body that no parser may let through. */
export function spoil(random: SeededRandom, body: JsonBody): JsonBody {
  const spoilt: readonly JsonBody[] = [
    { ...body, quantity: '-1' },
    { ...body, price: '1e9' },
    { ...body, type: 'ICEBERG' },
    { ...body, side: undefined },
    { ...body, unknownMember: 1 },
    { ...body, clientOrderId: '' },
  ];
  return random.pick(spoilt);
}

export function drawReplacement(
  random: SeededRandom,
  instrument: Instrument,
  glimpse: MarketGlimpse,
  clientOrderId: string,
): JsonBody {
  const middle = middleOf(instrument, glimpse);
  const quantity = { quantity: quantityOf(random, instrument, middle, random.pick(NOTIONALS)) };
  const price = { price: priceNear(random, instrument, middle, 0.02) };
  return { clientOrderId, ...random.pick([quantity, price, { ...quantity, ...price }]) };
}

/** What a client believes while it sees no market. */
const BELIEVED: Readonly<Record<string, number>> = { BTC: 40_000, ETH: 2_500, SOL: 150 };

function middleOf({ symbol, base }: Instrument, glimpse: MarketGlimpse): number {
  const prices = glimpse.prices(symbol);
  const price = prices?.bestBid ?? prices?.last ?? null;
  return price === null ? (BELIEVED[base] ?? 100) : Number(price) / 1e8;
}

function quantityOf(random: SeededRandom, instrument: Instrument, middle: number, notional: number): string {
  const increment = Number(instrument.quantityIncrement);
  const steps = Math.max(1, Math.round((notional * (0.5 + random.next()) * 1e8) / middle / increment));
  const odd = random.chance(0.01) ? 1n : 0n;
  return formatDecimal(BigInt(steps) * instrument.quantityIncrement + odd);
}

function limitPrice(random: SeededRandom, instrument: Instrument, middle: number, side: Side): string {
  const away = random.weighted([
    [35, -0.002],
    [45, 0.0008],
    [15, 0.01],
    [5, 0.3],
  ]);
  const factor = side === 'BUY' ? 1 - away : 1 + away;
  return priceNear(random, instrument, middle * factor, 0.0005);
}

function priceNear(random: SeededRandom, instrument: Instrument, middle: number, spread: number): string {
  const price = middle * (1 + (random.next() * 2 - 1) * spread);
  const steps = Math.max(1, Math.round((price * 1e8) / Number(instrument.priceIncrement)));
  return formatDecimal(BigInt(steps) * instrument.priceIncrement);
}

function stopOf(random: SeededRandom, instrument: Instrument, middle: number, side: Side): JsonBody {
  const away = random.next() * 0.002 - 0.0003;
  const stopPrice = priceNear(random, instrument, middle * (side === 'BUY' ? 1 + away : 1 - away), 0.0001);
  const source = random.chance(0.5) ? {} : { triggerSource: random.pick(['LAST', 'BID_ASK', 'MARK']) };
  return { stopPrice, ...source };
}

function termsOfLimit(random: SeededRandom, glimpse: MarketGlimpse): JsonBody {
  if (random.chance(0.12)) return { postOnly: true };
  const timeInForce = random.weighted([
    [60, 'GTC'],
    [10, 'IOC'],
    [6, 'FOK'],
    [6, 'DAY'],
    [12, 'GTD'],
  ]);
  if (timeInForce !== 'GTD') return { timeInForce };
  return { timeInForce, expireTime: isoTime(glimpse.now() + random.between(-1_000, 30_000)) };
}
