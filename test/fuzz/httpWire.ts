/** HTTP/1.1 by hand, so that everything can be sent and every byte that comes back is looked at. */
import { connect, type Socket } from 'node:net';

export interface WireAnswer {
  readonly status: number;
  /** Names in lower case; a repeated one keeps its last value. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/** Takes whole answers off the front of what was received. @throws Error when it is no HTTP */
export function takeAnswer(
  received: string,
  isHead: boolean,
): { readonly answer: WireAnswer; readonly rest: string } | null {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const [statusLine = '', ...lines] = received.slice(0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no status line: ${JSON.stringify(statusLine.slice(0, 80))}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const match = /^([!-9;-~]+): ([\t\x20-\x7e]*)$/.exec(line);
    if (match === null) throw new Error(`no header: ${JSON.stringify(line.slice(0, 80))}`);
    headers.set(match[1]!.toLowerCase(), match[2]!);
  }
  const bodyStart = headEnd + HEAD_END.length;
  const isBodyless = isHead || status < 200;
  if (!isBodyless && !headers.has('content-length')) throw new Error(`an answer ${status} of unknown length`);
  const bodyEnd = bodyStart + (isBodyless ? 0 : Number(headers.get('content-length')));
  if (received.length < bodyEnd) return null;
  return { answer: { status, headers, body: received.slice(bodyStart, bodyEnd) }, rest: received.slice(bodyEnd) };
}

/** One connection at a time: kept while both sides want to, opened again when not. Bytes are handled as latin1. */
export class HttpWire {
  readonly #port: number;
  #socket: Socket | null = null;
  #received = '';
  #ended = false;
  #moved: () => void = () => {};

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends one well-framed request. @returns its final answer; null when the connection was closed instead */
  async exchange(request: Buffer, isHead: boolean): Promise<WireAnswer | null> {
    const socket = this.#connection();
    socket.write(request);
    for (;;) {
      const taken = takeAnswer(this.#received, isHead);
      if (taken === null) {
        if (this.#ended) {
          this.close();
          return null;
        }
        await this.#more();
        continue;
      }
      this.#received = taken.rest;
      if (taken.answer.status < 200) continue;
      if (taken.answer.headers.get('connection') === 'close') this.close();
      return taken.answer;
    }
  }

  /** Sends any bytes and nothing after them. @returns all that was received until the server closed */
  async finish(bytes: Uint8Array): Promise<string> {
    this.close();
    this.#connection().end(bytes);
    while (!this.#ended) await this.#more();
    const received = this.#received;
    this.close();
    return received;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#received = '';
    this.#ended = false;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#moved = resolve;
    });
  }

  #connection(): Socket {
    if (this.#socket !== null && !this.#ended) return this.#socket;
    this.close();
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    const isMine = () => this.#socket === socket;
    socket.on('data', (data) => {
      if (isMine()) this.#received += data;
      this.#moved();
    });
    // A server that refuses in the middle of a large body resets; what it said before counts.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (isMine()) this.#ended = true;
      this.#moved();
    });
    this.#socket = socket;
    return socket;
  }
}
