/**
 * The WebSocket endpoint /v1/ws: takes connections in, gives every operation to its handler, keeps the heartbeat, and
 * cancels the orders of lost connections that asked for it.
 */
import fastifyWebsocket from '@fastify/websocket';
import { isAccess, SOCKET_OPERATIONS, type SocketOperationName, socketShapes } from '@oms/api-contract';
import { isoTime } from '@oms/domain';
import type { Clock, LiveState, Scheduler, Timer } from '@oms/ports';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RawData, WebSocket } from 'ws';
import { type AccountReach, reaches } from '../access/caller.ts';
import { REFUSED_TOKEN_COST } from '../access/rates.ts';
import { FORBIDDEN, type SignIn } from '../access/signIn.ts';
import type { AccessAudit } from '../audit/accessAudit.ts';
import type { CommandDesk } from '../commands/commandDesk.ts';
import { endWithRefusal, sendRefusal } from '../http/problems.ts';
import type { RateLimiter } from '../http/rateLimiter.ts';
import { tellFirstUse } from '../http/requestGate.ts';
import type { ApiMetrics } from '../metrics.ts';
import type { ApiBounds } from '../options.ts';
import { PlaceFrameReader } from '../plain/placeFrame.ts';
import { invalid, isRefusal, refuse } from '../refusal.ts';
import { Backpressure } from './backpressure.ts';
import { readFrame } from './frame.ts';
import type { OpenSessions } from './openSessions.ts';
import type { OrderOperations } from './orderOperations.ts';
import { type RequestId, SocketSession } from './socketSession.ts';
import { SocketSignIn } from './socketSignIn.ts';
import type { StreamOperations } from './streamOperations.ts';
import { SOCKET_PATH, SOCKET_VERSION } from './upgrade.ts';

/** Close codes (RFC 6455). 1005: the client closed properly, without saying why. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const NO_CODE = 1005;
const CLEAN_CLOSES: ReadonlySet<number> = new Set([NORMAL, GOING_AWAY, NO_CODE]);
const CANCEL_RETRY_MS = 100;
const NOT_READY = refuse('NOT_READY');

export interface SocketServerOptions {
  readonly sessions: OpenSessions;
  readonly orders: OrderOperations;
  readonly streams: StreamOperations;
  readonly desk: CommandDesk;
  readonly live: LiveState;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly metrics: ApiMetrics;
  readonly bounds: ApiBounds;
  readonly allowedOrigins: readonly string[];
  readonly signIn: SignIn;
  readonly audit: AccessAudit;
  readonly rateLimiter: RateLimiter | null;
  isReady(): boolean;
  onFault(fault: unknown, requestId: string | null): void;
}

interface Operation {
  /** It reaches the house: refused while that is not ready. */
  readonly needsHouse: boolean;
  /** @param reach the accounts that the caller may touch with it */
  readonly run: (session: SocketSession, id: RequestId, params: unknown, reach: AccountReach) => void | Promise<void>;
}

export class SocketServer {
  readonly #options: SocketServerOptions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #placeFrames = new PlaceFrameReader();
  readonly #backpressure: Backpressure;
  readonly #sessions: OpenSessions;
  readonly #signIn: SocketSignIn;
  readonly #heartbeat: Timer;
  #closing = false;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#sessions = options.sessions;
    this.#signIn = new SocketSignIn({
      ...options,
      received: (session, frame) => this.#received(session, frame, false),
      reachChanged: (session) => this.#reachChanged(session),
      signedIn: (caller, { address }) => tellFirstUse(options.audit, caller, address),
      refused: ({ address, addressKey }) => {
        options.rateLimiter?.take('requests', 'address', addressKey, REFUSED_TOKEN_COST);
        const details = { operation: 'auth' };
        options.audit.record({ action: 'TOKEN_REFUSED', actor: null, address, outcome: 'REFUSED', details });
      },
      onFault: (fault, requestId) => options.onFault(fault, requestId),
    });
    this.#operations = new Map(Object.entries(this.#operationsOf(options)));
    for (const [op, { access }] of Object.entries(SOCKET_OPERATIONS)) {
      if (!isAccess(access)) throw new Error(`${op} does not declare who may call it`);
    }
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
      scope.websocketServer.on('wsClientError', (_error, socket) =>
        endWithRefusal(socket, refuse('MALFORMED_REQUEST')),
      );
      scope.route({
        method: 'GET',
        url: SOCKET_PATH,
        config: { access: 'anybody', tokenOptional: true },
        onRequest: (request, reply, next) => {
          if (this.#allows(request)) next();
          else sendRefusal(reply, refuse('ORIGIN_NOT_ALLOWED'), request.id);
        },
        handler: (request, reply) =>
          sendRefusal(
            reply.headers({ upgrade: 'websocket', 'sec-websocket-version': SOCKET_VERSION }),
            refuse('UPGRADE_REQUIRED'),
            request.id,
          ),
        wsHandler: (socket, request) => this.#open(socket, request),
      });
    });
  }

  /** Says goodbye to everybody; a farewell of ours cancels nobody's orders. */
  close(): void {
    this.#closing = true;
    this.#heartbeat.cancel();
    this.#signIn.close();
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
      'order.place': ofHouse((...request) => orders.place(...request)),
      'order.replace': ofHouse((...request) => orders.replace(...request)),
      'order.cancel': ofHouse((...request) => orders.cancel(...request)),
      'order.cancelAll': ofHouse((...request) => orders.cancelAll(...request)),
      subscribe: ofHouse((...request) => streams.subscribe(...request)),
      unsubscribe: ofSession((session, id, params) => streams.unsubscribe(session, id, params)),
      ping: ofSession((session, id) =>
        session.answer(id, JSON.stringify({ time: isoTime(this.#options.clock.now()) })),
      ),
      'session.cancelOnDisconnect': ofSession((...request) => this.#cancelOnDisconnect(...request)),
      auth: ofSession((session, id, params) => this.#signIn.authenticate(session, id, params)),
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
    const session = new SocketSession(socket, request.raw.socket, request.ip, metrics.sockets, bounds.unsentBytesMax);
    this.#sessions.add(session);
    metrics.sockets.connections++;
    socket.on('message', (data, isBinary) => this.#received(session, data, isBinary));
    socket.on('pong', () => {
      session.alive = true;
    });
    socket.on('close', (code) => {
      this.#sessions.delete(session);
      this.#signIn.closed(session);
      this.#backpressure.forget(session);
      metrics.sockets.connections--;
      streams.leaveAll(session);
      if (!this.#closing && !CLEAN_CLOSES.has(code)) this.#lost(session);
    });
    this.#signIn.opened(session, request.caller);
  }

  #received(session: SocketSession, data: RawData, isBinary: boolean): void {
    session.alive = true;
    if (isBinary) {
      session.close(UNSUPPORTED_DATA, 'frames are JSON text');
      return;
    }
    if (!session.isOpen) return;
    this.#options.metrics.sockets.requests++;
    if (session.caller === null) {
      this.#guarded(session, null, () => this.#signIn.receivedBefore(session, data as Buffer));
      return;
    }
    const id = this.#placeFrames.begin(data as Buffer);
    if (id === null || !this.#placed(session, id)) this.#receivedAny(session, data as Buffer);
  }

  /** Refuses or places the order of the frame begun; false when it has to be read the thorough way. */
  #placed(session: SocketSession, id: RequestId): boolean {
    const { orders, desk } = this.#options;
    const { placing } = session;
    if (placing === null) {
      session.refuse(id, FORBIDDEN);
      return true;
    }
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
    this.#guarded(session, id, () => orders.placeRead(session, id, order, placing));
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
    const reach = operation === undefined ? null : session.reachOf(SOCKET_OPERATIONS[op as SocketOperationName].access);
    if (operation === undefined) session.refuse(id, refuse('UNKNOWN_OPERATION'));
    else if (reach === null) session.refuse(id, FORBIDDEN);
    else if (operation.needsHouse && !this.#options.isReady()) session.refuse(id, NOT_READY);
    else this.#guarded(session, id, () => operation.run(session, id, params, reach));
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

  #cancelOnDisconnect(session: SocketSession, id: RequestId, params: unknown, reach: AccountReach): void {
    const shape = socketShapes.cancelOnDisconnect;
    if (!shape.matches(params)) {
      session.refuse(id, invalid(shape.errorsOf(params)));
      return;
    }
    const { enabled, accountId } = params;
    if (!reaches(reach, accountId)) {
      session.refuse(id, FORBIDDEN);
      return;
    }
    if (!this.#options.live.hasAccount(accountId)) {
      session.refuse(id, refuse('UNKNOWN_ACCOUNT'));
      return;
    }
    if (enabled) session.canceledOnDisconnect.add(accountId);
    else session.canceledOnDisconnect.delete(accountId);
    session.answer(id, JSON.stringify({ enabled, accountId }));
  }

  /** A renewed token may say less than the one before. */
  #reachChanged(session: SocketSession): void {
    const reach = session.reachOf(SOCKET_OPERATIONS['session.cancelOnDisconnect'].access);
    for (const accountId of session.canceledOnDisconnect) {
      if (reach === null || !reaches(reach, accountId)) session.canceledOnDisconnect.delete(accountId);
    }
    this.#options.streams.leaveForbidden(session);
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
