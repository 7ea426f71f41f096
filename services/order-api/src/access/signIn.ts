/**
 * Turns a bearer token into a caller (RFC 6750): from the Authorization header and from nowhere else, for a token in an
 * address ends up in logs.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Principal, TokenVerifier } from '@oms/ports';
import { type Refusal, refuse } from '../refusal.ts';
import { type Caller, callerOf, NOBODY_IN_PARTICULAR } from './caller.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i;

export const TOKEN_MISSING = refuse('UNAUTHENTICATED', 'A bearer token is required.');
/** Why, nobody is told but the verifier's own listener. */
export const TOKEN_REFUSED = refuse('UNAUTHENTICATED', 'The bearer token is malformed, invalid, revoked or expired.');
export const FORBIDDEN = refuse('FORBIDDEN');

/** Value of WWW-Authenticate for a refusal; null when it is about something else. */
export function challengeOf(refusal: Refusal): string | null {
  if (refusal === TOKEN_MISSING) return 'Bearer realm="crypto-oms"';
  if (refusal.refused === 'UNAUTHENTICATED') return 'Bearer realm="crypto-oms", error="invalid_token"';
  return refusal === FORBIDDEN ? 'Bearer realm="crypto-oms", error="insufficient_scope"' : null;
}

export class SignIn {
  readonly #verifier: TokenVerifier | null;
  readonly #clock: Clock;

  /** @param verifier null: there is no sign-in, and everybody may do everything */
  constructor(verifier: TokenVerifier | null, clock: Clock) {
    this.#verifier = verifier;
    this.#clock = clock;
  }

  /** Whoever calls without a token: a caller only where there is no sign-in. */
  get anonymous(): Caller | null {
    return this.#verifier === null ? NOBODY_IN_PARTICULAR : null;
  }

  /** At once when the token is known. */
  fromHeaders(headers: IncomingHttpHeaders): Caller | Refusal | Promise<Caller | Refusal> {
    if (this.#verifier === null) return NOBODY_IN_PARTICULAR;
    const { authorization } = headers;
    if (authorization === undefined) return TOKEN_MISSING;
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? TOKEN_REFUSED : this.fromToken(token);
  }

  fromToken(token: string): Caller | Refusal | Promise<Caller | Refusal> {
    if (this.#verifier === null) return NOBODY_IN_PARTICULAR;
    const verified = this.#verifier.verify(token);
    return verified instanceof Promise
      ? verified.then((principal) => this.#callerOf(principal))
      : this.#callerOf(verified);
  }

  /** Whether a caller of a long connection still counts. */
  isCurrent({ expiresAt, tokenId }: Caller): boolean {
    if (expiresAt <= this.#clock.now()) return false;
    return tokenId === null || this.#verifier === null || !this.#verifier.isRevoked(tokenId);
  }

  #callerOf(principal: Principal | null): Caller | Refusal {
    return principal === null || principal.expiresAt <= this.#clock.now() ? TOKEN_REFUSED : callerOf(principal);
  }
}
