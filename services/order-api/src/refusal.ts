/** A refusal as data, and how REST (RFC 9457) and WebSocket tell it. Both transports share the codes. */
import { ERRORS, type ErrorCode, type FieldError, problemTypeOf } from '@oms/api-contract';
import type { OrderView } from '@oms/domain';

export interface Refusal {
  readonly refused: ErrorCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** The stored order that was refused. */
  readonly order: OrderView | null;
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

export const isRefusal = (value: object): value is Refusal => 'refused' in value;

export const statusOf = (refusal: Refusal): number => ERRORS[refusal.refused].status;

/** The problem document of a refusal. */
export function problemOf(refusal: Refusal, requestId: string) {
  const { status, title } = ERRORS[refusal.refused];
  return {
    type: problemTypeOf(refusal.refused),
    title,
    status,
    code: refusal.refused,
    detail: refusal.detail,
    errors: refusal.errors,
    requestId,
    ...(refusal.order === null ? {} : { order: refusal.order }),
  };
}

/** The `error` member of a WebSocket answer. */
export function socketErrorOf(refusal: Refusal) {
  return {
    code: refusal.refused,
    status: statusOf(refusal),
    message: refusal.detail,
    errors: refusal.errors,
    ...(refusal.order === null ? {} : { order: refusal.order }),
    ...(refusal.retryAfterMs === null ? {} : { retryAfterMs: refusal.retryAfterMs }),
  };
}
