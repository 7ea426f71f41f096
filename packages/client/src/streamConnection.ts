/**
 * One logical connection over many sockets: opens, signs in, reconnects with back-off, and matches answers to requests
 * by id. Idempotent requests outlive a lost socket and are sent again; the others fail with NO_ANSWER.
 */
import { type BackOff, delayMs, systemBackOff } from './backOff.ts';
import { errorFromBody, OmsError } from './omsError.ts';
import { type OpenSocket, openBrowserSocket, type StreamSocket } from './streamSocket.ts';
import { currentToken, type TokenOption, tokenRefused } from './tokenSource.ts';

export interface OmsStreamOptions {
  /** Address of the server, as for OmsClient: "http://127.0.0.1:8080". */
  readonly url: string;
  /** Bearer token, or where to get the current one. */
  readonly token?: TokenOption;
  readonly openSocket?: OpenSocket;
  readonly backOff?: BackOff;
  /** How long a request waits for its answer, over all reconnects. Default 30 000. */
  readonly requestTimeoutMs?: number;
  /** Silence after which the server is pinged; after twice that the socket is given up. Default 15 000. */
  readonly idleMs?: number;
  /** Told whenever the connection comes and goes. */
  readonly onState?: (state: StreamState, detail: string) => void;
}

export type StreamState = 'CONNECTING' | 'CONNECTED' | 'DISCONNECTED' | 'CLOSED';

/** A message of a channel: one change (`data`), or the whole state as of `sequence` (`snapshot`), or an announcement. */
export interface Push {
  readonly channel: string;
  readonly sequence?: number;
  readonly data?: unknown;
  readonly accountId?: string;
  readonly snapshot?: readonly unknown[];
  /** SNAPSHOT_REQUIRED: what was missed is no longer kept, a snapshot follows. */
  readonly error?: { readonly code: string };
}

export interface StreamAnswer {
  readonly result: unknown;
  /** The server had done this very request before. */
  readonly replayed: boolean;
}

interface StreamHooks {
  /** Every time a socket is open and signed in. */
  readonly connected: () => void;
  readonly pushed: (push: Push) => void;
}

interface Waiting {
  readonly text: string;
  readonly resend: boolean;
  readonly deadline: number;
  readonly resolve: (answer: StreamAnswer) => void;
  readonly reject: (error: OmsError) => void;
  sent: boolean;
}

const SWEEP_MS = 1_000;

export class StreamConnection {
  readonly #options: OmsStreamOptions;
  readonly #backOff: BackOff;
  readonly #hooks: StreamHooks;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sweeper: ReturnType<typeof setInterval>;
  #socket: StreamSocket | null = null;
  #state: StreamState = 'CONNECTING';
  #nextId = 1;
  #failures = 0;
  #lastHeardAt = Date.now();
  #pinged = false;

  constructor(options: OmsStreamOptions, hooks: StreamHooks) {
    this.#options = options;
    this.#backOff = options.backOff ?? systemBackOff;
    this.#hooks = hooks;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    void this.#open();
  }

  get state(): StreamState {
    return this.#state;
  }

  /**
   * @param resend the request may be sent again after a lost connection, because twice is the same as once
   * @throws OmsError the server's, or NO_ANSWER, or STREAM_CLOSED
   */
  async request<T>(op: string, params: unknown, resend: boolean): Promise<T> {
    return (await this.exchange(op, params, resend)).result as T;
  }

  /** As {@link request}, with what the server says about the answer. */
  exchange(op: string, params: unknown, resend: boolean): Promise<StreamAnswer> {
    if (this.#state === 'CLOSED') return Promise.reject(streamClosed());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        text: JSON.stringify({ id, op, params }),
        resend,
        deadline: Date.now() + (this.#options.requestTimeoutMs ?? 30_000),
        resolve,
        reject,
        sent: false,
      };
      this.#waiting.set(id, waiting);
      if (this.#state === 'CONNECTED') this.#send(waiting);
    });
  }

  /** Ends it for good: nothing reconnects, open requests fail with STREAM_CLOSED. */
  close(): void {
    if (this.#state === 'CLOSED') return;
    this.#become('CLOSED', 'closed by us');
    clearInterval(this.#sweeper);
    for (const waiting of this.#waiting.values()) waiting.reject(streamClosed());
    this.#waiting.clear();
    this.#socket?.close();
  }

  async #open(): Promise<void> {
    this.#become('CONNECTING', '');
    let token: string | undefined;
    try {
      token = await currentToken(this.#options.token);
    } catch (error) {
      this.#lost(`no token: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (this.#isClosed()) return;
    const open = this.#options.openSocket ?? openBrowserSocket;
    const socket = open(webSocketUrl(this.#options.url), token, {
      opened: () => this.#opened(socket, token),
      message: (text) => this.#heard(text),
      closed: (code, reason) => {
        // What Node's socket says of a handshake that was answered 401.
        if (reason.endsWith(' 401')) tokenRefused(this.#options.token, token);
        if (this.#socket === socket) this.#lost(`${code}${reason === '' ? '' : ` ${reason}`}`);
      },
    });
    this.#socket = socket;
  }

  #opened(socket: StreamSocket, token: string | undefined): void {
    this.#lastHeardAt = Date.now();
    if (token === undefined || socket.signedIn) {
      this.#connected();
      return;
    }
    const id = this.#nextId++;
    this.#waiting.set(id, {
      text: '',
      resend: false,
      deadline: Date.now() + (this.#options.requestTimeoutMs ?? 30_000),
      resolve: () => this.#connected(),
      reject: () => {
        tokenRefused(this.#options.token, token);
        socket.close();
      },
      sent: true,
    });
    socket.send(JSON.stringify({ id, op: 'auth', params: { token } }));
  }

  #connected(): void {
    this.#failures = 0;
    this.#become('CONNECTED', '');
    const kept = [...this.#waiting.values()];
    this.#hooks.connected();
    for (const waiting of kept) if (!waiting.sent) this.#send(waiting);
  }

  #send(waiting: Waiting): void {
    waiting.sent = true;
    this.#socket?.send(waiting.text);
  }

  #heard(text: string): void {
    this.#lastHeardAt = Date.now();
    this.#pinged = false;
    const message = parseMessage(text);
    if (message === null) return;
    if (typeof message.channel === 'string') {
      this.#hooks.pushed(message as unknown as Push);
      return;
    }
    if (typeof message.id !== 'number') return;
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting.resolve({ result: message.result, replayed: message.replayed === true });
    else waiting.reject(errorFromBody(0, message.error, null));
  }

  /** The socket is gone: fail what may not be repeated, keep the rest, come back later. */
  #lost(detail: string): void {
    this.#socket = null;
    if (this.#isClosed()) return;
    this.#become('DISCONNECTED', detail);
    for (const [id, waiting] of this.#waiting) {
      if (waiting.resend || !waiting.sent) {
        waiting.sent = false;
        continue;
      }
      this.#waiting.delete(id);
      waiting.reject(noAnswer(`the connection was lost (${detail})`));
    }
    this.#failures++;
    void this.#backOff.sleep(delayMs(this.#backOff, this.#failures, null)).then(() => {
      if (!this.#isClosed()) void this.#open();
    });
  }

  #sweep(): void {
    const now = Date.now();
    for (const [id, waiting] of this.#waiting) {
      if (waiting.deadline > now) continue;
      this.#waiting.delete(id);
      waiting.reject(noAnswer('no answer in time'));
    }
    if (this.#state !== 'CONNECTED') return;
    const idleMs = this.#options.idleMs ?? 15_000;
    const silentMs = now - this.#lastHeardAt;
    if (silentMs > 2 * idleMs) {
      const socket = this.#socket;
      this.#lost('the server fell silent');
      socket?.close();
    } else if (silentMs > idleMs && !this.#pinged) {
      this.#pinged = true;
      this.request('ping', {}, false).catch(() => undefined);
    }
  }

  #isClosed(): boolean {
    return this.#state === 'CLOSED';
  }

  #become(state: StreamState, detail: string): void {
    this.#state = state;
    this.#options.onState?.(state, detail);
  }
}

const streamClosed = () => new OmsError({ status: 0, code: 'STREAM_CLOSED', detail: 'the stream was closed' });
const noAnswer = (detail: string) => new OmsError({ status: 0, code: 'NO_ANSWER', detail });

function webSocketUrl(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/v1/ws`;
}

function parseMessage(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
