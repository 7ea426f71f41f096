/**
 * Whether a caller may touch an account or an order, and whether the account's rate limit allows it. Another's account
 * is refused the same whether it exists or not; another's order is answered like one that does not exist.
 */
import type { LiveState } from '@oms/ports';
import type { RateBucket, RateLimiter } from '../http/rateLimiter.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type AccountReach, reaches } from './caller.ts';
import { refusalOfRate } from './rates.ts';
import { FORBIDDEN } from './signIn.ts';

const UNKNOWN_ORDER = refuse('UNKNOWN_ORDER');

export class AccountGuard {
  readonly #live: LiveState;
  readonly #rateLimiter: RateLimiter | null;

  constructor(live: LiveState, rateLimiter: RateLimiter | null) {
    this.#live = live;
    this.#rateLimiter = rateLimiter;
  }

  /** For an order of this account: on the hot path. */
  refusalOfOrderFor(reach: AccountReach, accountId: string): Refusal | null {
    if (!reaches(reach, accountId)) return FORBIDDEN;
    return this.#charge('requests', accountId);
  }

  /** For a request about an order. Callers who reach everything cost no lookup. */
  refusalOfOrder(reach: AccountReach, orderId: string, bucket: RateBucket): Refusal | null {
    if (reach.accounts === null) return null;
    // One that cannot be seen yet is not theirs: it was not acknowledged to them.
    const order = this.#live.order(orderId);
    if (order === null || !reaches(reach, order.accountId)) return UNKNOWN_ORDER;
    return this.#charge(bucket, order.accountId);
  }

  #charge(bucket: RateBucket, accountId: string): Refusal | null {
    return this.#rateLimiter === null ? null : refusalOfRate(this.#rateLimiter.take(bucket, 'account', accountId, 1));
  }
}
