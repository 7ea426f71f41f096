/** The worker thread behind the read model: killed, restarted, rebuilt, and what the main thread sees of it. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { ExecutionReport } from '@oms/domain';
import type { ReadModel } from '@oms/ports';
import * as scenario from '@oms/ports/contract/readModelScenario';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openReadModel } from '../../src/readModel/openReadModel.ts';
import { ReadModelOnDisk } from './readModelOnDisk.ts';

const PATIENCE_MS = 30_000;
const NEWEST = { accountIds: null, symbol: null, orderId: null, status: null, limit: 1, cursor: null };
const UNAVAILABLE = { name: 'InfrastructureError', code: 'READ_MODEL_UNAVAILABLE', retryable: true };

describe('read model worker', () => {
  let house: ReadModelOnDisk;
  /** Every worker started, newest last. */
  let workers: Worker[];
  const started = (worker: Worker): void => {
    workers.push(worker);
  };

  beforeEach(() => {
    workers = [];
    process.on('worker', started);
    house = new ReadModelOnDisk();
  });
  afterEach(async () => {
    process.off('worker', started);
    await house.dispose();
  });

  const appendDay = async (): Promise<void> => {
    for (const [second, records] of scenario.tradingDay().entries()) {
      await house.append(scenario.timeOf(second), records);
    }
  };
  /** `count` orders from number `from` on, in groups of 500. */
  const appendOrders = async (from: number, count: number): Promise<void> => {
    for (let number = from; number < from + count; number += 500) {
      const records = Array.from({ length: 500 }, (_, index) => scenario.placedNumber(number + index));
      await house.append(scenario.timeOf(60), records);
    }
  };
  const level = async (readModel: ReadModel): Promise<void> => {
    const { lastPosition } = house.journal;
    expect((await readModel.reach(lastPosition, PATIENCE_MS)).position).toBe(lastPosition);
  };
  const contentsOf = async (readModel: ReadModel): Promise<object> => ({
    orders: await readModel.orders({ ...NEWEST, limit: 20_000 }),
    reports: [
      await readModel.reportsOfAccount('A', 0, 100_000),
      await readModel.reportsOfAccount('B', 0, 100_000),
    ] satisfies (readonly ExecutionReport[])[],
    trades: await readModel.executions({ ...NEWEST, limit: 20_000 }),
    positions: await readModel.positions(null),
    balances: await readModel.balances(null),
    audit: await readModel.audit({
      actor: null,
      action: null,
      accountId: null,
      from: null,
      to: null,
      limit: 100,
      cursor: null,
    }),
  });

  it('makes the same of the journal when its database was deleted', async () => {
    await appendDay();
    const before = await house.open();
    await level(before);
    const contents = await contentsOf(before);
    await before.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(house.databaseFile + suffix, { force: true });
    const after = await house.open();
    await level(after);
    expect(await contentsOf(after)).toEqual(contents);
  });

  it('is started again after a kill in the middle, and loses and doubles nothing', async () => {
    await appendDay();
    const readModel = await house.open();
    await level(readModel);
    for (let kills = 0; kills < 3; kills++) {
      await appendOrders(10 + 10_000 * kills, 10_000);
      readModel.durable(house.journal.lastPosition, scenario.timeOf(60));
      await setTimeout(10 * kills);
      await workers.at(-1)!.terminate();
      await vi.waitUntil(() => workers.length === kills + 2, PATIENCE_MS);
    }
    await level(readModel);
    expect(house.notices.map((notice) => notice.code)).toEqual(Array(3).fill('PROJECTOR_RESTARTED'));
    const undisturbed = await house.open(join(house.journalDirectory, '..', 'undisturbed.sqlite'));
    await level(undisturbed);
    expect(await contentsOf(readModel)).toEqual(await contentsOf(undisturbed));
  });

  it('refuses queries as retryable while it is down, also those under way, and answers again', async () => {
    await appendDay();
    const readModel = await house.open();
    await level(readModel);
    const underway = readModel.orders(NEWEST);
    const ended = once(workers[0]!, 'exit');
    void workers[0]!.terminate();
    await expect(underway).rejects.toMatchObject(UNAVAILABLE);
    await ended;
    await expect(readModel.order('o-0-1')).rejects.toMatchObject(UNAVAILABLE);
    readModel.durable(await house.append(scenario.timeOf(70), [scenario.placedNumber(6)]), scenario.timeOf(70));
    await level(readModel);
    expect(await readModel.order('o-0-6')).not.toBeNull();
  });

  it('says how far behind it is', async () => {
    await appendDay();
    const readModel = await house.open();
    await level(readModel);
    expect(readModel.state()).toEqual({ position: house.journal.lastPosition, stalenessMs: 0 });
    const position = await house.append(scenario.timeOf(70), [scenario.placedNumber(6)]);
    readModel.durable(position, scenario.timeOf(70));
    const lastSecond = scenario.tradingDay().length - 1;
    expect(readModel.state()).toEqual({ position: position - 1, stalenessMs: (70 - lastSecond) * 1_000 });
    expect(await readModel.reach(position, PATIENCE_MS)).toEqual({ position, stalenessMs: 0 });
  });

  it('follows positions that are told faster than it answers', async () => {
    const readModel = await house.open();
    for (let number = 1; number <= 50; number++) {
      const position = await house.append(scenario.timeOf(number), [scenario.placedNumber(number)]);
      readModel.durable(position, scenario.timeOf(number));
      readModel.durable(position, scenario.timeOf(number));
    }
    const first = house.journal.lastPosition;
    await house.append(scenario.timeOf(60), [scenario.placedNumber(51)]);
    await house.append(scenario.timeOf(61), [scenario.placedNumber(52)]);
    readModel.durable(first + 1, scenario.timeOf(60));
    readModel.durable(first + 2, scenario.timeOf(61));
    await level(readModel);
    expect(readModel.state().stalenessMs).toBe(0);
  });

  it('takes nothing in that it was not told to be durable', async () => {
    await appendDay();
    const readModel = await house.open();
    await level(readModel);
    const position = await house.append(scenario.timeOf(70), [scenario.placedNumber(6), scenario.placedNumber(7)]);
    readModel.durable(position - 1, scenario.timeOf(70));
    expect(await readModel.reach(position - 1, 50)).toMatchObject({ position: position - 2 });
    expect(await readModel.order('o-0-6')).toBeNull();
  });

  it('cannot be opened where no database can be', async () => {
    const options = { journalDirectory: house.journalDirectory, durablePosition: 0 };
    const databaseFile = join(house.journalDirectory, 'no', 'such', 'directory', 'read-model.sqlite');
    await expect(openReadModel({ ...options, databaseFile })).rejects.toMatchObject(UNAVAILABLE);
    expect(house.notices).toEqual([]);
  });

  it('ends what waits for it when it is closed', async () => {
    const readModel = await house.open();
    const waiting = readModel.reach(1, PATIENCE_MS);
    await readModel.close();
    expect(await waiting).toEqual({ position: 0, stalenessMs: 0 });
    await expect(readModel.orders(NEWEST)).rejects.toMatchObject(UNAVAILABLE);
    await readModel.close();
  });
});
