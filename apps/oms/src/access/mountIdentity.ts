/** Puts the embedded issuer on the order API's port: its paths get the request and the response as Node has them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const PATHS = [
  '/oauth2/*',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/.well-known/jwks.json',
] as const;

export function mountIdentity(
  app: FastifyInstance,
  handle: (request: IncomingMessage, response: ServerResponse, peer: string) => void,
): void {
  // In a scope of its own, where bodies are left unread: they are the issuer's to read.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    const handler = (request: FastifyRequest, reply: FastifyReply): void => {
      // What the gate in front has said: request id, rate limit.
      const headers = Object.entries(reply.getHeaders());
      reply.hijack();
      for (const [name, value] of headers) if (value !== undefined) reply.raw.setHeader(name, value);
      handle(request.raw, reply.raw, request.ip);
    };
    for (const path of PATHS) scope.all(path, handler);
  });
}
