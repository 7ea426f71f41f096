/**
 * Changes of limits and trading states (I14): each changes something, so that before and after can be told, names
 * whom it is about, and a halt is not lifted by the person who set it.
 */
import type {
  ApprovalDecided,
  LimitsChanged,
  LimitsChangeProposed,
  RiskLimits,
  TradingStateChanged,
  TradingStateChangeProposed,
} from '@oms/domain';
import type { Findings } from '../findings.ts';
import { ApprovalChecks } from './approvalChecks.ts';
import { type RiskFacts, scopeKey } from './riskFacts.ts';

export type PrivilegedEvent =
  | LimitsChanged
  | TradingStateChanged
  | LimitsChangeProposed
  | TradingStateChangeProposed
  | ApprovalDecided;

export class PrivilegedActs {
  readonly #facts: RiskFacts;
  readonly #findings: Findings;
  readonly #approvals: ApprovalChecks;

  constructor(facts: RiskFacts, findings: Findings) {
    this.#approvals = new ApprovalChecks(findings);
    this.#facts = facts;
    this.#findings = findings;
  }

  apply(event: PrivilegedEvent, position: number, now: number): void {
    switch (event.type) {
      case 'LimitsChanged':
        this.#approvals.applied(event, position);
        this.#limits(event, position);
        return;
      case 'TradingStateChanged':
        this.#tradingState(event, position, this.#approvals.applied(event, position));
        return;
      case 'ApprovalDecided':
        this.#approvals.decided(event, position, now);
        return;
      default:
        this.#approvals.proposed(event, position);
    }
  }

  #limits(event: LimitsChanged, position: number): void {
    const { scope, id, limits } = event;
    const key = scopeKey(scope, id);
    const before = this.#facts.limits.get(key);
    const changes = Object.entries(limits).some(
      ([name, value]) => (before?.[name as keyof RiskLimits] ?? null) !== value,
    );
    // A desk's first set may be an empty one: it makes the desk known.
    this.#findings.expect(
      changes || (before === undefined && scope === 'DESK'),
      'I14',
      position,
      () => `the limits of ${key} are set by ${event.actor ?? 'nobody'} to what they were`,
    );
    this.#findings.expect(
      scope !== 'ACCOUNT' || this.#facts.accounts.has(id),
      'I14',
      position,
      () => `limits are set for account ${id}, which was never opened`,
    );
    this.#facts.limits.set(key, limits);
    this.#facts.limitChanges++;
  }

  #tradingState(event: TradingStateChanged, position: number, agreed: boolean): void {
    const { scope, id, state, actor } = event;
    const key = scopeKey(scope, id);
    const before = this.#facts.tradingStates.get(key);
    this.#findings.expect(
      state !== (before?.state ?? 'ACTIVE'),
      'I14',
      position,
      () => `the trading state of ${key} is set by ${actor ?? 'nobody'} to ${state}, which it was`,
    );
    const lifts = before?.state === 'HALTED' && state !== 'HALTED';
    this.#findings.expect(
      !lifts || agreed || actor === null || actor !== before.actor,
      'I14',
      position,
      () => `${actor} lifts the halt of ${key} that ${actor} set: it takes a second person`,
    );
    this.#facts.tradingStates.set(key, { state, actor });
  }
}
