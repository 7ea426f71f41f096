/** A connection as the streams see it: somewhere to put frames, and how far behind it is. */
export interface StreamReader {
  readonly isOpen: boolean;
  /** Bytes it has not taken yet. */
  readonly unsentBytes: number;
  /** Sends a frame that was serialised once for all readers. A reader too far behind is disconnected instead. */
  push(frame: Buffer): void;
  /** Disconnects it for falling behind. */
  closeSlow(): void;
}

export const frameOf = (message: object): Buffer => Buffer.from(JSON.stringify(message));
