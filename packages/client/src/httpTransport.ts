/**
 * One HTTP exchange with the server: address, token, time limit, JSON both ways, and retries where sending again is
 * safe. Uses only what browsers and Node share (fetch, AbortSignal, URL).
 */
import { type BackOff, delayMs, systemBackOff } from './backOff.ts';
import { errorFromBody, OmsError, parseRetryAfter } from './omsError.ts';
import { currentToken, type TokenOption, tokenRefused } from './tokenSource.ts';

export interface OmsClientOptions {
  /** For example "http://127.0.0.1:8080". */
  readonly url: string;
  /** Bearer token, or where to get the current one. Left out where the server asks for none. */
  readonly token?: TokenOption;
  /** Time limit of one attempt. Default 10 000. */
  readonly timeoutMs?: number;
  /** Attempts of an idempotent request in all. Default 5. */
  readonly attemptsMax?: number;
  readonly fetch?: typeof fetch;
  readonly backOff?: BackOff;
}

export type QueryValue = string | number | undefined;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  /**
   * ALWAYS: sending it twice is the same as once. IF_REFUSED: only after 429 and 503, where nothing was accepted.
   * NEVER: the first answer counts.
   */
  readonly retry: 'ALWAYS' | 'IF_REFUSED' | 'NEVER';
  /** Statuses besides 2xx whose body is an answer, not an error. */
  readonly alsoAnswers?: readonly number[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export class HttpTransport {
  readonly #options: OmsClientOptions;
  readonly #base: string;
  readonly #backOff: BackOff;

  constructor(options: OmsClientOptions) {
    this.#options = options;
    this.#base = options.url.replace(/\/+$/, '');
    this.#backOff = options.backOff ?? systemBackOff;
  }

  /** @throws OmsError for every other answer, or for none after all attempts. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const attemptsMax = this.#options.attemptsMax ?? 5;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(request);
      } catch (error) {
        if (!(error instanceof OmsError) || attempt >= attemptsMax || !mayRetry(request, error)) throw error;
        await this.#backOff.sleep(delayMs(this.#backOff, attempt, error.retryAfterMs));
      }
    }
  }

  async #attempt(request: HttpRequest): Promise<HttpAnswer> {
    const token = await currentToken(this.#options.token);
    let answer = await this.#exchange(request, token);
    // Nothing was done with a request that was not let in, so it may be sent again, once, with another token.
    if (answer.status === 401 && tokenRefused(this.#options.token, token)) {
      answer = await this.#exchange(request, await currentToken(this.#options.token));
    }
    const isAnswer = (answer.status >= 200 && answer.status < 300) || request.alsoAnswers?.includes(answer.status);
    if (isAnswer) return answer;
    throw errorFromBody(answer.status, answer.body, parseRetryAfter(answer.headers.get('retry-after'), Date.now()));
  }

  async #exchange(request: HttpRequest, token: string | undefined): Promise<HttpAnswer> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    const send = this.#options.fetch ?? fetch;
    try {
      const response = await send(this.#base + request.path + queryText(request.query), {
        method: request.method,
        headers,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 10_000),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: parseBody(response.status, text) };
    } catch (error) {
      if (error instanceof OmsError) throw error;
      throw new OmsError({ status: 0, code: 'NO_ANSWER', detail: `${this.#base}: ${describe(error)}`, cause: error });
    }
  }
}

function mayRetry(request: HttpRequest, error: OmsError): boolean {
  if (request.retry === 'NEVER') return false;
  if (request.retry === 'ALWAYS') return error.retryable;
  return error.status === 429 || error.status === 503;
}

function queryText(query: HttpRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function parseBody(status: number, text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    // An error page of something in between is still that error; a success that cannot be read is not one.
    if (status >= 400) return null;
    throw new OmsError({ status, code: 'MALFORMED_ANSWER', detail: `not JSON: ${text.slice(0, 80)}` });
  }
}

/** fetch hides the reason ("connect ECONNREFUSED …") in the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || String((cause as { code?: unknown }).code ?? cause.name)
    : error.message;
}
