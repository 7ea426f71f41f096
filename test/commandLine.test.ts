/** The command line as its user has it: the real `oms` in processes of its own, on a data directory that outlives them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './sourceFiles.ts';

const OMS = path.join(ROOT, 'apps', 'oms', 'bin', 'oms.mjs');

interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly error: string;
}

const start = (arguments_: readonly string[]): ChildProcess => spawn(process.execPath, [OMS, ...arguments_]);

async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let error = '';
  child.stdout?.on('data', (chunk) => (out += chunk));
  child.stderr?.on('data', (chunk) => (error += chunk));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, out, error };
}

const oms = (...arguments_: string[]): Promise<Ended> => ended(start(arguments_));

interface Ready {
  readonly address: string;
  readonly recovery: { readonly lastPosition: number };
}

describe('a working day on the command line', () => {
  let dataDirectory: string;
  let server: ChildProcess | null = null;
  beforeAll(() => {
    dataDirectory = mkdtempSync(path.join(tmpdir(), 'oms-command-line-'));
  });
  afterEach(() => {
    server?.kill('SIGKILL');
    server = null;
  });
  afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

  async function serve(): Promise<Ready> {
    server = start(['start', '--port', '0', '--data-dir', dataDirectory, '--venue', 'manual', '--json']);
    let text = '';
    for await (const chunk of server.stdout!) {
      text += chunk;
      if (text.includes('\n')) break;
    }
    return JSON.parse(text) as Ready;
  }

  async function stop(): Promise<number | null> {
    const child = server!;
    child.kill('SIGTERM');
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    return exitCode;
  }

  it('places, lists, stops with 0, verifies, and finds everything again', async () => {
    const { address } = await serve();
    const terms = ['--account', 'DEMO-0001', '--symbol', 'BTC-USD', '--side', 'buy', '--quote-quantity', '100'];
    const place = ['order', 'place', '--url', address, ...terms, '--client-order-id', 'day-1', '--json'];
    const placed = await oms(...place);
    expect(placed).toMatchObject({ exitCode: 0, error: '' });
    const { order } = JSON.parse(placed.out);
    expect(JSON.parse((await oms(...place)).out)).toMatchObject({ replayed: true, order: { orderId: order.orderId } });

    const refused = await oms('order', 'place', '--url', address, ...terms.with(-1, '2'), '--json');
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({ outcome: 'REFUSED', order: { status: 'REJECTED' } });

    const running = await oms('verify', '--data-dir', dataDirectory, '--json');
    expect(running.exitCode).toBe(1);
    expect(JSON.parse(running.error).error.code).toBe('DATA_DIRECTORY_LOCKED');

    expect(await stop()).toBe(0);
    const verified = await oms('verify', '--data-dir', dataDirectory, '--json');
    expect(verified).toMatchObject({ exitCode: 0, error: '' });
    const { lastPosition } = JSON.parse(verified.out);

    const again = await serve();
    expect(again.recovery.lastPosition).toBe(lastPosition);
    const shown = await oms('order', 'show', order.orderId, '--url', again.address, '--json');
    expect(JSON.parse(shown.out).order).toMatchObject({ orderId: order.orderId, clientOrderId: 'day-1' });
    expect(await stop()).toBe(0);
  });
});

describe('oms without a usable environment', () => {
  it('says so when the port is taken', async () => {
    const { createServer } = await import('node:net');
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const dataDirectory = mkdtempSync(path.join(tmpdir(), 'oms-command-line-'));
    const { exitCode, error } = await oms('start', '--port', String(port), '--data-dir', dataDirectory);
    taken.close();
    rmSync(dataDirectory, { recursive: true, force: true });
    expect(exitCode).toBe(1);
    expect(error).toContain('--port');
    expect(error).not.toContain('    at ');
  });
});
