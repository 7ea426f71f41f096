/**
 * Every error code a caller can meet, in one table: its HTTP status, what it means and whether trying again helps.
 * docs/reference/errors.md, the OpenAPI document and every answer come from it. Codes are stable: never renamed.
 */

import type { OmsReasonCode, RiskReasonCode, VenueReasonCode } from '@oms/domain';

/**
 * NO: the request itself must change. SAME: send the very same request again later. NEW_ID: later, with a new
 * clientOrderId, for the refusal is stored under the old one.
 */
export type Retry = 'NO' | 'SAME' | 'NEW_ID';

export interface ErrorDefinition {
  readonly status: number;
  readonly title: string;
  readonly meaning: string;
  readonly retry: Retry;
}

const define = (status: number, retry: Retry, title: string, meaning: string): ErrorDefinition => ({
  status,
  title,
  meaning,
  retry,
});

/** A refusal of an order: 422, the stored order in member `order`. */
const refusal = (title: string, meaning: string, retry: Retry = 'NEW_ID') => define(422, retry, title, meaning);

export const ERRORS = {
  // ---- the request itself -----------------------------------------------------------------------------------------
  MALFORMED_REQUEST: define(400, 'NO', 'Malformed request', 'The HTTP request or WebSocket frame cannot be read.'),
  MALFORMED_JSON: define(
    400,
    'NO',
    'Malformed JSON',
    'The body is no JSON in UTF-8, repeats a member name, or nests deeper than 32 levels.',
  ),
  VALIDATION_FAILED: define(
    400,
    'NO',
    'Validation failed',
    'Members are missing, unknown or wrong; `errors` names each.',
  ),
  UNKNOWN_OPERATION: define(400, 'NO', 'Unknown operation', 'There is no WebSocket operation of this name.'),
  UNKNOWN_CHANNEL: define(400, 'NO', 'Unknown channel', 'There is no channel of this name.'),
  UNAUTHENTICATED: define(401, 'NO', 'Not signed in', 'The bearer token is missing, invalid or expired.'),
  FORBIDDEN: define(403, 'NO', 'Forbidden', 'The caller may not do this, or not for this account.'),
  ORIGIN_NOT_ALLOWED: define(
    403,
    'NO',
    'Origin not allowed',
    'A web page of another origin may not open a WebSocket here.',
  ),
  SECOND_PERSON_REQUIRED: define(
    403,
    'NO',
    'Second person required',
    'A change that allows more takes two: another person than the one who asked has to approve it.',
  ),
  NOT_FOUND: define(404, 'NO', 'Not found', 'There is no such path.'),
  UNKNOWN_ACCOUNT: define(404, 'NO', 'Unknown account', 'There is no such account.'),
  UNKNOWN_ORDER: define(404, 'NO', 'Unknown order', 'There is no such order.'),
  UNKNOWN_APPROVAL: define(404, 'NO', 'Unknown approval', 'There is no such approval, or it is long decided.'),
  UNKNOWN_SYMBOL: define(404, 'NO', 'Unknown symbol', 'There is no instrument of this symbol.'),
  NOT_A_MANUAL_VENUE: define(
    404,
    'NO',
    'Not a manual venue',
    'The venue decides by itself; start with `--venue manual`.',
  ),
  METHOD_NOT_ALLOWED: define(
    405,
    'NO',
    'Method not allowed',
    'The path exists, but not with this method; see `Allow`.',
  ),
  REQUEST_TIMEOUT: define(408, 'SAME', 'Request timeout', 'The request did not arrive in time.'),
  IDEMPOTENCY_CONFLICT: define(
    409,
    'NO',
    'Idempotency conflict',
    'The clientOrderId was used before, with other content. Nothing was changed.',
  ),
  ORDER_NOT_OPEN: define(409, 'NO', 'Order not open', 'The order is closed; it can be neither replaced nor canceled.'),
  TOO_LATE_TO_CANCEL: define(409, 'NO', 'Too late to cancel', 'The order was done before the cancel reached it.'),
  APPROVAL_NOT_PENDING: define(
    409,
    'NO',
    'Approval not pending',
    'It was decided, has expired, or what it was about has changed meanwhile.',
  ),
  TOO_MANY_APPROVALS: define(
    409,
    'SAME',
    'Too many approvals',
    'As many changes as may wait for approval do so already.',
  ),
  ACCOUNT_EXISTS: define(409, 'NO', 'Account exists', 'There is an account of this id already.'),
  BODY_TOO_LARGE: define(413, 'NO', 'Body too large', 'The body is larger than 1 MiB.'),
  UNSUPPORTED_MEDIA_TYPE: define(415, 'NO', 'Unsupported media type', 'Bodies are application/json.'),
  UPGRADE_REQUIRED: define(426, 'NO', 'Upgrade required', 'This path speaks WebSocket only.'),
  RATE_LIMITED: define(
    429,
    'SAME',
    'Too many requests',
    'The rate limit is spent; nothing was accepted. See `Retry-After`.',
  ),
  HEADERS_TOO_LARGE: define(431, 'NO', 'Headers too large', 'The request headers are larger than 16 KiB.'),

  // ---- us ---------------------------------------------------------------------------------------------------------
  INTERNAL: define(500, 'SAME', 'Internal error', 'A fault of ours; it was logged under the request id.'),
  MESSAGE_QUARANTINED: define(
    500,
    'NO',
    'Message put aside',
    'The message could not be processed, a fault of ours; it was kept with its journal position for examination.',
  ),
  OVERLOADED: define(503, 'SAME', 'Overloaded', 'The queue is full; nothing was accepted. See `Retry-After`.'),
  NOT_READY: define(503, 'SAME', 'Not ready', 'The service is starting or stopping; nothing was accepted.'),
  READ_MODEL_UNAVAILABLE: define(503, 'SAME', 'Read model unavailable', 'Lists cannot be read at the moment.'),
  MARKET_DATA_NOT_READY: define(503, 'SAME', 'No market data yet', 'Nothing was seen of this instrument yet.'),
  OUTCOME_UNKNOWN: define(
    504,
    'SAME',
    'Outcome unknown',
    'No decision became durable within the wait. The same request again, with the same clientOrderId, tells the outcome and never acts twice.',
  ),

  // ---- streams ----------------------------------------------------------------------------------------------------
  SNAPSHOT_REQUIRED: define(
    409,
    'NO',
    'Snapshot required',
    'The position asked for is not kept, or never was; a snapshot follows on the channel.',
  ),
  TOO_MANY_SUBSCRIPTIONS: define(
    422,
    'NO',
    'Too many subscriptions',
    'A connection, or all connections of a subject together, hold too many.',
  ),

  // ---- risk checks, in the order they run -------------------------------------------------------------------------
  UNKNOWN_INSTRUMENT: refusal('Unknown instrument', 'There is no instrument of this symbol.'),
  INSTRUMENT_NOT_TRADING: refusal('Instrument not trading', 'The instrument takes no orders at the moment.'),
  TRADING_HALTED: refusal('Trading halted', 'The firm, the account or the instrument is HALTED: cancels only.'),
  REDUCING_ONLY: refusal('Reducing only', 'The order would not shrink a position, and only that is allowed.'),
  PRICE_INCREMENT: refusal('Price increment', "The price is no multiple of the instrument's priceIncrement."),
  QUANTITY_INCREMENT: refusal(
    'Quantity increment',
    "The quantity is no multiple of the instrument's quantityIncrement.",
  ),
  QUANTITY_BELOW_MIN: refusal('Quantity below minimum', "The quantity is below the instrument's minQuantity."),
  QUANTITY_EXCEEDS_MAX: refusal('Quantity exceeds maximum', "The quantity is above the instrument's maxQuantity."),
  NOTIONAL_BELOW_MIN: refusal('Notional below minimum', "Price times quantity is below the instrument's minNotional."),
  ORDER_QUANTITY_EXCEEDS_LIMIT: refusal('Order quantity exceeds limit', 'The quantity is above orderQuantityMax.'),
  ORDER_NOTIONAL_EXCEEDS_LIMIT: refusal(
    'Order notional exceeds limit',
    'Price times quantity is above orderNotionalMax.',
  ),
  PRICE_OUTSIDE_COLLAR: refusal(
    'Price outside collar',
    'The price is too far from the reference price, or there is no fresh reference price.',
  ),
  ORDER_RATE_EXCEEDED: refusal('Order rate exceeded', 'More orders or replaces per second than the limit allows.'),
  OPEN_ORDERS_EXCEED_LIMIT: refusal('Open orders exceed limit', 'openOrdersMax is reached.'),
  OPEN_NOTIONAL_EXCEEDS_LIMIT: refusal('Open notional exceeds limit', 'openNotionalMax would be exceeded.'),
  POSITION_EXCEEDS_LIMIT: refusal(
    'Position exceeds limit',
    'positionQuantityMax would be exceeded if all open orders filled.',
  ),
  INSUFFICIENT_BALANCE: refusal('Insufficient balance', 'The available balance does not cover the order and its fee.'),
  INSUFFICIENT_MARGIN: refusal('Insufficient margin', 'The available balance does not cover the initial margin.'),
  DAILY_LOSS_EXCEEDED: refusal('Daily loss exceeded', 'The realized loss of the UTC day has reached dailyLossMax.'),
  REPEATED_ORDER: refusal('Repeated order', 'The very same order was sent too often in a short time.'),

  // ---- order management -------------------------------------------------------------------------------------------
  REPLACE_CHANGES_NOTHING: refusal('Replace changes nothing', 'The order has these terms already.', 'NO'),
  REPLACE_NOT_ALLOWED: refusal(
    'Replace not allowed',
    'An order of this kind or in this state cannot be changed so.',
    'NO',
  ),
  INVALID_LIMITS: refusal('Invalid limits', 'The limits contradict themselves or are out of range.', 'NO'),
  EXPIRE_TIME_IN_PAST: refusal('Expire time in the past', 'expireTime has gone by.'),

  REQUEST_NOT_UNKNOWN: define(
    409,
    'NO',
    'Request not unknown',
    'There is no such request of the order, or its outcome is not UNKNOWN: nothing is left to resolve.',
  ),

  // ---- instructions to the simulated venue --------------------------------------------------------------------------
  NO_PENDING_REQUEST: refusal('No pending request', 'The venue holds no request of this order to answer.', 'NO'),
  UNKNOWN_EXECUTION: refusal('Unknown execution', 'The order has no trade of this executionId.', 'NO'),
  INSTRUCTION_INCOMPLETE: refusal('Instruction incomplete', 'The instruction lacks what its action needs.', 'NO'),
  FAULT_SWITCHES_INVALID: refusal('Fault switches invalid', 'A fault switch is out of range.', 'NO'),

  // ---- the venue --------------------------------------------------------------------------------------------------
  WOULD_TAKE: refusal('Would take', 'A postOnly order would have traded at once.'),
  NO_LIQUIDITY: refusal('No liquidity', 'The book had nothing to trade with.'),
  FILL_OR_KILL_NOT_FILLED: refusal('Fill or kill not filled', 'The whole quantity was not to be had at once.'),
  IMMEDIATE_OR_CANCEL_REMAINDER: refusal('Immediate or cancel', 'What did not trade at once was canceled.'),
  PROTECTION_PRICE_REACHED: refusal(
    'Protection price reached',
    'The rest would have traded at a worse price than the protection allows.',
  ),
  TIME_EXPIRED: refusal('Time expired', 'The time in force has ended.'),
  KILL_SWITCH: refusal('Kill switch', 'Trading was halted and everything open canceled.'),
  CANCEL_ON_DISCONNECT: refusal('Cancel on disconnect', 'The connection that asked for it was lost.'),
  REDUCE_ONLY_SHRINK: refusal('Reduce only', 'The position this order was to reduce has shrunk or gone.'),
  ORDER_UNKNOWN_AT_VENUE: refusal('Unknown at the venue', 'The venue was asked and has no such order.'),
  ORDER_CLOSED_AT_VENUE: refusal('Closed at the venue', 'The venue was asked and works the order no more.'),
  REQUEST_NOT_RECEIVED: refusal('Request not received', 'The venue was asked and never got the request.'),
  RESOLVED_BY_OPERATOR: refusal('Resolved by an operator', 'An operator said so in place of the venue.'),
  VENUE_CANCELED: refusal('Canceled by the venue', 'The venue ended the order on its own.'),
  VENUE_REJECTED: refusal('Rejected by the venue', 'The venue refused; `order.reason` has its own words.'),
} as const satisfies Record<string, ErrorDefinition> &
  Record<RiskReasonCode | OmsReasonCode | VenueReasonCode, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

/** Whether a text, such as a venue's own reason code, is one of ours. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** Names a code's row in the error reference. */
export const errorAnchorOf = (code: string): string => code.toLowerCase().replaceAll('_', '-');

/** Where the code is explained; the `type` of a problem. Relative, so that it holds wherever we are served. */
export const problemTypeOf = (code: ErrorCode): string => `/docs/errors#${errorAnchorOf(code)}`;
