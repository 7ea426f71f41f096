/**
 * The other end of bench/api.ts: a child process that sends prepared requests over raw sockets, keeps a fixed number
 * of them in flight on every connection, and counts the answers by their framing alone, so that it stays cheaper than
 * any server it drives. Told what to do by one message per round, answers with one.
 */
import { connect, type Socket } from 'node:net';

export interface Round {
  readonly port: number;
  readonly protocol: 'socket' | 'http';
  /** Text of the requests, taken in turn: WebSocket messages, or whole HTTP requests. */
  readonly requests: readonly string[];
  readonly connections: number;
  /** Requests in flight on each connection. */
  readonly window: number;
  /** Requests over all connections. */
  readonly total: number;
  /** Sent with the upgrade request. */
  readonly token?: string;
}
export interface RoundDone {
  readonly answers: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** How many whole answers `bytes` begins with, and where they end. */
type Count = (bytes: Buffer) => { readonly answers: number; readonly end: number };

const upgradeOf = (token: string | undefined): string =>
  'GET /v1/ws HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  (token === undefined ? '' : `Authorization: Bearer ${token}\r\n`) +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
const HEAD_END = '\r\n\r\n';
const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;

process.on('message', (round: Round) => {
  void run(round).then((done) => process.send!(done));
});

async function run(round: Round): Promise<RoundDone> {
  const isSocket = round.protocol === 'socket';
  const requests = round.requests.map((text) => (isSocket ? maskedFrame(text) : Buffer.from(text)));
  const share = Math.floor(round.total / round.connections);
  const sockets = await Promise.all(
    Array.from({ length: round.connections }, () => open(round.port, isSocket ? upgradeOf(round.token) : null)),
  );
  const startedAt = performance.now();
  const bytes = await Promise.all(
    sockets.map((socket) => drive(socket, requests, round.window, share, isSocket ? countFrames : countResponses)),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  return { answers: share * round.connections, bytes: bytes.reduce((sum, each) => sum + each, 0), seconds };
}

function open(port: number, upgrade: string | null): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      if (upgrade === null) resolve(socket);
      else socket.write(upgrade);
    });
    if (upgrade !== null) socket.once('data', () => resolve(socket));
  });
}

/** @returns the bytes of all answers */
function drive(
  socket: Socket,
  requests: readonly Buffer[],
  window: number,
  total: number,
  count: Count,
): Promise<number> {
  let sent = 0;
  let answered = 0;
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  const send = (upTo: number): void => {
    const frames: Buffer[] = [];
    for (; sent < Math.min(upTo, total); sent++) frames.push(requests[sent % requests.length]!);
    if (frames.length > 0) socket.write(Buffer.concat(frames));
  };
  return new Promise((resolve) => {
    socket.on('data', (data) => {
      bytes += data.length;
      const seen = rest.length === 0 ? data : Buffer.concat([rest, data]);
      const { answers, end } = count(seen);
      rest = seen.subarray(end);
      answered += answers;
      if (answered === total) resolve(bytes);
      else send(answered + window);
    });
    send(window);
  });
}

function countFrames(bytes: Buffer): { answers: number; end: number } {
  let answers = 0;
  let at = 0;
  while (at + 4 <= bytes.length) {
    const short = bytes[at + 1]!;
    if (short === 127 && at + 10 > bytes.length) break;
    const end =
      short < 126
        ? at + 2 + short
        : short === 126
          ? at + 4 + bytes.readUInt16BE(at + 2)
          : at + 10 + bytes.readUIntBE(at + 4, 6);
    if (end > bytes.length) break;
    at = end;
    answers++;
  }
  return { answers, end: at };
}

function countResponses(bytes: Buffer): { answers: number; end: number } {
  let answers = 0;
  let at = 0;
  for (;;) {
    const head = bytes.indexOf(HEAD_END, at);
    if (head < 0) break;
    const length = /content-length: (\d+)/i.exec(bytes.toString('latin1', at, head))![1]!;
    const end = head + HEAD_END.length + Number(length);
    if (end > bytes.length) break;
    at = end;
    answers++;
  }
  return { answers, end: at };
}

function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const long = payload.length > 125;
  const head = long
    ? [0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, ...MASK]
    : [0x81, 0x80 | payload.length, ...MASK];
  for (let i = 0; i < payload.length; i++) payload[i]! ^= MASK[i & 3]!;
  return Buffer.concat([Buffer.from(head), payload]);
}
