/** The WebSocket streams on a live system: gap-free under load, resumable, fair to slow readers. */
import { describe, expect, it } from 'vitest';
import { eventually } from './support/api.ts';
import { inProcess, removeDirectory, startProcess, temporaryDirectory } from './support/server.ts';
import { isGapFree, Socket } from './support/socket.ts';

const server = inProcess();
const PRIVATE = ['orders', 'executions', 'positions', 'balances'] as const;

/** Orders that trade, some of which rest first, from a connection of their own. */
async function burst(address: string, accountId: string, from: number, count: number): Promise<void> {
  const socket = await Socket.open(address);
  const answers = Array.from({ length: count }, (_, i) =>
    socket.request('order.place', {
      clientOrderId: `burst-${from + i}`,
      accountId,
      symbol: 'BTC-USD',
      side: i % 2 === 0 ? 'BUY' : 'SELL',
      quantity: '0.001',
      ...(i % 3 === 0 ? { type: 'LIMIT', price: i % 2 === 0 ? '30000' : '60000' } : { type: 'MARKET' }),
    }),
  );
  for (const answer of await Promise.all(answers)) {
    if (answer?.error !== undefined) throw new Error(JSON.stringify(answer.error));
  }
}

const lastOf = (sequences: readonly number[]): number => sequences.at(-1) ?? 0;
const marketIsThere = () => eventually(async () => expect((await server.api.top()).ask).toBeGreaterThan(0));

describe('private channels', () => {
  it('carry a burst without gap or double, and end where the state is', async () => {
    await marketIsThere();
    const { api } = server;
    const accountId = 'BENCH-0501';
    const reader = await Socket.open(api.address);
    const start = await reader.subscribe(PRIVATE, accountId);
    await burst(api.address, accountId, 0, 300);
    const now = await (await Socket.open(api.address)).subscribe(PRIVATE, accountId);
    await reader.until(() => PRIVATE.every((channel) => lastOf(reader.sequences(channel)) >= now[channel]!));
    for (const channel of PRIVATE) {
      expect(isGapFree(reader.sequences(channel), start[channel]! + 1), channel).toBe(true);
      expect(reader.sequences(channel).length).toBeGreaterThan(100);
    }
    const lastBalance = reader.pushes('balances').findLast((push) => push.data.currency === 'USD');
    expect(lastBalance.data.total).toBe((await api.balance(accountId)).total);
    expect(reader.pushes('positions').at(-1).data.quantity).toBe((await api.position(accountId))!.quantity);
  });

  it('resume in the middle of a burst where the reader was cut off', async () => {
    await marketIsThere();
    const { api } = server;
    const accountId = 'BENCH-0502';
    const seen: Record<string, number[]> = { orders: [], executions: [], positions: [], balances: [] };
    let reader = await Socket.open(api.address);
    const start = await reader.subscribe(PRIVATE, accountId);
    const bursts = (async () => {
      for (let i = 0; i < 8; i++) await burst(api.address, accountId, i * 50, 50);
    })();
    for (let cut = 0; cut < 4; cut++) {
      const enough = 25;
      await reader.until(() => reader.sequences('orders').length >= enough);
      reader.socket.terminate();
      const next = await Socket.open(api.address);
      for (const channel of PRIVATE) {
        seen[channel]!.push(...reader.sequences(channel));
        await next.subscribe([channel], accountId, (seen[channel]!.at(-1) ?? start[channel]!) + 1);
      }
      reader = next;
    }
    await bursts;
    const now = await (await Socket.open(api.address)).subscribe(PRIVATE, accountId);
    await reader.until(() =>
      PRIVATE.every((channel) => lastOf([...seen[channel]!, ...reader.sequences(channel)]) >= now[channel]!),
    );
    for (const channel of PRIVATE) {
      expect(isGapFree([...seen[channel]!, ...reader.sequences(channel)], start[channel]! + 1), channel).toBe(true);
    }
    expect(reader.frames.filter((frame) => frame.error !== undefined)).toEqual([]);
  });

  it('go on after kill -9 and a restart: executions without a gap, the others with a snapshot at the least', async () => {
    const dataDirectory = temporaryDirectory();
    const accountId = 'BENCH-0503';
    const first = await startProcess(dataDirectory, '--profile', 'bench');
    await eventually(async () => expect((await first.api.top()).ask).toBeGreaterThan(0));
    const reader = await Socket.open(first.address);
    await reader.subscribe(PRIVATE, accountId);
    await burst(first.address, accountId, 0, 60);
    await reader.until(() => reader.sequences('executions').length > 20);
    await first.process.kill('SIGKILL');
    await reader.closed();

    const second = await startProcess(dataDirectory, '--profile', 'bench');
    await eventually(async () => expect((await second.api.top()).ask).toBeGreaterThan(0));
    const resumed = await Socket.open(second.address);
    for (const channel of PRIVATE) await resumed.subscribe([channel], accountId, lastOf(reader.sequences(channel)) + 1);
    await burst(second.address, accountId, 1_000, 60);
    const now = await (await Socket.open(second.address)).subscribe(PRIVATE, accountId);
    const snapshotOf = (channel: string) =>
      resumed.frames.find((frame) => frame.channel === channel && 'snapshot' in frame);
    await resumed.until(() => PRIVATE.every((channel) => lastOf(resumed.sequences(channel)) >= now[channel]!));
    expect(isGapFree([...reader.sequences('executions'), ...resumed.sequences('executions')], 1)).toBe(true);
    for (const channel of ['orders', 'positions', 'balances']) {
      const snapshot = snapshotOf(channel);
      const from = snapshot === undefined ? lastOf(reader.sequences(channel)) + 1 : snapshot.sequence + 1;
      expect(isGapFree(resumed.sequences(channel), from), channel).toBe(true);
      if (snapshot !== undefined) {
        expect(resumed.frames).toContainEqual(
          expect.objectContaining({ channel, error: { code: 'SNAPSHOT_REQUIRED' } }),
        );
      }
    }
    await second.process.kill('SIGTERM');
    removeDirectory(dataDirectory);
  });
});

describe('public channels', () => {
  it('book, trades, ticker and system come by themselves, each in order', async () => {
    const reader = await Socket.open(server.api.address);
    const channels = ['book:BTC-USD', 'trades:BTC-USD', 'ticker:BTC-USD', 'system'];
    await reader.subscribe(channels);
    await reader.until(() => channels.every((channel) => reader.pushes(channel).length >= 2));
    for (const channel of channels) {
      const sequences = reader.sequences(channel);
      expect(sequences, channel).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    }
    const { bids, asks } = reader.pushes('book:BTC-USD').at(-1).data;
    expect(Number(bids[0][0])).toBeLessThan(Number(asks[0][0]));
    expect(reader.pushes('system').at(-1).data).toMatchObject({ ready: true, quarantinedTotal: 0 });
    expect((await reader.request('subscribe', { channels: ['book:DOGE-USD'] })).error.code).toBe('UNKNOWN_CHANNEL');
    expect((await reader.request('subscribe', { channels: ['orders'], accountId: 'NOBODY' })).error.code).toBe(
      'UNKNOWN_ACCOUNT',
    );
    await reader.request('unsubscribe', { channels });
  });
});

describe('a reader that takes nothing', () => {
  it('is closed with 4008 while others go on', async () => {
    await marketIsThere();
    const { api } = server;
    const accountId = 'BENCH-0504';
    const slow = await Socket.open(api.address);
    const quick = await Socket.open(api.address);
    const start = await quick.subscribe(['orders'], accountId);
    // Every account's reports in four channels, many times over, so that the unsent bytes grow quickly.
    await slow.subscribe(['orders', 'executions', 'balances', 'positions'], accountId);
    slow.socket.pause();
    const before = (await quick.request('ping')).result;
    expect(before).toBeDefined();
    let placed = 0;
    const metric = async () =>
      /oms_[a-z_]*slow[a-z_]* (\d+)/.exec(await (await fetch(`${api.address}/metrics`)).text())?.[1] ?? '0';
    while ((await metric()) === '0' && placed < 40_000) {
      await burst(api.address, accountId, placed, 1_000);
      placed += 1_000;
    }
    slow.socket.resume();
    expect(await slow.closed()).toBe(4008);
    await quick.until(() => quick.sequences('orders').length >= placed);
    expect(isGapFree(quick.sequences('orders'), start.orders! + 1)).toBe(true);
    await api.call('DELETE', `/v1/orders?accountId=${accountId}`);
  });
});

describe('cancel on disconnect', () => {
  it('fires when the connection is lost, not when it is closed', async () => {
    const { api } = server;
    const accountId = 'BENCH-0505';
    const place = (clientOrderId: string) => api.placed({ clientOrderId, accountId, quantity: '0.1', price: '30000' });
    const kept = await place('kept');
    const clean = await Socket.open(api.address);
    expect((await clean.request('session.cancelOnDisconnect', { enabled: true, accountId })).result).toEqual({
      enabled: true,
      accountId,
    });
    clean.socket.close(1000);
    await clean.closed();
    expect((await api.order(kept.orderId)).status).toBe('NEW');
    const lost = await Socket.open(api.address);
    await lost.request('session.cancelOnDisconnect', { enabled: true, accountId });
    lost.socket.terminate();
    await eventually(async () =>
      expect(await api.order(kept.orderId)).toMatchObject({
        status: 'CANCELED',
        reason: { code: 'CANCEL_ON_DISCONNECT' },
      }),
    );
    const disabled = await Socket.open(api.address);
    const again = await place('again');
    await disabled.request('session.cancelOnDisconnect', { enabled: true, accountId });
    await disabled.request('session.cancelOnDisconnect', { enabled: false, accountId });
    disabled.socket.terminate();
    await (await Socket.open(api.address)).request('ping');
    expect((await api.order(again.orderId)).status).toBe('NEW');
  });
});
