/**
 * One instance of the library, for one set of users, clients and keys; another is made when any of them changes. Adds
 * what the library leaves to us: hashed client secrets, taking back a signed access token, and the audit.
 */
import type { AccessAction, AccessFact } from '@oms/ports';
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { PATHS } from './addresses.ts';
import type { AttemptThrottle } from './attemptThrottle.ts';
import { publicJwkOf } from './keyRing.ts';
import {
  API_AUDIENCE,
  type ConfigurationParts,
  providerConfiguration,
  SIGNING_ALGORITHM,
} from './providerConfiguration.ts';
import type { SecretChecker } from './secrets.ts';

export interface ProviderParts extends ConfigurationParts {
  readonly throttle: AttemptThrottle;
  readonly secrets: SecretChecker;
  readonly onAudit: (fact: AccessFact) => void;
  /** A fault of ours: the caller has been told no more than that there was one. */
  readonly onFault: (fault: unknown) => void;
}

const FREE_ATTEMPTS = 10;

export function createProvider(parts: ProviderParts): Provider {
  const provider = new Provider(parts.address.issuer, providerConfiguration(parts));
  // What the protocol is comes from the configuration alone: the handler has removed what a client said about it.
  provider.proxy = true;
  provider.silent = true;
  compareSecretsByHash(provider, parts);
  provider.use(revokeSignedTokens(parts));
  tellAudit(provider, parts);
  provider.on('server_error', (_context: KoaContextWithOIDC, error: Error) => parts.onFault(error));
  return provider;
}

/** The library compares the secret as it was configured, which is a hash here. */
function compareSecretsByHash(provider: Provider, { secrets, throttle }: ProviderParts): void {
  const compare = async function (this: { clientId: string; clientSecret: string }, given: string): Promise<boolean> {
    const context = Provider.ctx;
    const keys = [{ key: `client ${this.clientId} ${peerOf(context)}`, free: FREE_ATTEMPTS }];
    const waitMs = throttle.begin(keys);
    if (waitMs > 0) {
      context?.set('retry-after', String(Math.ceil(waitMs / 1000)));
      throw Object.assign(new errors.OIDCProviderError(429, 'slow_down'), {
        error_description: 'too many attempts with a wrong secret',
      });
    }
    const same = await secrets.check(given, this.clientSecret);
    if (same) throttle.succeeded(keys);
    return same;
  };
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', { value: compare });
}

/** RFC 7009 for access tokens that are signed and not kept: their id is remembered until they expire. */
function revokeSignedTokens({ keys, address, store, onAudit }: ProviderParts) {
  const keySet = createLocalJWKSet({ keys: keys.signing.map(publicJwkOf) });
  const expected = { issuer: address.issuer, audience: API_AUDIENCE, algorithms: [SIGNING_ALGORITHM], typ: 'at+jwt' };
  const claimsOf = async (token: string): Promise<JWTPayload | null> => {
    try {
      return (await jwtVerify(token, keySet, expected)).payload;
    } catch {
      return null;
    }
  };
  return async (context: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next();
    if (context.path !== PATHS.revocation || errorOf(context.body) !== 'unsupported_token_type') return;
    // The client has signed in by now. A token that is not right needs no taking back, and the answer is the same.
    const claims = await claimsOf(String(context.oidc.params?.token));
    context.status = 200;
    context.body = '';
    const clientId = context.oidc.client?.clientId;
    if (claims?.jti === undefined || claims.exp === undefined || claims.client_id !== clientId) return;
    store.revokeAccessToken(claims.jti, claims.exp);
    const details = { client: String(clientId), token: claims.jti };
    onAudit({
      action: 'TOKEN_REVOKED',
      actor: claims.sub ?? null,
      address: peerOf(context),
      outcome: 'ALLOWED',
      details,
    });
  };
}

const errorOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;

/** Tokens issued are also noted, so that taking back a grant takes back its access tokens. */
function tellAudit(provider: Provider, { store, onAudit }: ProviderParts): void {
  const tell = (action: AccessAction, actor: string | null, details: AccessFact['details'], refused = false): void =>
    onAudit({ action, actor, address: peerOf(Provider.ctx), outcome: refused ? 'REFUSED' : 'ALLOWED', details });
  provider.on('client_credentials.issued', (token) => {
    store.accessTokenIssued(token.jti, null, expiryOf(token));
    tell('TOKEN_ISSUED', token.clientId ?? null, { grant: 'client_credentials', token: token.jti });
  });
  provider.on('access_token.issued', (token) => {
    store.accessTokenIssued(token.jti, token.grantId, expiryOf(token));
    tell('TOKEN_ISSUED', token.accountId, { client: token.clientId ?? '', grant: token.gty, token: token.jti });
  });
  provider.on('grant.error', (context, error) => {
    const { client, params } = context.oidc;
    const reason = error.error_detail ?? error.error_description ?? error.message;
    const details = { grant: String(params?.grant_type ?? '').slice(0, 64), reason };
    tell('TOKEN_ISSUED', client?.clientId ?? null, details, true);
  });
  provider.on('grant.revoked', (context) => {
    const { entities } = context.oidc;
    const actor = entities.RefreshToken?.accountId ?? entities.AuthorizationCode?.accountId ?? null;
    tell('TOKEN_REVOKED', actor, { client: context.oidc.client?.clientId ?? '', grant: 'all of it' });
  });
  provider.on('end_session.success', (context) => {
    tell('SIGN_OUT', context.oidc.session?.accountId ?? null, {});
  });
}

const expiryOf = ({ exp, expiration }: { exp?: number | undefined; expiration: number }): number =>
  exp ?? Math.floor(Date.now() / 1000) + expiration;

const peerOf = (context: KoaContextWithOIDC | undefined): string => context?.ip ?? '';
