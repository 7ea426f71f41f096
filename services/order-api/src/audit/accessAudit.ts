/**
 * Facts about access for the audit trail: sign-ins, refused tokens, refused requests. The first of a kind in a minute
 * is noted at once, the others are counted and noted together when the minute is over, and there are only so many kinds
 * in a minute: a flood of failures fills no disk.
 */
import type { NoteAudit } from '@oms/domain';
import type { AccessFact, Scheduler, Timer } from '@oms/ports';

export type AuditNote = Omit<NoteAudit, 'type' | 'replyTo'>;

const MINUTE_MS = 60_000;
/** Kinds told apart within a minute; the rest is counted as one. */
const KINDS_MAX = 500;
const DETAILS_MAX = 10;
const DETAIL_LENGTH_MAX = 200;
const ADDRESS_LENGTH_MAX = 64;

interface Counted {
  readonly note: AuditNote;
  further: number;
}

/** What the API itself sees of access. */
export type AccessEvent = Omit<AccessFact, 'action'> & { readonly action: string };

export class AccessAudit {
  readonly #note: (note: AuditNote) => void;
  readonly #timer: Timer;
  readonly #kinds = new Map<string, Counted>();
  #others = 0;

  constructor(scheduler: Scheduler, note: (note: AuditNote) => void) {
    this.#note = note;
    this.#timer = scheduler.every(MINUTE_MS, () => this.#flush());
  }

  record({ action, actor, address, outcome, details }: AccessEvent): void {
    // Failures of one address are one kind, whoever they claim to be: names are guessed.
    const who = outcome === 'REFUSED' ? '' : (actor ?? '');
    const key = JSON.stringify([action, outcome, address, who]);
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      known.further++;
      return;
    }
    if (this.#kinds.size >= KINDS_MAX) {
      this.#others++;
      return;
    }
    const note = {
      action,
      actor: actor?.slice(0, DETAIL_LENGTH_MAX) ?? null,
      address: address?.slice(0, ADDRESS_LENGTH_MAX) ?? null,
      accountId: null,
      details: JSON.stringify({ outcome, ...bounded(details) }),
    };
    this.#kinds.set(key, { note, further: 0 });
    this.#note(note);
  }

  /** Notes what was only counted so far. */
  close(): void {
    this.#timer.cancel();
    this.#flush();
  }

  #flush(): void {
    for (const { note, further } of this.#kinds.values()) {
      if (further === 0) continue;
      this.#note({ ...note, details: JSON.stringify({ ...JSON.parse(note.details), further }) });
    }
    if (this.#others > 0) {
      const details = JSON.stringify({ further: this.#others });
      this.#note({ action: 'ACCESS_OTHERS', actor: null, address: null, accountId: null, details });
    }
    this.#kinds.clear();
    this.#others = 0;
  }
}

const bounded = (details: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(details)
      .slice(0, DETAILS_MAX)
      .map(([name, value]) => [name, value.slice(0, DETAIL_LENGTH_MAX)]),
  );
