/** From the claims of a token whose signature, issuer and times are right to who the caller is. */
import { hash } from 'node:crypto';
import { type Principal, ROLES, type Role } from '@oms/ports';
import type { JWTPayload } from 'jose';
import type { TokenRefusal } from './refusals.ts';
import type { TokenRules } from './tokenRules.ts';

const ID_LENGTH_MAX = 128;
const NAME_LENGTH_MAX = 200;
const ACCOUNTS_MAX = 1_000;
/** Printable, so that an id can stand in a log line as it is. */
const ID = /^[\x21-\x7e]+$/;
/** Only in tokens that tell a client about its user; such a token is no key to the API. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'] as const;

const OUR_ROLES: ReadonlyMap<string, Role> = new Map(ROLES.map((role) => [role, role]));

export function principalOf(token: string, claims: JWTPayload, rules: TokenRules): Principal | TokenRefusal {
  const { sub, exp, jti } = claims;
  if (!isId(sub) || typeof exp !== 'number') return 'CLAIMS';
  if (ID_TOKEN_CLAIMS.some((name) => Object.hasOwn(claims, name))) return 'TYPE';
  const audience = checkAudience(claims, rules);
  if (audience !== null) return audience;
  const roles = rolesOf(claims[rules.roleClaim], rules.roleMap);
  if (roles === null) return 'ROLES';
  const accounts = accountsOf(claims[rules.accountsClaim]);
  if (accounts === null) return 'ACCOUNTS';
  return {
    subject: sub,
    name: nameOf(claims) ?? sub,
    roles,
    accounts,
    expiresAt: exp * 1000,
    tokenId: isId(jti) ? jti : hash('sha256', token, 'base64url'),
  };
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= ID_LENGTH_MAX && ID.test(value);

/** The library has checked `aud` already, save where the issuer says `client_id` instead. */
function checkAudience(claims: JWTPayload, rules: TokenRules): TokenRefusal | null {
  if (rules.tokenType !== 'cognito') return null;
  if (claims.token_use !== 'access') return 'TYPE';
  return rules.audiences.some((audience) => audience === claims.client_id) ? null : 'AUDIENCE';
}

/** Null when there is none, or something that is not a list of names. */
function rolesOf(claim: unknown, roleMap: TokenRules['roleMap']): readonly Role[] | null {
  if (!Array.isArray(claim)) return null;
  const found = new Set<Role>();
  for (const name of claim) {
    if (typeof name !== 'string') return null;
    const role = (roleMap ?? OUR_ROLES).get(name);
    if (role !== undefined) found.add(role);
    else if (roleMap === null) return null;
  }
  return found.size === 0 ? null : ROLES.filter((role) => found.has(role));
}

function accountsOf(claim: unknown): readonly string[] | 'all' | null {
  if (claim === undefined) return [];
  if (claim === '*') return 'all';
  // Issuers whose claims are plain texts write a list with commas or spaces.
  const list = typeof claim === 'string' ? claim.split(/[\s,]+/).filter((id) => id !== '') : claim;
  if (!Array.isArray(list) || list.length > ACCOUNTS_MAX || !list.every(isId)) return null;
  return list.includes('*') ? null : list;
}

function nameOf({ name, username }: JWTPayload): string | null {
  const text = name ?? username;
  if (typeof text !== 'string' || text === '' || text.length > NAME_LENGTH_MAX) return null;
  return /\p{Cc}/u.test(text) ? null : text;
}
