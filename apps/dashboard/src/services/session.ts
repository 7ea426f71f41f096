/**
 * Who sits at the page. Where the server asks for sign-in, the browser goes through the issuer's page (authorization
 * code with PKCE) before anything is drawn; tokens are renewed before they expire and live in this tab only.
 */
import type { User, UserManager } from 'oidc-client-ts';

export type Role = 'viewer' | 'trader' | 'risk-manager' | 'admin';

/** What `/config.json` tells the page, on any server that hosts it. */
interface PageConfig {
  /** null: this server asks nobody to sign in. */
  readonly signIn: { readonly authority: string; readonly clientId: string; readonly scope: string } | null;
}

export interface Session {
  /** null where nobody signs in. */
  readonly name: string | null;
  may(...roles: readonly Role[]): boolean;
  /** The current access token, renewed when it is about to expire. Absent where nobody signs in. */
  readonly token?: () => Promise<string>;
  signOut(): Promise<void>;
}

/** Seconds before its end at which a token is renewed. */
const RENEW_BEFORE_S = 60;

const EVERYBODY: Session = { name: null, may: () => true, signOut: () => Promise.resolve() };

/** Never resolves when the browser is on its way to the sign-in page. */
export const session: Session = await openSession();

async function openSession(): Promise<Session> {
  const config = (await (await fetch('/config.json')).json()) as PageConfig;
  if (config.signIn === null) return EVERYBODY;
  const { UserManager, WebStorageStateStore } = await import('oidc-client-ts');
  const here = `${window.location.origin}/`;
  const manager = new UserManager({
    authority: config.signIn.authority === '' ? window.location.origin : config.signIn.authority,
    client_id: config.signIn.clientId,
    redirect_uri: here,
    post_logout_redirect_uri: here,
    scope: config.signIn.scope,
    // This tab only, so that nothing stays behind when it is closed.
    userStore: new WebStorageStateStore({ store: window.sessionStorage }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    automaticSilentRenew: false,
  });
  return signedIn(manager, await userOf(manager));
}

/** The one who is signed in, or has just come back from signing in; otherwise leads there. */
async function userOf(manager: UserManager): Promise<User> {
  if (new URLSearchParams(window.location.search).has('code')) {
    const user = await manager.signinRedirectCallback().catch(() => null);
    window.history.replaceState(null, '', '/');
    if (user !== null) return user;
  }
  const known = await manager.getUser();
  return known !== null && known.expired !== true ? known : leave(manager);
}

async function leave(manager: UserManager): Promise<never> {
  await manager.removeUser();
  await manager.signinRedirect();
  return new Promise(() => {});
}

function signedIn(manager: UserManager, first: User): Session {
  let user = first;
  let renewal: Promise<User> | null = null;
  const renew = () => {
    renewal ??= manager
      .signinSilent()
      .then(
        (renewed) => renewed ?? leave(manager),
        () => leave(manager),
      )
      .finally(() => {
        renewal = null;
      });
    return renewal;
  };
  const { roles } = claimsOf(user.access_token);
  return {
    name: user.profile.name ?? user.profile.sub,
    may: (...wanted) => roles.some((role) => role === 'admin' || wanted.includes(role)),
    token: async () => {
      if ((user.expires_in ?? 0) < RENEW_BEFORE_S) user = await renew();
      return user.access_token;
    },
    signOut: () => manager.signoutRedirect(),
  };
}

/** Read to show what applies; what is allowed the server decides. */
function claimsOf(token: string): { readonly roles: readonly Role[] } {
  try {
    const body = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const claims = JSON.parse(atob(body)) as { roles?: readonly Role[]; 'cognito:groups'?: readonly Role[] };
    return { roles: claims.roles ?? claims['cognito:groups'] ?? [] };
  } catch {
    return { roles: [] };
  }
}
