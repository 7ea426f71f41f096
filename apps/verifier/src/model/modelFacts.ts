/**
 * What the reference model knows in the end, as the comparison reads it; and how it goes from one thread to another:
 * the packed memory changes hands, the rest is copied.
 */
import type { Instrument } from '@oms/domain';
import { NameTable } from '../memory/nameTable.ts';
import { PackedTable, type TableMemory } from '../memory/packedTable.ts';
import type { HoldFacts } from './holdFacts.ts';
import { HoldTable } from './holdTable.ts';
import type { OrderFacts } from './orderFacts.ts';
import type { AccountFacts } from './orderModel.ts';
import { orderPacking } from './packOrder.ts';
import type { RiskFacts } from './riskFacts.ts';

export interface ModelFacts {
  readonly names: NameTable;
  readonly orders: PackedTable<OrderFacts>;
  readonly accounts: ReadonlyMap<string, AccountFacts>;
  readonly approvals: number;
  readonly sends: number;
  /** By partition. */
  readonly risk: ReadonlyMap<number, RiskPartition>;
}

/** Without what only the checks along the way need. */
export type RiskPartition = RiskTotals & {
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly holds: HoldTable;
};
type RiskTotals = Pick<RiskFacts, 'accounts' | 'firm' | 'desks' | 'venue' | 'feesTaken'>;

/** Plain data that a thread may send another. */
export interface HandedOverModel {
  readonly names: readonly string[];
  readonly orders: TableMemory<OrderFacts>;
  readonly accounts: ReadonlyMap<string, AccountFacts>;
  readonly approvals: number;
  readonly sends: number;
  readonly risk: ReadonlyMap<number, HandedOverPartition>;
}

type HandedOverPartition = RiskTotals & {
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly holds: TableMemory<HoldFacts>;
};

/** The model as data, and the memory in it that must change hands. The model is of no use afterwards. */
export function handedOver(model: ModelFacts): {
  readonly data: HandedOverModel;
  readonly memory: readonly ArrayBuffer[];
} {
  const { accounts, approvals, sends } = model;
  const orders = model.orders.memory;
  const risk = new Map([...model.risk].map(([partition, facts]) => [partition, partitionData(facts)]));
  const tables: readonly TableMemory<unknown>[] = [orders, ...[...risk.values()].map(({ holds }) => holds)];
  const memory = tables.flatMap(({ pages, places }) => [...pages, ...places.filter((each) => each !== undefined)]);
  return {
    data: { names: model.names.names, orders, accounts, approvals, sends, risk },
    memory: memory.map(({ buffer }) => buffer),
  };
}

function partitionData(facts: RiskPartition): HandedOverPartition {
  const { accounts, firm, desks, venue, feesTaken, instruments, holds } = facts;
  return { accounts, firm, desks, venue, feesTaken, instruments, holds: holds.memory };
}

/** The model again, in the thread that it was handed over to. */
export function takenOver({ names, orders, accounts, approvals, sends, risk }: HandedOverModel): ModelFacts {
  const table = new NameTable(names);
  return {
    names: table,
    orders: new PackedTable(orderPacking(table), orders),
    accounts,
    approvals,
    sends,
    risk: new Map([...risk].map(([partition, facts]) => [partition, partitionOf(facts, table)])),
  };
}

function partitionOf(facts: HandedOverPartition, names: NameTable): RiskPartition {
  return { ...facts, holds: new HoldTable(names, facts.instruments, facts.holds) };
}
