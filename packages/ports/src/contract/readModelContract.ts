/**
 * The contract of the read-model port, as a suite that every adapter's tests call with a factory. The journal is fed
 * as the services' events; how they get into the adapter (a journal file, a topic) is the factory's business.
 */
import type { AuditEntry, ExecutionReport, OrderView } from '@oms/domain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditQuery, ExecutionsQuery, OrdersQuery, Page, ReadModel } from '../readModel.ts';
import * as scenario from './readModelScenario.ts';

export interface ReadModelSubject {
  readonly readModel: ReadModel;
  /** Appends the records as one durable group. @returns position of the last record */
  feed(now: number, records: readonly scenario.FedRecord[]): Promise<number>;
  /** Closes everything and removes what it left. */
  dispose(): Promise<void>;
}

const ALL_ORDERS: OrdersQuery = { accountIds: null, symbol: null, status: null, limit: 100, cursor: null };
const ALL_EXECUTIONS: ExecutionsQuery = { accountIds: null, symbol: null, orderId: null, limit: 100, cursor: null };
const ALL_AUDIT: AuditQuery = {
  actor: null,
  action: null,
  accountId: null,
  from: null,
  to: null,
  limit: 100,
  cursor: null,
};

const PATIENCE_MS = 30_000;

export function readModelContract(adapter: string, make: () => Promise<ReadModelSubject>): void {
  describe(`read model: ${adapter}`, () => {
    let subject: ReadModelSubject;
    let readModel: ReadModel;

    const start = async (): Promise<void> => {
      subject = await make();
      readModel = subject.readModel;
    };
    /** One subject for all tests of the block, which only ask. */
    const once = (prepare: () => Promise<void>): void => {
      beforeAll(async () => {
        await start();
        await prepare();
      });
      afterAll(() => subject.dispose());
    };
    /** A subject for each test of the block. */
    const eachTime = (prepare: () => Promise<void>): void => {
      beforeEach(async () => {
        await start();
        await prepare();
      });
      afterEach(() => subject.dispose());
    };

    const feed = async (now: number, records: readonly scenario.FedRecord[]): Promise<void> => {
      const position = await subject.feed(now, records);
      const reached = await readModel.reach(position, PATIENCE_MS);
      expect(reached.position).toBe(position);
    };
    const feedTradingDay = async (): Promise<void> => {
      for (const [index, records] of scenario.tradingDay().entries()) await feed(scenario.timeOf(index), records);
    };
    const orderIds = async (query: Partial<OrdersQuery>): Promise<string[]> =>
      (await readModel.orders({ ...ALL_ORDERS, ...query })).items.map((order) => order.orderId);
    const trades = async (query: Partial<ExecutionsQuery>): Promise<string[]> =>
      (await readModel.executions({ ...ALL_EXECUTIONS, ...query })).items.map(
        (report) => `${report.orderId} ${report.execType} ${report.executionId}`,
      );
    const actions = async (query: Partial<AuditQuery>): Promise<string[]> =>
      (await readModel.audit({ ...ALL_AUDIT, ...query })).items.map((entry) => entry.action);

    describe('when nothing was journalled', () => {
      once(async () => undefined);

      it('finds nothing and is level', async () => {
        expect(await readModel.orders(ALL_ORDERS)).toEqual({ items: [], nextCursor: null });
        expect(await readModel.order('o-0-1')).toBeNull();
        expect(await readModel.orderByClientOrderId('A', 'c-1')).toBeNull();
        expect(await readModel.reportsOfOrder('o-0-1')).toEqual([]);
        expect(await readModel.reach(0, 0)).toEqual({ position: 0, stalenessMs: 0 });
      });

      it('gives up on a position that does not come, and says how far it is', async () => {
        expect((await readModel.reach(1, 5)).position).toBe(0);
      });
    });

    describe('orders', () => {
      once(feedTradingDay);

      it.each<[string, Partial<OrdersQuery>, string[]]>([
        ['all', {}, ['o-0-5', 'o-0-4', 'o-0-3', 'o-0-2', 'o-0-1']],
        ['of an account', { accountIds: ['A'] }, ['o-0-5', 'o-0-3', 'o-0-1']],
        [
          'of several accounts, each once',
          { accountIds: ['A', 'B', 'A'] },
          ['o-0-5', 'o-0-4', 'o-0-3', 'o-0-2', 'o-0-1'],
        ],
        ['of no account', { accountIds: [] }, []],
        ['of an unknown account', { accountIds: ['Z'] }, []],
        ['of a symbol', { symbol: 'ETH-USD' }, ['o-0-4', 'o-0-3']],
        ['of an account and a symbol', { accountIds: ['A'], symbol: 'ETH-USD' }, ['o-0-3']],
        ['open', { status: 'open' }, ['o-0-5', 'o-0-2']],
        ['closed', { status: 'closed' }, ['o-0-4', 'o-0-3', 'o-0-1']],
        ['of one status', { status: 'FILLED' }, ['o-0-1']],
        ['denied ones show REJECTED', { status: 'REJECTED' }, ['o-0-4']],
        ['of an account and open', { accountIds: ['A'], status: 'open' }, ['o-0-5']],
        ['of a symbol and closed', { symbol: 'ETH-USD', status: 'closed' }, ['o-0-4', 'o-0-3']],
        ['of all three', { accountIds: ['A', 'B'], symbol: 'BTC-USD', status: 'open' }, ['o-0-5', 'o-0-2']],
        ['of a word that is no status', { status: 'LOST' }, []],
      ])('newest first: %s', async (_, query, expected) => {
        expect(await orderIds(query)).toEqual(expected);
      });

      it('are shown with everything their events said', async () => {
        const order = await readModel.order('o-0-1');
        expect(order).toMatchObject({
          orderId: 'o-0-1',
          clientOrderId: 'a-1',
          accountId: 'A',
          status: 'FILLED',
          quantity: '2',
          filledQuantity: '2',
          leavesQuantity: '0',
          averagePrice: '100.5',
          fees: [{ currency: 'USD', amount: '0.2' }],
          createdAt: '2026-01-05T00:00:02.000Z',
          updatedAt: '2026-01-05T00:00:05.000Z',
          version: 5,
        });
      });

      it('are found by every id their client used, in its own account only', async () => {
        const found = async (accountId: string, clientOrderId: string): Promise<string | undefined> =>
          (await readModel.orderByClientOrderId(accountId, clientOrderId))?.orderId;
        expect(await found('A', 'a-3')).toBe('o-0-3');
        expect(await found('A', 'a-3-cancel')).toBe('o-0-3');
        expect(await found('B', 'b-1')).toBe('o-0-2');
        expect(await found('B', 'b-1-replace')).toBe('o-0-2');
        expect(await found('A', 'b-1')).toBeUndefined();
      });

      it('take a replace and keep the chain of ids', async () => {
        expect(await readModel.order('o-0-2')).toMatchObject({
          clientOrderId: 'b-1-replace',
          quantity: '3',
          price: '90',
        });
      });
    });

    describe('late events', () => {
      eachTime(feedTradingDay);

      it('book a fill of a canceled order without reopening it', async () => {
        await feed(scenario.timeOf(20), [scenario.filled('o-0-3', 'late-1', '1', '10')]);
        expect(await readModel.order('o-0-3')).toMatchObject({
          status: 'CANCELED',
          filledQuantity: '1',
          leavesQuantity: '0',
        });
        expect(await orderIds({ status: 'open' })).toEqual(['o-0-5', 'o-0-2']);
      });

      it('reopen a filled order whose trade was busted', async () => {
        await feed(scenario.timeOf(20), [scenario.busted('o-0-1', 'bust-1', 'x-2')]);
        expect(await readModel.order('o-0-1')).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: '1' });
        expect(await orderIds({ accountIds: ['A'], status: 'open' })).toEqual(['o-0-5', 'o-0-1']);
        expect(await orderIds({ status: 'FILLED' })).toEqual([]);
      });

      it('are told in the trade history', async () => {
        await feed(scenario.timeOf(20), [scenario.busted('o-0-1', 'bust-1', 'x-2')]);
        expect(await trades({ orderId: 'o-0-1', limit: 1 })).toEqual(['o-0-1 TRADE_CANCEL bust-1']);
      });
    });

    describe('pages', () => {
      eachTime(async () => undefined);

      const walk = async <T>(ask: (cursor: string | null) => Promise<Page<T>>, between?: () => Promise<void>) => {
        const seen: T[] = [];
        for (let cursor: string | null = null, pages = 0; ; pages++) {
          const page: Page<T> = await ask(cursor);
          seen.push(...page.items);
          if (page.nextCursor === null) return { seen, pages: pages + 1 };
          cursor = page.nextCursor;
          await between?.();
        }
      };

      it('show each item once, and no cursor after the last', async () => {
        await feedTradingDay();
        const { seen, pages } = await walk<OrderView>((cursor) =>
          readModel.orders({ ...ALL_ORDERS, accountIds: ['A', 'B'], limit: 2, cursor }),
        );
        expect(seen.map((order) => order.orderId)).toEqual(['o-0-5', 'o-0-4', 'o-0-3', 'o-0-2', 'o-0-1']);
        expect(pages).toBe(3);
        const exactly = await readModel.orders({ ...ALL_ORDERS, limit: 5 });
        expect(exactly.nextCursor).toBeNull();
      });

      it('stay in place while 5,000 orders are paged and others are placed', async () => {
        const count = 5_000;
        let placed = 0;
        const place = async (more: number): Promise<void> => {
          const records = Array.from({ length: more }, () => scenario.placedNumber(++placed));
          await feed(scenario.timeOf(placed), records);
        };
        await feed(scenario.timeOf(0), scenario.registrations());
        for (let i = 0; i < count / 500; i++) await place(500);
        const { seen } = await walk<OrderView>(
          (cursor) => readModel.orders({ ...ALL_ORDERS, accountIds: ['A', 'B'], limit: 250, cursor }),
          () => place(20),
        );
        const expected = Array.from({ length: count }, (_, index) => `o-0-${count - index}`);
        expect(seen.map((order) => order.orderId)).toEqual(expected);
      });

      it('of executions and of the audit trail go the same way', async () => {
        await feedTradingDay();
        const executions = await walk<ExecutionReport>((cursor) =>
          readModel.executions({ ...ALL_EXECUTIONS, limit: 1, cursor }),
        );
        expect(executions.seen).toEqual((await readModel.executions(ALL_EXECUTIONS)).items);
        const audit = await walk<AuditEntry>((cursor) => readModel.audit({ ...ALL_AUDIT, limit: 2, cursor }));
        expect(audit.seen).toEqual((await readModel.audit(ALL_AUDIT)).items);
        expect(new Set(audit.seen.map((entry) => entry.auditId)).size).toBe(audit.seen.length);
      });

      it('refuse a cursor that is none, or of another list', async () => {
        await feedTradingDay();
        const { nextCursor } = await readModel.orders({ ...ALL_ORDERS, limit: 1 });
        const refused = { code: 'CURSOR_MALFORMED' };
        await expect(readModel.orders({ ...ALL_ORDERS, cursor: 'nonsense' })).rejects.toMatchObject(refused);
        await expect(readModel.executions({ ...ALL_EXECUTIONS, cursor: nextCursor })).rejects.toMatchObject(refused);
      });
    });

    describe('executions', () => {
      once(feedTradingDay);

      it.each<[string, Partial<ExecutionsQuery>, string[]]>([
        ['all', {}, ['o-0-2 TRADE x-3', 'o-0-1 TRADE x-2', 'o-0-1 TRADE x-1']],
        ['of an account', { accountIds: ['B'] }, ['o-0-2 TRADE x-3']],
        ['of several accounts', { accountIds: ['B', 'A'] }, ['o-0-2 TRADE x-3', 'o-0-1 TRADE x-2', 'o-0-1 TRADE x-1']],
        ['of a symbol', { symbol: 'ETH-USD' }, []],
        [
          'of an account and a symbol',
          { accountIds: ['A'], symbol: 'BTC-USD' },
          ['o-0-1 TRADE x-2', 'o-0-1 TRADE x-1'],
        ],
        ['of an order', { orderId: 'o-0-1' }, ['o-0-1 TRADE x-2', 'o-0-1 TRADE x-1']],
        ['of an order of another account', { orderId: 'o-0-1', accountIds: ['B'] }, []],
        ['of an order that never was', { orderId: 'o-0-99' }, []],
      ])('trades, newest first: %s', async (_, query, expected) => {
        expect(await trades(query)).toEqual(expected);
      });

      it('of an order are all its reports, oldest first', async () => {
        const reports = await readModel.reportsOfOrder('o-0-3');
        expect(reports.map((report) => report.execType)).toEqual(['PENDING_NEW', 'NEW', 'PENDING_CANCEL', 'CANCELED']);
        expect(reports.at(-1)).toMatchObject({ clientOrderId: 'a-3-cancel', originalClientOrderId: 'a-3' });
      });

      it('of an account are gap-free by sequence, from where a stream was left', async () => {
        const all = await readModel.reportsOfAccount('A', 0, 100);
        expect(all.map((report) => report.sequence)).toEqual(all.map((_, index) => index + 1));
        const rest = await readModel.reportsOfAccount('A', 4, 3);
        expect(rest).toEqual(all.slice(4, 7));
        expect(await readModel.reportsOfAccount('A', all.length, 10)).toEqual([]);
      });
    });

    describe('positions and balances', () => {
      once(feedTradingDay);

      it('are those of the risk engine', async () => {
        expect(await readModel.positions('A')).toEqual([
          {
            accountId: 'A',
            symbol: 'BTC-USD',
            quantity: '2',
            averagePrice: '100.5',
            realizedPnl: '-0.2',
            unrealizedPnl: null,
            markPrice: null,
            sequence: 2,
          },
        ]);
        expect(await readModel.balances('A')).toMatchObject([
          { currency: 'BTC', total: '2', held: '0', available: '2' },
          { currency: 'USD', total: '9798.8', held: '50', available: '9748.8' },
        ]);
      });

      it('are listed for one account or all', async () => {
        expect((await readModel.balances(null)).map((balance) => `${balance.accountId} ${balance.currency}`)).toEqual([
          'A BTC',
          'A USD',
          'B BTC',
          'B USD',
        ]);
        expect((await readModel.positions(null)).map((position) => position.accountId)).toEqual(['A', 'B']);
        expect(await readModel.positions('Z')).toEqual([]);
      });
    });

    describe('audit', () => {
      once(feedTradingDay);

      it.each<[string, Partial<AuditQuery>, string[]]>([
        ['by actor', { actor: 'rita' }, ['TRADING_STATE_CHANGED', 'LIMITS_CHANGED']],
        ['by action', { action: 'FUNDS_DEPOSITED' }, ['FUNDS_DEPOSITED', 'FUNDS_DEPOSITED']],
        ['by account', { accountId: 'B' }, ['FUNDS_DEPOSITED', 'ACCOUNT_OPENED']],
        ['by actor and action', { actor: 'rita', action: 'LIMITS_CHANGED' }, ['LIMITS_CHANGED']],
        ['by actor and account', { actor: 'rita', accountId: 'A' }, ['LIMITS_CHANGED']],
        ['by action and account', { action: 'ACCOUNT_OPENED', accountId: 'A' }, ['ACCOUNT_OPENED']],
        ['by all three', { actor: 'rita', action: 'LIMITS_CHANGED', accountId: 'B' }, []],
      ])('newest first: %s', async (_, query, expected) => {
        expect(await actions(query)).toEqual(expected);
      });

      it('is cut by time: from it on, and before it', async () => {
        const all = (await readModel.audit(ALL_AUDIT)).items;
        for (const time of ['1970-01-01T00:00:00.000Z', ...all.map((entry) => entry.time), '2999-01-01T00:00:00Z']) {
          const idsOf = (items: readonly AuditEntry[]) => items.map((entry) => entry.auditId);
          const since = Date.parse(time);
          const { items: later } = await readModel.audit({ ...ALL_AUDIT, from: time });
          expect(idsOf(later)).toEqual(idsOf(all.filter((entry) => Date.parse(entry.time) >= since)));
          const { items: earlier } = await readModel.audit({ ...ALL_AUDIT, to: time });
          expect(idsOf(earlier)).toEqual(idsOf(all.filter((entry) => Date.parse(entry.time) < since)));
        }
      });

      it('tells the values before and after', async () => {
        const { items } = await readModel.audit({ ...ALL_AUDIT, actor: 'rita' });
        expect(items).toMatchObject([
          {
            action: 'TRADING_STATE_CHANGED',
            before: { scope: 'FIRM', id: null, state: 'ACTIVE' },
            after: { scope: 'FIRM', id: null, state: 'HALTED' },
            reason: 'drill',
          },
          {
            action: 'LIMITS_CHANGED',
            accountId: 'A',
            before: { scope: 'ACCOUNT', id: 'A', limits: { openOrdersMax: null } },
            after: { scope: 'ACCOUNT', id: 'A', limits: { openOrdersMax: 7, orderNotionalMax: '5000' } },
          },
        ]);
      });

      it('keeps quarantined reports and changed venue faults', async () => {
        expect((await actions({})).slice(0, 3)).toEqual([
          'VENUE_FAULTS_CHANGED',
          'VENUE_FAULTS_CHANGED',
          'REPORT_QUARANTINED',
        ]);
        const { items } = await readModel.audit({ ...ALL_AUDIT, action: 'VENUE_FAULTS_CHANGED' });
        expect(items[0]).toMatchObject({ before: { latencyMs: 1 }, after: { latencyMs: 2 }, actor: 'otto' });
        expect(items[1]).toMatchObject({ before: null, after: { latencyMs: 1 } });
      });
    });
  });
}
