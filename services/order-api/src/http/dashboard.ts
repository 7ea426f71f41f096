/**
 * Serves the built dashboard as static files: the page at `/`, never cached, and what it names by content hash under
 * `/assets/`, cached for ever. Only what lies in the directory is served.
 */
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Its own scripts and data only, and the issuer's. Styles may be inline: the dock and the chart make style elements. */
const contentPolicy = (issuer: string): string =>
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  `connect-src 'self' ${issuer}; font-src 'self'; base-uri 'none'; form-action 'self' ${issuer}; frame-ancestors 'none'`;

/** How the page signs people in; null: nobody has to. */
export interface DashboardSignIn {
  /** The issuer's address; empty: this server. */
  readonly authority: string;
  readonly clientId: string;
  readonly scope: string;
}

/** @param directory what `vite build` made of apps/dashboard */
export function serveDashboard(app: FastifyInstance, directory: string, signIn: DashboardSignIn | null): void {
  app.register(fastifyStatic, {
    root: path.join(directory, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    index: false,
  });
  const policy = contentPolicy(signIn === null || signIn.authority === '' ? '' : new URL(signIn.authority).origin);
  const page = (file: string, type: string) => async (_request: unknown, reply: FastifyReply) =>
    reply
      .header('content-security-policy', policy)
      .header('referrer-policy', 'no-referrer')
      .type(type)
      .sendFile(file, directory, { cacheControl: false });
  app.after(() => {
    app.get('/', page('index.html', 'text/html; charset=utf-8'));
    app.get('/config.json', async (_request, reply) => reply.header('cache-control', 'no-store').send({ signIn }));
    app.get('/favicon.svg', page('favicon.svg', 'image/svg+xml'));
  });
}
