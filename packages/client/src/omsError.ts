/**
 * The one error the SDK throws for answers other than success, and for no answer at all. Codes are the server's
 * stable ones, plus NO_ANSWER (connection failed or timed out), MALFORMED_ANSWER and STREAM_CLOSED of our own.
 */
import type { OrderView } from '@oms/domain';

export interface FieldError {
  /** Which member of the request, as a path: "price" or "orders/3/price". */
  readonly path: string;
  readonly message: string;
}

export interface OmsErrorDetails {
  /** HTTP status; 0 when there was no answer, or over WebSocket. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterMs?: number | null;
  readonly requestId?: string | null;
  readonly order?: OrderView | null;
  readonly cause?: unknown;
}

/** Timeouts, limits, and faults on the way or of the server: the outcome is unknown or nothing was done. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export class OmsError extends Error {
  readonly status: number;
  /** Stable, for programs to decide by. */
  readonly code: string;
  readonly detail: string;
  /** What is wrong with which member, for 400. */
  readonly errors: readonly FieldError[];
  /** When to try again; null when the server did not say. */
  readonly retryAfterMs: number | null;
  /** To quote when reporting a fault. */
  readonly requestId: string | null;
  /** The order it is about, when the answer carried it. */
  readonly order: OrderView | null;

  constructor(details: OmsErrorDetails) {
    super(`${details.code}: ${details.detail}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'OmsError';
    this.status = details.status;
    this.code = details.code;
    this.detail = details.detail;
    this.errors = details.errors ?? [];
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.requestId = details.requestId ?? null;
    this.order = details.order ?? null;
  }

  /** Nothing was accepted, or nothing is known: sending an idempotent request again may help. */
  get retryable(): boolean {
    return this.code === 'NO_ANSWER' || RETRYABLE_STATUSES.has(this.status);
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function fieldErrorsOf(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .map((entry) => ({ path: String(entry.path ?? ''), message: String(entry.message ?? '') }));
}

/** Reads an error body: problem+json over HTTP, the `error` member over WebSocket. Tolerates anything. */
export function errorFromBody(status: number, body: unknown, retryAfterMs: number | null): OmsError {
  const problem = isObject(body) ? body : {};
  const code = textOf(problem.code) ?? (status === 0 ? 'UNKNOWN_ERROR' : `HTTP_${status}`);
  return new OmsError({
    status: typeof problem.status === 'number' ? problem.status : status,
    code,
    detail: textOf(problem.detail) ?? textOf(problem.message) ?? textOf(problem.title) ?? 'no further detail given',
    errors: fieldErrorsOf(problem.errors),
    retryAfterMs: retryAfterMs ?? (typeof problem.retryAfterMs === 'number' ? problem.retryAfterMs : null),
    requestId: textOf(problem.requestId),
    order: isObject(problem.order) ? (problem.order as unknown as OrderView) : null,
  });
}

/** `Retry-After` as milliseconds from `now`: seconds or an HTTP date; null when absent or neither. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  // Date.parse takes almost anything ("-1" too), so the form is asked for first.
  const time = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}
