/** What every HTTP answer must be, whatever was asked: the rules that fuzzing holds each answer against. */
import { ERRORS, type ErrorCode, ProblemSchema, type RouteDefinition, type Shape, shapeOf } from '@oms/api-contract';
import type { TSchema } from 'typebox';
import type { WireAnswer } from './httpWire.ts';

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
/** A stack frame, or a place in our sources or on our disk. */
const INSIDES = /\n\s+at |node:internal|node_modules|\.ts:\d|\/tmp\/oms-/;
const ERROR_BODY_MAX = 32 * 1024;

const problemShape = shapeOf(ProblemSchema);
const shapes = new Map<TSchema, Shape<TSchema>>();

const shapeFor = (schema: TSchema): Shape<TSchema> => {
  const shape = shapes.get(schema) ?? shapeOf(schema);
  shapes.set(schema, shape);
  return shape;
};

/** Statuses by which nothing was accepted. 409 and 422 tell of what is stored. */
const NOTHING_ACCEPTED: ReadonlySet<number> = new Set([
  400, 401, 403, 404, 405, 406, 413, 414, 415, 417, 426, 429, 431,
]);
export const isRefused = ({ status }: WireAnswer): boolean => NOTHING_ACCEPTED.has(status) || status === 503;

/** @returns which rule the answer breaks; null when it breaks none */
export function complaintOn(answer: WireAnswer, isHead: boolean, givenRequestId: string | null): string | null {
  const { status, headers, body } = answer;
  const requestId = headers.get('x-request-id') ?? '';
  if (!REQUEST_ID.test(requestId)) return `${status} with the request id ${JSON.stringify(requestId)}`;
  if (givenRequestId !== null && REQUEST_ID.test(givenRequestId) && requestId !== givenRequestId) {
    return `the request id ${givenRequestId} came back as ${requestId}`;
  }
  if (INSIDES.test(body)) return `${status} shows our insides: ${body.slice(0, 300)}`;
  if (status < 400) return null;
  if (!/^application\/problem\+json/.test(headers.get('content-type') ?? '')) {
    return `${status} as ${headers.get('content-type')}: ${body.slice(0, 200)}`;
  }
  return isHead ? null : complaintOnProblem(status, body, requestId);
}

function complaintOnProblem(status: number, body: string, requestId: string): string | null {
  if (body.length > ERROR_BODY_MAX) return `${status} with a body of ${body.length} bytes`;
  const problem: unknown = JSON.parse(Buffer.from(body, 'latin1').toString());
  if (!problemShape.matches(problem)) return `${status} is no problem document: ${body.slice(0, 300)}`;
  if (problem.status !== status || problem.requestId !== requestId)
    return `${status} contradicts ${body.slice(0, 300)}`;
  if (!Object.hasOwn(ERRORS, problem.code) || ERRORS[problem.code as ErrorCode].status !== status) {
    return `${status} with the code ${problem.code}`;
  }
  return status >= 500 && status !== 503 ? `${status} ${problem.code}` : null;
}

/** A success must be one the route tells of, with a body of that shape. */
export function complaintOnSuccess(answer: WireAnswer, route: RouteDefinition): string | null {
  const told = route.answers[answer.status];
  if (told === undefined) return `${answer.status} is no answer of ${route.method} ${route.path}`;
  if (told.schema === null) return null;
  const shape = shapeFor(told.schema);
  const value: unknown = JSON.parse(Buffer.from(answer.body, 'latin1').toString());
  return shape.matches(value) ? null : `${answer.status} of another shape: ${JSON.stringify(shape.errorsOf(value))}`;
}
