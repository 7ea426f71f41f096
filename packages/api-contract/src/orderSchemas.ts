/** Orders and execution reports as the wire shows them, and the bodies that ask for changes of orders. */
import {
  EXEC_TYPES,
  type Liquidity,
  ORDER_STATUSES,
  type OrderType,
  type ReasonSource,
  type Side,
  type TimeInForce,
  type TriggerSource,
} from '@oms/domain';
import { Type } from 'typebox';
import {
  AccountId,
  ClientOrderId,
  Closed,
  Count,
  Cursor,
  DecimalText,
  ExecutionId,
  FreeText,
  Nullable,
  OrderId,
  PageOf,
  PositiveDecimalText,
  SymbolText,
  TimeText,
} from './primitives.ts';

export const SIDES = ['BUY', 'SELL'] as const satisfies readonly Side[];
export const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'] as const satisfies readonly OrderType[];
export const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK', 'GTD', 'DAY'] as const satisfies readonly TimeInForce[];
export const TRIGGER_SOURCES = ['LAST', 'BID_ASK', 'MARK'] as const satisfies readonly TriggerSource[];
const LIQUIDITIES = ['MAKER', 'TAKER'] as const satisfies readonly Liquidity[];
const REASON_SOURCES = ['RISK', 'VENUE', 'OMS'] as const satisfies readonly ReasonSource[];

/** Most orders one batch may hold. */
export const BATCH_ORDERS_MAX = 1000;

export const SideSchema = Type.Enum(SIDES);

export const ReasonSchema = Closed(
  'Reason',
  {
    source: Type.Enum(REASON_SOURCES),
    code: Type.String({ description: 'Stable; see the error reference.' }),
    message: Type.String(),
    details: Type.Record(Type.String(), Type.String(), { description: 'The numbers behind it.' }),
  },
  'Why something was refused or ended.',
);

const PendingRequestSchema = Closed('PendingRequest', {
  kind: Type.Enum(['CANCEL', 'REPLACE']),
  clientOrderId: Type.String(),
  originalClientOrderId: Type.String(),
  sentAt: TimeText,
  outcome: Type.Enum(['pending', 'unknown']),
});

const FeeSchema = Closed('Fee', { currency: Type.String(), amount: DecimalText });

export const OrderSchema = Closed('Order', {
  orderId: OrderId,
  clientOrderId: ClientOrderId,
  accountId: AccountId,
  symbol: SymbolText,
  side: SideSchema,
  type: Type.Enum(ORDER_TYPES),
  timeInForce: Type.Enum(TIMES_IN_FORCE),
  quantity: Nullable(DecimalText),
  quoteQuantity: Nullable(DecimalText),
  price: Nullable(DecimalText),
  stopPrice: Nullable(DecimalText),
  triggerSource: Nullable(Type.Enum(TRIGGER_SOURCES)),
  expireTime: Nullable(TimeText),
  postOnly: Type.Boolean(),
  reduceOnly: Type.Boolean(),
  tags: Type.Array(Type.String()),
  status: Type.Enum(ORDER_STATUSES),
  filledQuantity: DecimalText,
  leavesQuantity: DecimalText,
  averagePrice: Nullable(DecimalText),
  fees: Type.Array(FeeSchema),
  reason: Nullable(ReasonSchema),
  pendingRequests: Type.Array(PendingRequestSchema),
  venueOrderId: Nullable(Type.String()),
  overfilled: Type.Boolean(),
  createdAt: TimeText,
  updatedAt: TimeText,
  version: Count('Counts the changes of this order, from 1.'),
});

export const ExecutionReportSchema = Closed('ExecutionReport', {
  executionId: ExecutionId,
  execType: Type.Enum(EXEC_TYPES),
  status: Type.Enum(ORDER_STATUSES),
  orderId: OrderId,
  accountId: AccountId,
  symbol: SymbolText,
  side: SideSchema,
  clientOrderId: Type.String(),
  originalClientOrderId: Nullable(Type.String()),
  referenceExecutionId: Nullable(Type.String()),
  quantity: Nullable(DecimalText),
  price: Nullable(DecimalText),
  stopPrice: Nullable(DecimalText),
  filledQuantity: DecimalText,
  leavesQuantity: DecimalText,
  lastQuantity: Nullable(DecimalText),
  lastPrice: Nullable(DecimalText),
  averagePrice: Nullable(DecimalText),
  fee: Nullable(DecimalText),
  feeCurrency: Nullable(Type.String()),
  liquidity: Nullable(Type.Enum(LIQUIDITIES)),
  reason: Nullable(ReasonSchema),
  sequence: Count('Gap-free per account.'),
  time: TimeText,
});

export const PlaceOrderBody = Closed(
  'PlaceOrder',
  {
    clientOrderId: ClientOrderId,
    accountId: AccountId,
    symbol: SymbolText,
    side: SideSchema,
    type: Type.Enum(ORDER_TYPES),
    quantity: Type.Optional(PositiveDecimalText),
    quoteQuantity: Type.Optional(PositiveDecimalText),
    price: Type.Optional(PositiveDecimalText),
    stopPrice: Type.Optional(PositiveDecimalText),
    triggerSource: Type.Optional(Type.Enum(TRIGGER_SOURCES)),
    timeInForce: Type.Optional(Type.Enum(TIMES_IN_FORCE)),
    expireTime: Type.Optional(TimeText),
    postOnly: Type.Optional(Type.Boolean()),
    reduceOnly: Type.Optional(Type.Boolean()),
    tags: Type.Optional(Type.Array(FreeText(64, 'A label.'), { maxItems: 10 })),
  },
  `An order to place.

| type | needs | must not have | timeInForce (first is the default) |
| --- | --- | --- | --- |
| MARKET | quantity, or quoteQuantity (BUY only) | price, stopPrice | IOC, FOK, GTC; all mean at once |
| LIMIT | quantity, price | stopPrice | GTC, IOC, FOK, GTD, DAY |
| STOP | quantity, stopPrice | price | GTC, IOC, FOK, GTD, DAY; IOC and FOK hold from the trigger on |
| STOP_LIMIT | quantity, price, stopPrice | | as STOP |

GTD needs expireTime and nothing else may have it. postOnly goes with LIMIT and STOP_LIMIT at GTC, GTD or DAY.
triggerSource (default LAST) goes with the stops.`,
);

const BATCH_BOUNDS = { minItems: 1, maxItems: BATCH_ORDERS_MAX };

export const PlaceBatchBody = Closed('PlaceBatch', { orders: Type.Array(PlaceOrderBody, BATCH_BOUNDS) });

/** What is checked of a batch as a whole; its orders are judged one by one. */
export const PlaceBatchEnvelope = Closed('PlaceBatchEnvelope', { orders: Type.Array(Type.Unknown(), BATCH_BOUNDS) });

const REPLACEMENT = {
  clientOrderId: ClientOrderId,
  quantity: Type.Optional(PositiveDecimalText),
  price: Type.Optional(PositiveDecimalText),
  stopPrice: Type.Optional(PositiveDecimalText),
};

export const ReplaceOrderBody = Closed(
  'ReplaceOrder',
  REPLACEMENT,
  'clientOrderId names this request. quantity is the new total, not the remainder. What is left out stays.',
);

/** The same over WebSocket, where there is no path to carry the order's id. */
export const ReplaceOrderParams = Closed('ReplaceOrderParams', { orderId: OrderId, ...REPLACEMENT });

export const CancelOrderParams = Closed('CancelOrderParams', {
  orderId: OrderId,
  clientOrderId: Type.Optional(ClientOrderId),
});

export const CancelMatchingQuery = Closed('CancelMatching', {
  accountId: Type.Optional(AccountId),
  symbol: Type.Optional(SymbolText),
  side: Type.Optional(SideSchema),
});

export const CancelMatchingAnswer = Closed(
  'CancelMatchingAnswer',
  { count: Count('How many orders were asked to cancel.') },
  'Accepted is not yet canceled: each order ends through its own life cycle.',
);

export const OrderStatusFilter = Type.Enum(['open', 'closed', ...ORDER_STATUSES]);

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100.' })),
  cursor: Type.Optional(Cursor),
};

export const OrdersQuerySchema = Closed('OrdersQuery', {
  accountId: Type.Optional(AccountId),
  symbol: Type.Optional(SymbolText),
  status: Type.Optional(OrderStatusFilter),
  ...PageQuery,
});

export const ExecutionsQuerySchema = Closed('ExecutionsQuery', {
  accountId: Type.Optional(AccountId),
  symbol: Type.Optional(SymbolText),
  orderId: Type.Optional(OrderId),
  ...PageQuery,
});

export const OrderPage = PageOf('OrderPage', OrderSchema);
export const ExecutionReportPage = PageOf('ExecutionReportPage', ExecutionReportSchema);
