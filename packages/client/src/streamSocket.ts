/**
 * The little of a WebSocket that the stream needs, and the one every browser (and Node 24) has built in. Node programs
 * may use `openNodeSocket` of '@oms/client/node' instead, which signs in with the upgrade request.
 */

export interface SocketEvents {
  opened(): void;
  message(text: string): void;
  /** Called once, also when the connection never came about. */
  closed(code: number, reason: string): void;
}

export interface StreamSocket {
  /** Whether the token went with the upgrade request; otherwise the stream signs in by message. */
  readonly signedIn: boolean;
  send(text: string): void;
  close(): void;
}

export type OpenSocket = (url: string, token: string | undefined, events: SocketEvents) => StreamSocket;

export const openBrowserSocket: OpenSocket = (url, _token, events) => {
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => events.opened());
  socket.addEventListener('message', (event) => events.message(String(event.data)));
  socket.addEventListener('close', (event) => events.closed(event.code, event.reason));
  // An error is always followed by close, which is where it is dealt with.
  socket.addEventListener('error', () => undefined);
  return {
    signedIn: false,
    send: (text) => socket.send(text),
    close: () => socket.close(),
  };
};
