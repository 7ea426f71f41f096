/**
 * The WebSocket at /v1/ws: its operations with their parameters and results, and the channels it streams. The server
 * binds a handler to every operation, and the AsyncAPI document is written from these tables.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { type Access, cancelers, readers, traders } from './access.ts';
import { BalanceSchema, PositionSchema } from './accountSchemas.ts';
import { BookSchema, MarketTradeSchema, TickerSchema } from './marketSchemas.ts';
import {
  BATCH_ORDERS_MAX,
  CancelMatchingAnswer,
  CancelMatchingQuery,
  CancelOrderParams,
  ExecutionReportSchema,
  OrderSchema,
  PlaceOrderBody,
  ReplaceOrderParams,
} from './orderSchemas.ts';
import { AccountId, Closed, Count, FreeText, Nullable, TimeText } from './primitives.ts';
import { shapeOf } from './shape.ts';
import { FieldErrorSchema, HouseStatusSchema, PongSchema } from './systemSchemas.ts';

/** Close codes of ours (RFC 6455 leaves 4000 to 4999 to applications). */
export const CLOSE_SLOW_READER = 4008;
/** Not signed in in time, a bad token, one that expired or was revoked. */
export const CLOSE_SIGN_IN = 4401;
/** More connections than one subject or address may hold. */
export const CLOSE_TOO_MANY_CONNECTIONS = 4429;

export const PRIVATE_CHANNELS = ['orders', 'executions', 'positions', 'balances'] as const;
export type PrivateChannel = (typeof PRIVATE_CHANNELS)[number];
export const MARKET_CHANNELS = ['book', 'trades', 'ticker'] as const;
export type MarketChannel = (typeof MARKET_CHANNELS)[number];

export const SubscribeParams = Closed(
  'SubscribeParams',
  {
    channels: Type.Array(FreeText(64, 'A channel, such as "orders" or "book:BTC-USD".'), {
      minItems: 1,
      maxItems: 100,
    }),
    accountId: Type.Optional(AccountId),
    fromSequence: Type.Optional(
      Count('First sequence wanted on the private channels: the last one seen, plus one. Left out: from now on.'),
    ),
  },
  'Private channels (orders, executions, positions, balances) need an accountId.',
);
export const UnsubscribeParams = Closed('UnsubscribeParams', {
  channels: Type.Array(FreeText(64, 'A channel.'), { minItems: 1, maxItems: 100 }),
  accountId: Type.Optional(AccountId),
});
export const CancelOnDisconnectParams = Closed('CancelOnDisconnectParams', {
  enabled: Type.Boolean(),
  accountId: AccountId,
});
export const AuthParams = Closed('AuthParams', { token: Type.String({ minLength: 1, maxLength: 16_384 }) });
const NoParams = Closed('NoParams', {});

const SubscribeResult = Closed('SubscribeResult', {
  channels: Type.Array(
    Closed('ChannelPosition', {
      channel: Type.String(),
      sequence: Count('Newest sequence of the channel; pushes go on after it.'),
    }),
  ),
});

export const SocketErrorSchema = Type.Object(
  {
    code: Type.String({ description: 'Stable; see the error reference.' }),
    status: Type.Integer({ description: 'The HTTP status the same error has over REST.' }),
    message: Type.String(),
    errors: Type.Array(FieldErrorSchema),
    order: Type.Optional(OrderSchema),
    retryAfterMs: Type.Optional(Count('When the same request may be sent again.')),
  },
  { title: 'SocketError', additionalProperties: false },
);

const PlaceResults = Type.Array(
  Type.Union([
    Closed('SocketBatchOrder', { order: OrderSchema }),
    Closed('SocketBatchError', { error: SocketErrorSchema }),
  ]),
);

export interface SocketOperation {
  readonly summary: string;
  readonly access: Access;
  readonly params: TSchema;
  readonly result: TSchema;
}

export const SOCKET_OPERATIONS = {
  'order.place': {
    summary: 'Place an order, or up to 1000 at once: an array is answered with an array, in the same order.',
    access: traders('body'),
    params: Type.Union([PlaceOrderBody, Type.Array(PlaceOrderBody, { minItems: 1, maxItems: BATCH_ORDERS_MAX })]),
    result: Type.Union([OrderSchema, PlaceResults]),
  },
  'order.replace': {
    summary: 'Replace quantity or prices.',
    access: traders('order'),
    params: ReplaceOrderParams,
    result: OrderSchema,
  },
  'order.cancel': {
    summary: 'Cancel an order.',
    access: cancelers('order'),
    params: CancelOrderParams,
    result: OrderSchema,
  },
  'order.cancelAll': {
    summary: 'Cancel all open orders that match.',
    access: cancelers('listed'),
    params: CancelMatchingQuery,
    result: CancelMatchingAnswer,
  },
  subscribe: {
    summary: 'Start streaming channels.',
    access: readers('listed'),
    params: SubscribeParams,
    result: SubscribeResult,
  },
  unsubscribe: {
    summary: 'Stop streaming channels.',
    access: readers('none'),
    params: UnsubscribeParams,
    result: Closed('Unsubscribed', {
      channels: Type.Array(Type.String()),
    }),
  },
  ping: { summary: 'Ask for the time.', access: readers('none'), params: NoParams, result: PongSchema },
  'session.cancelOnDisconnect': {
    summary: "Cancel the account's open orders when this connection is lost; a clean close cancels nothing.",
    access: cancelers('body'),
    params: CancelOnDisconnectParams,
    result: CancelOnDisconnectParams,
  },
  auth: {
    summary: 'Sign in, when the upgrade request carried no token; again with a newer token before the old one expires.',
    access: 'anybody',
    params: AuthParams,
    result: Closed('Authenticated', {
      actor: Nullable(Type.String({ description: 'Who acts; null when the server runs without sign-in.' })),
      expiresAt: Nullable(TimeText),
    }),
  },
} as const satisfies Record<string, SocketOperation>;
export type SocketOperationName = keyof typeof SOCKET_OPERATIONS;

/** What each channel pushes in `data`. */
export const CHANNEL_DATA = {
  orders: OrderSchema,
  executions: ExecutionReportSchema,
  positions: PositionSchema,
  balances: BalanceSchema,
  book: BookSchema,
  trades: MarketTradeSchema,
  ticker: TickerSchema,
  system: Closed('SystemStatus', { ...HouseStatusSchema.properties, time: TimeText }),
} as const satisfies Record<PrivateChannel | MarketChannel | 'system', TSchema>;

/** Who may subscribe to each channel; the private ones name their account. */
export const CHANNEL_ACCESS = {
  orders: readers('body'),
  executions: readers('body'),
  positions: readers('body'),
  balances: readers('body'),
  book: readers('none'),
  trades: readers('none'),
  ticker: readers('none'),
  system: readers('none'),
} as const satisfies Record<keyof typeof CHANNEL_DATA, Access>;

export type SubscribeRequest = Static<typeof SubscribeParams>;
export type UnsubscribeRequest = Static<typeof UnsubscribeParams>;
export type CancelOnDisconnectRequest = Static<typeof CancelOnDisconnectParams>;

/** Compiled checks of everything a socket may send besides orders. */
export const socketShapes = {
  subscribe: shapeOf(SubscribeParams),
  unsubscribe: shapeOf(UnsubscribeParams),
  cancelAll: shapeOf(CancelMatchingQuery),
  cancelOnDisconnect: shapeOf(CancelOnDisconnectParams),
  auth: shapeOf(AuthParams),
} as const;
