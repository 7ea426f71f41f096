/**
 * Composes the order API from what it is given. The composition root of the process listens: `api.app.listen({host,
 * port})`, hands `api.streams` to whoever commits changes, and calls `api.close()` to drain.
 */
import type { AccountStreamSink } from '@oms/ports';
import type { FastifyInstance } from 'fastify';
import { CommandDesk } from './commands/commandDesk.ts';
import { OrderPlacer } from './commands/orderPlacer.ts';
import { createServer } from './http/createServer.ts';
import { serveDashboard } from './http/dashboard.ts';
import { serveDocuments } from './http/documents.ts';
import { MemoryRateLimiter } from './http/rateLimiter.ts';
import { registerRoutes } from './http/registerRoutes.ts';
import { addRequestGate } from './http/requestGate.ts';
import type { Handlers } from './http/routeHandler.ts';
import { ApiMetrics } from './metrics.ts';
import { DEFAULT_BOUNDS, type OrderApiOptions } from './options.ts';
import { accountRoutes } from './routes/accountRoutes.ts';
import { controlRoutes } from './routes/controlRoutes.ts';
import { marketRoutes } from './routes/marketRoutes.ts';
import { orderReadRoutes } from './routes/orderReadRoutes.ts';
import { orderRoutes } from './routes/orderRoutes.ts';
import { routeContext } from './routes/routeContext.ts';
import { OrderOperations } from './socket/orderOperations.ts';
import { SocketServer } from './socket/socketServer.ts';
import { StreamOperations } from './socket/streamOperations.ts';
import { AccountStreams } from './streams/accountStreams.ts';
import { MarketStreams } from './streams/marketStreams.ts';

/** How long WebSocket clients have to answer our farewell. */
const FAREWELL_MS = 1_000;
const READINESS_BELIEVED_MS = 250;

export interface OrderApi {
  readonly app: FastifyInstance;
  readonly streams: AccountStreamSink;
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
  const { subscriptionsMax } = bounds;
  const streams = new StreamOperations({ live, accountStreams, marketStreams, subscriptionsMax });
  const placer = new OrderPlacer(desk, metrics);
  const orders = new OrderOperations({ desk, placer, live, rateLimiter });
  const allowedOrigins = options.allowedOrigins ?? [];
  const sockets = new SocketServer({
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

  const app = createServer(bounds, onFault);
  addRequestGate(app, { rateLimiter, isReady });
  sockets.register(app);
  const context = routeContext(options, bounds, desk, placer);
  const handlers: Handlers = {
    ...orderRoutes(context),
    ...orderReadRoutes(context),
    ...accountRoutes(context),
    ...marketRoutes(context),
    ...controlRoutes(context),
  };
  app.after(() => {
    registerRoutes(app, handlers, rateLimiter, metrics);
    const { dashboardDirectory = null } = options;
    serveDocuments(app, metrics, dashboardDirectory === null ? '/' : '/docs');
    if (dashboardDirectory !== null) serveDashboard(app, dashboardDirectory);
  });

  const close = async (): Promise<void> => {
    closing = true;
    sockets.close();
    const cut = setTimeout(() => sockets.cut(), FAREWELL_MS);
    await app.close();
    clearTimeout(cut);
    for (const part of [accountStreams, marketStreams, desk, metrics]) part.close();
  };
  return { app, streams: accountStreams, close };
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
