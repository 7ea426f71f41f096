/** The rows of sorted lists: up to 256 entries each, and how they are packed. */
import { ByteReader, ByteWriter } from '@oms/ports';
import { readSigned, readVarint, writeSigned, writeVarint } from '@oms/projections';
import type { PreparedStatements } from './preparedStatements.ts';
import { readStored } from './storedBody.ts';

export const ROW_ENTRIES_MAX = 128;

const COLUMNS = 'first, last, lastValue, entries, body';

/** Named by what their parameters are. */
export const LIST_STATEMENTS = {
  lastRow: `SELECT ${COLUMNS} FROM lists WHERE list = ? ORDER BY first DESC LIMIT 1`,
  rowAtOrBelow: `SELECT ${COLUMNS} FROM lists WHERE list = ? AND first <= ? ORDER BY first DESC LIMIT 1`,
  rowAbove: `SELECT ${COLUMNS} FROM lists WHERE list = ? AND first > ? ORDER BY first LIMIT 1`,
} as const;
const INSERT = `INSERT OR REPLACE INTO lists (list, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`;
const DELETE = 'DELETE FROM lists WHERE list = ? AND first = ?';

/** Keys ascend. */
export interface Entries {
  readonly keys: number[];
  readonly values: number[];
}

/** A row as it is stored; the first and the last key are told without unpacking it. */
export interface PackedRow {
  readonly first: number;
  readonly last: number;
  readonly lastValue: number;
  readonly entries: number;
  /** The first value; then each entry as the differences to the one before. */
  readonly body: Uint8Array;
}

export class ListRows {
  readonly #statements: PreparedStatements;
  readonly #writer = new ByteWriter(4_096);

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  find(statement: keyof typeof LIST_STATEMENTS, ...parameters: number[]): PackedRow | null {
    const row = this.#statements.of(LIST_STATEMENTS[statement]).get(...parameters);
    return row === undefined ? null : (row as unknown as PackedRow);
  }

  /** Writes the entries from `start` to before `end` as a new row. */
  insert(list: number, { keys, values }: Entries, start: number, end: number): void {
    const writer = this.#writer;
    writer.reset();
    writeSigned(writer, values[start]!);
    this.#pack(keys, values, start + 1, end, keys[start]!, values[start]!);
    this.#put(list, keys[start]!, keys[end - 1]!, values[end - 1]!, end - start);
  }

  /** Writes the row again with the entries from `start` to before `end` behind its own: those stay packed. */
  append(list: number, row: PackedRow, { keys, values }: Entries, start: number, end: number): void {
    const writer = this.#writer;
    writer.reset();
    writer.reserve(row.body.length);
    writer.bytes.set(row.body);
    writer.length = row.body.length;
    this.#pack(keys, values, start, end, row.last, row.lastValue);
    this.#put(list, row.first, keys[end - 1]!, values[end - 1]!, row.entries + end - start);
  }

  delete(list: number, first: number): void {
    this.#statements.of(DELETE).run(list, first);
  }

  #pack(
    keys: readonly number[],
    values: readonly number[],
    start: number,
    end: number,
    keyBefore: number,
    valueBefore: number,
  ): void {
    const writer = this.#writer;
    let key = keyBefore;
    let value = valueBefore;
    for (let i = start; i < end; i++) {
      writeVarint(writer, keys[i]! - key);
      writeSigned(writer, values[i]! - value);
      key = keys[i]!;
      value = values[i]!;
    }
  }

  #put(list: number, first: number, last: number, lastValue: number, entries: number): void {
    this.#statements.of(INSERT).run(list, first, last, lastValue, entries, this.#writer.written());
  }
}

export function unpacked({ first, entries, body }: PackedRow): Entries {
  return readStored(() => {
    const reader = new ByteReader(body);
    let key = first;
    let value = readSigned(reader);
    const keys = [key];
    const values = [value];
    for (let i = 1; i < entries; i++) {
      key += readVarint(reader);
      value += readSigned(reader);
      keys.push(key);
      values.push(value);
    }
    return { keys, values };
  });
}
