/**
 * Rate limits as token buckets, one per kind of request and per address, subject and account. Cancels have a bucket of
 * their own, so that whoever has spent the other can still take risk off (rule 16).
 */
import type { Clock } from '@oms/ports';

export type RateBucket = 'requests' | 'cancels';
export const RATE_BUCKETS: readonly RateBucket[] = ['requests', 'cancels'];
/** What a bucket is kept for. */
export type RateScope = 'address' | 'subject' | 'account';

export interface RateDecision {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the bucket is whole again. */
  readonly resetSeconds: number;
  /** Until the request would be allowed; 0 when it was. */
  readonly retryAfterMs: number;
}

/** The port: a store shared by several processes can stand behind it later. */
export interface RateLimiter {
  /** Value of the RateLimit-Policy header. */
  readonly policy: string;
  /** Takes `cost` from the bucket of `id`, or nothing when there is not enough. A cost of 0 only looks. */
  take(bucket: RateBucket, scope: RateScope, id: string, cost: number): RateDecision;
}

/** `quota` requests per `windowSeconds`, all of which may come at once. */
export interface RatePolicy {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** Generous: far above what a desk sends, below what would hurt its neighbours. The same for every scope. */
export const DEFAULT_RATES: Readonly<Record<RateBucket, RatePolicy>> = {
  requests: { quota: 20_000, windowSeconds: 10 },
  cancels: { quota: 20_000, windowSeconds: 10 },
};

/** Ids remembered at once per bucket and scope; beyond it one not heard of for long is forgotten. */
const IDS_MAX = 10_000;
/** How long an id keeps its place among the newest: moving it there at every request would cost more than the rest. */
const PLACE_KEPT_MS = 1_000;

interface Tokens {
  left: number;
  at: number;
  placedAt: number;
}

const newMaps = (): Record<RateScope, Map<string, Tokens>> => ({
  address: new Map(),
  subject: new Map(),
  account: new Map(),
});

/** Buckets in memory: exact for one process. */
export class MemoryRateLimiter implements RateLimiter {
  readonly policy: string;
  readonly #clock: Clock;
  readonly #rates: Readonly<Record<RateBucket, RatePolicy>>;
  /** In the order they were last heard of, to within {@link PLACE_KEPT_MS}. */
  readonly #tokens: Readonly<Record<RateBucket, Record<RateScope, Map<string, Tokens>>>> = {
    requests: newMaps(),
    cancels: newMaps(),
  };

  constructor(clock: Clock, rates: Readonly<Record<RateBucket, RatePolicy>> = DEFAULT_RATES) {
    this.#clock = clock;
    this.#rates = rates;
    this.policy = RATE_BUCKETS.map((name) => `"${name}";q=${rates[name].quota};w=${rates[name].windowSeconds}`).join(
      ', ',
    );
  }

  take(bucket: RateBucket, scope: RateScope, id: string, cost: number): RateDecision {
    const { quota, windowSeconds } = this.#rates[bucket];
    const perMs = quota / (windowSeconds * 1000);
    const tokens = this.#refill(this.#tokens[bucket][scope], id, quota, perMs);
    const allowed = tokens.left >= cost;
    if (allowed) tokens.left -= cost;
    return {
      allowed,
      remaining: Math.floor(tokens.left),
      resetSeconds: Math.ceil((quota - tokens.left) / perMs / 1000),
      retryAfterMs: allowed ? 0 : Math.ceil((cost - tokens.left) / perMs),
    };
  }

  #refill(all: Map<string, Tokens>, id: string, quota: number, perMs: number): Tokens {
    const now = this.#clock.now();
    const known = all.get(id);
    if (known === undefined) {
      if (all.size >= IDS_MAX) all.delete(all.keys().next().value!);
      const tokens = { left: quota, at: now, placedAt: now };
      all.set(id, tokens);
      return tokens;
    }
    // A clock that goes back refills nothing.
    known.left = Math.min(quota, known.left + Math.max(0, now - known.at) * perMs);
    known.at = now;
    if (now - known.placedAt >= PLACE_KEPT_MS || now < known.placedAt) {
      known.placedAt = now;
      all.delete(id);
      all.set(id, known);
    }
    return known;
  }
}
