/**
 * Stops listening without leaving anybody hanging: what is under way is answered, WebSocket clients get a farewell, and
 * nobody who merely keeps a connection open (browsers hold some in reserve) keeps the process from ending.
 */
import type { FastifyInstance } from 'fastify';

/** How long WebSocket clients have to answer our farewell. */
const FAREWELL_MS = 1_000;
/** Connections that were busy when we began are looked at again this often. */
const IDLE_LOOK_MS = 100;

export interface Farewell {
  /** Says goodbye. */
  close(): void;
  /** Ends those that have not answered. */
  cut(): void;
}

/** @param answersMs how long an answer that is due may still take */
export async function drain(app: FastifyInstance, sockets: Farewell, answersMs: number): Promise<void> {
  sockets.close();
  const timers = [
    setTimeout(() => sockets.cut(), FAREWELL_MS),
    setInterval(() => app.server.closeIdleConnections(), IDLE_LOOK_MS),
    // A connection that never sent a request is not idle by the server's count.
    setTimeout(() => app.server.closeAllConnections(), answersMs + FAREWELL_MS),
  ];
  await app.close();
  for (const timer of timers) clearTimeout(timer);
}
