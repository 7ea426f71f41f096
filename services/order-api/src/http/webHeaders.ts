/**
 * Headers that tell browsers to be careful, on every answer, and CORS for the origins that were allowed. There are no
 * cookies here: whoever acts is known by a bearer token, which no page of another origin can make a browser send.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** For data; pages say themselves what they need. */
const NOTHING_ALLOWED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = {
  'content-security-policy': NOTHING_ALLOWED,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
};
/** A year. */
const ONLY_TLS = { 'strict-transport-security': 'max-age=31536000' };

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const SENT_HEADERS = 'authorization, content-type, x-request-id';
const SHOWN_HEADERS =
  'idempotent-replayed, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-request-id, x-staleness-ms';
const PREFLIGHT_BELIEVED_S = '600';

/** Headers of every answer. @param isSecure whether callers reach us by TLS, ours or that of a proxy in front */
export const webHeadersOf = (isSecure: boolean): Readonly<Record<string, string>> =>
  isSecure ? { ...HEADERS, ...ONLY_TLS } : HEADERS;

/** Before all other hooks, so that refusals have them too. */
export function addWebHeaders(
  app: FastifyInstance,
  headers: Readonly<Record<string, string>>,
  allowedOrigins: readonly string[],
): void {
  const allowed = new Set(allowedOrigins);
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers(headers);
    if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store');
    if (allowed.size > 0) reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) {
      next();
      return;
    }
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', SHOWN_HEADERS);
    if (isPreflight(request)) answerPreflight(reply);
    else next();
  });
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

function answerPreflight(reply: FastifyReply): void {
  reply
    .code(204)
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', SENT_HEADERS)
    .header('access-control-max-age', PREFLIGHT_BELIEVED_S)
    .send();
}
