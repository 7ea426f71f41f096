/** How the OAuth 2.0 and OpenID Connect library is set up: only what is needed is on, everything short-lived. */
import type { Role } from '@oms/ports';
import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { absoluteUris, type IssuerAddress, PATHS } from './addresses.ts';
import type { GrantStore } from './grantStore.ts';
import type { Application, IdentityDocument, Subject } from './identityFile.ts';
import { ACCESS_TOKEN_S, type KeyRing } from './keyRing.ts';
import { contentPolicy, problemPage, signedOutPage, signOutPage } from './pages.ts';

/** The audience of access tokens: the order API. */
export const API_AUDIENCE = 'urn:crypto-oms:api';
export const SIGNING_ALGORITHM = 'ES256';
/** How long somebody stays signed in at a page without typing the password again. */
const SESSION_S = 12 * 3_600;
const INTERACTION_S = 900;
const CODE_S = 60;
const SIGN_OUT_FORM = 'op.logoutForm';

export interface ConfigurationParts {
  readonly document: IdentityDocument;
  readonly keys: KeyRing;
  readonly address: IssuerAddress;
  readonly store: GrantStore;
}

/** The claims that our tokens have beyond the standard's. */
export interface GrantedClaims {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly accounts: readonly string[] | '*';
}

export function providerConfiguration({ document, keys, address, store }: ConfigurationParts): Configuration {
  return {
    adapter: (kind: string) => store.adapter(kind),
    clients: [
      ...document.programs.map(programClient),
      ...document.applications.map((application) => applicationClient(application, address)),
    ],
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    jwks: { keys: keys.signing.map(({ keyId, privateJwk }) => ({ ...privateJwk, ...publicMarks(keyId) })) },
    cookies: {
      keys: [...keys.cookieSecrets],
      names: { session: 'oms_session', interaction: 'oms_sign_in', resume: 'oms_sign_in_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true, secure: address.protocol === 'https' },
      short: { httpOnly: true, sameSite: 'lax', signed: true, secure: address.protocol === 'https' },
    },
    routes: {
      authorization: PATHS.authorization,
      token: PATHS.token,
      revocation: PATHS.revocation,
      end_session: PATHS.endSession,
      jwks: PATHS.keySet,
    },
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name'] },
    // The name belongs into the id token: there is no userinfo endpoint to ask for it.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: (_context, origin, client) =>
      client.clientAuthMethod === 'none' && !!client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin),
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: 5,
    features: features(),
    ttl: {
      AccessToken: ACCESS_TOKEN_S,
      ClientCredentials: ACCESS_TOKEN_S,
      IdToken: ACCESS_TOKEN_S,
      AuthorizationCode: CODE_S,
      Interaction: INTERACTION_S,
      RefreshToken: SESSION_S,
      Session: SESSION_S,
      Grant: SESSION_S,
    },
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    // Signing out, or being signed out by time, ends what was granted through that session.
    expiresWithSession: async () => true,
    findAccount: (_context, id) => accountOf(document.users.find((user) => user.id === id)),
    extraTokenClaims: (_context, token) => {
      const id = 'accountId' in token ? token.accountId : token.clientId;
      return { ...claimsOf([...document.users, ...document.programs].find((subject) => subject.id === id)) };
    },
    loadExistingGrant: existingOrNewGrant,
    interactions: { policy: onlySignIn(), url: (_context, interaction) => `${PATHS.signIn}/${interaction.uid}` },
    renderError: (context, out) => {
      const detail = out.error_description ?? 'The request could not be understood.';
      answerPage(context, problemPage('That did not work', detail));
    },
  };
}

const features = (): NonNullable<Configuration['features']> => ({
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  userinfo: { enabled: false },
  clientCredentials: { enabled: true },
  revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (context, form) => {
      // After signing out the browser is led back to the application.
      const target = URL.parse(String(context.oidc.params?.post_logout_redirect_uri ?? ''))?.origin;
      answerPage(context, signOutPage(form, SIGN_OUT_FORM), target === undefined ? [] : [target]);
    },
    postLogoutSuccessSource: (context) => answerPage(context, signedOutPage()),
  },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => API_AUDIENCE,
    useGrantedResource: () => true,
    getResourceServerInfo: (_context, resource) => {
      if (resource !== API_AUDIENCE) throw new errors.InvalidTarget();
      return {
        scope: 'api',
        audience: API_AUDIENCE,
        accessTokenTTL: ACCESS_TOKEN_S,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: SIGNING_ALGORITHM } },
      };
    },
  },
});

const publicMarks = (keyId: string) => ({ kid: keyId, alg: SIGNING_ALGORITHM, use: 'sig' });

const programClient = ({ id, name, secret }: Subject) => ({
  client_id: id,
  client_name: name,
  // The hash, which only our own comparison reads.
  client_secret: secret,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic' as const,
});

const applicationClient = ({ id, name, redirectUris }: Application, address: IssuerAddress) => ({
  client_id: id,
  client_name: name,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  redirect_uris: absoluteUris(redirectUris, address),
  post_logout_redirect_uris: absoluteUris(redirectUris, address),
  token_endpoint_auth_method: 'none' as const,
});

const accountOf = (user: Subject | undefined) =>
  user === undefined ? undefined : { accountId: user.id, claims: () => ({ sub: user.id, name: user.name }) };

/** Nothing for a subject that is gone: its token then names no role, and counts for nothing. */
const claimsOf = (subject: Subject | undefined): GrantedClaims | null =>
  subject === undefined ? null : { name: subject.name, roles: subject.roles, accounts: subject.accounts };

/** The applications are our own, so nobody is asked whether they may act for the person who signs in. */
function onlySignIn() {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

/** What a person grants an application by signing in through it. */
async function existingOrNewGrant({ oidc }: KoaContextWithOIDC) {
  const { provider, client, session } = oidc;
  const clientId = client!.clientId;
  const grantId = session!.grantIdFor(clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (existing !== undefined && existing.accountId === session!.accountId) return existing;
  if (session!.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId, accountId: session!.accountId });
  grant.addOIDCScope('openid profile');
  grant.addResourceScope(API_AUDIENCE, 'api');
  await grant.save();
  return grant;
}

function answerPage(context: KoaContextWithOIDC, html: string, formTargets: readonly string[] = []): void {
  context.type = 'html';
  context.set('content-security-policy', contentPolicy(formTargets));
  context.body = html;
}
