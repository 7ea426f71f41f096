/** A WebSocket client that keeps every frame: answers by request, pushes by channel. For tests and campaigns alike. */
import WebSocket from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: frames are looked at member by member
export type Frame = any;

export class Connection {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  closeCode: number | null = null;
  readonly #waiting = new Map<unknown, (frame: Frame) => void>();
  #changed: () => void = () => {};
  #lastId = 0;

  protected constructor(address: string) {
    this.socket = new WebSocket(`${address.replace('http', 'ws')}/v1/ws`, { perMessageDeflate: false });
    this.socket.on('message', (data) => this.#received(JSON.parse(String(data))));
    this.socket.on('close', (code) => {
      this.closeCode = code;
      for (const answered of this.#waiting.values()) answered(null);
      this.#waiting.clear();
      this.#changed();
    });
    this.socket.on('error', () => {});
  }

  static connect(address: string): Promise<Connection> {
    return new Connection(address).opened();
  }

  /** @returns itself, once it is open */
  protected opened(): Promise<this> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', () => resolve(this));
      this.socket.once('error', reject);
    });
  }

  /** @returns the answer, or null when the connection was lost before it came */
  request(op: string, params?: unknown): Promise<Frame> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      if (this.closeCode !== null) resolve(null);
      else {
        this.#waiting.set(id, resolve);
        this.socket.send(JSON.stringify({ id, op, params }));
      }
    });
  }

  /** @returns the newest sequence of each channel */
  async subscribe(
    channels: readonly string[],
    accountId?: string,
    fromSequence?: number,
  ): Promise<Record<string, number>> {
    const answer = await this.request('subscribe', { channels, accountId, fromSequence });
    if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
    return Object.fromEntries(answer.result.channels.map((each: Frame) => [each.channel, each.sequence]));
  }

  /** The pushes of a channel so far, snapshots and errors left out. */
  pushes(channel: string): Frame[] {
    return this.frames.filter((frame) => frame.channel === channel && 'data' in frame);
  }

  sequences(channel: string): number[] {
    return this.pushes(channel).map((frame) => frame.sequence);
  }

  /** Waits until what was received satisfies; a lost connection ends the wait with an error. */
  async until(satisfied: () => boolean): Promise<void> {
    while (!satisfied()) {
      if (this.closeCode !== null) throw new Error(`closed with ${this.closeCode}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  async closed(): Promise<number> {
    while (this.closeCode === null) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    return this.closeCode;
  }

  #received(frame: Frame): void {
    const answered = this.#waiting.get(frame.id);
    if (answered === undefined) this.frames.push(frame);
    else {
      this.#waiting.delete(frame.id);
      answered(frame);
    }
    this.#changed();
  }
}
