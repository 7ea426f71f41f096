/**
 * The WebSocket endpoint /v1/ws: takes connections in, gives every operation to its handler, keeps the heartbeat, and
 * cancels the orders of lost connections that asked for it.
 */
import fastifyWebsocket from '@fastify/websocket';
import { type SocketOperationName, socketShapes } from '@oms/api-contract';
import { isoTime } from '@oms/domain';
import type { Clock, LiveState, Scheduler, Timer } from '@oms/ports';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RawData, WebSocket } from 'ws';
import type { CommandDesk } from '../commands/commandDesk.ts';
import { sendRefusal } from '../http/problems.ts';
import type { ApiMetrics } from '../metrics.ts';
import type { ApiBounds } from '../options.ts';
import { PlaceFrameReader } from '../plain/placeFrame.ts';
import { invalid, isRefusal, refuse } from '../refusal.ts';
import { Backpressure } from './backpressure.ts';
import { readFrame } from './frame.ts';
import type { OrderOperations } from './orderOperations.ts';
import { type RequestId, SocketSession } from './socketSession.ts';
import type { StreamOperations } from './streamOperations.ts';

const PATH = '/v1/ws';
/** Close codes (RFC 6455). 1005: the client closed properly, without saying why. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const NO_CODE = 1005;
const CLEAN_CLOSES: ReadonlySet<number> = new Set([NORMAL, GOING_AWAY, NO_CODE]);
const CANCEL_RETRY_MS = 100;
const NOT_READY = refuse('NOT_READY');

export interface SocketServerOptions {
  readonly orders: OrderOperations;
  readonly streams: StreamOperations;
  readonly desk: CommandDesk;
  readonly live: LiveState;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly metrics: ApiMetrics;
  readonly bounds: ApiBounds;
  readonly allowedOrigins: readonly string[];
  isReady(): boolean;
  onFault(fault: unknown, requestId: string | null): void;
}

interface Operation {
  /** It reaches the house: refused while that is not ready. */
  readonly needsHouse: boolean;
  readonly run: (session: SocketSession, id: RequestId, params: unknown) => void | Promise<void>;
}

export class SocketServer {
  readonly #options: SocketServerOptions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #placeFrames = new PlaceFrameReader();
  readonly #backpressure: Backpressure;
  readonly #sessions = new Set<SocketSession>();
  readonly #heartbeat: Timer;
  #closing = false;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#operations = new Map(Object.entries(this.#operationsOf(options)));
    this.#backpressure = new Backpressure(options.scheduler, options.desk);
    this.#heartbeat = options.scheduler.every(options.bounds.heartbeatMs, () => this.#beat());
  }

  register(app: FastifyInstance): void {
    app.register(fastifyWebsocket, {
      options: { perMessageDeflate: false, maxPayload: this.#options.bounds.bodyBytesMax, clientTracking: false },
      // Broken and oversized frames: ws closes with 1002, 1007 or 1009 by itself.
      errorHandler: () => {},
      preClose: (done) => done(),
    });
    app.register(async (scope) => {
      scope.route({
        method: 'GET',
        url: PATH,
        onRequest: (request, reply, next) => {
          if (this.#allows(request)) next();
          else sendRefusal(reply, refuse('ORIGIN_NOT_ALLOWED'), request.id);
        },
        handler: (request, reply) =>
          sendRefusal(reply.header('upgrade', 'websocket'), refuse('UPGRADE_REQUIRED'), request.id),
        wsHandler: (socket, request) => this.#open(socket, request),
      });
    });
  }

  /** Says goodbye to everybody; a farewell of ours cancels nobody's orders. */
  close(): void {
    this.#closing = true;
    this.#heartbeat.cancel();
    this.#backpressure.close();
    for (const session of this.#sessions) session.close(GOING_AWAY, 'server is stopping');
  }

  /** Cuts whoever has not answered the farewell. */
  cut(): void {
    for (const session of this.#sessions) session.terminate();
  }

  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  #operationsOf({ orders, streams }: SocketServerOptions): Readonly<Record<SocketOperationName, Operation>> {
    const ofHouse = (run: Operation['run']): Operation => ({ needsHouse: true, run });
    const ofSession = (run: Operation['run']): Operation => ({ needsHouse: false, run });
    return {
      'order.place': ofHouse((session, id, params) => orders.place(session, id, params)),
      'order.replace': ofHouse((session, id, params) => orders.replace(session, id, params)),
      'order.cancel': ofHouse((session, id, params) => orders.cancel(session, id, params)),
      'order.cancelAll': ofHouse((session, id, params) => orders.cancelAll(session, id, params)),
      subscribe: ofHouse((session, id, params) => streams.subscribe(session, id, params)),
      unsubscribe: ofSession((session, id, params) => streams.unsubscribe(session, id, params)),
      ping: ofSession((session, id) =>
        session.answer(id, JSON.stringify({ time: isoTime(this.#options.clock.now()) })),
      ),
      'session.cancelOnDisconnect': ofSession((session, id, params) => this.#cancelOnDisconnect(session, id, params)),
      auth: ofSession((session, id, params) => this.#authenticate(session, id, params)),
    };
  }

  /** A page of another origin must not trade with the rights of whoever looks at it. Programs send no origin. */
  #allows({ headers }: FastifyRequest): boolean {
    const { origin, host } = headers;
    if (origin === undefined || this.#options.allowedOrigins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }

  #open(socket: WebSocket, request: FastifyRequest): void {
    const { metrics, bounds, streams } = this.#options;
    const session = new SocketSession(
      socket,
      request.raw.socket,
      request.ip,
      request.actor,
      metrics.sockets,
      bounds.unsentBytesMax,
    );
    this.#sessions.add(session);
    metrics.sockets.connections++;
    socket.on('message', (data, isBinary) => this.#received(session, data, isBinary));
    socket.on('pong', () => {
      session.alive = true;
    });
    socket.on('close', (code) => {
      this.#sessions.delete(session);
      this.#backpressure.forget(session);
      metrics.sockets.connections--;
      streams.leaveAll(session);
      if (!this.#closing && !CLEAN_CLOSES.has(code)) this.#lost(session);
    });
  }

  #received(session: SocketSession, data: RawData, isBinary: boolean): void {
    session.alive = true;
    if (isBinary) {
      session.close(UNSUPPORTED_DATA, 'frames are JSON text');
      return;
    }
    this.#options.metrics.sockets.requests++;
    const id = this.#placeFrames.begin(data as Buffer);
    if (id === null || !this.#placed(session, id)) this.#receivedAny(session, data as Buffer);
  }

  /** Refuses or places the order of the frame begun; false when it has to be read the thorough way. */
  #placed(session: SocketSession, id: RequestId): boolean {
    const { orders, desk } = this.#options;
    if (!this.#options.isReady()) {
      session.refuse(id, NOT_READY);
      return true;
    }
    // What has no chance is not read: past the knee, all it would cost is taken from orders that have one.
    if (desk.isFull) {
      orders.shed(session, id);
      this.#backpressure.rest(session);
      return true;
    }
    const order = this.#placeFrames.order();
    if (order === null) return false;
    this.#guarded(session, id, () => orders.placeRead(session, id, order));
    return true;
  }

  #receivedAny(session: SocketSession, data: Buffer): void {
    const frame = readFrame(data.toString());
    if ('refusal' in frame) {
      session.refuse(frame.id, frame.refusal);
      return;
    }
    const { id, op, params } = frame;
    const operation = this.#operations.get(op);
    if (operation === undefined) session.refuse(id, refuse('UNKNOWN_OPERATION'));
    else if (operation.needsHouse && !this.#options.isReady()) session.refuse(id, NOT_READY);
    else this.#guarded(session, id, () => operation.run(session, id, params));
    if (op === 'order.place' && this.#options.desk.isFull) this.#backpressure.rest(session);
  }

  #guarded(session: SocketSession, id: RequestId, operation: () => void | Promise<void>): void {
    const fault = (error: unknown): void => {
      this.#options.onFault(error, null);
      session.refuse(id, refuse('INTERNAL'));
    };
    try {
      const work = operation();
      if (work !== undefined) work.catch(fault);
    } catch (error) {
      fault(error);
    }
  }

  /** Whoever said nothing since the last ping is lost. */
  #beat(): void {
    for (const session of this.#sessions) {
      if (!session.alive) {
        session.terminate();
        continue;
      }
      session.alive = false;
      session.ping();
    }
  }

  #cancelOnDisconnect(session: SocketSession, id: RequestId, params: unknown): void {
    const shape = socketShapes.cancelOnDisconnect;
    if (!shape.matches(params)) {
      session.refuse(id, invalid(shape.errorsOf(params)));
      return;
    }
    const { enabled, accountId } = params;
    if (!this.#options.live.hasAccount(accountId)) {
      session.refuse(id, refuse('UNKNOWN_ACCOUNT'));
      return;
    }
    if (enabled) session.canceledOnDisconnect.add(accountId);
    else session.canceledOnDisconnect.delete(accountId);
    session.answer(id, JSON.stringify({ enabled, accountId }));
  }

  /** Without sign-in any token is as good as none: the session goes on acting for nobody. */
  #authenticate(session: SocketSession, id: RequestId, params: unknown): void {
    const shape = socketShapes.auth;
    if (shape.matches(params)) session.answer(id, JSON.stringify({ actor: session.actor }));
    else session.refuse(id, invalid(shape.errorsOf(params)));
  }

  #lost(session: SocketSession): void {
    for (const accountId of session.canceledOnDisconnect) this.#cancelOrdersOf(accountId);
  }

  /** Nobody waits for the outcome, so it is our duty to try until the house has taken it. */
  #cancelOrdersOf(accountId: string): void {
    const { desk, scheduler, onFault } = this.#options;
    desk.cancelMatching({ accountId, symbol: null, side: null }, 'DISCONNECT').then(
      (outcome) => {
        if (isRefusal(outcome) && outcome.refused === 'OVERLOADED' && !this.#closing) {
          scheduler.after(CANCEL_RETRY_MS, () => this.#cancelOrdersOf(accountId));
        }
      },
      (fault: unknown) => onFault(fault, null),
    );
  }
}
