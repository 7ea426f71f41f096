/**
 * Merges ranges of keys, each newest (highest) first, into the newest keys of all. A list over several accounts or
 * statuses is such a merge of index ranges: it reads what it shows plus a few keys per range, and sorts nothing.
 */

/** The next keys below `below`, highest first, at most `count`. */
export type KeyRange = (below: number, count: number) => readonly number[];

/** Keys read at once from each of several ranges. */
const RANGE_STEP = 16;

interface Head {
  readonly range: KeyRange;
  keys: readonly number[];
  next: number;
}

/** @returns the highest `count` keys below `below` of all ranges; the ranges must not share keys */
export function newestFirst(ranges: readonly KeyRange[], below: number, count: number): readonly number[] {
  if (ranges.length === 1) return ranges[0]!(below, count);
  const step = Math.min(count, RANGE_STEP);
  const heads: Head[] = [];
  for (const range of ranges) {
    const keys = range(below, step);
    if (keys.length > 0) heads.push({ range, keys, next: 0 });
  }
  const merged: number[] = [];
  while (merged.length < count && heads.length > 0) {
    let newest = 0;
    for (let i = 1; i < heads.length; i++) if (keyOf(heads[i]!) > keyOf(heads[newest]!)) newest = i;
    const head = heads[newest]!;
    merged.push(keyOf(head));
    if (!advance(head, step)) heads.splice(newest, 1);
  }
  return merged;
}

const keyOf = (head: Head): number => head.keys[head.next]!;

/** Moves on to the head's next key. @returns false when it has none. */
function advance(head: Head, step: number): boolean {
  const last = keyOf(head);
  head.next++;
  if (head.next < head.keys.length) return true;
  if (head.keys.length < step) return false;
  head.keys = head.range(last, step);
  head.next = 0;
  return head.keys.length > 0;
}
