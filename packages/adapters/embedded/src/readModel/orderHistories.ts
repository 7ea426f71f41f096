/**
 * Where the histories of orders are: those of orders that were placed together in one row, up to 16 of them; what
 * later chunks added, a row for the order and chunk.
 */
import { ByteReader, ByteWriter } from '@oms/ports';
import {
  type HistoryArena,
  type HistoryBase,
  type HistoryPart,
  readVarint,
  type TouchedOrder,
  writeVarint,
} from '@oms/projections';
import type { PreparedStatements } from './preparedStatements.ts';
import { readStored, StoredBodyError } from './storedBody.ts';

/** So few that reading one order copies little, so many that a row costs each of them little. */
const ROW_ORDERS_MAX = 16;

export const HISTORY_STATEMENTS = {
  placedRow: 'SELECT first, body FROM orderHistories WHERE first <= ? ORDER BY first DESC LIMIT 1',
  laterRows: 'SELECT body FROM laterHistories WHERE ordinal = ? ORDER BY position',
} as const;
const INSERT_PLACED = 'INSERT INTO orderHistories (first, body) VALUES (?, ?)';
const INSERT_LATER = 'INSERT INTO laterHistories (ordinal, position, body) VALUES (?, ?, ?)';

export class OrderHistories {
  readonly #statements: PreparedStatements;
  readonly #row = new ByteWriter();
  readonly #entries = new ByteWriter();

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  /** Oldest first. @throws StoredBodyError */
  read(ordinal: number): HistoryPart[] {
    const row = this.#statements.of(HISTORY_STATEMENTS.placedRow).get(ordinal);
    if (row === undefined) throw new StoredBodyError(`order ${ordinal} has no history`);
    const parts = [partIn(row.body as Uint8Array, ordinal - Number(row.first))];
    for (const { body } of this.#statements.of(HISTORY_STATEMENTS.laterRows).all(ordinal)) {
      parts.push(partIn(body as Uint8Array, 0));
    }
    return parts;
  }

  /** @param orders by ordinal, without gaps */
  writePlaced(orders: readonly TouchedOrder[], history: HistoryArena): void {
    const insert = this.#statements.of(INSERT_PLACED);
    for (let start = 0; start < orders.length; start += ROW_ORDERS_MAX) {
      const end = Math.min(start + ROW_ORDERS_MAX, orders.length);
      insert.run(orders[start]!.ordinal, this.#rowOf(orders, start, end, history));
    }
  }

  /** @param position of the last record of the chunk */
  writeLater(orders: readonly TouchedOrder[], history: HistoryArena, position: number): void {
    const insert = this.#statements.of(INSERT_LATER);
    for (let i = 0; i < orders.length; i++) {
      insert.run(orders[i]!.ordinal, position, this.#rowOf(orders, i, i + 1, history));
    }
  }

  /** The base, how many, how long each is, and the entries of all. Valid until the next call. */
  #rowOf(orders: readonly TouchedOrder[], start: number, end: number, history: HistoryArena): Uint8Array {
    const row = this.#row;
    const entries = this.#entries;
    row.reset();
    entries.reset();
    writeVarint(row, history.base.time);
    writeVarint(row, history.base.executionOrdinal);
    writeVarint(row, end - start);
    for (let i = start; i < end; i++) {
      const before = entries.length;
      history.copy(orders[i]!, entries);
      writeVarint(row, entries.length - before);
    }
    row.reserve(entries.length);
    row.bytes.set(entries.written(), row.length);
    row.length += entries.length;
    return row.written();
  }
}

function partIn(body: Uint8Array, index: number): HistoryPart {
  return readStored(() => {
    const reader = new ByteReader(body);
    const base: HistoryBase = { time: readVarint(reader), executionOrdinal: readVarint(reader) };
    const count = readVarint(reader);
    if (index >= count) throw new StoredBodyError(`a row of ${count} histories has no number ${index}`);
    const lengths = Array.from({ length: count }, () => readVarint(reader));
    let start = reader.offset;
    for (let i = 0; i < index; i++) start += lengths[i]!;
    return { base, bytes: body.subarray(start, start + lengths[index]!) };
  });
}
