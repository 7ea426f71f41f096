/**
 * One dose of malformed WebSocket traffic: a burst of mutated requests on a connection that lives on, each of which
 * must get exactly one answer, or frames that are no proper frames on a connection of their own.
 */
import {
  ERRORS,
  type ErrorCode,
  SOCKET_OPERATIONS,
  SocketErrorSchema,
  type SocketOperationName,
  shapeOf,
} from '@oms/api-contract';
import WebSocket from 'ws';
import { readFrame } from '../../services/order-api/src/socket/frame.ts';
import { FuzzRandom } from './fuzzRandom.ts';
import type { FuzzServer } from './fuzzServer.ts';
import { HttpWire } from './httpWire.ts';
import { insistent, MOVED } from './insistent.ts';
import { mutatedJson } from './mutations.ts';
import { complaintOnClose, evilFrames, HANDSHAKE, serverFrames } from './socketWire.ts';
import { VALID_FRAME_PARAMS } from './validRequests.ts';

const RAW_ONE_IN = 8;
const BURST_MAX = 8;
/** Larger ones close the connection, with 1009, as they should. */
const FRAME_BYTES_MAX = 1024 * 1024;

const OPERATIONS = Object.keys(SOCKET_OPERATIONS) as SocketOperationName[];
const FRAME_IDS: readonly unknown[] = [
  1,
  'a',
  0,
  -1,
  2 ** 53,
  1.5,
  '',
  'x'.repeat(64),
  'x'.repeat(65),
  null,
  true,
  [],
  {},
  '\u0000',
];
const errorShape = shapeOf(SocketErrorSchema);

interface Answer {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly status: number; readonly code: string };
}

export class SocketDoses {
  readonly #server: FuzzServer;
  readonly #wire: HttpWire;
  #socket: WebSocket | null = null;
  #answers: Answer[] = [];
  #closed: number | null = null;
  #moved: () => void = () => {};

  constructor(server: FuzzServer) {
    this.#server = server;
    this.#wire = new HttpWire(server.port);
  }

  /** @returns what is wrong, or null */
  async dose(seed: number): Promise<string | null> {
    return (await insistent(() => this.#once(seed))) ?? this.#server.takeFault();
  }

  close(): void {
    this.#socket?.terminate();
    this.#wire.close();
  }

  async #once(seed: number): Promise<string | null> {
    const random = new FuzzRandom(seed);
    const before = await this.#server.position();
    return random.oneIn(RAW_ONE_IN) ? this.#raw(requestText(random), random) : this.#burst(random, before);
  }

  async #burst(random: FuzzRandom, before: number): Promise<string | null> {
    const texts = Array.from({ length: 1 + random.below(BURST_MAX) }, () => requestText(random)).filter(
      (text) => Buffer.byteLength(text) <= FRAME_BYTES_MAX,
    );
    const socket = await this.#connected();
    for (const text of texts) socket.send(text);
    while (this.#answers.length < texts.length) {
      if (this.#closed !== null) return `closed with ${this.#closed} on ${shownTexts(texts)}`;
      await new Promise<void>((resolve) => {
        this.#moved = resolve;
      });
    }
    const answers = this.#answers.splice(0);
    const complaint = complaintOnAnswers(answers, texts) ?? (await this.#changed(answers, before));
    return complaint === null ? null : `${complaint} on ${shownTexts(texts)}`;
  }

  async #raw(text: string, random: FuzzRandom): Promise<string | null> {
    const sent = evilFrames(text, random);
    const received = Buffer.from(await this.#wire.finish(Buffer.concat([HANDSHAKE, sent])), 'latin1');
    const headEnd = received.indexOf('\r\n\r\n');
    if (!received.toString('latin1').startsWith('HTTP/1.1 101 ')) return `no handshake: ${received.subarray(0, 200)}`;
    for (const frame of serverFrames(received.subarray(headEnd + 4))) {
      const complaint = complaintOnClose(frame, sent);
      if (complaint !== null) return `${complaint} on ${sent.subarray(0, 100).toString('hex')}`;
      if (frame.opcode === 1) JSON.parse(frame.payload.toString());
    }
    return null;
  }

  async #changed(answers: readonly Answer[], before: number): Promise<string | null> {
    const refused = answers.every(({ error }) => error !== undefined && ![409, 422].includes(error.status));
    if (!refused || answers.length === 0) return null;
    const after = await this.#server.position();
    return after === before ? null : `${MOVED} from ${before} to ${after} though all was refused`;
  }

  async #connected(): Promise<WebSocket> {
    if (this.#socket !== null && this.#closed === null) return this.#socket;
    this.#closed = null;
    this.#answers = [];
    const socket = new WebSocket(`ws://127.0.0.1:${this.#server.port}/v1/ws`);
    this.#socket = socket;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if ('channel' in frame) return;
      this.#answers.push(frame);
      this.#moved();
    });
    socket.on('close', (code) => {
      if (this.#socket === socket) this.#closed = code;
      this.#moved();
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return socket;
  }
}

function requestText(random: FuzzRandom): string {
  const op = random.pick(OPERATIONS);
  const id = random.oneIn(3) ? random.pick(FRAME_IDS) : random.next();
  return mutatedJson({ id, op, params: VALID_FRAME_PARAMS[op](random) }, random);
}

/** One answer for each request, under its id; each a result or an error of the table. */
function complaintOnAnswers(answers: readonly Answer[], texts: readonly string[]): string | null {
  const expected = texts.map((text) => JSON.stringify(readFrame(Buffer.from(text).toString()).id)).sort();
  const ids = answers.map(({ id }) => JSON.stringify(id)).sort();
  if (ids.join() !== expected.join()) return `answers to ${ids.join()} instead of ${expected.join()}`;
  for (const { result, error } of answers) {
    if (error === undefined) {
      if (result === undefined) return 'an answer is neither result nor error';
      continue;
    }
    if (!errorShape.matches(error)) return `no error document: ${JSON.stringify(error).slice(0, 300)}`;
    const isOfTable = Object.hasOwn(ERRORS, error.code) && ERRORS[error.code as ErrorCode].status === error.status;
    if (!isOfTable || (error.status >= 500 && error.status !== 503)) return `error ${error.status} ${error.code}`;
  }
  return null;
}

const shownTexts = (texts: readonly string[]): string => texts.map((text) => text.slice(0, 300)).join('\n');
