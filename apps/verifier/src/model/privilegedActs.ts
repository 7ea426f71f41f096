/**
 * Changes of limits and trading states (I14): each changes something, so that before and after can be told, names
 * whom it is about, and a halt is not lifted by the person who set it.
 */
import type { LimitsChanged, RiskLimits, TradingStateChanged } from '@oms/domain';
import type { Findings } from '../findings.ts';
import { type RiskFacts, scopeKey } from './riskFacts.ts';

export class PrivilegedActs {
  readonly #facts: RiskFacts;
  readonly #findings: Findings;

  constructor(facts: RiskFacts, findings: Findings) {
    this.#facts = facts;
    this.#findings = findings;
  }

  apply(event: LimitsChanged | TradingStateChanged, position: number): void {
    if (event.type === 'LimitsChanged') this.#limits(event, position);
    else this.#tradingState(event, position);
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

  #tradingState(event: TradingStateChanged, position: number): void {
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
      !lifts || actor === null || actor !== before.actor,
      'I14',
      position,
      () => `${actor} lifts the halt of ${key} that ${actor} set: it takes a second person`,
    );
    this.#facts.tradingStates.set(key, { state, actor });
  }
}
