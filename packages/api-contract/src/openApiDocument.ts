/** Writes the OpenAPI 3.1 document from the table of routes, and the schemas both documents share. */
import type { TObject, TSchema } from 'typebox';
import { ERRORS, type ErrorCode } from './errorCodes.ts';
import { OrderId } from './primitives.ts';
import type { RouteDefinition } from './routeParts.ts';
import { ROUTES } from './routes.ts';
import { ProblemSchema } from './systemSchemas.ts';

export type JsonObject = { readonly [member: string]: unknown };

/** Codes every route may answer with. */
const COMMON_ERRORS: readonly ErrorCode[] = ['VALIDATION_FAILED', 'RATE_LIMITED', 'INTERNAL', 'NOT_READY'];
const BODY_ERRORS: readonly ErrorCode[] = ['MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];

/** Operations that say enough without a body. */
const OPTIONAL_BODIES: ReadonlySet<string> = new Set(['instructVenue', 'approveChange', 'rejectChange']);

/** Collects titled schemas under components/schemas and refers to them. */
export class SchemaComponents {
  readonly schemas: Record<string, unknown> = {};

  /** The schema as plain JSON; titled ones inside and at the root become references. */
  refer(schema: TSchema): unknown {
    return this.#walk(structuredCloneOfJson(schema));
  }

  #walk(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.#walk(item));
    if (typeof node !== 'object' || node === null) return node;
    const walked = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, this.#walk(value)]));
    if (typeof walked.title !== 'string') return walked;
    this.schemas[walked.title] ??= walked;
    return { $ref: `#/components/schemas/${walked.title}` };
  }
}

/** Drops what only the type builder needs. */
const structuredCloneOfJson = (schema: TSchema): unknown => JSON.parse(JSON.stringify(schema));

/** The whole document. */
export function openApiDocument(): JsonObject {
  const components = new SchemaComponents();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries<RouteDefinition>(ROUTES)) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operationOf(operationId, route, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'crypto-oms order API',
      version: '1.0.0',
      description:
        'Orders, executions, positions, limits and market data. Decimals travel as strings, times as ISO 8601 in UTC. ' +
        'The WebSocket at `/v1/ws` is described in [/asyncapi.json](/asyncapi.json).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(Object.values(ROUTES).map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { schemas: components.schemas, headers: HEADERS },
  };
}

function operationOf(operationId: string, route: RouteDefinition, components: SchemaComponents): JsonObject {
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(route.body === null
      ? {}
      : {
          requestBody: {
            required: !OPTIONAL_BODIES.has(operationId),
            content: { 'application/json': { schema: components.refer(route.body) } },
          },
        }),
    responses: { ...answersOf(route, components), ...problemsOf(route, components) },
  };
}

function parametersOf(schema: TObject, place: 'path' | 'query'): JsonObject[] {
  return Object.entries(schema.properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (schema.required ?? []).includes(name),
    schema: structuredCloneOfJson(property),
  }));
}

function answersOf(route: RouteDefinition, components: SchemaComponents): JsonObject {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        headers: HEADER_REFERENCES,
        ...(answer.schema === null
          ? {}
          : { content: { 'application/json': { schema: components.refer(answer.schema) } } }),
      },
    ]),
  );
}

/** One answer per status; the codes that share it are named in its description. */
function problemsOf(route: RouteDefinition, components: SchemaComponents): JsonObject {
  const codes = new Set([...COMMON_ERRORS, ...(route.body === null ? [] : BODY_ERRORS), ...route.errors]);
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codesOfStatus]) => [
      String(status),
      {
        description: codesOfStatus.map((code) => `\`${code}\`: ${ERRORS[code].meaning}`).join('\n\n'),
        headers: HEADER_REFERENCES,
        content: { 'application/problem+json': { schema: components.refer(ProblemSchema) } },
      },
    ]),
  );
}

const textHeader = (description: string): JsonObject => ({ description, schema: { type: 'string' } });

const HEADERS = {
  'X-Request-Id': {
    description: 'The id the request came with, or one made for it.',
    schema: { ...(structuredCloneOfJson(OrderId) as JsonObject), maxLength: 128, pattern: '^[A-Za-z0-9._:-]{1,128}$' },
  },
  'RateLimit-Policy': textHeader('The limits that apply: quota `q` per window `w` seconds.'),
  RateLimit: textHeader('What remains of them: `r` requests, whole again in `t` seconds.'),
};

const HEADER_REFERENCES = Object.fromEntries(
  Object.keys(HEADERS).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);
