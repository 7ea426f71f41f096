/** Layout of a risk partition. */
import type {
  AccountRisk,
  Aggregate,
  Balance,
  Exposure,
  Hold,
  HoldTerms,
  OrderSignature,
  Position,
  RateWindow,
  RiskState,
  TradingStateEntry,
} from '@oms/domain';
import type { Codec } from '@oms/ports';
import {
  arrayOf,
  bigInteger,
  bool,
  count,
  i64,
  mapBy,
  mapOf,
  nullable,
  struct,
  text8,
  text16,
  time,
  u16,
} from '../fieldTypes.ts';
import { type StateLayout, stateCodec } from '../stateCodec.ts';
import { instrument, riskLimits, side, tradingScope, tradingState } from './shared.ts';

const balance = struct<Balance>('Balance', {
  total: bigInteger,
  held: bigInteger,
  margin: bigInteger,
  deposited: bigInteger,
});

const position = struct<Position>('Position', {
  symbol: text8,
  quantity: bigInteger,
  openCost: bigInteger,
  realizedPnl: bigInteger,
  trades: count,
});

const holdTerms = struct<HoldTerms>('HoldTerms', {
  quantity: bigInteger,
  quoteQuantity: nullable(i64),
  price: nullable(i64),
  stopPrice: nullable(i64),
  holdPrice: bigInteger,
});

const hold = struct<Hold>('Hold', {
  orderId: text8,
  accountId: text8,
  symbol: text8,
  side,
  reduceOnly: bool,
  protectionPrice: nullable(bigInteger),
  terms: holdTerms,
  pendingTerms: arrayOf(struct<Hold['pendingTerms'][number]>('PendingTerms', { requestId: text8, terms: holdTerms })),
  filledQuantity: bigInteger,
  filledQuote: bigInteger,
  currency: text8,
  amount: bigInteger,
  openQuantity: bigInteger,
  openNotional: bigInteger,
});

const orderSignature = struct<OrderSignature>('OrderSignature', {
  side,
  quantity: bigInteger,
  quoteQuantity: nullable(i64),
  price: nullable(i64),
  stopPrice: nullable(i64),
});

const exposure = struct<Exposure>('Exposure', {
  openBuyQuantity: bigInteger,
  openSellQuantity: bigInteger,
  reduceOnlyBuyQuantity: bigInteger,
  reduceOnlySellQuantity: bigInteger,
  reduceOnlyOrderIds: arrayOf(text8),
  lastOrder: nullable(orderSignature),
  repeatCount: count,
  repeatSince: time,
});

const rateWindow = struct<RateWindow>('RateWindow', { windowStart: time, count });

const accountRisk = struct<AccountRisk>('AccountRisk', {
  accountId: text8,
  name: text16,
  kind: text8,
  deskId: text8,
  balances: mapOf(text8, balance),
  positions: mapBy('symbol', position),
  exposures: mapOf(text8, exposure),
  holds: mapBy('orderId', hold),
  openNotional: bigInteger,
  submits: rateWindow,
  replaces: rateWindow,
  dayStart: time,
  realizedToday: mapOf(text8, bigInteger),
  limits: riskLimits,
  positionSequence: count,
  balanceSequence: count,
});

const aggregate = struct<Aggregate>('Aggregate', { limits: riskLimits, openOrders: count, openNotional: bigInteger });

const tradingStateEntry = struct<TradingStateEntry>('TradingStateEntry', {
  scope: tradingScope,
  id: nullable(text8),
  state: tradingState,
  reason: text16,
  actor: nullable(text16),
  changedAt: time,
});

export const RISK_STATE: StateLayout<RiskState> = {
  name: 'RiskState',
  fields: {
    partition: u16,
    instruments: mapBy('symbol', instrument),
    accounts: mapBy('accountId', accountRisk),
    tradingStates: mapOf(text16, tradingStateEntry),
    defaultLimits: riskLimits,
    firm: aggregate,
    desks: mapOf(text8, aggregate),
    venueLedger: mapOf(text8, bigInteger),
    feeLedger: mapOf(text8, bigInteger),
    depositLedger: mapOf(text8, bigInteger),
  },
};

export const riskStateCodec: Codec<RiskState> = stateCodec<RiskState>(RISK_STATE);
