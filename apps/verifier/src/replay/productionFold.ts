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
  cellKeysOf,
  createCell,
  decodeSnapshot,
  replayGroup,
  SERVICE_NUMBERS,
  SourceSequences,
  writeSnapshot,
} from '@oms/actors';
import type { OrdersState, RiskState } from '@oms/domain';
import { orderProcessor } from '@oms/order-processor';
import { type JournalGroup, PiecewiseWriter, type Snapshot } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { createVenueSimulator } from '@oms/venue-simulator';

/** The length of a record is in front of it and does not count itself. */
const LENGTH_BYTES = 4;

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
    for (const key of cellsIn(group.payload)) this.host(key);
    if (group.firstPosition + group.recordCount - 1 <= this.#after) return true;
    try {
      this.records += replayGroup(this.#cells, group, this.#after, this.#sources);
      return true;
    } catch (error) {
      this.stopped = messageOf(error);
      return false;
    }
  }

  /**
   * SHA-256 over the bytes of a snapshot, which need never exist: of a large state they are the size of the state.
   * @param pieceBytes how many of them are made at a time
   */
  hash(pieceBytes?: number): string {
    const hash = createHash('sha256');
    const writer = new PiecewiseWriter((piece) => hash.update(piece), pieceBytes);
    writeSnapshot(this.#cells, this.#sources, writer);
    writer.end();
    return hash.digest('hex');
  }

  /** State of the cell with the key, and with it the partition. */
  statesOf(service: 'order-processor'): readonly OrdersState[];
  statesOf(service: 'risk-engine'): readonly RiskState[];
  statesOf(service: Cell['service']): readonly unknown[] {
    return this.#cells.all.filter((cell) => cell.service === service).map((cell) => cell.state);
  }
}

/** Which cells the records of a group belong to. */
function cellsIn(payload: Uint8Array): ReadonlySet<number> {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const keys = new Set<number>();
  for (let at = 0; at < payload.length; at += LENGTH_BYTES + view.getUint32(at, true)) {
    keys.add(cellKey(view.getUint8(at + 4), view.getUint16(at + 5, true)));
  }
  return keys;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
