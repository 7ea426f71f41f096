/**
 * Composes the order API from what it is given. The composition root of the process listens: `api.app.listen({host,
 * port})`, hands `api.streams` to whoever commits changes, and calls `api.close()` to drain.
 */
import type { Server as TlsServer } from 'node:tls';
import type { AccessFact, AccountStreamSink } from '@oms/ports';
import type { FastifyInstance } from 'fastify';
import { AccountGuard } from './access/accountGuard.ts';
import { SignIn } from './access/signIn.ts';
import { AccessAudit, type AuditNote } from './audit/accessAudit.ts';
import { PrivilegedRequests } from './audit/privilegedRequests.ts';
import { CommandDesk } from './commands/commandDesk.ts';
import { OrderPlacer } from './commands/orderPlacer.ts';
import { createServer, secureContextOf } from './http/createServer.ts';
import { serveDashboard } from './http/dashboard.ts';
import { serveDocuments } from './http/documents.ts';
import { drain } from './http/drain.ts';
import { MemoryRateLimiter } from './http/rateLimiter.ts';
import { registerRoutes } from './http/registerRoutes.ts';
import { addRequestGate } from './http/requestGate.ts';
import type { Handlers } from './http/routeHandler.ts';
import { addWebHeaders, webHeadersOf } from './http/webHeaders.ts';
import { ApiMetrics } from './metrics.ts';
import { type ApiBounds, DEFAULT_BOUNDS, type OrderApiOptions, type TlsIdentity } from './options.ts';
import { accountRoutes } from './routes/accountRoutes.ts';
import { approvalRoutes } from './routes/approvalRoutes.ts';
import { controlRoutes } from './routes/controlRoutes.ts';
import { marketRoutes } from './routes/marketRoutes.ts';
import { orderReadRoutes } from './routes/orderReadRoutes.ts';
import { orderRoutes } from './routes/orderRoutes.ts';
import { reconciliationRoutes } from './routes/reconciliationRoutes.ts';
import { type RouteContext, routeContext } from './routes/routeContext.ts';
import { OpenSessions } from './socket/openSessions.ts';
import { OrderOperations } from './socket/orderOperations.ts';
import { SocketServer } from './socket/socketServer.ts';
import { StreamOperations } from './socket/streamOperations.ts';
import { AccountStreams } from './streams/accountStreams.ts';
import { MarketStreams } from './streams/marketStreams.ts';

const READINESS_BELIEVED_MS = 250;

export interface OrderApi {
  readonly app: FastifyInstance;
  readonly streams: AccountStreamSink;
  /** Puts a fact about sign-in into the audit trail; many of a kind become one entry a minute. */
  recordAccess(fact: AccessFact): void;
  /** New connections get this certificate; those that are open keep theirs. @throws Error when it is none */
  renewCertificate(renewed: TlsIdentity): void;
  /** Turns new work away, lets what is under way finish, says goodbye to WebSocket clients, stops listening. */
  close(): Promise<void>;
}

export function createOrderApi(options: OrderApiOptions): OrderApi {
  const { house, live, readModel, market, instruments, clock, scheduler } = options;
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
  const rateLimiter = options.rateLimiter === undefined ? new MemoryRateLimiter(clock) : options.rateLimiter;
  const status = () => options.status();
  const onFault: OrderApiOptions['onFault'] = (fault, requestId) => options.onFault(fault, requestId);
  let closing = false;
  const ready = recentReadiness(options);
  const isReady = () => !closing && ready();

  const metrics = new ApiMetrics(status);
  const desk = new CommandDesk(house, live, clock, scheduler, bounds.decisionWaitMs);
  const accountStreams = new AccountStreams({ house, live, readModel, clock, scheduler, bounds, onFault });
  const marketStreams = new MarketStreams({ market, instruments, clock, scheduler, status });
  const sessions = new OpenSessions();
  const streams = new StreamOperations({ live, sessions, accountStreams, marketStreams, ...bounds });
  const signIn = new SignIn(options.access ?? null, options.worldClock ?? clock);
  const guard = new AccountGuard(live, rateLimiter);
  const placer = new OrderPlacer(desk, guard, metrics);
  const note = (fact: AuditNote): void => desk.note(fact);
  const audit = new AccessAudit(scheduler, note);
  const privileged = new PrivilegedRequests(note);
  const orders = new OrderOperations({ desk, placer, live, guard, privileged, rateLimiter });
  const allowedOrigins = options.allowedOrigins ?? [];
  const sockets = new SocketServer({
    sessions,
    signIn,
    audit,
    rateLimiter,
    orders,
    streams,
    desk,
    live,
    clock,
    scheduler,
    metrics,
    bounds,
    allowedOrigins,
    isReady,
    onFault,
  });

  const app = serverOf(options, bounds);
  addRequestGate(app, { rateLimiter, signIn, audit, isReady });
  sockets.register(app);
  const context = routeContext(options, bounds, desk, placer, guard);
  const handlers = handlersOf(context);
  app.after(() => {
    registerRoutes(app, handlers, rateLimiter, privileged, metrics);
    const { dashboardDirectory = null } = options;
    serveDocuments(app, metrics, dashboardDirectory === null ? '/' : '/docs');
    if (dashboardDirectory !== null) serveDashboard(app, dashboardDirectory, options.dashboardSignIn ?? null);
  });

  const close = async (): Promise<void> => {
    closing = true;
    await drain(app, sockets, bounds.decisionWaitMs);
    for (const part of [accountStreams, marketStreams, audit, desk, metrics]) part.close();
  };
  const renewCertificate = (renewed: TlsIdentity): void => {
    (app.server as unknown as TlsServer).setSecureContext(secureContextOf(renewed));
  };
  return { app, streams: accountStreams, renewCertificate, recordAccess: (fact) => audit.record(fact), close };
}

/** A handler for every row of the table of routes. */
const handlersOf = (context: RouteContext): Handlers => ({
  ...orderRoutes(context),
  ...orderReadRoutes(context),
  ...accountRoutes(context),
  ...marketRoutes(context),
  ...controlRoutes(context),
  ...reconciliationRoutes(context),
  ...approvalRoutes(context),
});

/** The server itself, with what every answer of it has. */
function serverOf(options: OrderApiOptions, bounds: ApiBounds): FastifyInstance {
  const { tls = null, behindTls = false, trustedProxies = [], allowedOrigins = [] } = options;
  const headers = webHeadersOf(tls !== null || behindTls);
  const app = createServer(bounds, { trustedProxies, tls, headers }, (fault, requestId) =>
    options.onFault(fault, requestId),
  );
  addWebHeaders(app, headers, allowedOrigins);
  return app;
}

/** Asked on every request, so what the house said is believed for a moment once it was yes. */
function recentReadiness(options: OrderApiOptions): () => boolean {
  let believedUntil = 0;
  return () => {
    const now = options.clock.now();
    if (now < believedUntil) return true;
    if (!options.status().ready) return false;
    believedUntil = now + READINESS_BELIEVED_MS;
    return true;
  };
}
