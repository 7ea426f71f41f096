/** Answers requests that no route fits: 404, or 405 with what the path allows. */
import { ROUTES, type RouteDefinition } from '@oms/api-contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../refusal.ts';
import { sendRefusal } from './problems.ts';

const PATHS = [...Map.groupBy(Object.values<RouteDefinition>(ROUTES), (route) => route.path)].map(([path, routes]) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  methods: routes.map((route) => route.method),
}));

export function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0]!;
  const known = PATHS.find(({ pattern }) => pattern.test(path));
  if (known === undefined) return sendRefusal(reply, refuse('NOT_FOUND'), request.id);
  reply.header('allow', known.methods.join(', '));
  return sendRefusal(reply, refuse('METHOD_NOT_ALLOWED'), request.id);
}
