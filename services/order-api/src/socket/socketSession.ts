/**
 * One WebSocket connection: writes its frames in one block per turn of the event loop, disconnects a reader that falls
 * behind, and knows what it is subscribed to and whose orders it takes with it when it is lost.
 */
import type { Socket } from 'node:net';
import { type Access, CLOSE_SLOW_READER, SOCKET_OPERATIONS } from '@oms/api-contract';
import type { Timer } from '@oms/ports';
import type { WebSocket } from 'ws';
import type { AccountReach, Caller } from '../access/caller.ts';
import { addressKeyOf } from '../access/rates.ts';
import type { SocketCounters } from '../metrics.ts';
import { type Refusal, socketErrorText } from '../refusal.ts';
import type { Subscription } from '../streams/accountStream.ts';
import type { StreamReader } from '../streams/streamReader.ts';
import { OutgoingFrames } from './outgoingFrames.ts';

/** A slow reader may never read its close frame; then the connection is cut. */
const CUT_AFTER_CLOSE_MS = 2_000;

/** Chosen by the client; null when a frame had none that could be read. */
export type RequestId = string | number | null;

export class SocketSession implements StreamReader {
  /** Where it came from, for the audit, and by network, for the limits. */
  readonly address: string;
  readonly addressKey: string;
  /** Who is signed in; null: nobody yet. */
  caller: Caller | null = null;
  /** Whose orders it may place: asked for every order. */
  placing: AccountReach | null = null;
  /** Frames that wait for the sign-in under way; null when none is. */
  heldFrames: Buffer[] | null = null;
  signInTimer: Timer | null = null;
  /** False once a ping stayed unanswered for a whole interval. */
  alive = true;
  readonly privateChannels = new Map<string, Subscription>();
  readonly publicChannels = new Set<string>();
  readonly canceledOnDisconnect = new Set<string>();
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #counters: SocketCounters;
  readonly #unsentBytesMax: number;
  readonly #outgoing = new OutgoingFrames();

  constructor(socket: WebSocket, stream: Socket, address: string, counters: SocketCounters, unsentBytesMax: number) {
    this.#socket = socket;
    this.#stream = stream;
    this.address = address;
    this.addressKey = addressKeyOf(address);
    this.#counters = counters;
    this.#unsentBytesMax = unsentBytesMax;
  }

  signedIn(caller: Caller): void {
    this.caller = caller;
    this.placing = caller.reachOf(SOCKET_OPERATIONS['order.place'].access);
  }

  /** What an operation of this access may touch; null when it must not be called. */
  reachOf(access: Access): AccountReach | null {
    return this.caller?.reachOf(access) ?? null;
  }

  get subscriptions(): number {
    return this.privateChannels.size + this.publicChannels.size;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get unsentBytes(): number {
    return this.#socket.bufferedAmount + this.#outgoing.bytesMax;
  }

  push(frame: Buffer): void {
    this.#counters.pushes++;
    this.#send(frame);
  }

  /** `result` is JSON already. */
  answer(id: RequestId, result: string, replayed = false): void {
    this.#send(`{"id":${textOf(id)},"result":${result}${replayed ? ',"replayed":true}' : '}'}`);
  }

  refuse(id: RequestId, refusal: Refusal): void {
    this.#send(`{"id":${textOf(id)},"error":${socketErrorText(refusal)}}`);
  }

  /** Stops reading: what the other side sends waits in its own buffers. */
  rest(): void {
    this.#socket.pause();
  }

  /** Reads on. */
  resume(): void {
    this.#socket.resume();
  }

  ping(): void {
    if (this.isOpen) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#flush();
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
    if (this.#outgoing.isEmpty) process.nextTick(this.#flush);
    this.#outgoing.add(frame);
  }

  /** Everything sent in this turn of the event loop leaves in one write, past ws, whose own frames it never splits. */
  readonly #flush = (): void => {
    if (this.#outgoing.isEmpty) return;
    const block = this.#outgoing.take();
    if (this.isOpen) this.#stream.write(block);
  };
}

const textOf = (id: RequestId): string => (typeof id === 'string' ? JSON.stringify(id) : `${id}`);
