/**
 * I10, the production side: folds the journal with the very code the server starts with, and makes the hash of the
 * whole state. Cells are hosted as the snapshot or the records name their partitions.
 */
import { createHash } from 'node:crypto';
import {
  type AnyActor,
  type Cell,
  Cells,
  cellKey,
  createCell,
  decodeSnapshot,
  encodeSnapshot,
  replayGroup,
  SERVICE_NUMBERS,
  SourceSequences,
} from '@oms/actors';
import type { OrdersState, RiskState } from '@oms/domain';
import { orderProcessor } from '@oms/order-processor';
import type { JournalGroup, Snapshot } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { createVenueSimulator } from '@oms/venue-simulator';

/** Without its index: what is derived for decisions is of no use where nothing is decided. */
function withoutIndex(definition: AnyActor): AnyActor {
  const { index: _, ...rest } = definition;
  return rest;
}

/** What an event means never depends on the venue's options. */
const DEFINITIONS: ReadonlyMap<number, () => AnyActor> = new Map([
  [SERVICE_NUMBERS['order-processor'], () => withoutIndex(orderProcessor())],
  [SERVICE_NUMBERS['risk-engine'], () => withoutIndex(riskEngine())],
  [SERVICE_NUMBERS['venue-simulator'], () => withoutIndex(createVenueSimulator({ mode: 'simulated', seed: '1' }))],
]);

export class ProductionFold {
  readonly #sources = new SourceSequences();
  #cells = new Cells([]);
  #after = 0;
  /** Why it could not go on; null while it can. */
  stopped: string | null = null;
  records = 0;

  /** Makes the cell, unless it is there. The runtime's own records (service 0) have none. */
  host(key: number): void {
    const service = Math.floor(key / 65_536);
    const create = DEFINITIONS.get(service);
    if (create === undefined || this.#cells.byKey(key) !== undefined) return;
    this.#cells = new Cells([...this.#cells.all, createCell(create(), key % 65_536)]);
  }

  get keys(): readonly number[] {
    return this.#cells.all.map((cell) => cell.key);
  }

  /** Begins with the snapshot instead of the empty state. */
  load(snapshot: Snapshot): void {
    try {
      for (const key of cellKeysOf(snapshot.bytes)) this.host(key);
      decodeSnapshot(snapshot.bytes, this.#cells, this.#sources);
      this.#after = snapshot.position;
    } catch (error) {
      this.stopped = messageOf(error);
    }
  }

  /** @returns false when it has stopped, now or earlier */
  fold(group: JournalGroup): boolean {
    if (this.stopped !== null) return false;
    if (group.firstPosition + group.recordCount - 1 <= this.#after) return true;
    try {
      this.records += replayGroup(this.#cells, group, this.#after, this.#sources);
      return true;
    } catch (error) {
      this.stopped = messageOf(error);
      return false;
    }
  }

  hash(): string {
    return createHash('sha256').update(encodeSnapshot(this.#cells, this.#sources)).digest('hex');
  }

  /** State of the cell with the key, and with it the partition. */
  statesOf(service: 'order-processor'): readonly OrdersState[];
  statesOf(service: 'risk-engine'): readonly RiskState[];
  statesOf(service: Cell['service']): readonly unknown[] {
    return this.#cells.all.filter((cell) => cell.service === service).map((cell) => cell.state);
  }
}

export const keyOfRecord = (service: number, partition: number): number => cellKey(service, partition);

/** Which cells a snapshot holds: a version, the source sequences (12 bytes each), then each cell's key and length. */
export function cellKeysOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8 + 12 * view.getUint32(4, true);
  const keys: number[] = [];
  for (let left = view.getUint32(at, true), next = at + 4; left > 0; left--, next = at) {
    keys.push(view.getUint32(next, true));
    at = next + 12 + Number(view.getBigUint64(next + 4, true));
  }
  return keys;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
