/**
 * Ascending lists of (key, value), packed into rows. A chunk's changes are gathered by list and merged in at once: a
 * row is rewritten for dozens of entries, where an index of the database would be searched and a page of it touched
 * for each.
 */
import { LIST_KINDS, listIdOf } from './listIds.ts';
import { type Entries, ListRows, type PackedRow, ROW_ENTRIES_MAX, unpacked } from './listRows.ts';
import type { PreparedStatements } from './preparedStatements.ts';
import { StoredBodyError } from './storedBody.ts';

/** What a chunk changes in one list. */
interface Pending extends Entries {
  /** Keys that go. */
  readonly removed: number[];
  /** Whether the keys came in ascending order, as they mostly do. */
  isSorted: boolean;
}

interface RecentRow {
  readonly list: number;
  readonly first: number;
  /** First key of the row behind it. */
  readonly end: number;
  readonly entries: Entries;
}

export interface Entry {
  readonly key: number;
  readonly value: number;
}

export class SortedLists {
  readonly #rows: ListRows;
  /** By kind and member: small whole numbers, which maps find three times as fast as the lists' ids. */
  readonly #pending = Array.from({ length: LIST_KINDS }, () => new Map<number, Pending>());
  /** The row that was asked for an entry last. */
  #recent: RecentRow | null = null;

  constructor(statements: PreparedStatements) {
    this.#rows = new ListRows(statements);
  }

  /** Adds an entry with the next write. The list has none of that key. */
  add(kind: number, member: number, key: number, value: number): void {
    const pending = this.#pendingOf(kind, member);
    const { keys } = pending;
    if (keys.length > 0 && key < keys[keys.length - 1]!) pending.isSorted = false;
    keys.push(key);
    pending.values.push(value);
  }

  /** Takes the entry out with the next write. It was there before the last one. */
  remove(kind: number, member: number, key: number): void {
    this.#pendingOf(kind, member).removed.push(key);
  }

  /** Merges what was added and removed into the rows. */
  write(): void {
    this.#recent = null;
    for (let kind = 0; kind < LIST_KINDS; kind++) {
      const lists = this.#pending[kind]!;
      for (const [member, pending] of lists) this.#mergeAll(listIdOf(kind, member), sorted(pending));
      lists.clear();
    }
  }

  /** The entries with keys below `below`, highest first, that `accept` takes; at most `count`. */
  newest(list: number, below: number, count: number, accept?: (value: number) => boolean): Entries {
    const found: Entries = { keys: [], values: [] };
    let row = this.#rows.find('rowAtOrBelow', list, below - 1);
    while (row !== null) {
      const { keys, values } = unpacked(row);
      for (let i = keys.length - 1; i >= 0 && found.keys.length < count; i--) {
        if (keys[i]! < below && (accept === undefined || accept(values[i]!))) push(found, keys[i]!, values[i]!);
      }
      if (found.keys.length === count) break;
      row = this.#rows.find('rowAtOrBelow', list, row.first - 1);
    }
    return found;
  }

  /** The entries from key `from` on, lowest first, that `accept` takes; at most `count`. */
  oldest(list: number, from: number, count: number, accept?: (value: number) => boolean): Entries {
    const found: Entries = { keys: [], values: [] };
    let row = this.#rows.find('rowAtOrBelow', list, from) ?? this.#rows.find('rowAbove', list, from);
    while (row !== null) {
      const { keys, values } = unpacked(row);
      for (let i = 0; i < keys.length && found.keys.length < count; i++) {
        if (keys[i]! >= from && (accept === undefined || accept(values[i]!))) push(found, keys[i]!, values[i]!);
      }
      if (found.keys.length === count) break;
      row = this.#rows.find('rowAbove', list, row.first);
    }
    return found;
  }

  /** The entry with the highest key at or below `key`; null when there is none. Who asks for one asks nearby next. */
  entryAtOrBelow(list: number, key: number): Entry | null {
    const recent = this.#recent;
    const isThere = recent !== null && recent.list === list && key >= recent.first && key < recent.end;
    const { keys, values } = isThere ? recent.entries : this.#recall(list, key);
    const index = lastAtOrBelow(keys, key);
    return index < 0 ? null : { key: keys[index]!, value: values[index]! };
  }

  /** The last entry; null when the list is empty. */
  lastEntry(list: number): Entry | null {
    const row = this.#rows.find('lastRow', list);
    return row === null ? null : { key: row.last, value: row.lastValue };
  }

  #recall(list: number, key: number): Entries {
    const row = this.#rows.find('rowAtOrBelow', list, key);
    if (row === null) return NO_ENTRIES;
    const end = this.#rows.find('rowAbove', list, row.first)?.first ?? Number.POSITIVE_INFINITY;
    const entries = unpacked(row);
    this.#recent = { list, first: row.first, end, entries };
    return entries;
  }

  #pendingOf(kind: number, member: number): Pending {
    const lists = this.#pending[kind]!;
    let pending = lists.get(member);
    if (pending === undefined) {
      pending = { keys: [], values: [], removed: [], isSorted: true };
      lists.set(member, pending);
    }
    return pending;
  }

  #mergeAll(list: number, pending: Pending): void {
    const last = this.#rows.find('lastRow', list);
    const { keys, removed } = pending;
    if (removed.length === 0 && (last === null || keys[0]! > last.last)) this.#append(list, last, pending);
    else this.#merge(list, pending);
  }

  /** Fills the last row up, and goes on with new ones. */
  #append(list: number, last: PackedRow | null, pending: Pending): void {
    const { length } = pending.keys;
    let start = 0;
    if (last !== null && last.entries < ROW_ENTRIES_MAX) {
      start = Math.min(length, ROW_ENTRIES_MAX - last.entries);
      this.#rows.append(list, last, pending, 0, start);
    }
    for (; start < length; start += ROW_ENTRIES_MAX) {
      this.#rows.insert(list, pending, start, Math.min(start + ROW_ENTRIES_MAX, length));
    }
  }

  /** Goes through the rows that changes fall into, each of them once. */
  #merge(list: number, pending: Pending): void {
    const { keys, values, removed } = pending;
    let added = 0;
    let gone = 0;
    while (added < keys.length || gone < removed.length) {
      const next = Math.min(keys[added] ?? Number.POSITIVE_INFINITY, removed[gone] ?? Number.POSITIVE_INFINITY);
      const row = this.#rows.find('rowAtOrBelow', list, next) ?? this.#rows.find('rowAbove', list, next);
      const end = row === null ? null : this.#rows.find('rowAbove', list, row.first);
      const before = row === null ? NO_ENTRIES : unpacked(row);
      const merged: Entries = { keys: [], values: [] };
      for (let i = 0; i < before.keys.length; i++) {
        const key = before.keys[i]!;
        for (; added < keys.length && keys[added]! < key; added++) push(merged, keys[added]!, values[added]!);
        if (removed[gone] === key) gone++;
        else push(merged, key, before.values[i]!);
      }
      const limit = end?.first ?? Number.POSITIVE_INFINITY;
      for (; added < keys.length && keys[added]! < limit; added++) push(merged, keys[added]!, values[added]!);
      if (gone < removed.length && removed[gone]! < limit) {
        throw new StoredBodyError(`list ${list} has no key ${removed[gone]}`);
      }
      this.#replace(list, row, merged);
    }
  }

  /** Writes the entries in as many rows of one length as they need, in place of the row they come from. */
  #replace(list: number, row: PackedRow | null, merged: Entries): void {
    const { length } = merged.keys;
    if (row !== null && merged.keys[0] !== row.first) this.#rows.delete(list, row.first);
    const rowEntries = Math.ceil(length / Math.ceil(length / ROW_ENTRIES_MAX));
    for (let start = 0; start < length; start += rowEntries) {
      this.#rows.insert(list, merged, start, Math.min(start + rowEntries, length));
    }
  }
}

const NO_ENTRIES: Entries = { keys: [], values: [] };

function push(entries: Entries, key: number, value: number): void {
  entries.keys.push(key);
  entries.values.push(value);
}

/** @returns −1 when all are above */
function lastAtOrBelow(keys: readonly number[], key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function sorted(pending: Pending): Pending {
  const { keys, values, removed } = pending;
  removed.sort((a, b) => a - b);
  if (pending.isSorted) return pending;
  const order = keys.map((_, index) => index).sort((a, b) => keys[a]! - keys[b]!);
  return { ...pending, keys: order.map((index) => keys[index]!), values: order.map((index) => values[index]!) };
}
