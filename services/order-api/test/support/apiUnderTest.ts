/** The real order API over the doubles, on a clock that tests move by hand; the server listens on a free port if asked. */
import type { AddressInfo } from 'node:net';
import type { VenueFaults } from '@oms/domain';
import { ManualTime } from '@oms/testkit';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { createOrderApi, type OrderApi, type OrderApiOptions } from '../../src/index.ts';
import { BTC, HouseDouble, MarketDouble, NO_FAULTS, READY, ReadModelDouble } from './houseDouble.ts';

export interface ApiUnderTest {
  readonly api: OrderApi;
  readonly house: HouseDouble;
  readonly readModel: ReadModelDouble;
  readonly market: MarketDouble;
  readonly time: ManualTime;
  readonly faults: unknown[];
  status: typeof READY;
  venueFaults: VenueFaults;
  /** Starts listening. @returns the port */
  listen(): Promise<number>;
}

export function apiUnderTest(over: Partial<OrderApiOptions> = {}, partitions = 1): ApiUnderTest {
  const house = new HouseDouble(partitions);
  const readModel = new ReadModelDouble();
  const market = new MarketDouble();
  const time = new ManualTime();
  const faults: unknown[] = [];
  const api = createOrderApi({
    house,
    live: house,
    readModel,
    market,
    instruments: new Map([[BTC.symbol, BTC]]),
    clock: time,
    scheduler: time,
    status: () => test.status,
    manualVenue: true,
    venueFaults: () => test.venueFaults,
    onFault: (fault) => faults.push(fault),
    ...over,
  });
  const test: ApiUnderTest = {
    api,
    house,
    readModel,
    market,
    time,
    faults,
    status: READY,
    venueFaults: NO_FAULTS,
    listen: async () => {
      await api.app.listen({ host: '127.0.0.1', port: 0 });
      return (api.app.server.address() as AddressInfo).port;
    },
  };
  onTestFinished(() => api.close());
  return test;
}

export const PLACE = {
  clientOrderId: 'c-1',
  accountId: 'A',
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '1',
  price: '100',
};

// biome-ignore lint/suspicious/noExplicitAny: frames are looked at member by member
export type Frame = any;

/** A WebSocket client that keeps what it was sent. */
export class SocketClient {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  closeCode: number | null = null;
  #awaken: () => void = () => {};

  constructor(port: number, options: WebSocket.ClientOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, options);
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.#awaken();
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.#awaken();
    });
    this.socket.on('error', () => {});
    onTestFinished(() => this.socket.terminate());
  }

  static async open(port: number, options: WebSocket.ClientOptions = {}): Promise<SocketClient> {
    const client = new SocketClient(port, options);
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', resolve);
      client.socket.once('error', reject);
    });
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Waits for the first frame, present or to come, that fits. */
  async find(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      if (this.closeCode !== null) throw new Error(`closed with ${this.closeCode}: ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => {
        this.#awaken = resolve;
      });
    }
  }

  async request(op: string, params?: unknown, id: string | number = `${op}-${this.frames.length}`): Promise<Frame> {
    this.send({ id, op, params });
    return this.find((frame) => frame.id === id);
  }

  async closed(): Promise<number> {
    while (this.closeCode === null) {
      await new Promise<void>((resolve) => {
        this.#awaken = resolve;
      });
    }
    return this.closeCode;
  }
}
