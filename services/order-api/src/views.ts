/** Instruments, market data and fault switches as the wire shows them. */
import type { BookView, CandleView, InstrumentView, MarketTradeView, TickerView } from '@oms/api-contract';
import { type BookLevel, formatDecimal, type Instrument, isoTime, type VenueFaults } from '@oms/domain';
import type { BookSnapshot, Candle, MarketTrade, Ticker } from '@oms/ports';

const decimalOrNull = (atoms: bigint | null): string | null => (atoms === null ? null : formatDecimal(atoms));

export const viewOfInstrument = (instrument: Instrument): InstrumentView => ({
  symbol: instrument.symbol,
  base: instrument.base,
  quote: instrument.quote,
  kind: instrument.kind,
  priceIncrement: formatDecimal(instrument.priceIncrement),
  quantityIncrement: formatDecimal(instrument.quantityIncrement),
  minQuantity: formatDecimal(instrument.minQuantity),
  maxQuantity: formatDecimal(instrument.maxQuantity),
  minNotional: formatDecimal(instrument.minNotional),
  makerFeeRate: formatDecimal(instrument.makerFeeRate),
  takerFeeRate: formatDecimal(instrument.takerFeeRate),
  initialMarginRate: formatDecimal(instrument.initialMarginRate),
  status: instrument.status,
});

const viewOfLevels = (levels: readonly BookLevel[], depth: number): string[][] =>
  levels.slice(0, depth).map(([price, quantity]) => [formatDecimal(price), formatDecimal(quantity)]);

export const viewOfBook = (book: BookSnapshot, depth: number): BookView => ({
  symbol: book.symbol,
  sequence: book.sequence,
  time: isoTime(book.time),
  bids: viewOfLevels(book.bids, depth),
  asks: viewOfLevels(book.asks, depth),
});

export const viewOfMarketTrade = (trade: MarketTrade): MarketTradeView => ({
  symbol: trade.symbol,
  sequence: trade.sequence,
  time: isoTime(trade.time),
  tradeId: trade.tradeId,
  price: formatDecimal(trade.price),
  quantity: formatDecimal(trade.quantity),
  aggressorSide: trade.aggressorSide,
});

export const viewOfTicker = (ticker: Ticker): TickerView => ({
  symbol: ticker.symbol,
  sequence: ticker.sequence,
  time: isoTime(ticker.time),
  last: decimalOrNull(ticker.last),
  bestBid: decimalOrNull(ticker.bestBid),
  bestAsk: decimalOrNull(ticker.bestAsk),
  mark: decimalOrNull(ticker.mark),
  open24h: decimalOrNull(ticker.open24h),
  high24h: decimalOrNull(ticker.high24h),
  low24h: decimalOrNull(ticker.low24h),
  volume24h: formatDecimal(ticker.volume24h),
});

export const viewOfCandle = (candle: Candle): CandleView => ({
  symbol: candle.symbol,
  openTime: isoTime(candle.openTime),
  open: formatDecimal(candle.open),
  high: formatDecimal(candle.high),
  low: formatDecimal(candle.low),
  close: formatDecimal(candle.close),
  volume: formatDecimal(candle.volume),
  trades: candle.trades,
});

export const viewOfFaults = (faults: VenueFaults) => ({
  latencyMs: faults.latencyMs,
  rejectRate: formatDecimal(faults.rejectRate),
  partialFillRate: formatDecimal(faults.partialFillRate),
  lateReportRate: formatDecimal(faults.lateReportRate),
  lateReportMs: faults.lateReportMs,
  duplicateReportRate: formatDecimal(faults.duplicateReportRate),
  lostReportRate: formatDecimal(faults.lostReportRate),
  lostRequestRate: formatDecimal(faults.lostRequestRate),
  reorderReportRate: formatDecimal(faults.reorderReportRate),
  overfillRate: formatDecimal(faults.overfillRate),
  disconnected: faults.disconnected,
  totalsOnly: faults.totalsOnly,
});
