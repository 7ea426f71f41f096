/**
 * Exactly once by position: per outside source the highest sequence whose decision is journalled. Whatever comes at
 * or below it again was decided already and is dropped. Rebuilt from the journal, carried in snapshots.
 */

/** causeKind of messages from outside without a sequence, and of messages between actors of this journal. */
export const CAUSE_OUTSIDE = 0;
export const CAUSE_INSIDE = 1;

export class SourceSequences {
  readonly #highest = new Map<number, number>();

  /** @returns true when this message's decision is journalled already. */
  isDone(causeKind: number, causeSequence: number): boolean {
    return causeKind > CAUSE_INSIDE && causeSequence <= (this.#highest.get(causeKind) ?? 0);
  }

  note(causeKind: number, causeSequence: number): void {
    if (causeKind > CAUSE_INSIDE) this.#highest.set(causeKind, causeSequence);
  }

  entries(): readonly (readonly [kind: number, sequence: number])[] {
    return [...this.#highest].sort((a, b) => a[0] - b[0]);
  }

  load(entries: readonly (readonly [kind: number, sequence: number])[]): void {
    this.#highest.clear();
    for (const [kind, sequence] of entries) this.#highest.set(kind, sequence);
  }
}
