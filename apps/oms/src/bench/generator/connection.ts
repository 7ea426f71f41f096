/**
 * One connection at the level of bytes: everything that came due in a tick leaves in one write, and everything that
 * arrived is read from one buffer that is used again and again.
 */
import { connect, type Socket } from 'node:net';
import { MessageAssembler } from './messageAssembler.ts';
import { Outgoing } from './outgoing.ts';
import type { Protocol } from './protocol.ts';

const READ_BYTES = 1 << 18;

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly createProtocol: (out: Outgoing, onReady: () => void) => Protocol;
  /** Before each piece of what arrived is read. */
  readonly onBytes: () => void;
  /** It ended after it had been open, and not by `close`. */
  readonly onLost: () => void;
}

export class Connection {
  readonly protocol: Protocol;
  isOpen = false;
  readonly #out = new Outgoing();
  readonly #socket: Socket;

  private constructor(options: ConnectionOptions, settle: (error: Error | null) => void) {
    const { host, port, createProtocol, onBytes, onLost } = options;
    this.protocol = createProtocol(this.#out, () => {
      this.isOpen = true;
      settle(null);
    });
    const assembler = new MessageAssembler((bytes, start, end) => this.protocol.take(bytes, start, end));
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const receive = (length: number): boolean => {
      onBytes();
      try {
        assembler.push(buffer, length);
        // Answers to the server's pings.
        this.flush();
      } catch (error) {
        this.#socket.destroy(error as Error);
      }
      return true;
    };
    this.#socket = connect({ host, port, noDelay: true, onread: { buffer, callback: receive } });
    this.#socket.once('connect', () => this.flush());
    this.#socket.on('error', (error) => settle(error));
    this.#socket.once('close', () => {
      settle(new Error('the server closed the connection'));
      if (this.isOpen) onLost();
      this.isOpen = false;
    });
  }

  /** Resolves when requests may be sent; rejects when the server is not there or will not have us. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const ready = Promise.withResolvers<void>();
    const connection = new Connection(options, (error) => (error === null ? ready.resolve() : ready.reject(error)));
    await ready.promise;
    return connection;
  }

  /** Sends everything that was put. */
  flush(): void {
    const { bytes, length } = this.#out;
    if (length === 0) return;
    this.#socket.write(bytes.subarray(0, length));
    // The kernel mostly takes all of it at once; when it does not, Node goes on reading from this buffer.
    if (this.#socket.writableLength > 0) this.#out.replaceBytes();
    else this.#out.length = 0;
  }

  close(): void {
    this.isOpen = false;
    this.#socket.destroy();
  }
}
