/** Binds the handlers to the table of routes: reads and checks parameters, sends answers, knows 404 from 405. */
import { type OperationId, ROUTES, type RouteDefinition, shapeOf } from '@oms/api-contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TObject } from 'typebox';
import type { ApiMetrics } from '../metrics.ts';
import { invalid, isRefusal, type Refusal, refuse } from '../refusal.ts';
import { sendRefusal } from './problems.ts';
import type { RateLimiter } from './rateLimiter.ts';
import { chargeRequest } from './requestGate.ts';
import type { ApiAnswer, ApiRequest, Handlers } from './routeHandler.ts';

type AnyHandler = (request: ApiRequest<RouteDefinition>) => Promise<ApiAnswer | Refusal> | ApiAnswer | Refusal;

/** Operations that take risk off draw on a bucket of their own. */
const CANCELS: ReadonlySet<string> = new Set<OperationId>(['cancelOrder', 'cancelMatching']);

export function registerRoutes(
  app: FastifyInstance,
  handlers: Handlers,
  rateLimiter: RateLimiter | null,
  metrics: ApiMetrics,
): void {
  for (const [id, route] of Object.entries<RouteDefinition>(ROUTES)) {
    const handle = handlers[id as OperationId] as AnyHandler;
    const read = parameterReader(route);
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: { rateBucket: CANCELS.has(id) ? 'cancels' : 'requests', probe: route.tag === 'operations' },
      handler: async (request, reply) => {
        const parameters = read(request);
        const answer = isRefusal(parameters)
          ? parameters
          : await handle({
              ...parameters,
              body: request.body,
              actor: request.actor,
              requestId: request.id,
              charge: (cost) => chargeRequest(rateLimiter, request, reply, cost),
            });
        return send(reply, answer, request.id);
      },
      onResponse: (_request, reply, done) => {
        metrics.requestDone(id, reply.statusCode, reply.elapsedTime);
        done();
      },
    });
  }
  app.setNotFoundHandler((request, reply) => answerUnknownPath(request, reply));
}

function send(reply: FastifyReply, answer: ApiAnswer | Refusal, requestId: string): FastifyReply {
  if (isRefusal(answer)) return sendRefusal(reply, answer, requestId);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  return reply.code(answer.status).type('application/json; charset=utf-8').send(answer.text);
}

/** A path parameter that cannot be right names nothing we have: 404. A query parameter is the caller's mistake: 400. */
function parameterReader(route: RouteDefinition) {
  const params = shapeOf(route.params);
  const query = shapeOf(route.query);
  const integers = integerNames(route.query);
  return (request: FastifyRequest): Pick<ApiRequest<RouteDefinition>, 'params' | 'query'> | Refusal => {
    if (!params.matches(request.params))
      return refuse('orderId' in route.params.properties ? 'UNKNOWN_ORDER' : 'NOT_FOUND');
    const given = request.query as Record<string, unknown>;
    for (const name of integers) {
      const value = given[name];
      if (typeof value === 'string' && /^[0-9]{1,9}$/.test(value)) given[name] = Number(value);
    }
    if (!query.matches(given)) return invalid(query.errorsOf(given));
    return { params: request.params, query: given } as Pick<ApiRequest<RouteDefinition>, 'params' | 'query'>;
  };
}

const integerNames = (schema: TObject): readonly string[] =>
  Object.entries(schema.properties)
    .filter(([, property]) => 'type' in property && property.type === 'integer')
    .map(([name]) => name);

const PATHS = [...Map.groupBy(Object.values<RouteDefinition>(ROUTES), (route) => route.path)].map(([path, routes]) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  methods: routes.map((route) => route.method),
}));

function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0]!;
  const known = PATHS.find(({ pattern }) => pattern.test(path));
  if (known === undefined) return sendRefusal(reply, refuse('NOT_FOUND'), request.id);
  reply.header('allow', known.methods.join(', '));
  return sendRefusal(reply, refuse('METHOD_NOT_ALLOWED'), request.id);
}
