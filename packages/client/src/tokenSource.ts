/**
 * Where a client gets its bearer token. A program signs in with its own secret (OAuth 2.0 client credentials), again
 * shortly before the token expires, and once more when the server refused it. Uses only what browsers and Node share.
 */
import { OmsError } from './omsError.ts';

export interface TokenSource {
  /**
   * The token to send now; undefined where the server asks for none.
   * @throws OmsError when signing in failed
   */
  token(): Promise<string | undefined>;
  /** To be told that the server refused this token: the next call gets another. */
  refused(token: string): void;
}

/** A fixed token, a function that knows the current one, or a source that also wants to hear of refusals. */
export type TokenOption = string | (() => string | Promise<string>) | TokenSource;

export interface ProgramSignInOptions {
  /** Address of the server, or of another issuer: "http://127.0.0.1:8080". */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where tokens are to be had, below the address. Default /oauth2/token. */
  readonly tokenPath?: string;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface SignedIn {
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Part of a token's life after which it is renewed. */
const RENEW_AFTER = 0.8;

export class ProgramSignIn implements TokenSource {
  readonly #options: ProgramSignInOptions;
  readonly #now: () => number;
  #current: (SignedIn & { readonly renewAt: number }) | null = null;
  #signingIn: Promise<SignedIn | null> | null = null;

  constructor(options: ProgramSignInOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async token(): Promise<string | undefined> {
    const current = this.#current;
    if (current !== null && this.#now() < current.renewAt) return current.accessToken;
    try {
      return (await this.signIn())?.accessToken;
    } catch (error) {
      // The old one is still good: a moment without the issuer is not worth a failure.
      if (current !== null && this.#current === current && this.#now() < current.expiresAt) return current.accessToken;
      throw error;
    }
  }

  refused(token: string): void {
    if (this.#current?.accessToken === token) this.#current = null;
  }

  /** Signs in now, once for all who ask meanwhile. @returns null when the server asks for no token */
  signIn(): Promise<SignedIn | null> {
    this.#signingIn ??= this.#ask().finally(() => {
      this.#signingIn = null;
    });
    return this.#signingIn;
  }

  async #ask(): Promise<SignedIn | null> {
    const { clientId, clientSecret, timeoutMs = 10_000, tokenPath = '/oauth2/token' } = this.#options;
    const askedAt = this.#now();
    const address = this.#options.url.replace(/\/+$/, '') + tokenPath;
    const send = this.#options.fetch ?? fetch;
    let response: Response;
    try {
      response = await send(address, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${encode(clientId)}:${encode(clientSecret)}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new OmsError({ status: 0, code: 'NO_ANSWER', detail: `${address}: no answer`, cause });
    }
    if (response.status === 404) return null;
    const body: unknown = await response.json().catch(() => null);
    const granted = response.ok ? grantOf(body) : null;
    if (granted === null) throw refusalOf(response.status, clientId, body);
    const lifeMs = granted.expiresInS * 1000;
    const signedIn = { accessToken: granted.accessToken, expiresAt: askedAt + lifeMs };
    this.#current = { ...signedIn, renewAt: askedAt + lifeMs * RENEW_AFTER };
    return signedIn;
  }
}

/** As RFC 6749 wants both halves of the Basic header. */
const encode = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

function grantOf(body: unknown): { readonly accessToken: string; readonly expiresInS: number } | null {
  if (typeof body !== 'object' || body === null) return null;
  const { access_token: accessToken, expires_in: expiresInS } = body as Record<string, unknown>;
  return typeof accessToken === 'string' && typeof expiresInS === 'number' ? { accessToken, expiresInS } : null;
}

function refusalOf(status: number, clientId: string, body: unknown): OmsError {
  const { error, error_description: description } = (body ?? {}) as Record<string, unknown>;
  const detail = `${clientId} could not sign in: ${String(description ?? error ?? `status ${status}`)}`;
  return new OmsError({ status, code: 'SIGN_IN_FAILED', detail });
}

/** The token of any kind of option. */
export const currentToken = async (option: TokenOption | undefined): Promise<string | undefined> => {
  if (typeof option === 'function') return option();
  return typeof option === 'object' ? option.token() : option;
};

/** @returns whether another token may be had, so that trying again makes sense */
export function tokenRefused(option: TokenOption | undefined, token: string | undefined): boolean {
  if (typeof option !== 'object' || token === undefined) return false;
  option.refused(token);
  return true;
}
