/** Where the issuer is, under which names it may be asked, and which paths of the server are its own. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'] as const;

export const PATHS = {
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  revocation: '/oauth2/revoke',
  endSession: '/oauth2/logout',
  signIn: '/oauth2/sign-in',
  keySet: '/.well-known/jwks.json',
} as const;

const OTHER_PATHS: ReadonlySet<string> = new Set([
  PATHS.keySet,
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
]);

/** Whether a request for this path (without its query) is for the issuer. */
export const isIdentityPath = (path: string): boolean => path.startsWith('/oauth2/') || OTHER_PATHS.has(path);

export interface IssuerAddress {
  /** The issuer's name in tokens, and where it is reached: no slash at the end. */
  readonly issuer: string;
  readonly protocol: 'http' | 'https';
  /** Host headers it answers to. Another one is a page of somebody else that was pointed at this machine. */
  readonly hosts: ReadonlySet<string>;
  /** Origins that are this server. */
  readonly origins: readonly string[];
}

/** @param publicUrl as browsers and programs reach the server, such as "http://127.0.0.1:8080" */
export function issuerAddress(publicUrl: string): IssuerAddress {
  const { protocol, host, hostname, port, origin } = new URL(publicUrl);
  const isLoopback = LOOPBACK_NAMES.some((name) => name === hostname);
  const hosts = isLoopback ? LOOPBACK_NAMES.map((name) => (port === '' ? name : `${name}:${port}`)) : [host];
  return {
    issuer: origin,
    protocol: protocol === 'https:' ? 'https' : 'http',
    hosts: new Set(hosts),
    origins: hosts.map((name) => `${protocol}//${name}`),
  };
}

/** A path stands for itself at every name of this server. */
export const absoluteUris = (uris: readonly string[], { origins }: IssuerAddress): string[] =>
  uris.flatMap((uri) => (uri.startsWith('/') ? origins.map((origin) => origin + uri) : [uri]));
