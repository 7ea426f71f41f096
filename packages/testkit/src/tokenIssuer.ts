/**
 * A token issuer for tests: one ES256 key and tokens signed with it, right in every respect unless told otherwise. It
 * makes tokens by hand, byte by byte, so that wrong ones can be made too.
 */
import { generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Clock, Role } from '@oms/ports';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface TokenIssuerOptions {
  readonly clock: Clock;
  readonly issuer?: string;
  readonly audience?: string;
  readonly lifetimeMs?: number;
  /** Signs in place of a key of its own: for an issuer that exists already. */
  readonly signingKey?: { readonly keyId: string; readonly privateKey: KeyObject; readonly publicJwk: JsonWebKey };
}

export interface TokenGrant {
  readonly subject?: string;
  readonly roles?: readonly Role[];
  readonly accounts?: readonly string[] | '*';
}

export class TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JsonWebKey & { readonly kid: string };
  readonly #clock: Clock;
  readonly #lifetimeMs: number;

  constructor(options: TokenIssuerOptions) {
    this.#clock = options.clock;
    this.issuer = options.issuer ?? 'https://issuer.test';
    this.audience = options.audience ?? 'urn:crypto-oms:api';
    this.#lifetimeMs = options.lifetimeMs ?? 900_000;
    const key = options.signingKey ?? newSigningKey();
    this.keyId = key.keyId;
    this.privateKey = key.privateKey;
    this.publicJwk = { ...key.publicJwk, kid: key.keyId, alg: 'ES256', use: 'sig' };
  }

  /** A good token. */
  token(grant: TokenGrant = {}): string {
    return this.sign({}, { ...claimsOf(grant) });
  }

  /** A token with these members changed; one set to undefined is left out. */
  sign(header: JsonObject, claims: JsonObject = {}): string {
    return this.signRaw(JSON.stringify(this.header(header)), JSON.stringify(this.claims(claims)));
  }

  /** The header and claims as these very texts. */
  signRaw(headerText: string, claimsText: string): string {
    const input = `${base64Url(headerText)}.${base64Url(claimsText)}`;
    return `${input}.${signES256(input, this.privateKey)}`;
  }

  header(changed: JsonObject = {}): JsonObject {
    return { alg: 'ES256', typ: 'at+jwt', kid: this.keyId, ...changed };
  }

  claims(changed: JsonObject = {}): JsonObject {
    const now = this.seconds(0);
    return {
      iss: this.issuer,
      aud: this.audience,
      iat: now,
      exp: this.seconds(this.#lifetimeMs),
      jti: randomUUID(),
      ...claimsOf({}),
      ...changed,
    };
  }

  /** Now and so many milliseconds, in the seconds that tokens count in. */
  seconds(offsetMs: number): number {
    return Math.floor((this.#clock.now() + offsetMs) / 1000);
  }
}

const claimsOf = ({ subject = 'somebody', roles = ['trader'], accounts = [] }: TokenGrant): JsonObject => ({
  sub: subject,
  client_id: 'oms-test',
  roles,
  accounts,
});

function newSigningKey(): NonNullable<TokenIssuerOptions['signingKey']> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keyId: randomUUID(), privateKey, publicJwk: publicKey.export({ format: 'jwk' }) };
}

export const base64Url = (value: string | Uint8Array): string => Buffer.from(value as string).toString('base64url');

export const signES256 = (input: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
