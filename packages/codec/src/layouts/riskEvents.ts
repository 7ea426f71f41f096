/** Layouts of the risk engine's events: numbers 64 … 127. */
import type { ReopenedHold, RiskEvent } from '@oms/domain';
import type { Codec } from '@oms/ports';
import { type EventTable, eventCodec } from '../eventCodec.ts';
import { bigInteger, bool, i64, nullable, oneOf, struct, text8, text16, time } from '../fieldTypes.ts';
import { instrument, riskLimits, side, tradingScope, tradingState } from './shared.ts';

const reopenedHold = struct<ReopenedHold>('ReopenedHold', {
  quantity: nullable(bigInteger),
  quoteQuantity: nullable(i64),
  price: nullable(i64),
  stopPrice: nullable(i64),
  protectionPrice: nullable(bigInteger),
  holdPrice: bigInteger,
  reduceOnly: bool,
  filledQuantity: bigInteger,
  filledQuote: bigInteger,
});

export const RISK_EVENTS: EventTable<RiskEvent> = {
  InstrumentListed: { number: 64, fields: { instrument } },
  AccountOpened: { number: 65, fields: { accountId: text8, name: text16, kind: text8, deskId: text8 } },
  FundsDeposited: { number: 66, fields: { accountId: text8, currency: text8, amount: i64 } },
  LimitsChanged: {
    number: 67,
    fields: {
      scope: oneOf('FIRM', 'DESK', 'ACCOUNT', 'DEFAULT'),
      id: text8,
      limits: riskLimits,
      actor: nullable(text16),
    },
  },
  TradingStateChanged: {
    number: 68,
    fields: {
      scope: tradingScope,
      id: nullable(text8),
      state: tradingState,
      reason: text16,
      actor: nullable(text16),
    },
  },
  LimitsChangeProposed: {
    number: 76,
    fields: {
      approvalId: text8,
      scope: oneOf('FIRM', 'DESK', 'ACCOUNT', 'DEFAULT'),
      id: text8,
      before: riskLimits,
      after: riskLimits,
      actor: text16,
      expiresAt: time,
    },
  },
  TradingStateChangeProposed: {
    number: 77,
    fields: {
      approvalId: text8,
      scope: tradingScope,
      id: nullable(text8),
      before: tradingState,
      after: tradingState,
      reason: text16,
      actor: text16,
      expiresAt: time,
    },
  },
  ApprovalDecided: {
    number: 78,
    fields: {
      approvalId: text8,
      status: oneOf('APPROVED', 'REJECTED', 'EXPIRED', 'SUPERSEDED'),
      actor: nullable(text16),
      reason: nullable(text16),
    },
  },
  AuditNoted: {
    number: 79,
    fields: {
      action: text8,
      actor: nullable(text16),
      address: nullable(text8),
      accountId: nullable(text8),
      details: text16,
    },
  },
  HoldPlaced: {
    number: 69,
    fields: {
      accountId: text8,
      orderId: text8,
      symbol: text8,
      side,
      quantity: bigInteger,
      quoteQuantity: nullable(i64),
      price: nullable(i64),
      stopPrice: nullable(i64),
      protectionPrice: nullable(bigInteger),
      holdPrice: bigInteger,
      reduceOnly: bool,
    },
  },
  HoldRaised: {
    number: 70,
    fields: {
      accountId: text8,
      orderId: text8,
      requestId: text8,
      quantity: bigInteger,
      price: nullable(i64),
      stopPrice: nullable(i64),
      holdPrice: bigInteger,
    },
  },
  HoldRetermed: { number: 71, fields: { accountId: text8, orderId: text8, requestId: text8, accepted: bool } },
  HoldShrunk: { number: 72, fields: { accountId: text8, orderId: text8, quantity: i64 } },
  FillSettled: {
    number: 73,
    fields: {
      accountId: text8,
      orderId: text8,
      executionId: text8,
      symbol: text8,
      side,
      quantity: i64,
      price: i64,
      fee: bigInteger,
      feeCurrency: text8,
    },
  },
  FillReversed: {
    number: 74,
    fields: {
      accountId: text8,
      orderId: text8,
      executionId: text8,
      symbol: text8,
      side,
      quantity: i64,
      price: i64,
      fee: bigInteger,
      feeCurrency: text8,
      reopened: nullable(reopenedHold),
    },
  },
  HoldReleased: { number: 75, fields: { accountId: text8, orderId: text8 } },
};

export const riskEventCodec: Codec<RiskEvent> = eventCodec<RiskEvent>(RISK_EVENTS);
