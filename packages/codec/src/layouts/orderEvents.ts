/** Layouts of the order processor's events: numbers 1 … 63. */
import type { OrderEvent } from '@oms/domain';
import type { Codec } from '@oms/ports';
import { type EventTable, eventCodec } from '../eventCodec.ts';
import { bigInteger, bool, count, i64, nullable, oneOf, text8, text16, time } from '../fieldTypes.ts';
import { differenceKind, liquidity, orderTerms, reason, requestOrigin } from './shared.ts';

export const ORDER_EVENTS: EventTable<OrderEvent> = {
  AccountRegistered: { number: 1, fields: { accountId: text8 } },
  OrderPlaced: {
    number: 2,
    fields: { orderId: text8, accountId: text8, clientOrderId: text8, terms: orderTerms },
  },
  OrderDenied: { number: 3, fields: { orderId: text8, reason } },
  OrderHeld: { number: 4, fields: { orderId: text8, protectionPrice: nullable(bigInteger) } },
  OrderSubmitted: { number: 5, fields: { orderId: text8, protectionPrice: nullable(bigInteger) } },
  OrderTriggered: { number: 6, fields: { orderId: text8, triggerPrice: i64 } },
  OrderAccepted: { number: 7, fields: { orderId: text8, venueOrderId: text8 } },
  OrderRejected: { number: 8, fields: { orderId: text8, reason } },
  OrderFilled: {
    number: 9,
    fields: {
      orderId: text8,
      executionId: text8,
      quantity: i64,
      price: i64,
      fee: bigInteger,
      feeCurrency: text8,
      liquidity,
      completesQuote: bool,
    },
  },
  OrderCanceled: { number: 10, fields: { orderId: text8, requestId: nullable(text8), reason: nullable(reason) } },
  OrderExpired: { number: 11, fields: { orderId: text8, requestId: nullable(text8), reason } },
  CancelRequested: {
    number: 12,
    fields: { orderId: text8, clientOrderId: text8, originalClientOrderId: text8, origin: requestOrigin },
  },
  CancelRejected: { number: 13, fields: { orderId: text8, clientOrderId: text8, reason } },
  ReplaceRequested: {
    number: 14,
    fields: {
      orderId: text8,
      clientOrderId: text8,
      originalClientOrderId: text8,
      origin: requestOrigin,
      quantity: i64,
      price: nullable(i64),
      stopPrice: nullable(i64),
      askedQuantity: nullable(i64),
      askedPrice: nullable(i64),
      askedStopPrice: nullable(i64),
    },
  },
  ReplaceSubmitted: { number: 15, fields: { orderId: text8, clientOrderId: text8 } },
  OrderReplaced: { number: 16, fields: { orderId: text8, clientOrderId: text8 } },
  ReplaceRejected: { number: 17, fields: { orderId: text8, clientOrderId: text8, reason } },
  RequestUnknown: { number: 18, fields: { orderId: text8, clientOrderId: text8 } },
  TradeCanceled: { number: 19, fields: { orderId: text8, executionId: text8, referenceExecutionId: text8 } },
  TradeCorrected: {
    number: 20,
    fields: {
      orderId: text8,
      executionId: text8,
      referenceExecutionId: text8,
      quantity: i64,
      price: i64,
      fee: bigInteger,
    },
  },
  OrderRestated: { number: 21, fields: { orderId: text8, quantity: i64, reason } },
  ReportQuarantined: {
    number: 22,
    fields: {
      orderId: text8,
      executionId: text8,
      code: oneOf('EXECUTION_CONTENT_DIFFERS', 'UNKNOWN_ORDER', 'UNKNOWN_EXECUTION', 'IMPOSSIBLE_REPORT'),
      report: text16,
    },
  },
  RequestResent: { number: 23, fields: { orderId: text8, clientOrderId: text8 } },
  RequestResolved: {
    number: 24,
    fields: {
      orderId: text8,
      accountId: text8,
      clientOrderId: text8,
      kind: oneOf('NEW', 'CANCEL', 'REPLACE'),
      outcome: oneOf('ACCEPTED', 'REJECTED'),
      reason: text16,
      actor: nullable(text16),
    },
  },
  ReconciliationDifferenceFound: {
    number: 25,
    fields: {
      kind: differenceKind,
      orderId: text8,
      accountId: text8,
      symbol: text8,
      ours: text16,
      venues: text16,
      repaired: bool,
    },
  },
  ReconciliationDifferenceResolved: {
    number: 26,
    fields: { kind: differenceKind, orderId: text8, accountId: text8, symbol: text8 },
  },
  ReconciliationCompleted: { number: 27, fields: { startedAt: time, orders: count } },
};

export const orderEventCodec: Codec<OrderEvent> = eventCodec<OrderEvent>(ORDER_EVENTS);
