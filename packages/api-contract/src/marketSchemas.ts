/** Instruments and market data as the wire shows them. */
import type { Instrument } from '@oms/domain';
import { type Static, Type } from 'typebox';
import { SideSchema } from './orderSchemas.ts';
import { Closed, Count, DecimalText, Nullable, PageOf, SymbolText, TimeText } from './primitives.ts';

const INSTRUMENT_KINDS = ['SPOT', 'PERPETUAL'] as const satisfies readonly Instrument['kind'][];
const INSTRUMENT_STATUSES = ['TRADING', 'CANCEL_ONLY', 'HALTED'] as const satisfies readonly Instrument['status'][];
export const CANDLE_INTERVAL_NAMES = ['1s', '1m', '5m', '15m', '1h', '4h', '1d'] as const;

/** Levels of a book that are answered when nobody says how many. */
export const BOOK_DEPTH_DEFAULT = 20;

export const InstrumentSchema = Closed('Instrument', {
  symbol: SymbolText,
  base: Type.String(),
  quote: Type.String(),
  kind: Type.Enum(INSTRUMENT_KINDS),
  priceIncrement: DecimalText,
  quantityIncrement: DecimalText,
  minQuantity: DecimalText,
  maxQuantity: DecimalText,
  minNotional: DecimalText,
  makerFeeRate: DecimalText,
  takerFeeRate: DecimalText,
  initialMarginRate: DecimalText,
  status: Type.Enum(INSTRUMENT_STATUSES),
});
export type InstrumentView = Static<typeof InstrumentSchema>;

const Level = Type.Array(DecimalText, { minItems: 2, maxItems: 2, description: '[price, quantity]' });

export const BookSchema = Closed('Book', {
  symbol: SymbolText,
  sequence: Count('Goes up with every change of the book.'),
  time: TimeText,
  bids: Type.Array(Level),
  asks: Type.Array(Level),
});
export type BookView = Static<typeof BookSchema>;

export const MarketTradeSchema = Closed('MarketTrade', {
  symbol: SymbolText,
  sequence: Count('Gap-free per symbol.'),
  time: TimeText,
  tradeId: Type.String(),
  price: DecimalText,
  quantity: DecimalText,
  aggressorSide: SideSchema,
});
export type MarketTradeView = Static<typeof MarketTradeSchema>;

const NullableDecimal = Nullable(DecimalText);

export const TickerSchema = Closed('Ticker', {
  symbol: SymbolText,
  sequence: Count('Gap-free per symbol.'),
  time: TimeText,
  last: NullableDecimal,
  bestBid: NullableDecimal,
  bestAsk: NullableDecimal,
  mark: NullableDecimal,
  open24h: NullableDecimal,
  high24h: NullableDecimal,
  low24h: NullableDecimal,
  volume24h: DecimalText,
});
export type TickerView = Static<typeof TickerSchema>;

export const CandleSchema = Closed('Candle', {
  symbol: SymbolText,
  openTime: TimeText,
  open: DecimalText,
  high: DecimalText,
  low: DecimalText,
  close: DecimalText,
  volume: DecimalText,
  trades: Count('Trades in the interval.'),
});
export type CandleView = Static<typeof CandleSchema>;

export const BookQuery = Closed('BookQuery', {
  depth: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, description: `Levels per side, default ${BOOK_DEPTH_DEFAULT}.` }),
  ),
});
export const TradesQuery = Closed('TradesQuery', {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100.' })),
});
export const CandlesQuery = Closed('CandlesQuery', {
  interval: Type.Optional(Type.Enum(CANDLE_INTERVAL_NAMES, { description: 'Default 1m.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100.' })),
});

export const InstrumentPage = PageOf('InstrumentPage', InstrumentSchema);
export const MarketTradePage = PageOf('MarketTradePage', MarketTradeSchema);
export const CandlePage = PageOf('CandlePage', CandleSchema);
