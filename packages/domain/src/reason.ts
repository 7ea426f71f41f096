/**
 * Why something was refused: a stable code, who refused, and the numbers that caused it. A refusal is data,
 * never an exception.
 */

export type ReasonSource = 'RISK' | 'VENUE' | 'OMS';

/** The risk engine's codes, in the order its checks run: the first that fails is the reason (domain rule order). */
export const RISK_REASON_CODES = [
  'UNKNOWN_INSTRUMENT',
  'INSTRUMENT_NOT_TRADING',
  'TRADING_HALTED',
  'REDUCING_ONLY',
  'PRICE_INCREMENT',
  'QUANTITY_INCREMENT',
  'QUANTITY_BELOW_MIN',
  'QUANTITY_EXCEEDS_MAX',
  'NOTIONAL_BELOW_MIN',
  'ORDER_QUANTITY_EXCEEDS_LIMIT',
  'ORDER_NOTIONAL_EXCEEDS_LIMIT',
  'PRICE_OUTSIDE_COLLAR',
  'ORDER_RATE_EXCEEDED',
  'OPEN_ORDERS_EXCEED_LIMIT',
  'OPEN_NOTIONAL_EXCEEDS_LIMIT',
  'POSITION_EXCEEDS_LIMIT',
  'INSUFFICIENT_BALANCE',
  'INSUFFICIENT_MARGIN',
  'DAILY_LOSS_EXCEEDED',
  'REPEATED_ORDER',
] as const;
export type RiskReasonCode = (typeof RISK_REASON_CODES)[number];

/** Refusals of the order management itself. */
export const OMS_REASON_CODES = [
  'IDEMPOTENCY_CONFLICT',
  'UNKNOWN_ACCOUNT',
  'UNKNOWN_ORDER',
  'ORDER_NOT_OPEN',
  'TOO_LATE_TO_CANCEL',
  'REPLACE_CHANGES_NOTHING',
  'REPLACE_NOT_ALLOWED',
  'EXPIRE_TIME_IN_PAST',
  'SECOND_PERSON_REQUIRED',
  'UNKNOWN_APPROVAL',
  'APPROVAL_NOT_PENDING',
  'TOO_MANY_APPROVALS',
  'ACCOUNT_EXISTS',
  'INVALID_LIMITS',
  'REQUEST_NOT_UNKNOWN',
] as const;
export type OmsReasonCode = (typeof OMS_REASON_CODES)[number];

/** What the venue answers, and why it ends an order on its own. */
export const VENUE_REASON_CODES = [
  'WOULD_TAKE',
  'NO_LIQUIDITY',
  'FILL_OR_KILL_NOT_FILLED',
  'IMMEDIATE_OR_CANCEL_REMAINDER',
  'PROTECTION_PRICE_REACHED',
  'TOO_LATE_TO_CANCEL',
  'UNKNOWN_ORDER',
  'VENUE_REJECTED',
  'TIME_EXPIRED',
  'KILL_SWITCH',
  'REDUCE_ONLY_SHRINK',
  'VENUE_CANCELED',
  // What the venue's answer to a question, or an operator in its place, says became of an order or request.
  'ORDER_UNKNOWN_AT_VENUE',
  'ORDER_CLOSED_AT_VENUE',
  'REQUEST_NOT_RECEIVED',
  'RESOLVED_BY_OPERATOR',
  // Refusals of an operator's instruction or switch, not of an order.
  'NOT_A_MANUAL_VENUE',
  'NO_PENDING_REQUEST',
  'UNKNOWN_EXECUTION',
  'INSTRUCTION_INCOMPLETE',
  'FAULT_SWITCHES_INVALID',
] as const;
export type VenueReasonCode = (typeof VENUE_REASON_CODES)[number];

/** Why an order, or a request about it, was refused or ended. */
export interface Reason {
  readonly source: ReasonSource;
  /** Stable; one of the lists above, or the venue's own text for VENUE. */
  readonly code: string;
  readonly message: string;
  /** The numbers behind it, as decimal strings or plain text. */
  readonly details: Readonly<Record<string, string>>;
}

export const reason = (
  source: ReasonSource,
  code: string,
  message: string,
  details: Readonly<Record<string, string>> = {},
): Reason => ({ source, code, message, details });
