export { isIdentityPath, PATHS } from './addresses.ts';
export { changePassword, rotateKeys } from './administration.ts';
export type { FirstSignIn } from './firstSignIn.ts';
export { type Identity, type IdentityOptions, openIdentity } from './identity.ts';
export { API_AUDIENCE, SIGNING_ALGORITHM } from './providerConfiguration.ts';
