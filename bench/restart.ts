/**
 * A house with a million open orders: what a snapshot of it takes (of the live state, and made by a worker from the one
 * before), how long the worker keeps the event loop, and how long the
 * server started after a crash needs, from its process to the first acknowledged order, with the snapshot and a tail of
 * the journal to fold. Baselines: a raw write and sync of as many bytes, and the start on an empty directory. The read
 * model catches up from the beginning meanwhile, on the other core.
 *   node bench/restart.ts [--orders 1000000] [--directory DIR] [--quick]
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withDiskDirectory } from './suite/diskDirectory.ts';
import { printFigure } from './suite/figure.ts';
import { runPart } from './suite/freshProcess.ts';
import { serverMetrics } from './suite/serverMetrics.ts';
import { startServer } from './suite/serverProcess.ts';

const { values } = parseArgs({
  options: {
    orders: { type: 'string' },
    directory: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const orders = Number(values.orders ?? (values.quick ? 50_000 : 1_000_000));
/** As many as the server takes in seconds: what came after the newest snapshot. */
const tailOrders = Math.round(orders / 10);

interface Started {
  readonly readySeconds: number;
  readonly firstAckSeconds: number;
  readonly snapshotPosition: number;
  readonly replayedRecords: number;
  readonly openOrders: number;
}

/** Starts the server, has it acknowledge one order, and kills it. */
async function start(dataDirectory: string): Promise<Started> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  const { ready, kill } = await startServer(dataDirectory);
  try {
    const readySeconds = seconds();
    await placeOne(ready.address);
    const firstAckSeconds = seconds();
    const { oms_open_orders: openOrders } = await serverMetrics(ready.address, ['oms_open_orders']);
    return { ...ready.recovery, readySeconds, firstAckSeconds, openOrders };
  } finally {
    await kill();
  }
}

async function placeOne(address: string): Promise<void> {
  const terms = { symbol: 'BTC-USD', side: 'BUY', type: 'LIMIT', quantity: '0.01', price: '20000' };
  const answer = await fetch(`${address}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientOrderId: 'first-after-restart', accountId: 'BENCH-0001', ...terms }),
  });
  if (answer.status !== 201) throw new Error(`the first order was answered ${answer.status}: ${await answer.text()}`);
}

/** @returns seconds to write so many bytes and sync them */
function rawWriteSeconds(directory: string, bytes: number): number {
  const block = new Uint8Array(1024 * 1024).fill(7);
  const file = openSync(join(directory, 'raw'), 'w');
  const startedAt = performance.now();
  for (let written = 0; written < bytes; )
    written += writeSync(file, block, 0, Math.min(block.length, bytes - written));
  fdatasyncSync(file);
  closeSync(file);
  return (performance.now() - startedAt) / 1_000;
}

await withDiskDirectory(values.directory, async (directory) => {
  const filled = join(directory, 'filled');
  const empty = join(directory, 'empty');
  for (const path of [filled, empty]) mkdirSync(path);
  const snapshot = await runPart('fillDataDirectory.ts', [filled, String(orders), String(tailOrders)]);
  const rawSeconds = rawWriteSeconds(directory, snapshot.bytes!);
  const fromNothing = await start(empty);
  const restarted = await start(filled);
  const expected = orders + tailOrders + 1;
  if (restarted.openOrders !== expected || restarted.snapshotPosition === 0) {
    throw new Error(`${restarted.openOrders} of ${expected} orders are open after the restart`);
  }
  const lower = { better: 'lower', baseline: null, details: { orders } } as const;
  const raw = { what: 'raw write + fdatasync', value: rawSeconds };
  printFigure({ ...lower, figure: 'snapshot', value: snapshot.seconds!, unit: 's', baseline: raw });
  printFigure({ ...lower, figure: 'snapshot by a worker', value: snapshot.workerSeconds!, unit: 's', baseline: raw });
  printFigure({ ...lower, figure: 'snapshot pause', value: snapshot.pauseMs!, unit: 'ms' });
  printFigure({ ...lower, figure: 'snapshot size', value: snapshot.bytes! / orders, unit: 'bytes/order' });
  printFigure({
    ...lower,
    figure: 'restart',
    value: restarted.firstAckSeconds,
    unit: 's',
    baseline: { what: 'starting empty', value: fromNothing.firstAckSeconds },
    details: { orders, replayedRecords: restarted.replayedRecords, readySeconds: restarted.readySeconds },
  });
});
