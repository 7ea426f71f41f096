/**
 * Serves the built dashboard as static files: the page at `/`, never cached, and what it names by content hash under
 * `/assets/`, cached for ever. Only what lies in the directory is served.
 */
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Its own scripts and data only. Styles may be inline: the dock and the chart place their parts by style elements. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** @param directory what `vite build` made of apps/dashboard */
export function serveDashboard(app: FastifyInstance, directory: string): void {
  app.register(fastifyStatic, {
    root: path.join(directory, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    index: false,
  });
  const page = (file: string, type: string) => async (_request: unknown, reply: FastifyReply) =>
    reply
      .header('content-security-policy', CONTENT_POLICY)
      .header('referrer-policy', 'no-referrer')
      .type(type)
      .sendFile(file, directory, { cacheControl: false });
  app.after(() => {
    app.get('/', page('index.html', 'text/html; charset=utf-8'));
    app.get('/favicon.svg', page('favicon.svg', 'image/svg+xml'));
  });
}
