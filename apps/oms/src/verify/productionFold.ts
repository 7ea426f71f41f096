/**
 * I10, the production side: folds the journal with the very code the server starts with, from the first record and
 * once more from the newest snapshot, and makes the hash of the whole state.
 */
import { createHash } from 'node:crypto';
import { type AnyActor, Cells, createCell, decodeSnapshot, encodeSnapshot, replayGroup, SourceSequences } from '@oms/actors';
import type { OrdersState, RiskState } from '@oms/domain';
import { orderProcessor } from '@oms/order-processor';
import type { JournalGroup } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { createVenueSimulator } from '@oms/venue-simulator';
import type { PartitionCounts } from './partitions.ts';

/** What an event means never depends on these; they only let the venue be made. */
const VENUE = { mode: 'simulated', seed: '1' } as const;

export class ProductionFold {
  readonly cells: Cells;
  readonly #sources = new SourceSequences();
  #after = 0;
  /** Why it could not go on, and where; null while it can. */
  stopped: { readonly position: number; readonly why: string } | null = null;
  records = 0;

  constructor(partitions: PartitionCounts) {
    const cellsOf = (create: () => AnyActor, count: number) =>
      Array.from({ length: count }, (_, partition) => createCell(create(), partition));
    this.cells = new Cells([
      ...cellsOf(() => withoutIndex(orderProcessor()), partitions.orders),
      ...cellsOf(() => withoutIndex(riskEngine()), partitions.risk),
      ...cellsOf(() => withoutIndex(createVenueSimulator(VENUE)), partitions.venue),
    ]);
  }

  /** Begins with a snapshot instead of the empty state. */
  load(position: number, bytes: Uint8Array): void {
    try {
      decodeSnapshot(bytes, this.cells, this.#sources);
      this.#after = position;
    } catch (error) {
      this.stopped = { position, why: messageOf(error) };
    }
  }

  fold(group: JournalGroup): void {
    if (this.stopped !== null || group.firstPosition + group.recordCount - 1 <= this.#after) return;
    try {
      this.records += replayGroup(this.cells, group, this.#after, this.#sources);
    } catch (error) {
      this.stopped = { position: group.firstPosition, why: messageOf(error) };
    }
  }

  hash(): string {
    return createHash('sha256').update(encodeSnapshot(this.cells, this.#sources)).digest('hex');
  }

  orderStates(): OrdersState[] {
    return this.#statesOf('order-processor') as OrdersState[];
  }

  riskStates(): RiskState[] {
    return this.#statesOf('risk-engine') as RiskState[];
  }

  #statesOf(service: string): unknown[] {
    return this.cells.all.filter((cell) => cell.service === service).map((cell) => cell.state);
  }
}

/** What is derived for decisions is of no use here: nothing is decided. */
function withoutIndex(definition: AnyActor): AnyActor {
  const { index: _, ...rest } = definition;
  return rest;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
