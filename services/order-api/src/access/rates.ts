/**
 * What a request draws on: the bucket of its address and, signed in, of its subject, whichever connection it came by.
 * The account's own is drawn on where the account is known (accountGuard.ts).
 */
import { isIPv6 } from 'node:net';
import type { RateBucket, RateDecision, RateLimiter } from '../http/rateLimiter.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Caller } from './caller.ts';

/** What a refused token costs its address, in requests: guessing is a slow business. */
export const REFUSED_TOKEN_COST = 10;
const GROUPS_OF_A_NETWORK = 4;

export const refusalOfRate = (decision: RateDecision): Refusal | null =>
  decision.allowed ? null : refuse('RATE_LIMITED', undefined, { retryAfterMs: decision.retryAfterMs });

/** Draws on the subject's bucket as well; the tighter of the two decides and is told. */
export function takeForCaller(
  rateLimiter: RateLimiter,
  bucket: RateBucket,
  addressKey: string,
  caller: Caller | null,
  cost: number,
): RateDecision {
  const address = rateLimiter.take(bucket, 'address', addressKey, cost);
  const subject = caller?.subject ?? null;
  if (subject === null || !address.allowed) return address;
  const ofSubject = rateLimiter.take(bucket, 'subject', subject, cost);
  return !ofSubject.allowed || ofSubject.remaining < address.remaining ? ofSubject : address;
}

/** Addresses by network: whoever is given one IPv6 address is given 2⁶⁴ of them. */
export function addressKeyOf(address: string): string {
  if (!isIPv6(address)) return address;
  if (address.startsWith('::ffff:')) return address.slice(7);
  const [head = '', tail = ''] = address.split('%')[0]!.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const missing = address.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return `${groups
    .slice(0, GROUPS_OF_A_NETWORK)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
