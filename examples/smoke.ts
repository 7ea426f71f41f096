/** The first minute, asserted: start, trade, cancel, repeat, kill -9, start again, repeat once more, verify. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { OmsClient } from '@oms/client';

const OMS = fileURLToPath(new URL('../apps/oms/bin/oms.mjs', import.meta.url));
const ACCOUNT = 'DEMO-0001';

interface Server {
  readonly process: ChildProcess;
  readonly oms: OmsClient;
}

/** Starts the whole system on the directory and waits until it says where it is. */
async function start(dataDirectory: string): Promise<Server> {
  const child = spawn(process.execPath, [OMS, 'start', '--port', '0', '--data-dir', dataDirectory, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const ready = JSON.parse(line) as { readonly event: string; readonly address: string };
    if (ready.event === 'ready') return { process: child, oms: new OmsClient({ url: ready.address }) };
  }
  throw new Error('the server ended before it was ready');
}

async function end(server: Server, signal: NodeJS.Signals): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  server.process.once('exit', resolve);
  server.process.kill(signal);
  return promise;
}

const market = (clientOrderId: string) =>
  ({ clientOrderId, accountId: ACCOUNT, symbol: 'BTC-USD', side: 'BUY', type: 'MARKET', quantity: '0.5' }) as const;

async function trade({ oms }: Server): Promise<string> {
  assert.ok((await oms.instruments()).some((instrument) => instrument.symbol === 'BTC-USD'));

  const bought = await oms.place(market('smoke-1'));
  assert.equal(bought.order.status, 'FILLED');
  const repeated = await oms.place(market('smoke-1'));
  assert.equal(repeated.replayed, true);
  assert.equal(repeated.order.orderId, bought.order.orderId);

  const { bestBid } = await oms.ticker('BTC-USD');
  const price = `${Math.floor(Number(bestBid) * 0.97)}`;
  const limit = {
    clientOrderId: 'smoke-2',
    accountId: ACCOUNT,
    symbol: 'BTC-USD',
    side: 'BUY',
    type: 'LIMIT',
  } as const;
  const resting = await oms.place({ ...limit, quantity: '0.25', price });
  assert.equal(resting.order.status, 'NEW');
  await oms.cancel(resting.order.orderId);
  assert.equal((await oms.order(resting.order.orderId)).status, 'CANCELED');

  const events = await oms.orderEvents(bought.order.orderId);
  assert.deepEqual([events[0]?.execType, events.at(-1)?.status], ['PENDING_NEW', 'FILLED']);
  return bought.order.orderId;
}

async function checkBooks({ oms }: Server): Promise<void> {
  const [position] = await oms.positions(ACCOUNT);
  assert.equal(position?.quantity, '0.5');
  const balances = new Map((await oms.balances(ACCOUNT)).map((balance) => [balance.currency, balance]));
  assert.equal(balances.get('BTC')?.total, '20.5');
  assert.equal(balances.get('USD')?.held, '0');
}

const dataDirectory = mkdtempSync(join(tmpdir(), 'oms-smoke-'));
try {
  const first = await start(dataDirectory);
  const orderId = await trade(first);
  await checkBooks(first);
  await end(first, 'SIGKILL');
  console.log('✓ traded, canceled, repeated; then killed with -9');

  const second = await start(dataDirectory);
  const repeated = await second.oms.place(market('smoke-1'));
  assert.deepEqual([repeated.replayed, repeated.order.orderId], [true, orderId]);
  await checkBooks(second);
  assert.equal(await end(second, 'SIGTERM'), 0);
  console.log('✓ started again: the same order, the same position and balances; stopped cleanly');

  const verified = spawnSync(process.execPath, [OMS, 'verify', '--data-dir', dataDirectory, '--json'], {
    encoding: 'utf8',
  });
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  console.log('✓ oms verify finds nothing lost and nothing doubled');
} finally {
  rmSync(dataDirectory, { recursive: true, force: true });
}
