/** The read model's inside, on one thread and a journal in memory: resuming, rebuilding, and what damage does. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AuditEntry, BalanceView, ExecutionReport, OrderView } from '@oms/domain';
import type { Page } from '@oms/ports';
import * as scenario from '@oms/ports/contract/readModelScenario';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FedJournal } from './fedJournal.ts';
import { type HostedReadModel, hostReadModel, temporaryDirectory } from './hostedReadModel.ts';

const PATIENCE_MS = 30_000;
const EVERYTHING = { accountIds: null, symbol: null, orderId: null, status: null, limit: 1_000, cursor: null };
const AUDIT = { actor: null, action: null, accountId: null, from: null, to: null, limit: 1_000, cursor: null };

/** All that can be asked of a read model. */
async function contentsOf(model: HostedReadModel): Promise<object> {
  const orders = await model.ask<Page<OrderView>>('orders', EVERYTHING);
  return {
    orders,
    reports: await Promise.all(orders.items.map((order) => model.ask('reportsOfOrder', order.orderId))),
    streams: await Promise.all(['A', 'B'].map((accountId) => model.ask('reportsOfAccount', accountId, 0, 10_000))),
    trades: await model.ask('executions', EVERYTHING),
    positions: await model.ask('positions', null),
    balances: await model.ask('balances', null),
    audit: await model.ask('audit', AUDIT),
  };
}

/** How far the documents of a database go for whoever opens it now. */
function positionOf(databaseFile: string): unknown {
  const database = new DatabaseSync(databaseFile);
  const row = database.prepare("SELECT position FROM checkpoint WHERE lane = 'lists'").get();
  database.close();
  return row?.position;
}

function journalOfDay(): FedJournal {
  const journal = new FedJournal();
  for (const [second, records] of scenario.tradingDay().entries()) journal.append(scenario.timeOf(second), records);
  return journal;
}

describe('read model host', () => {
  const directory = { path: '', remove: (): void => undefined };
  let file: string;
  let open: HostedReadModel[];
  const host = (journal: FedJournal, databaseFile = file): HostedReadModel => {
    const model = hostReadModel(databaseFile, journal);
    open.push(model);
    return model;
  };

  beforeEach(() => {
    Object.assign(directory, temporaryDirectory());
    file = join(directory.path, 'read-model.sqlite');
    open = [];
  });
  afterEach(() => {
    for (const model of open) model.close();
    directory.remove();
  });

  /** What a new database makes of the same journal. */
  async function rebuilt(journal: FedJournal): Promise<object> {
    const model = host(journal, join(directory.path, 'rebuilt.sqlite'));
    expect(await model.level()).toBe(journal.lastPosition);
    return contentsOf(model);
  }

  it('goes on where it stopped, at whatever record, with the same outcome as in one go', async () => {
    const days = scenario.tradingDay();
    const whole = await rebuilt(journalOfDay());
    for (let stop = 1; stop < days.length; stop++) {
      const databaseFile = join(directory.path, `stopped-${stop}.sqlite`);
      const journal = new FedJournal();
      const append = (second: number): number => journal.append(scenario.timeOf(second), days[second]!);
      for (let second = 0; second < stop; second++) append(second);
      const before = host(journal, databaseFile);
      await before.level();
      before.close();
      for (let second = stop; second < days.length; second++) append(second);
      const after = host(journal, databaseFile);
      expect(await after.level()).toBe(journal.lastPosition);
      expect(after.notices).toEqual([]);
      expect(await contentsOf(after)).toEqual(whole);
    }
  });

  it('gets to the same documents when it rests between chunks because orders come fast', async () => {
    const journal = journalOfDay();
    const resting = host(journal);
    expect(await resting.level(true)).toBe(journal.lastPosition);
    const eager = host(journal, join(directory.path, 'eager.sqlite'));
    await eager.level();
    expect(await contentsOf(resting)).toEqual(await contentsOf(eager));
  });

  it('writes what it held back while orders came fast, though no more come', async () => {
    const journal = journalOfDay();
    const model = host(journal);
    await model.level(true);
    for (let number = 10; number < 13; number++) {
      const last = journal.append(scenario.timeOf(20 + number), [scenario.placedNumber(number)]);
      await vi.waitUntil(async () => (await model.level(true)) === last, PATIENCE_MS);
    }
    expect(await contentsOf(model)).toEqual(await rebuilt(journal));
  });

  it('loses and doubles nothing when it is killed between any two chunks', async () => {
    const journal = new FedJournal();
    journal.append(scenario.timeOf(0), scenario.tradingDay().flat());
    for (let group = 0; group < 16; group++) {
      const numbers = Array.from({ length: 40 }, (_, index) => 10 + group * 40 + index);
      const deposits = (number: number) => Array.from({ length: 5 }, () => scenario.depositNumber(number));
      journal.append(
        scenario.timeOf(10 + group),
        numbers.flatMap((number) => [scenario.placedNumber(number), ...deposits(number)]),
      );
    }
    const whole = await rebuilt(journal);
    const running = host(journal);
    // A copy of the files is what a kill leaves behind.
    const killed = Array.from({ length: 40 }, (_, turn) => join(directory.path, `killed-${turn}.sqlite`));
    for (const copy of killed) {
      for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
      await running.turn();
    }
    const positions = killed.map((copy) => positionOf(copy));
    expect(new Set(positions).size).toBeGreaterThan(5);
    for (const copy of killed.filter((_, turn) => positions[turn] !== positions[turn - 1])) {
      const survivor = host(journal, copy);
      expect(await survivor.level()).toBe(journal.lastPosition);
      expect(survivor.notices).toEqual([]);
      expect(await contentsOf(survivor)).toEqual(whole);
    }
  });

  it('answers between the chunks of a long way', async () => {
    const journal = new FedJournal();
    const records = Array.from({ length: 5_000 }, (_, index) => scenario.placedNumber(index + 1));
    journal.append(scenario.timeOf(0), records);
    const model = host(journal);
    await model.turn();
    const first = (await model.ask<Page<OrderView>>('orders', { ...EVERYTHING, limit: 1 })).items[0];
    await model.level();
    const last = (await model.ask<Page<OrderView>>('orders', { ...EVERYTHING, limit: 1 })).items[0];
    expect(first?.orderId).not.toBe('o-0-5000');
    expect(last?.orderId).toBe('o-0-5000');
  });

  it('shows no balances from before what its lists have shown', async () => {
    const journal = new FedJournal();
    journal.append(scenario.timeOf(0), scenario.tradingDay()[0]!);
    const deposits = Array.from({ length: 1_000 }, (_, index) => scenario.depositNumber(2 * (index + 1)));
    journal.append(scenario.timeOf(1), deposits);
    const model = host(journal);
    const totalShown = async (): Promise<number> => {
      const { items } = await model.ask<Page<AuditEntry>>('audit', { ...AUDIT, accountId: 'A', limit: 1 });
      return Number((items[0]?.after as { readonly total: string } | undefined)?.total ?? 0);
    };
    const totals = new Set<number>();
    while (totals.size < 3) {
      await model.turn();
      const shown = await totalShown();
      totals.add(shown);
      const balances = await model.ask<BalanceView[]>('balances', 'A');
      expect(Number(balances[0]?.total ?? 0)).toBeGreaterThanOrEqual(shown);
    }
    await model.level();
    expect(Number((await model.ask<BalanceView[]>('balances', 'A'))[0]?.total)).toBe(await totalShown());
  });

  it('books a late fill on an order it has long forgotten', async () => {
    const journal = journalOfDay();
    const before = host(journal);
    await before.level();
    before.close();
    journal.append(scenario.timeOf(30), [scenario.filled('o-0-3', 'late-1', '1', '10')]);
    const after = host(journal);
    await after.level();
    expect(await after.ask<OrderView>('order', 'o-0-3')).toMatchObject({ status: 'CANCELED', filledQuantity: '1' });
    const reports = await after.ask<ExecutionReport[]>('reportsOfOrder', 'o-0-3');
    expect(reports.at(-1)).toMatchObject({ execType: 'TRADE', executionId: 'late-1', sequence: 11 });
  });

  const spoiled: [string, (journal: FedJournal) => FedJournal, string][] = [
    [
      'no database at all',
      (journal) => {
        writeFileSync(file, 'this is not a database, and it is long enough to be read as one: '.repeat(100));
        return journal;
      },
      'damaged',
    ],
    [
      'a page that was overwritten',
      (journal) => {
        const bytes = readFileSync(file);
        writeFileSync(file, bytes.fill(0xa5, 4_096, bytes.length - (bytes.length % 4_096)));
        return journal;
      },
      'damaged',
    ],
    [
      'made by another version',
      (journal) => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 7');
        database.close();
        return journal;
      },
      'another version',
    ],
    [
      'of a journal that went further',
      (journal) => {
        journal.groups.pop();
        return journal;
      },
      'the journal only to',
    ],
    [
      'of another journal of the same length',
      (journal) => {
        const last = journal.groups.pop()!;
        journal.groups.push({ ...last, now: last.now + 1 });
        return journal;
      },
      'another group',
    ],
  ];

  it.each(spoiled)('throws a database away that is %s, says why, and has the same again', async (_, spoil, why) => {
    const before = host(journalOfDay());
    await before.level();
    before.close();
    const journal = spoil(journalOfDay());
    const after = host(journal);
    expect(await after.level()).toBe(journal.lastPosition);
    expect(await contentsOf(after)).toEqual(await rebuilt(journal));
    expect(after.notices.map((notice) => notice.code)).toEqual(['READ_MODEL_REBUILT']);
    expect(after.notices[0]!.message).toContain(why);
  });

  it('stops projecting at an event that cannot be, says where, and answers from what it has', async () => {
    const journal = journalOfDay();
    const model = host(journal);
    const position = await model.level();
    const impossible = scenario.filled('o-0-404', 'x-404', '1', '1');
    journal.append(scenario.timeOf(30), [scenario.placedNumber(10), impossible, scenario.placedNumber(11)]);
    expect(await model.level()).toBe(position + 1);
    expect(model.notices).toEqual([
      { code: 'PROJECTION_STOPPED', message: expect.stringContaining(`position ${position + 1}`) },
    ]);
    const before = journalOfDay();
    before.append(scenario.timeOf(30), [scenario.placedNumber(10)]);
    expect(await contentsOf(model)).toEqual(await rebuilt(before));
  });

  it('keeps everything before such an event, however far into a chunk it comes', async () => {
    const journal = journalOfDay();
    const many = Array.from({ length: 250 }, (_, index) => scenario.placedNumber(index + 10));
    const last = journal.append(scenario.timeOf(30), [...many, scenario.filled('o-0-404', 'x-404', '1', '1')]);
    const model = host(journal);
    expect(await model.level()).toBe(last - 1);
    model.close();
    expect(positionOf(file)).toBe(last - 1);
  });

  it('notes quarantined messages in the audit trail', async () => {
    const journal = new FedJournal();
    const message = '{"type":"PlaceOrder"}';
    const about = { service: 'risk-engine', partition: 0, messageType: 'AssessOrder' };
    const error = { errorName: 'InvariantError', errorMessage: 'no hold' };
    const event = { type: 'MessageQuarantined', ...about, ...error, message } as const;
    journal.append(scenario.timeOf(0), [{ service: 'runtime', events: [event, event] }]);
    const model = host(journal);
    await model.level();
    const entry = { ...AUDIT_DEFAULTS, action: 'MESSAGE_QUARANTINED', reason: 'InvariantError: no hold' };
    const after = { ...about, message: { type: 'PlaceOrder' } };
    const time = '2026-01-05T00:00:00.000Z';
    expect(await model.ask('audit', AUDIT)).toEqual({
      items: [
        { ...entry, auditId: '1.1', time, after },
        { ...entry, auditId: '1', time, after },
      ],
      nextCursor: null,
    });
  });
});

const AUDIT_DEFAULTS = { address: null, actor: null, accountId: null, before: null };
