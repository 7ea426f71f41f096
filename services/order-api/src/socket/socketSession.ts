/**
 * One WebSocket connection: writes frames in one packet per turn of the event loop, disconnects a reader that falls
 * behind, and knows what it is subscribed to and whose orders it takes with it when it is lost.
 */
import type { Socket } from 'node:net';
import { CLOSE_SLOW_READER } from '@oms/api-contract';
import type { WebSocket } from 'ws';
import type { Actor } from '../http/authenticate.ts';
import type { SocketCounters } from '../metrics.ts';
import { type Refusal, socketErrorOf } from '../refusal.ts';
import type { Subscription } from '../streams/accountStream.ts';
import type { StreamReader } from '../streams/streamReader.ts';

/** A slow reader may never read its close frame; then the connection is cut. */
const CUT_AFTER_CLOSE_MS = 2_000;

/** Chosen by the client; null when a frame had none that could be read. */
export type RequestId = string | number | null;

const AS_TEXT = { binary: false };

export class SocketSession implements StreamReader {
  readonly caller: string;
  actor: Actor;
  /** False once a ping stayed unanswered for a whole interval. */
  alive = true;
  readonly privateChannels = new Map<string, Subscription>();
  readonly publicChannels = new Set<string>();
  readonly canceledOnDisconnect = new Set<string>();
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #counters: SocketCounters;
  readonly #unsentBytesMax: number;
  #corked = false;

  constructor(
    socket: WebSocket,
    stream: Socket,
    caller: string,
    actor: Actor,
    counters: SocketCounters,
    unsentBytesMax: number,
  ) {
    this.#socket = socket;
    this.#stream = stream;
    this.caller = caller;
    this.actor = actor;
    this.#counters = counters;
    this.#unsentBytesMax = unsentBytesMax;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get unsentBytes(): number {
    return this.#socket.bufferedAmount;
  }

  push(frame: Buffer): void {
    this.#counters.pushes++;
    this.#send(frame);
  }

  /** `result` is JSON already. */
  answer(id: RequestId, result: string, replayed = false): void {
    this.#send(`{"id":${JSON.stringify(id)},"result":${result}${replayed ? ',"replayed":true' : ''}}`);
  }

  refuse(id: RequestId, refusal: Refusal): void {
    this.#send(JSON.stringify({ id, error: socketErrorOf(refusal) }));
  }

  ping(): void {
    if (this.isOpen) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Cuts the connection without a farewell: whoever is on the other side is gone. */
  terminate(): void {
    this.#socket.terminate();
  }

  closeSlow(): void {
    if (!this.isOpen) return;
    this.#counters.slowReaders++;
    this.close(CLOSE_SLOW_READER, 'reader too slow');
    setTimeout(() => this.terminate(), CUT_AFTER_CLOSE_MS).unref();
  }

  #send(frame: string | Buffer): void {
    if (!this.isOpen) return;
    if (this.unsentBytes > this.#unsentBytesMax) {
      this.closeSlow();
      return;
    }
    this.#cork();
    this.#socket.send(frame, AS_TEXT);
  }

  /** Everything sent in this turn of the event loop leaves in one write. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#stream.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#stream.uncork();
    });
  }
}
