/**
 * Rate limits as token buckets, one per caller and kind of request. Cancels have a bucket of their own, so that
 * whoever has spent the other can still take risk off (rule 16).
 */
import type { Clock } from '@oms/ports';

export type RateBucket = 'requests' | 'cancels';
export const RATE_BUCKETS: readonly RateBucket[] = ['requests', 'cancels'];

export interface RateDecision {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the bucket is whole again. */
  readonly resetSeconds: number;
  /** Until the request would be allowed; 0 when it was. */
  readonly retryAfterMs: number;
}

export interface RateLimiter {
  /** Value of the RateLimit-Policy header. */
  readonly policy: string;
  /** Takes `cost` from the caller's bucket, or nothing when there is not enough. A cost of 0 only looks. */
  take(bucket: RateBucket, caller: string, cost: number): RateDecision;
}

/** `quota` requests per `windowSeconds`, all of which may come at once. */
export interface RatePolicy {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** Generous: far above what a desk sends, below what would hurt its neighbours. */
export const DEFAULT_RATES: Readonly<Record<RateBucket, RatePolicy>> = {
  requests: { quota: 20_000, windowSeconds: 10 },
  cancels: { quota: 20_000, windowSeconds: 10 },
};

/** Callers remembered at once; beyond it the one heard of longest ago is forgotten. */
const CALLERS_MAX = 10_000;

interface Tokens {
  left: number;
  at: number;
}

/** Buckets in memory: exact for one process. */
export class MemoryRateLimiter implements RateLimiter {
  readonly policy: string;
  readonly #clock: Clock;
  readonly #rates: Readonly<Record<RateBucket, RatePolicy>>;
  /** Per bucket, in the order callers were last heard of. */
  readonly #callers: Readonly<Record<RateBucket, Map<string, Tokens>>> = { requests: new Map(), cancels: new Map() };

  constructor(clock: Clock, rates: Readonly<Record<RateBucket, RatePolicy>> = DEFAULT_RATES) {
    this.#clock = clock;
    this.#rates = rates;
    this.policy = RATE_BUCKETS.map((name) => `"${name}";q=${rates[name].quota};w=${rates[name].windowSeconds}`).join(
      ', ',
    );
  }

  take(bucket: RateBucket, caller: string, cost: number): RateDecision {
    const { quota, windowSeconds } = this.#rates[bucket];
    const perMs = quota / (windowSeconds * 1000);
    const tokens = this.#refill(bucket, caller, quota, perMs);
    const allowed = tokens.left >= cost;
    if (allowed) tokens.left -= cost;
    return {
      allowed,
      remaining: Math.floor(tokens.left),
      resetSeconds: Math.ceil((quota - tokens.left) / perMs / 1000),
      retryAfterMs: allowed ? 0 : Math.ceil((cost - tokens.left) / perMs),
    };
  }

  #refill(bucket: RateBucket, caller: string, quota: number, perMs: number): Tokens {
    const callers = this.#callers[bucket];
    const now = this.#clock.now();
    const known = callers.get(caller);
    if (known !== undefined) {
      // A clock that goes back refills nothing.
      known.left = Math.min(quota, known.left + Math.max(0, now - known.at) * perMs);
      known.at = now;
      callers.delete(caller);
      callers.set(caller, known);
      return known;
    }
    if (callers.size >= CALLERS_MAX) callers.delete(callers.keys().next().value!);
    const tokens = { left: quota, at: now };
    callers.set(caller, tokens);
    return tokens;
  }
}
