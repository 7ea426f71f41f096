/** Where the public keys of an issuer come from: from this very process, or over HTTP (remoteKeys.ts). */
import type { JWK } from 'jose';

export interface KeySource {
  /**
   * The key of this id; at once when it is known already. Null: the issuer has no such key.
   * @throws InfrastructureError KEYS_UNAVAILABLE (also as a rejection) when the issuer could not be asked
   */
  find(keyId: string): JWK | null | Promise<JWK | null>;
  close(): void;
}

/** The keys of an issuer in this process, asked each time: a rotation counts at once. */
export const localKeys = (keys: () => readonly JWK[]): KeySource => ({
  find: (keyId) => keys().find((key) => key.kid === keyId) ?? null,
  close: () => {},
});

const KEY_TYPES = ['RSA', 'EC', 'OKP'];

/** Public, for signatures, and with an id: everything else in a key set is passed over. */
export const isSigningKey = (key: JWK): key is JWK & { readonly kid: string } =>
  typeof key.kid === 'string' &&
  KEY_TYPES.includes(key.kty ?? '') &&
  key.d === undefined &&
  (key.use === undefined || key.use === 'sig') &&
  (key.key_ops === undefined || key.key_ops.includes('verify'));
