/**
 * kill -9 in the middle of load, again and again on one data directory. The client keeps its own record of what it sent
 * and was told; after every restart nothing it was told may be missing, changed or doubled.
 */
import { describe, expect, it } from 'vitest';
import { type Api, eventually } from './support/api.ts';
import { removeDirectory, startProcess, temporaryDirectory, verify } from './support/server.ts';
import { Socket } from './support/socket.ts';
import type { ExecutionReport, Order, Position } from './support/wire.ts';

const KILLS = 5;
const CONNECTIONS = 4;
const IN_FLIGHT = 16;
const ACCOUNTS = ['BENCH-0601', 'BENCH-0602', 'BENCH-0603'];

interface Sent {
  readonly op: 'order.place' | 'order.cancel';
  readonly params: { readonly clientOrderId: string; readonly [member: string]: unknown };
  /** Order id and, for a refusal, its code; null while unanswered. */
  told: string | null;
}

/** Everything the client ever asked, in the order it was first sent. */
class ClientRecord {
  readonly sent: Sent[] = [];

  next(): Sent {
    const number = this.sent.length;
    const accountId = ACCOUNTS[number % ACCOUNTS.length]!;
    const earlier = this.sent[number - 20];
    const sent: Sent =
      number % 7 === 6 && earlier?.op === 'order.place' && /^o-/.test(earlier.told ?? '')
        ? { op: 'order.cancel', params: { clientOrderId: `x-${number}`, orderId: earlier.told }, told: null }
        : { op: 'order.place', params: placeParams(number, accountId), told: null };
    this.sent.push(sent);
    return sent;
  }
}

function placeParams(number: number, accountId: string) {
  const side = number % 2 === 0 ? 'BUY' : 'SELL';
  const base = { clientOrderId: `k-${number}`, accountId, symbol: 'BTC-USD', side, quantity: '0.001' };
  if (number % 11 === 0) return { ...base, type: 'LIMIT', price: '30000.001' };
  return number % 3 === 0
    ? { ...base, type: 'MARKET' }
    : { ...base, type: 'LIMIT', price: side === 'BUY' ? '30000' : '60000' };
}

/** Sends it (again) and compares with what was told before. */
async function ask(socket: Socket, sent: Sent): Promise<void> {
  const answer = await socket.request(sent.op, sent.params);
  if (answer === null) return;
  const { result, error } = answer;
  // An order that is gone by now refuses a cancel it has not seen; one it has seen gets its first answer.
  const told = result?.orderId ?? `${error.order?.orderId ?? ''} ${error.code}`;
  if (sent.told === null) sent.told = told;
  else expect(told, `the outcome of ${sent.params.clientOrderId}`).toBe(sent.told);
}

const inWaves = async (socket: Socket, each: () => Sent | undefined): Promise<void> => {
  const worker = async (): Promise<void> => {
    while (socket.closeCode === null) {
      const sent = each();
      if (sent === undefined) return;
      await ask(socket, sent);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
};

/** Load on all connections until the server is gone. */
async function load(address: string, record: ClientRecord): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => Socket.open(address)));
  await Promise.all(sockets.map((socket) => inWaves(socket, () => record.next())));
}

async function resendEverything(address: string, record: ClientRecord): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => Socket.open(address)));
  const queue = record.sent.values();
  await Promise.all(sockets.map((socket) => inWaves(socket, () => queue.next().value)));
  for (const { told, params } of record.sent) expect(told, `${params.clientOrderId} has an answer`).not.toBeNull();
}

async function expectWhole(api: Api, record: ClientRecord): Promise<void> {
  const places = record.sent.filter(({ op }) => op === 'order.place');
  for (const accountId of ACCOUNTS) {
    const own = places.filter(({ params }) => params.accountId === accountId);
    const { orders, executions } = await eventually(async () => {
      const orders = await api.all<Order>(`/v1/orders?accountId=${accountId}`, 1_000);
      expect(orders).toHaveLength(own.length);
      const executions = await api.all<ExecutionReport>(`/v1/executions?accountId=${accountId}`, 1_000);
      const filled = sum(orders.map((order) => signed(order.side, order.filledQuantity)));
      expect(sum(executions.map((each) => signed(each.side, each.lastQuantity!)))).toBe(filled);
      return { orders, executions };
    });
    const byId = new Map(orders.map((order) => [order.clientOrderId, order.orderId]));
    for (const { params, told } of own)
      expect(told!.split(' ')[0], params.clientOrderId).toBe(byId.get(params.clientOrderId));
    expect(new Set(executions.map((each) => `${each.orderId} ${each.executionId}`)).size).toBe(executions.length);
    const position: Position | undefined = await api.position(accountId);
    expect(micros(position?.quantity ?? '0')).toBe(
      sum(executions.map((each) => signed(each.side, each.lastQuantity!))),
    );
  }
}

/** Quantities here are thousandths; millionths are exact enough to compare them as integers. */
const micros = (decimal: string): number => Math.round(Number(decimal) * 1_000_000);
const signed = (side: string, quantity: string): number => (side === 'BUY' ? 1 : -1) * micros(quantity);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe('kill -9 under load', () => {
  it(`When the server is killed ${KILLS} times, then everything it ever told is there once, and the journal verifies`, async () => {
    const dataDirectory = temporaryDirectory();
    const record = new ClientRecord();
    for (let kill = 0; kill < KILLS; kill++) {
      const { process, api, address } = await startProcess(dataDirectory, '--profile', 'bench');
      await eventually(async () => expect((await api.top()).ask).toBeGreaterThan(0));
      await resendEverything(address, record);
      await expectWhole(api, record);
      const target = record.sent.length + 150 + 70 * kill;
      const working = load(address, record);
      // Killed at a moment that load decides, not the clock.
      await eventually(() => expect(record.sent.length).toBeGreaterThan(target));
      await process.kill('SIGKILL');
      await working;
      expect(record.sent.some(({ told }) => told === null)).toBe(true);
    }
    const last = await startProcess(dataDirectory, '--profile', 'bench');
    await eventually(async () => expect((await last.api.top()).ask).toBeGreaterThan(0));
    await resendEverything(last.address, record);
    await expectWhole(last.api, record);
    expect((await last.process.kill('SIGTERM')).code).toBe(0);
    const { code, report } = await verify(dataDirectory);
    expect(report.checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([]);
    expect([code, report.ok]).toEqual([0, true]);
    removeDirectory(dataDirectory);
  });
});
