/** The stream against a real WebSocket server: pipelining, lost connections, gaps and snapshots. */
import { type OmsError, OmsStream, type OmsStreamOptions, type PlaceRequest, type StreamState } from '@oms/client';
import { openNodeSocket } from '@oms/client/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedBackOff, type SocketRequest, TestServer, until } from './testServer.ts';

let server: TestServer;
let stream: OmsStream;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(async () => {
  stream.close();
  await server.stop();
});

const request = (clientOrderId: string): PlaceRequest => ({
  clientOrderId,
  accountId: 'A1',
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'MARKET',
  quantity: '1',
});
const orderOf = ({ params }: SocketRequest) => ({
  orderId: `o-${params.clientOrderId}`,
  accountId: 'A1',
  status: 'NEW',
});

function open(options: Partial<OmsStreamOptions> = {}): OmsStream {
  stream = new OmsStream({ url: server.url, openSocket: openNodeSocket, backOff: recordedBackOff(), ...options });
  return stream;
}

/** Sends to the newest connection. */
const push = (message: unknown) => server.sockets.at(-1)?.send(JSON.stringify(message));
const execution = (sequence: number, accountId = 'A1') => ({
  channel: 'executions',
  sequence,
  data: { accountId, sequence },
});
const requestsOf = (op: string) => server.socketRequests.filter((seen) => seen.op === op);

/** Answers everything with success. */
const agree = () => {
  server.onRequest = (seen, socket) => socket.send(JSON.stringify({ id: seen.id, result: orderOf(seen) }));
};

describe('requests', () => {
  it('match answers by id, whatever their order', async () => {
    const waiting: SocketRequest[] = [];
    server.onRequest = (seen, socket) => {
      waiting.push(seen);
      if (waiting.length < 3) return;
      for (const one of waiting.reverse()) socket.send(JSON.stringify({ id: one.id, result: orderOf(one) }));
    };
    open();
    const placed = await Promise.all(['a', 'b', 'c'].map((id) => stream.place(request(id))));
    expect(placed.map(({ order }) => order.orderId)).toEqual(['o-a', 'o-b', 'o-c']);
  });

  it('give a refusal as data and a conflict as an error', async () => {
    server.onRequest = (seen, socket) => {
      const order = { ...orderOf(seen), status: 'REJECTED' };
      const error =
        seen.params.clientOrderId === 'poor'
          ? { status: 422, code: 'INSUFFICIENT_BALANCE', message: 'too poor', order }
          : { status: 409, code: 'IDEMPOTENCY_CONFLICT', message: 'used before', errors: [] };
      socket.send(JSON.stringify({ id: seen.id, error }));
    };
    open();
    expect(await stream.place(request('poor'))).toMatchObject({ outcome: 'REFUSED', order: { orderId: 'o-poor' } });
    await expect(stream.place(request('used'))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      detail: 'used before',
    });
  });

  it('place again what was not accepted, after the time the server asks for', async () => {
    const backOff = recordedBackOff(0);
    server.onRequest = (seen, socket) => {
      const first = requestsOf('order.place').length === 1;
      const error = { status: 503, code: 'OVERLOADED', message: 'full', retryAfterMs: 40 };
      socket.send(
        JSON.stringify(first ? { id: seen.id, error } : { id: seen.id, result: orderOf(seen), replayed: true }),
      );
    };
    open({ backOff });
    expect(await stream.place(request('a'))).toMatchObject({ outcome: 'ACCEPTED', replayed: true });
    expect(backOff.waits).toEqual([40]);
  });

  it('send orders in flight again over the next connection, but not a replace', async () => {
    open();
    const placing = stream.place(request('a'));
    const replacing = stream.replace('o-1', { clientOrderId: 'r', price: '1' }).catch((error: OmsError) => error.code);
    await until(() => server.socketRequests.length === 2);
    agree();
    server.sockets[0]?.terminate();
    expect((await placing).order.orderId).toBe('o-a');
    expect(await replacing).toBe('NO_ANSWER');
    expect(requestsOf('order.place').map((seen) => seen.params.clientOrderId)).toEqual(['a', 'a']);
    expect(requestsOf('order.replace')).toHaveLength(1);
  });

  it('wait while there is no connection, and fail once the stream is closed', async () => {
    open();
    const waiting = stream.cancel('o-1').catch((error: OmsError) => error.code);
    stream.close();
    expect(await waiting).toBe('STREAM_CLOSED');
    await expect(stream.ping()).rejects.toMatchObject({ code: 'STREAM_CLOSED' });
  });

  it('fail when no answer comes in time', async () => {
    open({ requestTimeoutMs: 1 });
    await expect(stream.cancel('o-1')).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });

  it('carry several orders in one message', async () => {
    server.onRequest = (seen, socket) => {
      const result = [
        { order: { orderId: 'o-1' } },
        { error: { status: 422, code: 'TRADING_HALTED', message: 'halted' } },
      ];
      socket.send(JSON.stringify({ id: seen.id, result }));
    };
    open();
    const [first, second] = await stream.placeMany([request('a'), request('b')]);
    expect(first).toEqual({ orderId: 'o-1' });
    expect(second).toMatchObject({ code: 'TRADING_HALTED', status: 422 });
  });
});

describe('signing in', () => {
  it('goes with the upgrade where that is possible', async () => {
    agree();
    open({ token: () => 'secret' });
    await stream.ping();
    expect(server.upgradeTokens).toEqual(['Bearer secret']);
    expect(requestsOf('auth')).toEqual([]);
  });

  it('goes by message with the built-in WebSocket, before anything else', async () => {
    agree();
    stream = new OmsStream({ url: server.url, token: 'secret', backOff: recordedBackOff() });
    await stream.ping();
    expect(server.socketRequests.map((seen) => seen.op)).toEqual(['auth', 'ping']);
    expect(server.socketRequests[0]?.params).toEqual({ token: 'secret' });
  });
});

describe('account channels', () => {
  let delivered: number[];
  let snapshots: [number, readonly unknown[]][];
  let gaps: [number, number][];
  const handler = {
    data: (_: unknown, sequence: number) => delivered.push(sequence),
    snapshot: (items: readonly unknown[], sequence: number) => snapshots.push([sequence, items]),
    gap: (from: number, to: number) => gaps.push([from, to]),
  };
  beforeEach(() => {
    delivered = [];
    snapshots = [];
    gaps = [];
    agree();
  });
  const subscriptions = () => requestsOf('subscribe').map((seen) => seen.params);

  it('resume after the last sequence when the connection was lost, and drop repeats', async () => {
    const states: StreamState[] = [];
    open({ onState: (state) => states.push(state) }).subscribeAccount('executions', 'A1', handler);
    await until(() => subscriptions().length === 1);
    push(execution(7));
    push(execution(8));
    await until(() => delivered.length === 2);
    server.sockets[0]?.terminate();
    await until(() => subscriptions().length === 2);
    for (const sequence of [8, 9]) push(execution(sequence));
    await until(() => delivered.length === 3);
    expect(delivered).toEqual([7, 8, 9]);
    expect(subscriptions()).toEqual([
      { channels: ['executions'], accountId: 'A1' },
      { channels: ['executions'], accountId: 'A1', fromSequence: 9 },
    ]);
    expect(states).toEqual(['CONNECTING', 'CONNECTED', 'DISCONNECTED', 'CONNECTING', 'CONNECTED']);
  });

  it('stop at a gap, ask for what was missed once, and go on in order', async () => {
    open().subscribeAccount('executions', 'A1', handler, 4);
    await until(() => subscriptions().length === 1);
    server.onRequest = () => undefined;
    for (const sequence of [5, 8, 9]) push(execution(sequence));
    await until(() => subscriptions().length === 2);
    for (const sequence of [6, 7, 8, 9, 10]) push(execution(sequence));
    await until(() => delivered.length === 6);
    expect(delivered).toEqual([5, 6, 7, 8, 9, 10]);
    expect(gaps).toEqual([[6, 7]]);
    expect(subscriptions().map((params) => params.fromSequence)).toEqual([5, 6]);
  });

  it('start anew from a snapshot', async () => {
    open().subscribeAccount('executions', 'A1', handler, 4);
    await until(() => subscriptions().length === 1);
    push({ channel: 'executions', accountId: 'A1', error: { code: 'SNAPSHOT_REQUIRED' } });
    push({ channel: 'executions', accountId: 'A1', sequence: 90, snapshot: ['state'] });
    push(execution(91));
    await until(() => delivered.length === 1);
    expect(snapshots).toEqual([[90, ['state']]]);
    expect(delivered).toEqual([91]);
    expect(gaps).toEqual([]);
  });

  it('keep accounts apart', async () => {
    open().subscribeAccount('executions', 'A1', handler);
    const others: number[] = [];
    stream.subscribeAccount('executions', 'A2', { data: (_, sequence) => others.push(sequence) });
    await until(() => subscriptions().length === 2);
    push(execution(1, 'A2'));
    push(execution(50, 'A1'));
    push(execution(2, 'A2'));
    await until(() => others.length === 2);
    expect(delivered).toEqual([50]);
    expect(others).toEqual([1, 2]);
  });

  it('tell a refusal and stay quiet afterwards', async () => {
    server.onRequest = (seen, socket) =>
      socket.send(JSON.stringify({ id: seen.id, error: { status: 404, code: 'UNKNOWN_ACCOUNT', message: 'no such' } }));
    const refusal = new Promise<Error>((resolve) => {
      open().subscribeAccount('executions', 'A9', { data: () => undefined, refused: resolve });
    });
    expect(await refusal).toMatchObject({ code: 'UNKNOWN_ACCOUNT' });
    agree();
    server.sockets[0]?.terminate();
    await stream.ping();
    expect(subscriptions()).toHaveLength(1);
  });

  it('are left by unsubscribing', async () => {
    const subscription = open().subscribeAccount('executions', 'A1', handler);
    await until(() => subscriptions().length === 1);
    push(execution(3));
    await until(() => delivered.length === 1);
    stream.unsubscribe(subscription);
    await until(() => requestsOf('unsubscribe').length === 1);
    expect(requestsOf('unsubscribe')[0]?.params).toEqual({ channels: ['executions'], accountId: 'A1' });
    push(execution(4));
    await stream.ping();
    expect(delivered).toEqual([3]);
  });
});

describe('market channels', () => {
  it('take what comes, for only the newest counts', async () => {
    agree();
    const seen: number[] = [];
    open().subscribe('book:BTC-USD', { data: (_, sequence) => seen.push(sequence) });
    await until(() => requestsOf('subscribe').length === 1);
    for (const sequence of [5, 9, 2]) push({ channel: 'book:BTC-USD', sequence, data: {} });
    push({ channel: 'book:ETH-USD', sequence: 1, data: {} });
    await stream.ping();
    expect(seen).toEqual([5, 9, 2]);
  });
});
