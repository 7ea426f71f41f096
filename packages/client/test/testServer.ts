/** A small real server for protocol tests: scripted HTTP answers and WebSocket conversations on a free port. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackOff } from '@oms/client';
import { type WebSocket, WebSocketServer } from 'ws';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** What to answer; 'DROP' cuts the connection after the request was read, as a crash would. */
export type ScriptedAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'DROP';

export interface SocketRequest {
  readonly id: number;
  readonly op: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export class TestServer {
  readonly seen: SeenRequest[] = [];
  readonly answers: ScriptedAnswer[] = [];
  readonly sockets: WebSocket[] = [];
  readonly socketRequests: SocketRequest[] = [];
  readonly upgradeTokens: (string | undefined)[] = [];
  /** How each WebSocket request is dealt with. */
  onRequest: (request: SocketRequest, socket: WebSocket) => void = () => undefined;
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  /** Whether a WebSocket is let in with this Authorization header. */
  onUpgrade: (authorization: string | undefined) => boolean = () => true;
  readonly #webSockets = new WebSocketServer({
    server: this.#server,
    path: '/v1/ws',
    verifyClient: ({ req }: { req: IncomingMessage }) => this.onUpgrade(req.headers.authorization),
  });

  static async start(): Promise<TestServer> {
    const server = new TestServer();
    server.#webSockets.on('connection', (socket, request) => {
      server.sockets.push(socket);
      server.upgradeTokens.push(request.headers.authorization);
      socket.on('message', (data) => {
        const message = JSON.parse(data.toString()) as SocketRequest;
        server.socketRequests.push(message);
        server.onRequest(message, socket);
      });
    });
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#webSockets.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    this.seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
      body: bodyOf(request, text),
    });
    const answer = this.answers.shift() ?? { status: 500, body: { code: 'SCRIPT_ENDED' } };
    if (answer === 'DROP') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
  }
}

const bodyOf = ({ headers }: IncomingMessage, text: string): unknown => {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  return text === '' ? null : JSON.parse(text);
};

/** Waits nothing, remembers what it was asked to wait. */
export function recordedBackOff(random = 0.5): BackOff & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    baseMs: 100,
    ceilingMs: 1_000,
    random: () => random,
    sleep: async (ms) => {
      waits.push(ms);
    },
    waits,
  };
}

/** Resolves when the condition holds; the test runner's own time limit ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
