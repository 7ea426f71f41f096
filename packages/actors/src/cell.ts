/** One running actor: a partition of a service, its state, and where its records are numbered. */
import { type ActorDefinition, SERVICE_NUMBERS, type ServiceName } from './actorDefinition.ts';

// The runtime hosts actors of any state, message and event type; each cell keeps its own three consistent.
// biome-ignore lint/suspicious/noExplicitAny: heterogeneous actors behind one loop
export type AnyActor = ActorDefinition<any, any, any>;

export interface Cell {
  readonly key: number;
  readonly service: ServiceName;
  readonly serviceNumber: number;
  readonly partition: number;
  readonly definition: AnyActor;
  state: unknown;
}

/** Key of a cell in records, mailboxes and snapshots. */
export const cellKey = (serviceNumber: number, partition: number): number => serviceNumber * 65_536 + partition;

export function createCell(definition: AnyActor, partition: number): Cell {
  const serviceNumber = SERVICE_NUMBERS[definition.service];
  return {
    key: cellKey(serviceNumber, partition),
    service: definition.service,
    serviceNumber,
    partition,
    definition,
    state: definition.initialState(partition),
  };
}

/** Cells by key, in a fixed order (that of snapshots and state hashes). */
export class Cells {
  readonly all: readonly Cell[];
  readonly #byKey: Map<number, Cell>;

  constructor(cells: readonly Cell[]) {
    this.all = [...cells].sort((a, b) => a.key - b.key);
    this.#byKey = new Map(this.all.map((cell) => [cell.key, cell]));
  }

  byKey(key: number): Cell | undefined {
    return this.#byKey.get(key);
  }

  of(service: ServiceName, partition: number): Cell | undefined {
    return this.#byKey.get(cellKey(SERVICE_NUMBERS[service], partition));
  }
}
