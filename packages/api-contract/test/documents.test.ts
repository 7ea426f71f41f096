/** The generated documents: sound, complete, and as committed. */
import { readFileSync } from 'node:fs';
import { OMS_REASON_CODES, RISK_REASON_CODES, VENUE_REASON_CODES } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import {
  accessReferenceMarkdown,
  asyncApiDocument,
  CHANNEL_DATA,
  ERRORS,
  errorReferenceMarkdown,
  openApiDocument,
  ROUTES,
  type RouteDefinition,
  SOCKET_OPERATIONS,
} from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are walked member by member
type Json = any;

/** What a reference in a document points to. */
const resolve = (document: Json, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce((node: Json, step) => node?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document);

function* referencesIn(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === '$ref') yield value as string;
    else yield* referencesIn(value);
  }
}

describe('the OpenAPI document', () => {
  const document = openApiDocument() as Json;
  const operations = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => ({ path, method, operation })),
  );

  it('has every route of the table, and no other', () => {
    const told = operations.map(({ path, method, operation }) => `${operation.operationId} ${method} ${path}`).sort();
    const routes = Object.entries<RouteDefinition>(ROUTES).map(
      ([id, { method, path }]) => `${id} ${method.toLowerCase()} ${path}`,
    );
    expect(told).toEqual(routes.sort());
  });

  it('declares exactly the parameters its paths name', () => {
    for (const { path, operation } of operations) {
      const declared = operation.parameters
        .filter((parameter: Json) => parameter.in === 'path')
        .map(({ name }: Json) => name);
      expect(declared, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(new Set(operation.parameters.map(({ name }: Json) => name)).size).toBe(operation.parameters.length);
    }
  });

  it('answers every operation with a success and with problems, each described', () => {
    for (const { operation } of operations) {
      const statuses = Object.keys(operation.responses);
      expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
      for (const status of statuses) {
        const response = operation.responses[status];
        expect(response.description.length).toBeGreaterThan(3);
        const type = status.startsWith('2') ? 'application/json' : 'application/problem+json';
        expect(Object.keys(response.content)).toEqual([type]);
      }
    }
  });

  it.each(Object.entries<RouteDefinition>(ROUTES))('%s tells the codes it refuses with', (_id, route) => {
    const { responses } = document.paths[route.path][route.method.toLowerCase()];
    for (const code of route.errors) expect(responses[ERRORS[code].status].description).toContain(`\`${code}\``);
  });
});

describe('both documents', () => {
  it.each([
    ['OpenAPI', openApiDocument()],
    ['AsyncAPI', asyncApiDocument()],
  ])('%s: every reference leads somewhere, every shared schema is used, nothing is lost in JSON', (_name, document) => {
    const references = [...referencesIn(document)];
    expect(references.filter((reference) => resolve(document, reference) === undefined)).toEqual([]);
    const used = new Set(references.map((reference) => reference.split('/').at(-1)));
    const schemas = Object.keys((document as Json).components.schemas);
    expect(schemas.filter((name) => !used.has(name))).toEqual([]);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('AsyncAPI has every operation and every channel', () => {
    const { operations } = asyncApiDocument() as Json;
    const expected = [
      ...Object.keys(SOCKET_OPERATIONS).map((op) => op.replace('.', '_')),
      ...Object.keys(CHANNEL_DATA).map((channel) => `push_${channel}`),
    ];
    expect(Object.keys(operations).sort()).toEqual(expected.sort());
  });
});

describe('the access reference', () => {
  it('is what docs/reference/access.md says', () => {
    const committed = readFileSync(new URL('../../../docs/reference/access.md', import.meta.url), 'utf8');
    expect(committed, 'run: node scripts/generateAccessReference.ts').toBe(accessReferenceMarkdown());
  });
});

describe('the error table', () => {
  it('has every code of the domain; a refused order is 422', () => {
    for (const code of [...RISK_REASON_CODES, ...OMS_REASON_CODES, ...VENUE_REASON_CODES])
      expect(ERRORS).toHaveProperty(code);
    for (const code of RISK_REASON_CODES) expect(ERRORS[code]).toMatchObject({ status: 422, retry: 'NEW_ID' });
  });

  it('is what docs/reference/errors.md says', () => {
    const committed = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');
    expect(committed, 'run: node scripts/generateErrorReference.ts').toBe(errorReferenceMarkdown());
    for (const code of Object.keys(ERRORS)) expect(committed).toContain(`\`${code}\``);
  });
});
