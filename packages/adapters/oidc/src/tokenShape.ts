/**
 * Everything that can be said against a token before any key is touched: length, encoding, and what its header asks
 * for. A header may name the algorithm and the key, no more: keys it brings along or points to are never used.
 */
import type { TokenRefusal } from './refusals.ts';
import type { AccessTokenType, TokenRules } from './tokenRules.ts';

/** Longest token that is looked at, in characters. */
export const TOKEN_LENGTH_MAX = 8 * 1024;
const KEY_ID_LENGTH_MAX = 256;

/** Members by which a header would choose the key, change how it is read, or ask for what we do not do. */
const HEADER_MEMBERS_REFUSED = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'epk', 'p2c'] as const;

/** What `typ` may say, in lower case; null stands for a header without it. */
const TYPES: Readonly<Record<AccessTokenType, readonly (string | null)[]>> = {
  'at+jwt': ['at+jwt', 'application/at+jwt'],
  jwt: ['jwt', 'application/jwt', 'at+jwt', 'application/at+jwt', null],
  cognito: ['jwt', null],
};

export interface TokenHeader {
  readonly algorithm: string;
  readonly keyId: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** @returns what the header says, or why the token is refused */
export function readTokenShape(token: string, rules: TokenRules): TokenHeader | TokenRefusal {
  if (token.length > TOKEN_LENGTH_MAX) return 'TOO_LONG';
  const parts = token.split('.');
  if (parts.length !== 3) return 'MALFORMED';
  const [headerBytes, payloadBytes, signature] = parts.map(bytesOfCanonicalBase64Url);
  if (!headerBytes || !payloadBytes || !signature) return 'MALFORMED';
  const header = objectWithoutRepeats(headerBytes);
  if (header === null || objectWithoutRepeats(payloadBytes) === null) return 'MALFORMED';
  return readHeader(header, rules);
}

function readHeader(header: JsonObject, rules: TokenRules): TokenHeader | TokenRefusal {
  if (HEADER_MEMBERS_REFUSED.some((name) => Object.hasOwn(header, name))) return 'HEADER';
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || !rules.algorithms.some((algorithm) => algorithm === alg)) return 'ALGORITHM';
  if (typ !== undefined && typeof typ !== 'string') return 'TYPE';
  if (!TYPES[rules.tokenType].includes(typ?.toLowerCase() ?? null)) return 'TYPE';
  if (typeof kid !== 'string' || kid === '' || kid.length > KEY_ID_LENGTH_MAX) return 'HEADER';
  return { algorithm: alg, keyId: kid };
}

/** The bytes, when the text is the one way to write them: a second spelling of a token would be a second token. */
function bytesOfCanonicalBase64Url(text: string): Buffer | null {
  if (text === '') return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** Readers differ on which of two members of one name counts, so neither does. */
function objectWithoutRepeats(bytes: Buffer): JsonObject | null {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return memberCount(text) === Object.keys(value).length ? (value as JsonObject) : null;
}

/** Counts the members of the outermost object of a text known to be JSON. */
function memberCount(text: string): number {
  let depth = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === ':' && depth === 1) count++;
  }
  return count;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}
