/**
 * Verifies bearer tokens: shape, then key and signature, then claims. A token found good is known for a moment, so that
 * a caller who sends a thousand requests pays for one signature; one that is refused is never remembered.
 */
import { type Clock, InfrastructureError, type Principal, type TokenVerifier } from '@oms/ports';
import { type CryptoKey, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { KeySource } from './keySource.ts';
import { principalOf } from './principal.ts';
import { refusalOfError, type TokenRefusal } from './refusals.ts';
import type { TokenRules } from './tokenRules.ts';
import { readTokenShape, TOKEN_LENGTH_MAX, type TokenHeader } from './tokenShape.ts';

export interface TokenVerifierOptions {
  readonly rules: TokenRules;
  readonly keys: KeySource;
  readonly clock: Clock;
  /** Whether the issuer took the token back; left out where nobody tells us. */
  readonly isRevoked?: (tokenId: string) => boolean;
  /** Told why a token was refused; with its subject only when its signature was right. */
  readonly onRefused?: (reason: TokenRefusal, subject: string | null) => void;
  /** How long a verified token is known, at most. Default 60 s. */
  readonly knownMs?: number;
  /** How many are known at a time. Default 4,096. */
  readonly knownMax?: number;
}

interface Known {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly until: number;
}

/**
 * Signatures that are computed at a time: they share the thread pool with the disk, which must not wait behind a flood
 * of bad tokens.
 */
const VERIFICATIONS_MAX = 4;

export class OidcTokenVerifier implements TokenVerifier {
  readonly #options: TokenVerifierOptions;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #underWay = new Map<string, Promise<Principal | null>>();
  readonly #imported = new WeakMap<JWK, Promise<CryptoKey | Uint8Array>>();
  readonly #waiting: (() => void)[] = [];
  #verifying = 0;
  #closed = false;

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  verify(token: string): Principal | null | Promise<Principal | null> {
    // Before the token is even looked up: looking up means hashing all of it.
    if (token.length > TOKEN_LENGTH_MAX) return this.#refuse('TOO_LONG', null);
    const known = this.#known.get(token);
    if (known !== undefined && this.#clock.now() < known.until) return known.principal;
    return this.#verifyAnew(token);
  }

  isRevoked(tokenId: string): boolean {
    return this.#options.isRevoked?.(tokenId) === true;
  }

  /** To be told of a token that was taken back: from now on it is looked at anew. */
  forget(tokenId: string): void {
    for (const [token, { principal }] of this.#known) if (principal.tokenId === tokenId) this.#known.delete(token);
  }

  close(): void {
    this.#closed = true;
    this.#known.clear();
    this.#options.keys.close();
  }

  #verifyAnew(token: string): null | Promise<Principal | null> {
    this.#known.delete(token);
    if (this.#closed) return this.#refuse('CLOSED', null);
    const shape = readTokenShape(token, this.#options.rules);
    if (typeof shape === 'string') return this.#refuse(shape, null);
    const underWay = this.#underWay.get(token);
    if (underWay !== undefined) return underWay;
    const verified = this.#verifyShaped(token, shape).finally(() => this.#underWay.delete(token));
    this.#underWay.set(token, verified);
    return verified;
  }

  async #verifyShaped(token: string, { keyId, algorithm }: TokenHeader): Promise<Principal | null> {
    let claims: JWTPayload;
    try {
      const key = await this.#options.keys.find(keyId);
      if (key === null || (key.alg !== undefined && key.alg !== algorithm)) return this.#refuse('KEY_UNKNOWN', null);
      claims = await this.#verifiedClaims(token, await this.#import(key, algorithm), algorithm);
    } catch (error) {
      const isUnavailable = error instanceof InfrastructureError;
      return this.#refuse(isUnavailable ? 'KEYS_UNAVAILABLE' : refusalOfError(error), null);
    }
    const principal = this.#closed ? 'CLOSED' : principalOf(token, claims, this.#options.rules);
    if (typeof principal === 'string') return this.#refuse(principal, subjectOf(claims));
    if (this.isRevoked(principal.tokenId)) return this.#refuse('REVOKED', principal.subject);
    this.#remember(token, principal);
    return principal;
  }

  async #verifiedClaims(token: string, key: CryptoKey | Uint8Array, algorithm: string): Promise<JWTPayload> {
    const { rules } = this.#options;
    await this.#turn();
    try {
      const now = this.#clock.now();
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        issuer: rules.issuer(),
        ...(rules.tokenType === 'cognito' ? {} : { audience: [...rules.audiences] }),
        clockTolerance: rules.clockToleranceMs / 1000,
        currentDate: new Date(now),
        // With a maximum age, a token issued in the future is refused as well.
        maxTokenAge: TOKEN_AGE_MAX_S,
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      return payload;
    } finally {
      this.#verifying--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#verifying >= VERIFICATIONS_MAX) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#verifying++;
  }

  #import(key: JWK, algorithm: string): Promise<CryptoKey | Uint8Array> {
    let imported = this.#imported.get(key);
    if (imported === undefined) {
      imported = importJWK(key, algorithm);
      this.#imported.set(key, imported);
    }
    return imported;
  }

  /** The oldest goes first when it is full; a token in use comes back with its next request. */
  #remember(token: string, principal: Principal): void {
    const { knownMs = 60_000, knownMax = 4_096 } = this.#options;
    if (this.#known.size >= knownMax) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(token, { principal, until: Math.min(principal.expiresAt, this.#clock.now() + knownMs) });
  }

  #refuse(reason: TokenRefusal, subject: string | null): null {
    this.#options.onRefused?.(reason, subject);
    return null;
  }
}

/** A token of a day is no access token any more, whatever its issuer thinks. */
const TOKEN_AGE_MAX_S = 86_400;

const subjectOf = ({ sub }: JWTPayload): string | null => (typeof sub === 'string' ? sub : null);
