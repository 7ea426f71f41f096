/**
 * The signing keys, newest first, and the secrets of the sign-in page's cookies. A new key signs from the moment it is
 * there; the one before stays for verifying until the last token it signed has expired.
 */
import { generateKeyPairSync, type JsonWebKey, randomBytes, randomUUID } from 'node:crypto';
import { readPrivateFile, unusable, writePrivateFile } from './privateFiles.ts';

export interface SigningKey {
  readonly keyId: string;
  readonly createdAt: number;
  /** When it stopped signing; null for the one that signs. */
  readonly retiredAt: number | null;
  readonly privateJwk: JsonWebKey;
}

export interface KeyRing {
  readonly version: 1;
  readonly signing: readonly SigningKey[];
  readonly cookieSecrets: readonly string[];
}

export const KEY_AGE_MAX_MS = 30 * 86_400_000;
export const ACCESS_TOKEN_S = 900;
/** A key that stopped signing is kept as long as its last token lives, and a little for clocks that differ. */
export const RETIRED_KEY_KEPT_MS = (ACCESS_TOKEN_S + 60) * 1000;
const COOKIE_SECRETS_MAX = 2;

export const newKeyRing = (now: number): KeyRing => ({
  version: 1,
  signing: [newSigningKey(now)],
  cookieSecrets: [newCookieSecret()],
});

/** @param keptMs how long a key that stopped signing is still needed */
export const rotate = (ring: KeyRing, now: number, keptMs: number): KeyRing => ({
  version: 1,
  signing: [
    newSigningKey(now),
    ...withoutExpired(
      ring.signing.map((key) => ({ ...key, retiredAt: key.retiredAt ?? now })),
      now,
      keptMs,
    ),
  ],
  cookieSecrets: [newCookieSecret(), ...ring.cookieSecrets].slice(0, COOKIE_SECRETS_MAX),
});

export const withoutExpired = (keys: readonly SigningKey[], now: number, keptMs: number): readonly SigningKey[] =>
  keys.filter(({ retiredAt }) => retiredAt === null || now < retiredAt + keptMs);

export function readKeyRing(file: string): KeyRing | null {
  const text = readPrivateFile(file);
  if (text === null) return null;
  try {
    const ring = JSON.parse(text) as KeyRing;
    if (ring.version === 1 && ring.signing.length > 0 && ring.cookieSecrets.length > 0) return ring;
  } catch {
    // Told below, as any other form it should not have.
  }
  throw unusable(file, 'is not what oms wrote; remove it to have new keys made (everybody must sign in again)');
}

export const writeKeyRing = (file: string, ring: KeyRing): void =>
  writePrivateFile(file, `${JSON.stringify(ring, null, 2)}\n`);

function newSigningKey(now: number): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keyId: randomUUID(), createdAt: now, retiredAt: null, privateJwk: privateKey.export({ format: 'jwk' }) };
}

const newCookieSecret = (): string => randomBytes(32).toString('base64url');

/** With the members a key set is published with, and none that is secret. */
export const publicJwkOf = ({ keyId, privateJwk: { kty, crv, x, y } }: SigningKey) => ({
  kty: kty!,
  crv: crv!,
  x: x!,
  y: y!,
  kid: keyId,
  alg: 'ES256',
  use: 'sig',
});
