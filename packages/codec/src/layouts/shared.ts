/** Layouts of the structs that several events and states hold. Words of a `oneOf` are listed here, not taken from the domain: their order is the format. */
import type { Instrument, OrderTerms, Reason, RiskLimits } from '@oms/domain';
import { arrayOf, bool, count, i64, nullable, oneOf, struct, text8, text16, textRecord, time } from '../fieldTypes.ts';

export const side = oneOf('BUY', 'SELL');
export const timeInForce = oneOf('GTC', 'IOC', 'FOK', 'GTD', 'DAY');
export const liquidity = oneOf('MAKER', 'TAKER');
export const requestOrigin = oneOf('CLIENT', 'EXPIRY', 'KILL_SWITCH', 'REDUCE_ONLY', 'DISCONNECT');
export const differenceKind = oneOf(
  'EXECUTIONS_MISSING',
  'FILLED_QUANTITY_DIFFERS',
  'FILLED_MORE_THAN_VENUE',
  'REPORT_MISSING',
  'ORDER_UNKNOWN_AT_VENUE',
  'ORDER_OPEN_AT_VENUE',
  'ORDER_UNKNOWN_HERE',
  'REQUEST_NOT_RECEIVED',
  'POSITION_DIFFERS',
);
export const tradingState = oneOf('ACTIVE', 'REDUCING', 'HALTED');
export const tradingScope = oneOf('FIRM', 'ACCOUNT', 'INSTRUMENT');

export const reason = struct<Reason>('Reason', {
  source: oneOf('RISK', 'VENUE', 'OMS'),
  code: text8,
  message: text16,
  details: textRecord,
});

export const orderTerms = struct<OrderTerms>('OrderTerms', {
  symbol: text8,
  side,
  type: oneOf('MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'),
  timeInForce,
  quantity: nullable(i64),
  quoteQuantity: nullable(i64),
  price: nullable(i64),
  stopPrice: nullable(i64),
  triggerSource: oneOf('LAST', 'BID_ASK', 'MARK'),
  expireTime: nullable(time),
  postOnly: bool,
  reduceOnly: bool,
  tags: arrayOf(text16),
});

export const instrument = struct<Instrument>('Instrument', {
  symbol: text8,
  base: text8,
  quote: text8,
  kind: oneOf('SPOT', 'PERPETUAL'),
  priceIncrement: i64,
  quantityIncrement: i64,
  minQuantity: i64,
  maxQuantity: i64,
  minNotional: i64,
  makerFeeRate: i64,
  takerFeeRate: i64,
  initialMarginRate: i64,
  status: oneOf('TRADING', 'CANCEL_ONLY', 'HALTED'),
});

export const riskLimits = struct<RiskLimits>('RiskLimits', {
  orderQuantityMax: nullable(i64),
  orderNotionalMax: nullable(i64),
  priceCollarRate: nullable(i64),
  submitsPerSecondMax: nullable(count),
  replacesPerSecondMax: nullable(count),
  openOrdersMax: nullable(count),
  openNotionalMax: nullable(i64),
  positionQuantityMax: nullable(i64),
  dailyLossMax: nullable(i64),
  repeatedOrdersMax: nullable(count),
  repeatedOrderWindowMs: nullable(count),
});
