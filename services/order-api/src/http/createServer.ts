/** The Fastify instance with its bounds: body and header size, timeouts, strict JSON, one form for every error. */
import fastify, { type FastifyInstance } from 'fastify';
import type { ApiBounds, OrderApiOptions } from '../options.ts';
import { refuse } from '../refusal.ts';
import { parseJsonBytes } from '../strictJson.ts';
import { answerBrokenConnection, refusalOfError, sendRefusal } from './problems.ts';
import { requestIdOf } from './requestId.ts';

const KEEP_ALIVE_MS = 65_000;
const SLOW_CONNECTIONS_CHECKED_EVERY_MS = 1_000;
const PARAMETER_LENGTH_MAX = 128;

export function createServer(bounds: ApiBounds, onFault: OrderApiOptions['onFault']): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: bounds.bodyBytesMax,
    requestTimeout: bounds.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Requests that arrive while we drain get our own 503, from the request gate.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    clientErrorHandler: answerBrokenConnection,
    frameworkErrors: (_error, request, reply) => {
      reply.header('x-request-id', request.id);
      sendRefusal(reply as never, refuse('MALFORMED_REQUEST', 'The path cannot be read.'), request.id);
    },
    http: {
      maxHeaderSize: bounds.headerBytesMax,
      headersTimeout: bounds.requestTimeoutMs,
      connectionsCheckingInterval: SLOW_CONNECTIONS_CHECKED_EVERY_MS,
    },
  });
  app.server.maxConnections = bounds.connectionsMax;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      done(null, body.length === 0 ? undefined : parseJsonBytes(body));
    } catch (error) {
      done(error as Error);
    }
  });
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOfError(error);
    if (refusal === null) onFault(error, request.id);
    return sendRefusal(reply, refusal ?? refuse('INTERNAL'), request.id);
  });
  return app;
}
