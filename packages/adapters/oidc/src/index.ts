export { type KeySource, localKeys } from './keySource.ts';
export type { TokenRefusal } from './refusals.ts';
export { RemoteKeys, type RemoteKeysOptions } from './remoteKeys.ts';
export { ACCESS_TOKEN_TYPES, type AccessTokenType, EMBEDDED_ALGORITHM, type TokenRules } from './tokenRules.ts';
export { OidcTokenVerifier, type TokenVerifierOptions } from './tokenVerifier.ts';
