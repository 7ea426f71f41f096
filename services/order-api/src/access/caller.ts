/**
 * Who calls, and what that lets them reach. Made once per verified token, so that asking per order whether an account
 * may be traded is one lookup in a set.
 */
import { type Access, type AccountSource, type GuardedAccess, ROLE_REACH } from '@oms/api-contract';
import type { Principal } from '@oms/ports';

/** The accounts that a caller may act for in one operation. */
export interface AccountReach {
  /** null: every account. */
  readonly accounts: ReadonlySet<string> | null;
}

export const EVERY_ACCOUNT: AccountReach = { accounts: null };
const NO_ACCOUNT: AccountReach = { accounts: new Set() };

export const reaches = ({ accounts }: AccountReach, accountId: string): boolean =>
  accounts === null || accounts.has(accountId);

/** The last millisecond that can be written down (ECMA-262); a token may claim any. */
export const LATEST_TIME = 8_640_000_000_000_000;

export class Caller {
  /** Who acts, as the audit trail names it; null without sign-in. */
  readonly subject: string | null;
  /** Names the token, for revocation; null without sign-in. */
  readonly tokenId: string | null;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Whether the audit trail knows that it was used. */
  noted = false;
  readonly #principal: Principal | null;
  readonly #own: AccountReach;

  /** @param principal null when the server runs without sign-in: then everything is allowed */
  constructor(principal: Principal | null) {
    this.#principal = principal;
    this.subject = principal?.subject ?? null;
    this.tokenId = principal?.tokenId ?? null;
    this.expiresAt = Math.min(principal?.expiresAt ?? LATEST_TIME, LATEST_TIME);
    const accounts = principal?.accounts ?? 'all';
    this.#own = accounts === 'all' ? EVERY_ACCOUNT : { accounts: new Set(accounts) };
  }

  /** The accounts that an operation of this access may touch for the caller; null when none of its roles may call it. */
  reachOf(access: Access): AccountReach | null {
    if (this.#principal === null || access === 'anybody') return EVERY_ACCOUNT;
    const allowing = this.#principal.roles.filter((role) => access.roles.includes(role));
    if (allowing.length === 0) return null;
    return allowing.some((role) => ROLE_REACH[role] === 'all') ? EVERY_ACCOUNT : this.#own;
  }
}

/** Everybody, when the server runs without sign-in. */
export const NOBODY_IN_PARTICULAR = new Caller(null);

const callers = new WeakMap<Principal, Caller>();

/** The verifier gives one principal per token for as long as it remembers it. */
export function callerOf(principal: Principal): Caller {
  let caller = callers.get(principal);
  if (caller === undefined) {
    caller = new Caller(principal);
    callers.set(principal, caller);
  }
  return caller;
}

/** Where the reach of an operation that does not check it itself stands: nothing passes unasked. */
export const reachOrNone = (caller: Caller | null, access: GuardedAccess): AccountReach =>
  caller?.reachOf(access) ?? NO_ACCOUNT;

/** Whether the account is named in the request, so that it can be checked before anything is looked up. */
export const namesAccount = (source: AccountSource): boolean =>
  source === 'path' || source === 'query' || source === 'listed';
