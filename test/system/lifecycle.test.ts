/** Starting and stopping as an operator sees it: a clean stop, and every bad environment with a way out. */
import { closeSync, mkdirSync, openSync, readdirSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Ending,
  OmsProcess,
  removeDirectory,
  run,
  startProcess,
  temporaryDirectory,
  verify,
} from './support/server.ts';
import { Socket } from './support/socket.ts';

const directories: string[] = [];
const directory = (): string => {
  directories.push(temporaryDirectory());
  return directories.at(-1)!;
};
afterEach(() => directories.splice(0).forEach(removeDirectory));

const ORDER = { clientOrderId: 'o', accountId: 'DEMO-0001', quantity: '0.1', price: '39000' } as const;
const start = (dataDirectory: string, ...options: string[]) =>
  run('start', '--port', '0', '--data-dir', dataDirectory, ...options);

/** It did not start, says why and what to do, and shows no insides. */
function expectRefusal(ending: Ending, says: RegExp, nextStep: RegExp = /./): void {
  expect(ending.code, ending.error).toBeGreaterThan(0);
  expect(ending.error).toMatch(says);
  expect(
    ending.error
      .split('\n')
      .filter((line) => line !== '')
      .at(-1),
  ).toMatch(nextStep);
  expect(ending.error).not.toMatch(/^\s+at /m);
}

describe('SIGTERM', () => {
  it('When the server is told to stop under load, then it drains, exits 0, and the next start folds the short journal', async () => {
    const dataDirectory = directory();
    const first = await startProcess(dataDirectory, '--profile', 'bench');
    const socket = await Socket.open(first.address);
    const answers = Array.from({ length: 500 }, (_, i) =>
      socket.request('order.place', {
        ...ORDER,
        accountId: 'BENCH-0001',
        clientOrderId: `s-${i}`,
        symbol: 'XRP-USD',
        side: 'BUY',
        type: 'LIMIT',
        quantity: '10',
        price: '1.9',
      }),
    );
    await answers[0];
    const ending = await first.process.kill('SIGTERM');
    expect([ending.code, ending.signal]).toEqual([0, null]);
    const accepted = (await Promise.all(answers))
      .filter((answer) => answer?.result !== undefined)
      .map((answer) => answer.result);
    expect(accepted.length).toBeGreaterThan(0);
    const [, position, hash] = /JOURNAL_HEAD\D+(\d+):([0-9a-f]{64})/.exec(ending.error) ?? [];
    // Folding so few records takes less than a snapshot would.
    expect(readdirSync(join(dataDirectory, 'snapshots'))).toEqual([]);
    const { code, report } = await verify(dataDirectory);
    expect([code, report.ok]).toEqual([0, true]);
    expect(report.head).toEqual({ position: Number(position), hash });

    const second = await startProcess(dataDirectory, '--profile', 'bench');
    expect(second.recovery).toMatchObject({ snapshotPosition: 0, cut: { cutAt: null } });
    for (const { orderId, clientOrderId } of accepted) {
      expect((await second.api.order(orderId)).clientOrderId).toBe(clientOrderId);
    }
    expect((await second.process.kill('SIGINT')).code).toBe(0);
  });
});

describe('a bad environment', () => {
  it('a file where the data directory should be', async () => {
    const file = join(directory(), 'data');
    writeFileSync(file, 'in the way');
    expectRefusal(await start(file), /data/, /--data-dir/);
  });

  it('a directory that another process uses', async () => {
    const dataDirectory = directory();
    const first = await startProcess(dataDirectory);
    expectRefusal(await start(dataDirectory), /use|lock/i, /--data-dir/);
    const asJson = await start(dataDirectory, '--json');
    expect(JSON.parse(asJson.error.trim().split('\n').at(-1)!).error.code).toBe('DATA_DIRECTORY_LOCKED');
    expect((await verify(dataDirectory)).code).toBeGreaterThan(0);
    // The first goes on, and its death frees the directory.
    await first.api.placed(ORDER);
    await first.process.kill('SIGKILL');
    const second = await startProcess(dataDirectory);
    expect((await second.api.place(ORDER)).status).toBe(200);
    await second.process.kill('SIGTERM');
  });

  it('a byte that turned over in the middle of the journal', async () => {
    const dataDirectory = directory();
    const first = await startProcess(dataDirectory);
    for (let i = 1; i <= 50; i++)
      await first.api.placed({ ...ORDER, clientOrderId: `o-${i}`, quantity: `0.0${100 + i}` });
    await first.process.kill('SIGKILL');
    const [segment] = readdirSync(join(dataDirectory, 'journal')).filter(
      (file) => statSync(join(dataDirectory, 'journal', file)).size > 1_000,
    );
    const file = openSync(join(dataDirectory, 'journal', segment!), 'r+');
    const byte = Buffer.alloc(1);
    const offset = 4_000;
    readSync(file, byte, 0, 1, offset);
    byte[0]! ^= 0x10;
    writeSync(file, byte, 0, 1, offset);
    closeSync(file);
    const ending = await start(dataDirectory);
    expectRefusal(ending, new RegExp(segment!.replaceAll('.', '\\.')), /verify/);
    expect(ending.error).toMatch(/offset \d+|byte \d+|at \d+/);
    expect((await verify(dataDirectory)).code).toBeGreaterThan(0);
  });

  it('a tape that is missing or garbled', async () => {
    const tape = join(directory(), 'tape.csv');
    expectRefusal(await start(directory(), '--market-data', `replay:${tape}`), /tape\.csv/);
    writeFileSync(
      tape,
      'id,price,qty,quote_qty,time,is_buyer_maker\n1,40000,0.1,4000,1610064000000,true\n2,forty,0.1,4000,1610064000001,true\n',
    );
    expectRefusal(await start(directory(), '--market-data', `replay:${tape}`), /tape\.csv.*\b\d+\b/s, /--market-data/);
  });

  it('a port in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const dataDirectory = directory();
    expectRefusal(await run('start', '--port', String(port), '--data-dir', dataDirectory), /port/i, /--port/);
    taken.close();
    // Nothing is left behind that would hinder the next start.
    const next = await startProcess(dataDirectory);
    expect((await next.process.kill('SIGTERM')).code).toBe(0);
  });

  it.each([
    [['--role', 'risk-engine'], /role/i],
    [['--role', 'king'], /--role/],
    [['--host', '0.0.0.0'], /0\.0\.0\.0/],
    [['--market-data', 'crystal-ball'], /--market-data/],
    [['--venue', 'nasdaq'], /--venue/],
    [['--profile', 'none'], /--profile/],
    [['--port', '99999'], /--port/],
  ])('options %s', async (options, says) => {
    const ending = await run('start', '--data-dir', join(directory(), 'never'), ...options);
    expectRefusal(ending, says);
    expect(ending.code).toBe(2);
    expect(readdirSync(directories.at(-1)!)).toEqual([]);
  });

  it('PORT and OMS_DATA_DIR say where, when no option does', async () => {
    const dataDirectory = join(directory(), 'by-environment');
    mkdirSync(dataDirectory);
    const server = new OmsProcess(['start', '--json'], { PORT: '0', OMS_DATA_DIR: dataDirectory });
    const { address } = await server.ready();
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(readdirSync(dataDirectory)).toContain('journal');
    expect((await server.kill('SIGTERM')).code).toBe(0);
  });
});
