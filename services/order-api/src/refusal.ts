/** A refusal as data, and how REST (RFC 9457) and WebSocket tell it. Both transports share the codes. */
import { ERRORS, type ErrorCode, type FieldError, problemTypeOf } from '@oms/api-contract';
import type { OrderText } from '@oms/domain';

export interface Refusal {
  readonly refused: ErrorCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** The stored order that was refused. */
  readonly order: OrderText | null;
  readonly retryAfterMs: number | null;
}

const NO_ERRORS: readonly FieldError[] = [];
const RETRY_AFTER_MS = 1000;

/** `detail` defaults to the code's meaning. Codes of 429 and 503 ask for a second's patience unless told otherwise. */
export function refuse(
  code: ErrorCode,
  detail: string = ERRORS[code].meaning,
  { errors = NO_ERRORS, order = null, retryAfterMs = null }: Partial<Omit<Refusal, 'refused' | 'detail'>> = {},
): Refusal {
  const { status } = ERRORS[code];
  const patience = retryAfterMs ?? (status === 429 || status === 503 ? RETRY_AFTER_MS : null);
  return { refused: code, detail, errors, order, retryAfterMs: patience };
}

export const invalid = (errors: readonly FieldError[]): Refusal =>
  refuse('VALIDATION_FAILED', errors.map(({ path, message }) => `${path || 'the request'} ${message}`).join('; '), {
    errors,
  });

/** Nothing was accepted, for too much waits already. */
export const OVERLOADED = refuse('OVERLOADED');

export const isRefusal = (value: object): value is Refusal => 'refused' in value;

export const statusOf = (refusal: Refusal): number => ERRORS[refusal.refused].status;

/** The problem document of a refusal, as JSON. */
export function problemText(refusal: Refusal, requestId: string): string {
  const { status, title } = ERRORS[refusal.refused];
  const problem = JSON.stringify({
    type: problemTypeOf(refusal.refused),
    title,
    status,
    code: refusal.refused,
    detail: refusal.detail,
    errors: refusal.errors,
    requestId,
  });
  return withOrder(problem, refusal.order);
}

/** The `error` member of a WebSocket answer, as JSON. */
export function socketErrorText(refusal: Refusal): string {
  return refusal === OVERLOADED ? OVERLOADED_TEXT : errorTextOf(refusal);
}

function errorTextOf(refusal: Refusal): string {
  const { retryAfterMs } = refusal;
  const error = JSON.stringify({
    code: refusal.refused,
    status: statusOf(refusal),
    message: refusal.detail,
    errors: refusal.errors,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
  return withOrder(error, refusal.order);
}

/** The text of an object with the order as its last member. */
const withOrder = (object: string, order: OrderText | null): string =>
  order === null ? object : `${object.slice(0, -1)},"order":${order.json}}`;

/** Written once: past the knee it is what most orders are told. */
const OVERLOADED_TEXT = errorTextOf(OVERLOADED);
