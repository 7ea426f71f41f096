/** The stream's socket for Node programs, through `ws`: the one file of this package that needs Node. */
import { WebSocket } from 'ws';
import type { OpenSocket } from './streamSocket.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;

export const openNodeSocket: OpenSocket = (url, token, events) => {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  let failure = '';
  socket.on('open', () => events.opened());
  socket.on('message', (data) => events.message(data.toString()));
  socket.on('error', (error) => {
    failure = error.message;
  });
  socket.on('close', (code, reason) => events.closed(code, reason.length > 0 ? reason.toString() : failure));
  return {
    signedIn: token !== undefined,
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
};
