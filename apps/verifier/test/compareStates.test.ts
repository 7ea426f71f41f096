/** The comparison of replayed states with the reference model: equal ones pass, every number changed is told. */
import type { OrdersState, RiskState } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { Findings } from '../src/findings.ts';
import { recordsOf } from '../src/journal/records.ts';
import { ReferenceModel } from '../src/model/referenceModel.ts';
import { StateComparison } from '../src/replay/compareStates.ts';
import { House } from './history.ts';

async function compared(change: (orders: OrdersState, risk: RiskState) => void): Promise<string[]> {
  const house = await new House().open();
  const order = await house.place();
  await house.venue('fill', order, { quantity: '0.4' });
  const findings = new Findings();
  const model = new ReferenceModel(findings);
  for (const { payload, firstPosition, now, epoch } of house.journal.groups) {
    for (const record of recordsOf(payload, firstPosition)) model.apply(record, now, epoch);
    model.endOfGroup();
  }
  const orders = house.runtime.cells.of('order-processor', 0)?.state as OrdersState;
  const risk = house.runtime.cells.of('risk-engine', 0)?.state as RiskState;
  change(orders, risk);
  const comparison = new StateComparison(findings);
  comparison.orders([orders], model.known);
  comparison.risk(risk, model.risk.get(0)!.facts);
  return findings.results().flatMap(({ id, breaches }) => breaches.map((breach) => `${id} ${breach}`));
}

const accountOf = (risk: RiskState) => risk.accounts.get('A')!;

const changes: readonly (readonly [string, Parameters<typeof compared>[0], readonly string[]])[] = [
  ['nothing', () => undefined, []],
  [
    'filled',
    (orders) => {
      orders.orders.get('o-0-1')!.filledQuantity += 100n;
    },
    [
      'I10 order o-0-1: filled is 0.400001 after replay, 0.4 in the reference model',
      'I10 order o-0-1: leaves is 0.599999 after replay, 0.6 in the reference model',
    ],
  ],
  [
    'the state',
    (orders) => {
      orders.orders.get('o-0-1')!.core = 'SUBMITTED';
    },
    [
      'I10 order o-0-1: state is SUBMITTED after replay, WORKING in the reference model',
      'I10 order o-0-1: leaves is 0.6 after replay, 0 in the reference model',
    ],
  ],
  [
    'the report sequence',
    (orders) => {
      orders.accounts.get('A')!.reportSequence++;
    },
    ['I9 the report sequence of A is 3 after replay, the journal has 2 reports'],
  ],
  [
    'a balance',
    (_, risk) => {
      accountOf(risk).balances.get('USD')!.total += 1n;
    },
    ['I10 USD of A: total is 9959.98000001 after replay, 9959.98 in the reference model'],
  ],
  [
    'a position',
    (_, risk) => {
      accountOf(risk).positions.get('BTC-USD')!.quantity = 0n;
    },
    ['I10 BTC-USD of A: position is 0 after replay, 0.4 in the reference model'],
  ],
  [
    'a hold',
    (_, risk) => {
      risk.holds.get('o-0-1')!.amount = 0n;
    },
    ['I10 hold of order o-0-1: amount is 0 after replay, 60.06 in the reference model'],
  ],
  [
    'approvals',
    (orders) => {
      orders.approvedCount++;
    },
    ['I10 the order processor: approvals is 2 after replay, 1 in the reference model'],
  ],
];

describe('the comparison', () => {
  it.each(changes)('tells a change of %s', async (_, change, breaches) => {
    expect(await compared(change)).toEqual(breaches);
  });
});
