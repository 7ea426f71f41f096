/**
 * Everything that goes wrong becomes application/problem+json: refusals of handlers, errors of the framework, broken
 * HTTP, and faults of ours, of which a caller learns nothing but the request id.
 */

import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '@oms/api-contract';
import { InfrastructureError } from '@oms/ports';
import type { FastifyError, FastifyReply } from 'fastify';
import { challengeOf } from '../access/signIn.ts';
import { invalid, problemText, type Refusal, refuse, statusOf } from '../refusal.ts';
import { StrictJsonError } from '../strictJson.ts';
import { requestIdOf } from './requestId.ts';

export const PROBLEM_TYPE = 'application/problem+json';

const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
};

const CONNECTION_CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

export function sendRefusal(reply: FastifyReply, refusal: Refusal, requestId: string): FastifyReply {
  if (refusal.retryAfterMs !== null) reply.header('retry-after', Math.ceil(refusal.retryAfterMs / 1000));
  const challenge = challengeOf(refusal);
  if (challenge !== null) reply.header('www-authenticate', challenge);
  return reply.code(statusOf(refusal)).type(PROBLEM_TYPE).send(problemText(refusal, requestId));
}

/** What a thrown error means to the caller; null when it is a fault of ours. */
export function refusalOfError(error: unknown): Refusal | null {
  if (error instanceof StrictJsonError) return refuse('MALFORMED_JSON', `${error.message}.`);
  if (error instanceof InfrastructureError) {
    if (error.code === 'CURSOR_MALFORMED') return invalid([{ path: 'cursor', message: 'is none of ours' }]);
    return error.code === 'READ_MODEL_UNAVAILABLE' ? refuse('READ_MODEL_UNAVAILABLE') : null;
  }
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code !== undefined && Object.hasOwn(FRAMEWORK_CODES, code)) return refuse(FRAMEWORK_CODES[code]!);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return refuse('MALFORMED_REQUEST');
  return null;
}

/**
 * Answers a connection whose bytes are no HTTP, too large or too slow; there is no request yet to reply to. While a
 * whole request before them still waits for its answer, ours would be taken for that: then silence is the truth.
 */
export function answerBrokenConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isDeciding(socket)) {
    socket.destroy();
    return;
  }
  endWithRefusal(socket, refuse(CONNECTION_CODES[error.code ?? ''] ?? 'MALFORMED_REQUEST'));
}

/** Whether a request that has come in whole is under way. Node keeps the answer that is due next at the socket. */
function isDeciding(socket: Socket): boolean {
  const due = (socket as { readonly _httpMessage?: ServerResponse | null })._httpMessage;
  return due?.req.complete === true;
}

/** The last words on a connection that the HTTP server has let go of. */
export function endWithRefusal(socket: Duplex, refusal: Refusal): void {
  const requestId = requestIdOf(undefined);
  const body = problemText(refusal, requestId);
  const status = statusOf(refusal);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `X-Content-Type-Options: nosniff\r\nX-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
