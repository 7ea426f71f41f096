/** Where the WebSocket is, and which requests ask for it; whatever else they offer to switch to is passed over. */
import type { IncomingMessage } from 'node:http';

export const SOCKET_PATH = '/v1/ws';
export const SOCKET_VERSION = '13';

/** Whether the request asks for our WebSocket; the handshake itself is checked later. */
export function opensSocket({ method, url = '', headers }: IncomingMessage): boolean {
  const isOurs = url === SOCKET_PATH || url.startsWith(`${SOCKET_PATH}?`);
  return method === 'GET' && isOurs && headers.upgrade?.toLowerCase() === 'websocket';
}
