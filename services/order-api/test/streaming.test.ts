/** Streams over real WebSockets: subscribing, conflation, the house's status, and readers that fall behind. */
import { ManualTime } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { MarketStreams } from '../src/streams/marketStreams.ts';
import { apiUnderTest, SocketClient } from './support/apiUnderTest.ts';
import { anOrder, aReport, BTC, MarketDouble, READY } from './support/houseDouble.ts';
import { ReaderDouble } from './support/readerDouble.ts';

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
};

const pushesOf = (client: SocketClient, channel: string) => client.frames.filter((frame) => frame.channel === channel);

describe('subscribing', () => {
  it('is answered with positions, in the order asked, before any push', async () => {
    const test = apiUnderTest();
    test.house.reportSequence = 4;
    const client = await SocketClient.open(await test.listen());
    const channels = ['orders', 'ticker:BTC-USD', 'executions', 'orders', 'system'];
    const { result } = await client.request('subscribe', { channels, accountId: 'A' });
    expect(result.channels).toEqual([
      { channel: 'orders', sequence: 4 },
      { channel: 'ticker:BTC-USD', sequence: 1 },
      { channel: 'executions', sequence: 4 },
      { channel: 'system', sequence: 0 },
    ]);
    test.api.streams.reported('A', 5, aReport(5), anOrder());
    await until(() => client.frames.length === 3);
    expect(client.frames.slice(1)).toEqual([
      { channel: 'orders', sequence: 5, data: anOrder() },
      { channel: 'executions', sequence: 5, data: aReport(5) },
    ]);
  });

  it('again starts again; unsubscribing stops', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    await client.request('subscribe', { channels: ['orders'], accountId: 'A' });
    test.api.streams.reported('A', 1, aReport(1), anOrder());
    test.house.reportSequence = 1;
    await client.request('subscribe', { channels: ['orders'], accountId: 'A', fromSequence: 1 });
    await until(() => pushesOf(client, 'orders').length === 2);
    test.api.streams.reported('A', 2, aReport(2), anOrder());
    await until(() => pushesOf(client, 'orders').length === 3);
    const answer = await client.request('unsubscribe', { channels: ['orders', 'book:BTC-USD'], accountId: 'A' });
    expect(answer.result).toEqual({ channels: ['orders', 'book:BTC-USD'] });
    test.api.streams.reported('A', 3, aReport(3), anOrder());
    await client.request('ping');
    expect(pushesOf(client, 'orders').map(({ sequence }) => sequence)).toEqual([1, 1, 2]);
  });

  it.each([
    [{ channels: ['orders'] }, 'VALIDATION_FAILED'],
    [{ channels: [] }, 'VALIDATION_FAILED'],
    [{ channels: ['orders'], accountId: 'nobody' }, 'UNKNOWN_ACCOUNT'],
    [{ channels: ['orders'], accountId: 'A', fromSequence: -1 }, 'VALIDATION_FAILED'],
    [{ channels: ['orders'], accountId: 'A', fromSequence: 1.5 }, 'VALIDATION_FAILED'],
    [{ channels: ['gossip'] }, 'UNKNOWN_CHANNEL'],
    [{ channels: ['book'] }, 'UNKNOWN_CHANNEL'],
    [{ channels: ['book:NOPE'] }, 'UNKNOWN_CHANNEL'],
    [{ channels: ['orders:BTC-USD'] }, 'UNKNOWN_CHANNEL'],
  ])('to %j is refused with %s', async (params, code) => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    expect((await client.request('subscribe', params)).error.code).toBe(code);
    expect(test.api.streams.listens('nobody')).toBe(false);
  });

  it('to more than the bound is refused', async () => {
    const test = apiUnderTest({ bounds: { subscriptionsMax: 2 } });
    const client = await SocketClient.open(await test.listen());
    await client.request('subscribe', { channels: ['system', 'book:BTC-USD'] });
    const answer = await client.request('subscribe', { channels: ['trades:BTC-USD'] });
    expect(answer.error.code).toBe('TOO_MANY_SUBSCRIPTIONS');
  });
});

describe('public channels', () => {
  it('conflate books and tickers to the newest per tick, and send every trade', async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    await client.request('subscribe', { channels: ['book:BTC-USD', 'trades:BTC-USD', 'ticker:BTC-USD'] });
    test.time.advance(50);
    for (let i = 0; i < 10; i++) test.market.move('BTC-USD');
    test.time.advance(50);
    test.time.advance(500);
    await client.request('ping');
    expect(pushesOf(client, 'book:BTC-USD').map(({ sequence }) => sequence)).toEqual([1, 11]);
    expect(pushesOf(client, 'ticker:BTC-USD').map(({ sequence }) => sequence)).toEqual([1, 11]);
    expect(pushesOf(client, 'trades:BTC-USD').map(({ sequence }) => sequence)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
    expect(pushesOf(client, 'book:BTC-USD')[1].data).toMatchObject({
      symbol: 'BTC-USD',
      bids: [
        ['99', '1'],
        ['98', '2.5'],
      ],
    });
  });

  it('skip a reader that is behind until it has caught up, without repeating anything to the others', () => {
    const time = new ManualTime();
    const market = new MarketDouble();
    const instruments = new Map([[BTC.symbol, BTC]]);
    const streams = new MarketStreams({ market, instruments, clock: time, scheduler: time, status: () => READY });
    const level = new ReaderDouble();
    const behind = new ReaderDouble();
    for (const reader of [level, behind]) streams.join(reader, 'book:BTC-USD');
    time.advance(50);
    behind.unsentBytes = 1024 * 1024;
    for (let i = 0; i < 3; i++) {
      market.move('BTC-USD');
      time.advance(100);
    }
    behind.unsentBytes = 0;
    time.advance(100);
    expect(level.sequences('book:BTC-USD')).toEqual([1, 2, 3, 4]);
    expect(behind.sequences('book:BTC-USD')).toEqual([1, 4]);
    streams.leave(behind, 'book:BTC-USD');
    market.move('BTC-USD');
    time.advance(100);
    expect(behind.frames).toHaveLength(2);
    streams.close();
  });

  it("tell the house's status every second", async () => {
    const test = apiUnderTest();
    const client = await SocketClient.open(await test.listen());
    await client.request('subscribe', { channels: ['system'] });
    test.time.advance(2_000);
    await client.request('ping');
    const pushes = pushesOf(client, 'system');
    expect(pushes.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(pushes[0].data).toMatchObject({ ready: true, queueDepth: 3, time: '2026-01-05T12:00:01.000Z' });
  });
});

describe('a reader that falls behind', () => {
  it('is disconnected with 4008 and does not slow others', async () => {
    const test = apiUnderTest({ bounds: { unsentBytesMax: 64 * 1024 } });
    const port = await test.listen();
    const slow = await SocketClient.open(port);
    const quick = await SocketClient.open(port);
    for (const client of [slow, quick]) await client.request('subscribe', { channels: ['orders'], accountId: 'A' });
    slow.socket.pause();
    const tags = Array.from({ length: 200 }, (_, index) => `tag ${index} ${'x'.repeat(40)}`);
    let sent = 0;
    while (!/oms_socket_slow_readers_total 1/.test((await test.api.app.inject('/metrics')).body)) {
      for (let i = 0; i < 5; i++) {
        sent++;
        test.api.streams.reported('A', sent, aReport(sent), anOrder({ tags, version: sent }));
      }
      // The quick one keeps up because it is given the time to read.
      await until(() => pushesOf(quick, 'orders').length === sent);
    }
    slow.socket.resume();
    expect(await slow.closed()).toBe(4008);
    expect(pushesOf(slow, 'orders').length).toBeLessThan(sent);
    expect((await quick.request('ping')).result).toBeDefined();
    expect(test.faults).toEqual([]);
  });
});
