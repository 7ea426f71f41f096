/** Why a token was refused: for our own log and audit. A caller only ever learns that it was. */
import { errors } from 'jose';

export const TOKEN_REFUSALS = [
  'TOO_LONG',
  'MALFORMED',
  'HEADER',
  'ALGORITHM',
  'TYPE',
  'KEY_UNKNOWN',
  'KEYS_UNAVAILABLE',
  'SIGNATURE',
  'ISSUER',
  'AUDIENCE',
  'EXPIRED',
  'NOT_YET',
  'CLAIMS',
  'ROLES',
  'ACCOUNTS',
  'REVOKED',
  'CLOSED',
] as const;
export type TokenRefusal = (typeof TOKEN_REFUSALS)[number];

const REFUSAL_OF_CLAIM: Readonly<Record<string, TokenRefusal>> = { iss: 'ISSUER', aud: 'AUDIENCE', nbf: 'NOT_YET' };

/** What the library threw, in our words. Whatever it is, the token is refused. */
export function refusalOfError(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return 'EXPIRED';
  if (error instanceof errors.JWTClaimValidationFailed) return REFUSAL_OF_CLAIM[error.claim] ?? 'CLAIMS';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'ALGORITHM';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'SIGNATURE';
  return 'MALFORMED';
}
