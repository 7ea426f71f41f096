/**
 * The two-person rule (I14): what waits for a second person is decided once and in time, approved by somebody else than
 * who asked, and then applied as it was asked.
 */
import type {
  ApprovalDecided,
  LimitsChanged,
  LimitsChangeProposed,
  TradingStateChanged,
  TradingStateChangeProposed,
} from '@oms/domain';
import type { Findings } from '../findings.ts';

type Proposed = LimitsChangeProposed | TradingStateChangeProposed;
type Changed = LimitsChanged | TradingStateChanged;

interface Waiting {
  readonly actor: string;
  readonly expiresAt: number;
  readonly change: string;
}

/** The change in words, to be compared. */
const proposedText = (event: Proposed): string =>
  event.type === 'LimitsChangeProposed'
    ? limitsText(event.scope, event.id, event.after)
    : `state ${event.scope} ${event.id} ${event.after} ${event.reason}`;

const changedText = (event: Changed): string =>
  event.type === 'LimitsChanged'
    ? limitsText(event.scope, event.id, event.limits)
    : `state ${event.scope} ${event.id} ${event.state} ${event.reason}`;

const limitsText = (scope: string, id: string, limits: object): string =>
  `limits ${scope} ${id} ${Object.entries(limits)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(' ')}`;

export class ApprovalChecks {
  readonly #findings: Findings;
  readonly #waiting = new Map<string, Waiting>();
  /** Approved by the event before, and to be applied by the next. */
  #approved: Waiting | null = null;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  proposed(event: Proposed, position: number): void {
    const { approvalId, actor, expiresAt } = event;
    this.#findings.expect(
      !this.#waiting.has(approvalId),
      'I14',
      position,
      () => `approval ${approvalId} is asked for while it waits already`,
    );
    this.#waiting.set(approvalId, { actor, expiresAt, change: proposedText(event) });
  }

  decided({ approvalId, status, actor }: ApprovalDecided, position: number, now: number): void {
    const waiting = this.#waiting.get(approvalId);
    this.#waiting.delete(approvalId);
    if (waiting === undefined) {
      this.#findings.breach('I14', position, `approval ${approvalId} is ${status}, but does not wait`);
      return;
    }
    if (status === 'EXPIRED') {
      const isOver = waiting.expiresAt <= now;
      this.#findings.expect(isOver, 'I14', position, () => `approval ${approvalId} expires before its time`);
    }
    if (status !== 'APPROVED') return;
    this.#findings.expect(
      actor === null || actor !== waiting.actor,
      'I14',
      position,
      () => `${actor} approves what ${actor} asked for: it takes a second person`,
    );
    this.#findings.expect(
      now < waiting.expiresAt,
      'I14',
      position,
      () => `approval ${approvalId} is approved after its time`,
    );
    this.#approved = waiting;
  }

  /** @returns whether the change is one that two persons agreed on */
  applied(event: Changed, position: number): boolean {
    const approved = this.#approved;
    this.#approved = null;
    if (approved === null) return false;
    this.#findings.expect(
      approved.change === changedText(event) && approved.actor === event.actor,
      'I14',
      position,
      () => `what is applied is not what was approved: ${approved.change}`,
    );
    return true;
  }
}
