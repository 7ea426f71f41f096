/** The pace of the comparison: which question when, what completes a run, and what a silent venue does to it. */
import {
  type DecisionContext,
  initialOrdersState,
  type OrderProcessorMessage,
  type OrdersState,
  type PositionDifference,
} from '@oms/domain';
import { OrdersScenario } from '@oms/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReconciliationRun } from '../src/reconciliationRun.ts';

const EVERY_MS = 30_000;
const market = { prices: () => undefined, book: () => undefined };
let run: ReconciliationRun;
let state: OrdersState;
let now: number;

beforeEach(() => {
  run = new ReconciliationRun({ everyMs: EVERY_MS, quietMs: 5_000 });
  const s = new OrdersScenario();
  for (let i = 1; i <= 450; i++) s.place({}, `c${i}`);
  state = s.state;
  now = s.now;
});

const due = (): OrderProcessorMessage | null =>
  run.due(state, { now, market, instruments: new Map() } satisfies DecisionContext);
const tick = (): OrderProcessorMessage | null => {
  now += 20;
  return due();
};

/** Answers every question until the run asks no more. */
function answered(differing: readonly PositionDifference[] | null = []): OrderProcessorMessage[] {
  const asked: OrderProcessorMessage[] = [];
  for (let message = tick(); message !== null; message = tick()) {
    asked.push(message);
    if (message.type === 'ReconcileOrders')
      run.noticed({ type: 'VenueOrdersListed', partition: 0, page: message.page, orders: [] });
    if (message.type === 'ReconcilePositions')
      run.noticed({ type: 'PositionsCompared', run: message.run, accountIds: message.accountIds, differing });
  }
  return asked;
}

describe('a run', () => {
  it('takes the open orders 200 at a time, the last page without end, then the positions, then is complete', () => {
    const asked = answered();
    expect(asked.map(({ type }) => type)).toEqual([
      'ReconcileOrders',
      'ReconcileOrders',
      'ReconcileOrders',
      'ReconcilePositions',
      'CompleteReconciliation',
    ]);
    expect(asked.slice(0, 3)).toMatchObject([
      { page: { after: 0, through: 200 } },
      { page: { after: 200, through: 400 } },
      { page: { after: 400, through: Number.MAX_SAFE_INTEGER } },
    ]);
    expect(asked.at(-1)).toMatchObject({ orders: 450, positions: [] });
  });

  it('asks one page a tick, however often it is looked at', () => {
    expect(tick()).not.toBeNull();
    expect(due()).toBeNull();
  });

  it('begins again when it is due, or at once when told', () => {
    answered();
    expect(tick()).toBeNull();
    run.noticed({ type: 'StartReconciliation', replyTo: null });
    expect(tick()).toMatchObject({ type: 'ReconcileOrders', page: { run: 2, after: 0 } });
    now += EVERY_MS;
    expect(tick()).toMatchObject({ page: { run: 3, after: 0 } });
  });

  it('of nothing does not begin', () => {
    expect(run.due(initialOrdersState(0), { now, market, instruments: new Map() })).toBeNull();
  });

  it('is not complete without every answer; the next begins when it is due', () => {
    const pages = [tick(), tick(), tick()];
    expect(pages).not.toContain(null);
    expect(tick()).toBeNull();
    now += EVERY_MS;
    expect(tick()).toMatchObject({ page: { run: 2 } });
    // An answer to the run before says nothing of this one.
    for (const page of pages)
      if (page?.type === 'ReconcileOrders')
        run.noticed({ type: 'VenueOrdersListed', partition: 0, page: page.page, orders: [] });
    tick();
    tick();
    expect(tick()).toBeNull();
  });

  it('confirms a difference of positions that was the same in the run before', () => {
    const difference = { accountId: 'A', symbol: 'BTC-USD', ours: 1n, venues: 2n, confirmed: false };
    expect(answered([difference]).at(-1)).toMatchObject({ positions: [{ confirmed: false }] });
    now += EVERY_MS;
    expect(answered([difference]).at(-1)).toMatchObject({ positions: [{ confirmed: true }] });
    now += EVERY_MS;
    expect(answered([{ ...difference, ours: 0n }]).at(-1)).toMatchObject({ positions: [{ confirmed: false }] });
    now += EVERY_MS;
    expect(answered(null).at(-1)).toMatchObject({ positions: null });
  });
});
