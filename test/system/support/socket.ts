/** The WebSocket client of a test: closed with it. */
import { onTestFinished } from 'vitest';
import { Connection } from './connection.ts';

export type { Frame } from './connection.ts';

export class Socket extends Connection {
  static async open(address: string): Promise<Socket> {
    const socket = await new Socket(address).opened();
    onTestFinished(() => socket.socket.terminate());
    return socket;
  }
}

/** Numbers from `first`, one after the other: neither gap nor double. */
export const isGapFree = (sequences: readonly number[], first: number): boolean =>
  sequences.every((sequence, index) => sequence === first + index);
