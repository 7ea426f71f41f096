/** What a token must be to count: who issued it, for whom, how it is signed, and where it says roles and accounts. */
import type { Role } from '@oms/ports';

/** What the embedded issuer signs with. */
export const EMBEDDED_ALGORITHM = 'ES256';

/**
 * How an issuer marks its access tokens. `at+jwt`: RFC 9068. `jwt`: issuers that set typ to JWT, or leave it out, as
 * older ones do. `cognito`: Amazon Cognito, which has no audience but `client_id`, and says `token_use`.
 */
export const ACCESS_TOKEN_TYPES = ['at+jwt', 'jwt', 'cognito'] as const;
export type AccessTokenType = (typeof ACCESS_TOKEN_TYPES)[number];

/** Asymmetric ones only: with a shared secret, whoever can verify could also sign. */
export type TokenAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

export interface TokenRules {
  /** Asked for each token: the embedded issuer knows its address only once it listens. */
  readonly issuer: () => string;
  /** The token must name at least one of them. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly TokenAlgorithm[];
  readonly tokenType: AccessTokenType;
  /** How far the issuer's clock may be from ours. */
  readonly clockToleranceMs: number;
  readonly roleClaim: string;
  /** From the issuer's words to our roles; what it does not name is ignored. Null: exactly our roles, nothing else. */
  readonly roleMap: ReadonlyMap<string, Role> | null;
  /** A list of account ids, or "*" for all; a token without it may act for none. */
  readonly accountsClaim: string;
}
