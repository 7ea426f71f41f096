/** What the projector keeps, asks back and tells; that its documents are right is the read-model contract's matter. */
import {
  beginRecord,
  endRecord,
  orderEventCodec,
  readRecords,
  riskEventCodec,
  riskStateCodec,
  venueEventCodec,
} from '@oms/codec';
import {
  decimal,
  type ExecutionReport,
  evolveOrders,
  executionReportOf,
  initialOrdersState,
  NO_LIMITS,
  type Order,
  type RiskEvent,
  type RiskState,
  type VenueEvent,
} from '@oms/domain';
import { ByteReader, ByteWriter } from '@oms/ports';
import * as scenario from '@oms/ports/contract/readModelScenario';
import { beforeEach, describe, expect, it } from 'vitest';
import { Projector } from '../src/projector.ts';
import { DocumentsInMemory } from './documentsInMemory.ts';

const CODECS = {
  'order-processor': { number: 1, codec: orderEventCodec },
  'risk-engine': { number: 2, codec: riskEventCodec },
  'venue-simulator': { number: 3, codec: venueEventCodec },
} as const;

function copyOf(state: RiskState): RiskState {
  const writer = new ByteWriter();
  riskStateCodec.encode(state, writer);
  return riskStateCodec.decode(new ByteReader(writer.written()));
}

describe('projector', () => {
  let documents: DocumentsInMemory;
  let projector: Projector;
  let position: number;
  beforeEach(() => {
    documents = new DocumentsInMemory();
    projector = new Projector(documents, new Map());
    position = 0;
  });

  /** Applies the records, each a chunk of its own. */
  function project(seconds: number, records: readonly scenario.FedRecord[], partition = 0): void {
    for (const { service, events } of records) {
      const writer = new ByteWriter();
      const { number, codec } = CODECS[service];
      const offset = beginRecord(writer, number, partition, 0, 0);
      for (const event of events) codec.encode(event as never, writer);
      endRecord(writer, offset, events.length);
      for (const record of readRecords(writer.written())) {
        projector.apply(record, ++position, scenario.timeOf(seconds));
      }
      documents.write(projector.changes);
      projector.clear();
    }
  }
  const projectDay = (): void => {
    for (const [second, records] of scenario.tradingDay().entries()) project(second, records);
  };
  const orderOf = (orderId: string): Order | undefined => documents.orders.find((order) => order.orderId === orderId);

  it('books late facts of closed orders', () => {
    projectDay();
    project(20, [scenario.filled('o-0-3', 'late', '1', '10'), scenario.busted('o-0-1', 'bust', 'x-2')]);
    expect(orderOf('o-0-3')).toMatchObject({ core: 'CANCELED', filledQuantity: 100_000_000n });
    expect(orderOf('o-0-1')).toMatchObject({ core: 'WORKING', filledQuantity: 100_000_000n });
  });

  it('reads no history for what orders mostly live through, however late', () => {
    projectDay();
    documents.historiesRead.length = 0;
    project(20, [scenario.filled('o-0-5', 'x-5', '0.5', '50'), scenario.filled('o-0-3', 'late', '1', '10')]);
    expect(documents.historiesRead).toEqual([]);
    project(21, [scenario.busted('o-0-1', 'bust', 'x-2')]);
    expect(documents.historiesRead).toEqual([1]);
  });

  it('goes on from the documents alone after a restart', () => {
    for (const [second, records] of scenario.tradingDay().entries()) {
      project(second, records);
      const riskStates = new Map([...projector.riskStates].map(([partition, state]) => [partition, copyOf(state)]));
      projector = new Projector(documents, riskStates);
    }
    const restarted = documents;
    documents = new DocumentsInMemory();
    projector = new Projector(documents, new Map());
    position = 0;
    projectDay();
    expect(restarted.reports).toEqual(documents.reports);
    expect(restarted.orders).toEqual(documents.orders);
    expect(restarted.audit).toEqual(documents.audit);
  });

  it('tells the orders and reports that the order processor itself has', () => {
    projectDay();
    const state = initialOrdersState(0);
    const reports: ExecutionReport[] = [];
    for (const [second, records] of scenario.tradingDay().entries()) {
      for (const record of records) {
        if (record.service !== 'order-processor') continue;
        for (const event of record.events) {
          const now = scenario.timeOf(second);
          const change = evolveOrders(state, event, now);
          if (change?.execType == null) continue;
          reports.push(executionReportOf(event, change.execType, change.order, change.sequence, now));
        }
      }
    }
    expect(documents.reports).toEqual(reports);
    for (const order of documents.orders) expect(order).toEqual(state.orders.get(order.orderId));
  });

  it('keeps risk states without holds, also of an order that a bust reopened', () => {
    const held = (): unknown => {
      const { firm, accounts } = projector.riskStates.get(0)!;
      return [firm.openOrders, accounts.get('A')?.balances.get('USD')?.held];
    };
    for (const [second, records] of scenario.tradingDay().slice(0, 5).entries()) project(second, records);
    expect(held()).toEqual([0, 0n]);
    const trade = { quantity: decimal('1'), price: decimal('100'), fee: decimal('0.1'), feeCurrency: 'USD' };
    const terms = { quantity: decimal('2'), quoteQuantity: null, price: decimal('101'), stopPrice: null };
    const prices = { protectionPrice: null, holdPrice: decimal('101') };
    const reopened = { ...terms, ...prices, reduceOnly: false, filledQuantity: 0n, filledQuote: 0n };
    const about = { accountId: 'A', orderId: 'o-0-1', executionId: 'x-1', symbol: 'BTC-USD', side: 'BUY' } as const;
    project(9, [{ service: 'risk-engine', events: [{ type: 'FillReversed', ...about, ...trade, reopened }] }]);
    expect(held()).toEqual([0, 0n]);
    expect(projector.riskStates.get(0)!.accounts.get('A')?.balances.get('USD')?.total).toBe(decimal('10000'));
  });

  it('refuses an order that is placed again, in the same chunk or later', () => {
    const placed = scenario.placedNumber(1);
    expect(() => project(0, [placed, placed])).toThrow('order o-0-1 is placed after o-0-1');
    documents = new DocumentsInMemory();
    projector = new Projector(documents, new Map());
    project(0, [placed]);
    projector = new Projector(documents, new Map());
    expect(() => project(1, [placed])).toThrow('order o-0-1 is placed after o-0-1');
  });

  it('refuses an event of an order that never was', () => {
    expect(() => project(0, [scenario.filled('o-0-1', 'x-1', '1', '1')])).toThrow('unknown order o-0-1');
  });

  describe('audit entries', () => {
    const told = (events: readonly (RiskEvent | VenueEvent)[], partition: number): unknown[] => {
      const before = documents.audit.length;
      const service = events[0]!.type === 'VenueFaultsChanged' ? 'venue-simulator' : 'risk-engine';
      project(1, [{ service, events } as scenario.FedRecord], partition);
      return documents.audit.slice(before);
    };
    const limits = (scope: 'FIRM' | 'DESK' | 'DEFAULT' | 'ACCOUNT', id: string, openOrdersMax: number): RiskEvent => ({
      type: 'LimitsChanged',
      scope,
      id,
      limits: { ...NO_LIMITS, openOrdersMax },
      actor: 'rita',
    });

    it.each([
      ['FIRM', ''],
      ['DESK', 'desk'],
      ['DEFAULT', ''],
    ] as const)('tell a broadcast change of limits (%s) once, with what was before', (scope, id) => {
      expect(told([limits(scope, id, 5)], 1)).toEqual([]);
      told([limits(scope, id, 5)], 0);
      expect(told([limits(scope, id, 6)], 0)).toMatchObject([
        { accountId: null, before: { limits: { openOrdersMax: 5 } }, after: { limits: { openOrdersMax: 6 } } },
      ]);
    });

    it('tell what concerns one account from wherever it is', () => {
      const opened = { type: 'AccountOpened', accountId: 'Q', name: 'Q', kind: 'HOUSE', deskId: 'd' } as const;
      const halted = { state: 'HALTED', reason: 'why', actor: 'rita' } as const;
      const entries = told(
        [
          opened,
          limits('ACCOUNT', 'Q', 1),
          { type: 'TradingStateChanged', scope: 'ACCOUNT', id: 'Q', ...halted },
          { type: 'TradingStateChanged', scope: 'INSTRUMENT', id: 'BTC-USD', ...halted },
        ],
        3,
      );
      expect(entries).toMatchObject([
        { auditId: '1', action: 'ACCOUNT_OPENED', accountId: 'Q' },
        { auditId: '1.1', action: 'LIMITS_CHANGED', accountId: 'Q' },
        { auditId: '1.2', action: 'TRADING_STATE_CHANGED', accountId: 'Q', before: { state: 'ACTIVE' }, reason: 'why' },
      ]);
    });

    it('tell the states of firm and instrument before', () => {
      const change = (state: 'HALTED' | 'ACTIVE', actor: string): RiskEvent => {
        return { type: 'TradingStateChanged', scope: 'INSTRUMENT', id: 'BTC-USD', state, reason: actor, actor };
      };
      told([change('HALTED', 'rita')], 0);
      expect(told([change('ACTIVE', 'otto')], 0)).toMatchObject([
        { actor: 'otto', before: { state: 'HALTED', reason: 'rita' }, after: { state: 'ACTIVE', id: 'BTC-USD' } },
      ]);
    });

    it('tell venue faults once, and keep text that is no JSON', () => {
      const faults = (text: string): VenueEvent => ({ type: 'VenueFaultsChanged', faults: text, actor: 'rita' });
      expect(told([faults('{"a":1}')], 1)).toEqual([]);
      told([faults('{"a":1}')], 0);
      expect(told([faults('gibberish')], 0)).toMatchObject([{ before: { a: 1 }, after: 'gibberish' }]);
    });
  });
});
