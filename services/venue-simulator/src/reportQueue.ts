/** The reports held back, in the order they will leave: by due time, then by key. */
export interface ScheduledReport {
  readonly key: number;
  readonly dueAt: number;
  /** See reportText.ts. */
  readonly report: string;
}

/** Removed items in front are cut off once there are this many, and no fewer than are left: a copy each at most. */
const CUT_AT = 1_024;

export class ReportQueue {
  #items: ScheduledReport[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The one that leaves next. */
  get first(): ScheduledReport | undefined {
    return this.#items[this.#head];
  }

  add(item: ScheduledReport): void {
    let at = this.#items.length;
    while (at > this.#head && isBefore(item, this.#items[at - 1]!)) at--;
    if (at === this.#items.length) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  find(key: number): ScheduledReport | undefined {
    const index = this.#indexOf(key);
    return index < 0 ? undefined : this.#items[index];
  }

  remove(key: number): void {
    const index = this.#indexOf(key);
    if (index < 0) return;
    if (index > this.#head) {
      this.#items.splice(index, 1);
    } else if (++this.#head >= CUT_AT && this.#head >= this.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /** At most `limit` that are due, in order. */
  dueAt(now: number, limit: number): ScheduledReport[] {
    let end = this.#head;
    while (end < this.#items.length && end - this.#head < limit && this.#items[end]!.dueAt <= now) end++;
    return this.#items.slice(this.#head, end);
  }

  all(): ScheduledReport[] {
    return this.#items.slice(this.#head);
  }

  /** Reports leave from the front, so the search hardly ever goes further. */
  #indexOf(key: number): number {
    for (let i = this.#head; i < this.#items.length; i++) if (this.#items[i]!.key === key) return i;
    return -1;
  }
}

const isBefore = (a: ScheduledReport, b: ScheduledReport): boolean =>
  a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.key < b.key);
