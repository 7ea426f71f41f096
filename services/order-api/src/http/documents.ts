/** What people read: the landing page, the API browser, the error reference, the two API documents, the metrics. */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { asyncApiDocument, ERRORS, errorAnchorOf, openApiDocument, RETRY_WORDS } from '@oms/api-contract';
import type { FastifyInstance } from 'fastify';
import type { ApiMetrics } from '../metrics.ts';

const PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** The browser of the API: its own files, and requests to this server. Its script makes style attributes. */
const BROWSER_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 3rem auto; padding: 0 1rem }
td, th { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top }
`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="stylesheet" href="/docs/style.css">
${body}
</html>
`;

const LANDING_PAGE = page(
  'crypto-oms',
  `<h1>crypto-oms</h1>
<p>The order API of this server.</p>
<ul>
  <li><a href="/docs/api">Browse the API</a></li>
  <li><a href="/openapi.json">OpenAPI document</a> of the REST API under /v1</li>
  <li><a href="/asyncapi.json">AsyncAPI document</a> of the WebSocket at /v1/ws</li>
  <li><a href="/docs/errors">Error codes</a></li>
  <li><a href="/healthz">Health</a>, <a href="/readyz">readiness</a>, <a href="/metrics">metrics</a></li>
</ul>`,
);

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '');

const ERROR_PAGE = page(
  'Error codes',
  `<h1>Error codes</h1>
<table>
<tr><th>code<th>status<th>meaning<th>does trying again help?
${Object.entries(ERRORS)
  .map(
    ([code, { status, meaning, retry }]) =>
      `<tr id="${errorAnchorOf(code)}"><td><code>${code}</code><td>${status}<td>${escapeHtml(meaning)}<td>${RETRY_WORDS[retry]}`,
  )
  .join('\n')}
</table>`,
);

/** @param landingPath where the landing page is: `/`, unless the dashboard is there */
export function serveDocuments(app: FastifyInstance, metrics: ApiMetrics, landingPath: string): void {
  const openApi = openApiDocument();
  serveText(app, '/openapi.json', 'application/json; charset=utf-8', JSON.stringify(openApi));
  serveText(app, '/asyncapi.json', 'application/json; charset=utf-8', JSON.stringify(asyncApiDocument()));
  serveText(app, '/docs/style.css', 'text/css; charset=utf-8', STYLE);
  serveText(app, '/docs/errors', 'text/html; charset=utf-8', ERROR_PAGE);
  serveText(app, landingPath, 'text/html; charset=utf-8', LANDING_PAGE);
  app.get('/metrics', { config: { probe: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  app.register(fastifySwagger, { mode: 'static', specification: { document: openApi as never } });
  app.register(fastifySwaggerUi, {
    routePrefix: '/docs/api',
    staticCSP: BROWSER_POLICY,
    uiConfig: { docExpansion: 'list' },
  });
}

function serveText(app: FastifyInstance, path: string, type: string, text: string): void {
  app.get(path, (_request, reply) => {
    if (type.startsWith('text/html')) reply.header('content-security-policy', PAGE_POLICY);
    return reply.type(type).send(text);
  });
}
