/**
 * What every request passes before its handler: its id is echoed, its rate is counted, a service that is not ready
 * turns it away, and it gets its actor.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../refusal.ts';
import { type Actor, authenticate } from './authenticate.ts';
import { sendRefusal } from './problems.ts';
import type { RateBucket, RateDecision, RateLimiter } from './rateLimiter.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who acts; null when nobody is signed in. */
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** Which rate limit it draws on; `requests` when left out. */
    readonly rateBucket?: RateBucket;
    /** Probes are never refused. */
    readonly probe?: boolean;
  }
}

export interface GateOptions {
  readonly rateLimiter: RateLimiter | null;
  isReady(): boolean;
}

export function addRequestGate(app: FastifyInstance, { rateLimiter, isReady }: GateOptions): void {
  app.decorateRequest('actor', null);
  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    const { config } = request.routeOptions;
    const refusal =
      chargeRequest(rateLimiter, request, reply, config.probe === true ? 0 : 1) ??
      (config.probe !== true && request.url.startsWith('/v1/') && !isReady() ? refuse('NOT_READY') : null);
    if (refusal !== null) {
      sendRefusal(reply, refusal, request.id);
      return;
    }
    request.actor = authenticate(request.headers);
    next();
  });
}

/** Draws on the caller's bucket and says in the headers what is left of it. */
export function chargeRequest(
  rateLimiter: RateLimiter | null,
  request: FastifyRequest,
  reply: FastifyReply,
  cost: number,
): Refusal | null {
  if (rateLimiter === null) return null;
  const bucket = request.routeOptions.config.rateBucket ?? 'requests';
  const decision = rateLimiter.take(bucket, request.ip, cost);
  reply.header('ratelimit-policy', rateLimiter.policy);
  reply.header('ratelimit', `"${bucket}";r=${decision.remaining};t=${decision.resetSeconds}`);
  return refusalOfRate(decision);
}

export const refusalOfRate = (decision: RateDecision): Refusal | null =>
  decision.allowed ? null : refuse('RATE_LIMITED', undefined, { retryAfterMs: decision.retryAfterMs });
