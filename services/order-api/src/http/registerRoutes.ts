/** Binds the handlers to the table of routes: reads and checks parameters, sends answers. */
import { type OperationId, ROUTES, type RouteDefinition, shapeOf } from '@oms/api-contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TObject } from 'typebox';
import { type AccountReach, namesAccount, reaches } from '../access/caller.ts';
import { FORBIDDEN } from '../access/signIn.ts';
import { isPrivileged, type PrivilegedRequests } from '../audit/privilegedRequests.ts';
import type { ApiMetrics } from '../metrics.ts';
import { invalid, isRefusal, type Refusal, refuse } from '../refusal.ts';
import { sendRefusal } from './problems.ts';
import type { RateLimiter } from './rateLimiter.ts';
import { chargeRequest } from './requestGate.ts';
import type { ApiAnswer, ApiRequest, Handlers } from './routeHandler.ts';
import { answerUnknownPath } from './unknownPath.ts';

type AnyHandler = (request: ApiRequest<RouteDefinition>) => Promise<ApiAnswer | Refusal> | ApiAnswer | Refusal;

type Parameters = Pick<ApiRequest<RouteDefinition>, 'params' | 'query'>;

/** Operations that take risk off draw on a bucket of their own. */
const CANCELS: ReadonlySet<string> = new Set<OperationId>(['cancelOrder', 'cancelMatching']);

export function registerRoutes(
  app: FastifyInstance,
  handlers: Handlers,
  rateLimiter: RateLimiter | null,
  privileged: PrivilegedRequests,
  metrics: ApiMetrics,
): void {
  for (const [id, route] of Object.entries<RouteDefinition>(ROUTES)) {
    const handle = handlers[id as OperationId] as AnyHandler;
    const read = parameterReader(route);
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: {
        access: route.access,
        rateBucket: CANCELS.has(id) ? 'cancels' : 'requests',
        probe: route.access === 'anybody',
      },
      handler: async (request, reply) => {
        const parameters = read(request);
        const refused = isRefusal(parameters) ? parameters : refusalOfNamedAccount(route, parameters, request.reach);
        if (refused === null && isPrivileged(route, request.reach)) {
          privileged.record(privilegedRequestOf(id, request, parameters as Parameters));
        }
        const answer =
          refused ??
          (await handle({
            ...(parameters as Parameters),
            body: request.body,
            actor: request.caller?.subject ?? null,
            address: request.ip,
            reach: request.reach,
            requestId: request.id,
            charge: (cost) => chargeRequest(rateLimiter, request, reply, cost),
          }));
        return send(reply, answer, request.id);
      },
      onResponse: (_request, reply, done) => {
        metrics.requestDone(id, reply.statusCode, reply.elapsedTime);
        done();
      },
    });
  }
  app.setNotFoundHandler(answerUnknownPath);
}

function send(reply: FastifyReply, answer: ApiAnswer | Refusal, requestId: string): FastifyReply {
  if (isRefusal(answer)) return sendRefusal(reply, answer, requestId);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  return reply.code(answer.status).type('application/json; charset=utf-8').send(answer.text);
}

function privilegedRequestOf(operation: string, request: FastifyRequest, { params, query }: Parameters) {
  const given = { ...params, ...query } as { readonly accountId?: string };
  return {
    operation,
    actor: request.caller?.subject ?? null,
    address: request.ip,
    accountId: given.accountId ?? null,
    asked: { ...given, ...(request.body === undefined ? {} : { body: request.body }) },
  };
}

/** An account that the path or the query names has to be within reach; the rest is the handler's to check. */
function refusalOfNamedAccount(route: RouteDefinition, { params, query }: Parameters, reach: AccountReach) {
  if (route.access === 'anybody' || !namesAccount(route.access.account)) return null;
  const named = { ...params, ...query } as { readonly accountId?: string };
  return named.accountId === undefined || reaches(reach, named.accountId) ? null : FORBIDDEN;
}

/** A path parameter that cannot be right names nothing we have: 404. A query parameter is the caller's mistake: 400. */
function parameterReader(route: RouteDefinition) {
  const params = shapeOf(route.params);
  const query = shapeOf(route.query);
  const integers = integerNames(route.query);
  return (request: FastifyRequest): Parameters | Refusal => {
    if (!params.matches(request.params))
      return refuse('orderId' in route.params.properties ? 'UNKNOWN_ORDER' : 'NOT_FOUND');
    const given = request.query as Record<string, unknown>;
    for (const name of integers) {
      const value = given[name];
      if (typeof value === 'string' && /^[0-9]{1,9}$/.test(value)) given[name] = Number(value);
    }
    if (!query.matches(given)) return invalid(query.errorsOf(given));
    return { params: request.params, query: given } as Parameters;
  };
}

const integerNames = (schema: TObject): readonly string[] =>
  Object.entries(schema.properties)
    .filter(([, property]) => 'type' in property && property.type === 'integer')
    .map(([name]) => name);
