/** The issuer behind a real HTTP server, with a data directory of its own, and a browser that keeps cookies. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AccessFact, Scheduler } from '@oms/ports';
import { afterEach } from 'vitest';
import { type Identity, type IdentityOptions, openIdentity } from '../src/identity.ts';
import { type LocalProgram, readLocalCredentials } from '../src/localCredentials.ts';

const CHEAP = { costLog2: 4, blockSize: 1, parallel: 1 } as const;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export function newDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'oms-identity-'));
  chmodSync(directory, 0o700);
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Real time plus what the test adds: the library reads the system's clock. */
export class AddedTime implements Scheduler {
  addedMs = 0;
  readonly #tasks: (() => void)[] = [];

  now(): number {
    return Date.now() + this.addedMs;
  }

  soon(task: () => void): void {
    setImmediate(task);
  }

  every(_intervalMs: number, task: () => void) {
    this.#tasks.push(task);
    return { cancel: () => this.#tasks.splice(this.#tasks.indexOf(task), 1) };
  }

  after(_delayMs: number, task: () => void) {
    return this.every(0, task);
  }

  /** Runs everything that is due now and then. */
  tick(): void {
    for (const task of this.#tasks) task();
  }
}

export interface IssuerUnderTest {
  readonly url: string;
  readonly directory: string;
  readonly identity: Identity;
  readonly time: AddedTime;
  readonly facts: AccessFact[];
  readonly faults: unknown[];
  readonly revoked: string[];
  readonly passwords: ReadonlyMap<string, string>;
  program(role: string): LocalProgram;
  stop(): Promise<void>;
}

const ports = new Map<string, number>();

export async function startIssuer(
  directory: string = newDirectory(),
  options: Partial<IdentityOptions> = {},
): Promise<IssuerUnderTest> {
  const time = new AddedTime();
  const facts: AccessFact[] = [];
  const faults: unknown[] = [];
  const revoked: string[] = [];
  const identity = await openIdentity({
    directory,
    clock: time,
    scheduler: time,
    traderAccounts: ['DEMO-0001', 'DEMO-0002'],
    onAudit: (fact) => facts.push(fact),
    onFault: (fault) => faults.push(fault),
    onRevoked: (tokenId) => revoked.push(tokenId),
    hashCosts: { password: CHEAP, clientSecret: CHEAP },
    ...options,
  });
  const server = createServer((request, response) => {
    // A connection kept would be one to the server before the restart.
    response.setHeader('connection', 'close');
    identity.handle(request, response);
  });
  // The same address after a restart: cookies and redirect addresses are bound to it.
  await new Promise<void>((resolve) => server.listen(ports.get(directory) ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  ports.set(directory, port);
  identity.listensAt(`http://127.0.0.1:${port}`);
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    identity.close();
  };
  cleanUps.push(stop);
  const credentials = () => readLocalCredentials(path.join(directory, 'local-credentials.json'))!;
  return {
    ...{ url: `http://127.0.0.1:${port}`, directory, identity, time, facts, faults, revoked, stop },
    passwords: new Map(identity.firstSignIn?.users.map(({ id, password }) => [id, password])),
    program: (role) => credentials().programs.find(({ roles }) => roles.some((one) => one === role))!,
  };
}

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function postForm(
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

export const getJson = async (url: string): Promise<Record<string, unknown>> =>
  (await (await fetch(url)).json()) as Record<string, unknown>;

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

export const signInProgram = (issuer: IssuerUnderTest, role: string, fields: Readonly<Record<string, string>> = {}) => {
  const { clientId, clientSecret } = issuer.program(role);
  return postForm(
    `${issuer.url}/oauth2/token`,
    { grant_type: 'client_credentials', ...fields },
    basic(clientId, clientSecret),
  );
};

export const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[1]!, 'base64url').toString());
export const headerOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[0]!, 'base64url').toString());

export const readText = (issuer: IssuerUnderTest, file: string): string =>
  readFileSync(path.join(issuer.directory, file), 'latin1');

export const newVerifier = (): string => randomBytes(32).toString('base64url');
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Follows redirects by hand, keeping cookies by name and path as a browser does. */
export class Browser {
  readonly #keepsPaths: boolean;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  /** @param keepsPaths false: sends a cookie to every path, as no browser does */
  constructor(keepsPaths = true) {
    this.#keepsPaths = keepsPaths;
  }

  async open(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url);
    const cookie = [...this.#cookies]
      .filter(
        ([, { path: scope }]) => pathname === scope || pathname.startsWith(scope.endsWith('/') ? scope : `${scope}/`),
      )
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...(init.headers as object) },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    const [pair, ...attributes] = line.split('; ');
    const [name, value] = [pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1)];
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const scope = this.#keepsPaths ? path : '/';
    if (value === '') this.#cookies.delete(`${name} ${scope}`);
    else this.#cookies.set(`${name} ${scope}`, { value, path: scope });
  }

  post(url: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
    return this.open(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin', ...headers },
    });
  }
}

export interface Authorization {
  readonly verifier: string;
  readonly redirectUri: string;
  readonly url: string;
}

export function authorization(
  issuer: IssuerUnderTest,
  changed: Record<string, string | undefined> = {},
): Authorization {
  const verifier = newVerifier();
  const redirectUri = `${issuer.url}/dashboard/`;
  const fields = {
    client_id: 'oms-dashboard',
    response_type: 'code',
    scope: 'openid profile api',
    redirect_uri: redirectUri,
    state: 'the state',
    nonce: 'the nonce',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...changed,
  };
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { verifier, redirectUri, url: `${issuer.url}/oauth2/authorize?${new URLSearchParams(given)}` };
}

/** The sign-in page that an authorization leads to, with the token in its form. */
export async function openSignIn(issuer: IssuerUnderTest, browser: Browser, url: string) {
  const begun = await browser.open(url);
  const page = new URL(begun.headers.get('location')!, issuer.url).href;
  const response = await browser.open(page);
  const html = await response.text();
  return { page, response, html, formToken: /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '' };
}

/** Signs a user in through the page. @returns where the browser is led in the end */
export async function signInUser(
  issuer: IssuerUnderTest,
  userName: string,
  password: string,
  { browser = new Browser(), begun = authorization(issuer) } = {},
): Promise<URL> {
  const { page, formToken } = await openSignIn(issuer, browser, begun.url);
  return follow(issuer, browser, await browser.post(page, { formToken, userName, password }));
}

/** Follows redirects until they leave the issuer. */
export async function follow(issuer: IssuerUnderTest, browser: Browser, response: Response): Promise<URL> {
  for (let current = response; ; ) {
    const location = current.headers.get('location');
    if (location === null) throw new Error(`no redirect but ${current.status}: ${await current.text()}`);
    const next = new URL(location, issuer.url);
    if (!next.pathname.startsWith('/oauth2/')) return next;
    current = await browser.open(next.href);
  }
}

export const redeem = (
  issuer: IssuerUnderTest,
  begun: Authorization,
  code: string,
  changed: Record<string, string> = {},
) =>
  postForm(`${issuer.url}/oauth2/token`, {
    grant_type: 'authorization_code',
    client_id: 'oms-dashboard',
    redirect_uri: begun.redirectUri,
    code_verifier: begun.verifier,
    code,
    ...changed,
  });

/** Signs a user in and redeems the code. */
export async function tokensOf(issuer: IssuerUnderTest, user: string, browser = new Browser()): Promise<TokenAnswer> {
  const begun = authorization(issuer);
  const end = await signInUser(issuer, user, issuer.passwords.get(user)!, { browser, begun });
  return redeem(issuer, begun, end.searchParams.get('code')!);
}

export const refresh = (issuer: IssuerUnderTest, refreshToken: unknown) =>
  postForm(`${issuer.url}/oauth2/token`, {
    grant_type: 'refresh_token',
    client_id: 'oms-dashboard',
    refresh_token: String(refreshToken),
  });
