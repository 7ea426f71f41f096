/** The Fastify instance with its bounds: body and header size, timeouts, strict JSON, one form for every error. */
import type { Server } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import type { ApiBounds, OrderApiOptions, TlsIdentity } from '../options.ts';
import { refuse } from '../refusal.ts';
import { opensSocket } from '../socket/upgrade.ts';
import { parseJsonBytes } from '../strictJson.ts';
import { answerBrokenConnection, endWithRefusal, refusalOfError, sendRefusal } from './problems.ts';
import { requestIdOf } from './requestId.ts';

const KEEP_ALIVE_MS = 65_000;
const SLOW_CONNECTIONS_CHECKED_EVERY_MS = 1_000;
const PARAMETER_LENGTH_MAX = 128;

export interface ServerSurroundings {
  /** Whose X-Forwarded-For is believed; from anybody else it says nothing. */
  readonly trustedProxies: readonly string[];
  readonly tls: TlsIdentity | null;
  /** Of every answer, also where no hook is asked. */
  readonly headers: Readonly<Record<string, string>>;
}

export const secureContextOf = ({ certificate, key }: TlsIdentity) =>
  ({ cert: certificate, key, minVersion: 'TLSv1.2' }) as const;

export function createServer(
  bounds: ApiBounds,
  { trustedProxies, tls, headers }: ServerSurroundings,
  onFault: OrderApiOptions['onFault'],
): FastifyInstance {
  const app = fastify({
    logger: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
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
      reply.headers(headers).header('x-request-id', request.id);
      sendRefusal(reply as never, refuse('MALFORMED_REQUEST', 'The path cannot be read.'), request.id);
    },
    [tls === null ? 'http' : 'https']: {
      ...(tls === null ? {} : secureContextOf(tls)),
      maxHeaderSize: bounds.headerBytesMax,
      headersTimeout: bounds.requestTimeoutMs,
      connectionsCheckingInterval: SLOW_CONNECTIONS_CHECKED_EVERY_MS,
      // Node answers a missing Host without a word of why; the request gate does better.
      requireHostHeader: false,
      // Other protocols are offers that may be passed over: such a request is answered as if it had made none.
      shouldUpgradeCallback: opensSocket,
    },
  });
  answerWhatNodeWouldNot(app.server);
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

/** Node closes a tunnel without an answer and answers an unknown expectation without a body. */
function answerWhatNodeWouldNot(server: Server): void {
  server.on('connect', (_request, socket) => endWithRefusal(socket, refuse('METHOD_NOT_ALLOWED')));
  // RFC 9110 lets a server pass over an expectation it does not know.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
