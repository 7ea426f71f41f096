/**
 * The bytes of every journal event, written down a second time from docs/reference/event-layouts.md, so that a mistake
 * in the codecs' own tables shows. One line is one event (with its number) or one struct: the fields in their order.
 * A field without a type is a text8; `?` is nullable, `*` an array, `A|B` a word.
 */
import type { RuntimeEvent } from '@oms/codec';
import type { OrderEvent, RiskEvent, VenueEvent } from '@oms/domain';

export type JournalEvent = OrderEvent | RiskEvent | VenueEvent | RuntimeEvent;

export const STRUCT_FORMATS = `
OrderTerms       symbol side:BUY|SELL type:MARKET|LIMIT|STOP|STOP_LIMIT timeInForce:GTC|IOC|FOK|GTD|DAY quantity:?i64 quoteQuantity:?i64 price:?i64 stopPrice:?i64 triggerSource:LAST|BID_ASK|MARK expireTime:?count postOnly:flag reduceOnly:flag tags:*text16
Reason           source:RISK|VENUE|OMS code message:text16 details:pairs
Instrument       symbol base quote kind:SPOT|PERPETUAL priceIncrement:i64 quantityIncrement:i64 minQuantity:i64 maxQuantity:i64 minNotional:i64 makerFeeRate:i64 takerFeeRate:i64 initialMarginRate:i64 status:TRADING|CANCEL_ONLY|HALTED
RiskLimits       orderQuantityMax:?i64 orderNotionalMax:?i64 priceCollarRate:?i64 submitsPerSecondMax:?count replacesPerSecondMax:?count openOrdersMax:?count openNotionalMax:?i64 positionQuantityMax:?i64 dailyLossMax:?i64 repeatedOrdersMax:?count repeatedOrderWindowMs:?count
ReopenedHold     quantity:?big quoteQuantity:?i64 price:?i64 stopPrice:?i64 protectionPrice:?big holdPrice:big reduceOnly:flag filledQuantity:big filledQuote:big
VenueOrderTerms  orderId accountId symbol side:BUY|SELL type:MARKET|LIMIT timeInForce:GTC|IOC|FOK|GTD|DAY quantity:?i64 quoteQuantity:?i64 price:?big postOnly:flag
`;

export const EVENT_FORMATS = `
1   AccountRegistered      accountId
2   OrderPlaced            orderId accountId clientOrderId terms:OrderTerms
3   OrderDenied            orderId reason:Reason
4   OrderHeld              orderId protectionPrice:?big
5   OrderSubmitted         orderId protectionPrice:?big
6   OrderTriggered         orderId triggerPrice:i64
7   OrderAccepted          orderId venueOrderId
8   OrderRejected          orderId reason:Reason
9   OrderFilled            orderId executionId quantity:i64 price:i64 fee:big feeCurrency liquidity:MAKER|TAKER completesQuote:flag
10  OrderCanceled          orderId requestId:?text8 reason:?Reason
11  OrderExpired           orderId requestId:?text8 reason:Reason
12  CancelRequested        orderId clientOrderId originalClientOrderId origin:CLIENT|EXPIRY|KILL_SWITCH|REDUCE_ONLY|DISCONNECT
13  CancelRejected         orderId clientOrderId reason:Reason
14  ReplaceRequested       orderId clientOrderId originalClientOrderId origin:CLIENT|EXPIRY|KILL_SWITCH|REDUCE_ONLY|DISCONNECT quantity:i64 price:?i64 stopPrice:?i64 askedQuantity:?i64 askedPrice:?i64 askedStopPrice:?i64
15  ReplaceSubmitted       orderId clientOrderId
16  OrderReplaced          orderId clientOrderId
17  ReplaceRejected        orderId clientOrderId reason:Reason
18  RequestUnknown         orderId clientOrderId
19  TradeCanceled          orderId executionId referenceExecutionId
20  TradeCorrected         orderId executionId referenceExecutionId quantity:i64 price:i64 fee:big
21  OrderRestated          orderId quantity:i64 reason:Reason
22  ReportQuarantined      orderId executionId code:EXECUTION_CONTENT_DIFFERS|UNKNOWN_ORDER|UNKNOWN_EXECUTION|IMPOSSIBLE_REPORT report:text16
23  RequestResent          orderId clientOrderId
24  RequestResolved        orderId accountId clientOrderId kind:NEW|CANCEL|REPLACE outcome:ACCEPTED|REJECTED reason:text16 actor:?text16
25  ReconciliationDifferenceFound kind:EXECUTIONS_MISSING|FILLED_QUANTITY_DIFFERS|FILLED_MORE_THAN_VENUE|REPORT_MISSING|ORDER_UNKNOWN_AT_VENUE|ORDER_OPEN_AT_VENUE|ORDER_UNKNOWN_HERE|REQUEST_NOT_RECEIVED|POSITION_DIFFERS orderId accountId symbol ours:text16 venues:text16 repaired:flag
26  ReconciliationDifferenceResolved kind:EXECUTIONS_MISSING|FILLED_QUANTITY_DIFFERS|FILLED_MORE_THAN_VENUE|REPORT_MISSING|ORDER_UNKNOWN_AT_VENUE|ORDER_OPEN_AT_VENUE|ORDER_UNKNOWN_HERE|REQUEST_NOT_RECEIVED|POSITION_DIFFERS orderId accountId symbol
27  ReconciliationCompleted startedAt:count orders:count
64  InstrumentListed       instrument:Instrument
65  AccountOpened          accountId name:text16 kind deskId
66  FundsDeposited         accountId currency amount:i64
67  LimitsChanged          scope:FIRM|DESK|ACCOUNT|DEFAULT id limits:RiskLimits actor:?text16
68  TradingStateChanged    scope:FIRM|ACCOUNT|INSTRUMENT id:?text8 state:ACTIVE|REDUCING|HALTED reason:text16 actor:?text16
69  HoldPlaced             accountId orderId symbol side:BUY|SELL quantity:big quoteQuantity:?i64 price:?i64 stopPrice:?i64 protectionPrice:?big holdPrice:big reduceOnly:flag
70  HoldRaised             accountId orderId requestId quantity:big price:?i64 stopPrice:?i64 holdPrice:big
71  HoldRetermed           accountId orderId requestId accepted:flag
72  HoldShrunk             accountId orderId quantity:i64
73  FillSettled            accountId orderId executionId symbol side:BUY|SELL quantity:i64 price:i64 fee:big feeCurrency
74  FillReversed           accountId orderId executionId symbol side:BUY|SELL quantity:i64 price:i64 fee:big feeCurrency reopened:?ReopenedHold
75  HoldReleased           accountId orderId
76  LimitsChangeProposed   approvalId scope:FIRM|DESK|ACCOUNT|DEFAULT id before:RiskLimits after:RiskLimits actor:text16 expiresAt:count
77  TradingStateChangeProposed approvalId scope:FIRM|ACCOUNT|INSTRUMENT id:?text8 before:ACTIVE|REDUCING|HALTED after:ACTIVE|REDUCING|HALTED reason:text16 actor:text16 expiresAt:count
78  ApprovalDecided        approvalId status:APPROVED|REJECTED|EXPIRED|SUPERSEDED actor:?text16 reason:?text16
79  AuditNoted             action actor:?text16 address:?text8 accountId:?text8 details:text16
128 VenueOrderReceived     terms:VenueOrderTerms venueOrderId queueAhead:big
129 VenueOrderAcknowledged orderId venueOrderId queueAhead:big
130 VenueOrderTraded       orderId executionId quantity:i64 price:i64 fee:big feeCurrency liquidity:MAKER|TAKER bookSequence:count
131 VenueQueueAdvanced     orderId queueAhead:big
132 VenueOrderAmended      orderId requestId quantity:i64 price:?big queueAhead:big
133 VenueRequestHeld       orderId kind:CANCEL|REPLACE requestId quantity:?i64 price:?big
134 VenueRequestRefused    orderId requestId
135 VenueOrderClosed       orderId
136 VenueTradeAmended      orderId executionId referenceExecutionId quantity:i64 price:i64 fee:big
137 VenueReportScheduled   key:count dueAt:count report:text16
138 VenueReportReleased    key:count
139 VenueFaultsChanged     faults:text16 actor:?text16
140 VenueReportIssued      orderId report:text16
141 VenueOrderLost         orderId
192 MessageQuarantined     service partition:u16 messageType errorName errorMessage:text16 message:text16
193 EpochStarted           epoch:count nodeVersion build
`;

/** Which service may write which event numbers: a record of another is foreign. */
export const EVENT_RANGES: readonly (readonly [from: number, to: number])[] = [
  [192, 255],
  [1, 63],
  [64, 127],
  [128, 191],
];
