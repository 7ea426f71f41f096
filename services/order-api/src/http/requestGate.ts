/**
 * What every request passes before its handler and before its body is read: its id is echoed, its rate is counted, its
 * token is read and its role checked; one that no route fits or that names no host is refused, and a service that is
 * not ready turns it away. A route under /v1 that does not say who may call it does not start.
 */
import { type Access, isAccess } from '@oms/api-contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccountReach, type Caller, EVERY_ACCOUNT } from '../access/caller.ts';
import { addressKeyOf, REFUSED_TOKEN_COST, refusalOfRate, takeForCaller } from '../access/rates.ts';
import { FORBIDDEN, type SignIn, TOKEN_MISSING, TOKEN_REFUSED } from '../access/signIn.ts';
import type { AccessAudit } from '../audit/accessAudit.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { opensSocket } from '../socket/upgrade.ts';
import { sendRefusal } from './problems.ts';
import type { RateBucket, RateDecision, RateLimiter } from './rateLimiter.ts';
import { answerUnknownPath } from './unknownPath.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null where no token is needed and none was given. */
    caller: Caller | null;
    /** The accounts this request may touch. */
    reach: AccountReach;
  }
  interface FastifyContextConfig {
    /** Who may call it. Documents and static files, outside /v1, are for anybody. */
    readonly access?: Access;
    /** Which rate limit it draws on; `requests` when left out. */
    readonly rateBucket?: RateBucket;
    /** Probes are never refused. */
    readonly probe?: boolean;
    /** A token may come later, but one that comes now has to be good. */
    readonly tokenOptional?: boolean;
  }
}

const HOST_MISSING = refuse('MALFORMED_REQUEST', 'The request has no Host header.');

export interface GateOptions {
  readonly rateLimiter: RateLimiter | null;
  readonly signIn: SignIn;
  readonly audit: AccessAudit;
  isReady(): boolean;
}

const isGuardedPath = (path: string): boolean => path === '/v1' || path.startsWith('/v1/');
const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0]!;

export function addRequestGate(app: FastifyInstance, options: GateOptions): void {
  const { rateLimiter, signIn, audit } = options;
  app.decorateRequest('caller', null);
  app.decorateRequest('reach', null as never);
  app.addHook('onRoute', ({ url, config }) => {
    if (isGuardedPath(url) && !isAccess(config?.access)) throw new Error(`${url} does not declare who may call it`);
  });
  // The HTTP server has let go of a connection that asked to be upgraded: refused, it would stay open unwatched.
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode >= 400 && opensSocket(request.raw)) request.raw.socket.destroySoon();
    done();
  });
  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-request-id', request.id);
    const probe = request.routeOptions.config.probe === true;
    const refusal =
      chargeRequest(rateLimiter, request, reply, probe ? 0 : 1) ??
      (request.headers.host === undefined && request.raw.httpVersion === '1.1' ? HOST_MISSING : null);
    if (refusal !== null) return refuseUnread(request, reply, refusal);
    const admit = (caller: Caller | null | Refusal): void => {
      const why = caller !== null && isRefusal(caller) ? caller : refusalFor(request, caller, options, reply);
      if (why !== null) {
        if (why === TOKEN_REFUSED)
          rateLimiter?.take('requests', 'address', addressKeyOf(request.ip), REFUSED_TOKEN_COST);
        tellRefused(audit, request, caller, why);
        refuseUnread(request, reply, why);
      } else if (request.is404) answerUnknownPath(request, reply);
      else next();
    };
    const caller = callerOf(request, signIn);
    if (caller instanceof Promise) caller.then(admit, next);
    else admit(caller);
  });
}

/** Tokens that are used for the first time, refused tokens and refused callers are for the audit trail. */
function tellRefused(audit: AccessAudit, request: FastifyRequest, caller: Caller | Refusal | null, why: Refusal): void {
  if (why !== TOKEN_REFUSED && why !== FORBIDDEN) return;
  const actor = caller === null || isRefusal(caller) ? null : caller.subject;
  const action = why === TOKEN_REFUSED ? 'TOKEN_REFUSED' : 'ACCESS_REFUSED';
  const details = { operation: `${request.method} ${request.routeOptions.url ?? 'unknown'}` };
  audit.record({ action, actor, address: request.ip, outcome: 'REFUSED', details });
}

export function tellFirstUse(audit: AccessAudit, caller: Caller, address: string): void {
  if (caller.noted || caller.subject === null) return;
  caller.noted = true;
  const details = { token: caller.tokenId ?? '' };
  audit.record({ action: 'TOKEN_FIRST_USED', actor: caller.subject, address, outcome: 'ALLOWED', details });
}

/** Who calls; null where nobody needs to be known. An unknown path of the API tells nothing to strangers. */
function callerOf(request: FastifyRequest, signIn: SignIn): Caller | null | Refusal | Promise<Caller | Refusal> {
  const { access, tokenOptional } = request.routeOptions.config;
  const isGuarded = isGuardedPath(pathOf(request)) && access !== 'anybody';
  if (!isGuarded && tokenOptional !== true) return null;
  if (tokenOptional === true && request.headers.authorization === undefined) return signIn.anonymous;
  return signIn.fromHeaders(request.headers);
}

/** Sets the caller and the reach, or says why not. */
function refusalFor(
  request: FastifyRequest,
  caller: Caller | null,
  { rateLimiter, audit, isReady }: GateOptions,
  reply: FastifyReply,
): Refusal | null {
  const { access = 'anybody', probe, rateBucket = 'requests' } = request.routeOptions.config;
  const reach = access === 'anybody' ? EVERY_ACCOUNT : caller === null ? null : caller.reachOf(access);
  if (caller === null && access !== 'anybody') return TOKEN_MISSING;
  if (caller !== null && caller.subject !== null && rateLimiter !== null) {
    const decision = rateLimiter.take(rateBucket, 'subject', caller.subject, 1);
    tellRate(reply, rateLimiter, rateBucket, decision);
    if (!decision.allowed) return refusalOfRate(decision);
  }
  if (reach === null) return FORBIDDEN;
  if (probe !== true && isGuardedPath(pathOf(request)) && !isReady()) return refuse('NOT_READY');
  if (caller !== null) tellFirstUse(audit, caller, request.ip);
  request.caller = caller;
  request.reach = reach;
  return null;
}

/** A body that will not be read is not waited for either. */
function refuseUnread(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const hasBody = length !== '0' || encoding !== undefined;
  if (opensSocket(request.raw) || (refusal.refused === 'UNAUTHENTICATED' && hasBody)) {
    reply.header('connection', 'close');
  }
  sendRefusal(reply, refusal, request.id);
}

/** Draws on the caller's buckets and says in the headers what is left. */
export function chargeRequest(
  rateLimiter: RateLimiter | null,
  request: FastifyRequest,
  reply: FastifyReply,
  cost: number,
): Refusal | null {
  if (rateLimiter === null) return null;
  const bucket = request.routeOptions.config.rateBucket ?? 'requests';
  const decision = takeForCaller(rateLimiter, bucket, addressKeyOf(request.ip), request.caller, cost);
  tellRate(reply, rateLimiter, bucket, decision);
  return refusalOfRate(decision);
}

function tellRate(reply: FastifyReply, { policy }: RateLimiter, bucket: RateBucket, decision: RateDecision): void {
  reply.header('ratelimit-policy', policy);
  reply.header('ratelimit', `"${bucket}";r=${decision.remaining};t=${decision.resetSeconds}`);
}
