/**
 * Folds risk events with the domain's own fold, one state per partition, and notes whose positions and balances they
 * moved; the documents of these are made once per chunk.
 */
import {
  type BalanceView,
  evolveRisk,
  initialRiskState,
  type PositionView,
  type RiskEvent,
  type RiskState,
} from '@oms/domain';
import { balanceViewOf, positionViewOf } from './riskViews.ts';

interface Touched {
  readonly partition: number;
  readonly symbols: Set<string>;
  readonly currencies: Set<string>;
}

export class RiskProjection {
  readonly #states: Map<number, RiskState>;
  /** By account. */
  readonly #touched = new Map<string, Touched>();

  /** @param states as of the position the projection goes on from */
  constructor(states: Map<number, RiskState>) {
    this.#states = states;
  }

  get states(): ReadonlyMap<number, RiskState> {
    return this.#states;
  }

  stateOf(partition: number): RiskState {
    let state = this.#states.get(partition);
    if (state === undefined) {
      state = initialRiskState(partition);
      this.#states.set(partition, state);
    }
    return state;
  }

  /** @throws InvariantError when the event cannot follow the state */
  apply(partition: number, event: RiskEvent, now: number): void {
    const change = evolveRisk(this.stateOf(partition), event, now);
    if (change === null) return;
    const touched = this.#touchedOf(change.accountId, partition);
    if (change.positionSymbol !== null) touched.symbols.add(change.positionSymbol);
    for (const currency of change.currencies) touched.currencies.add(currency);
  }

  /** As {@link apply}, for events whose documents are made already. */
  fold(partition: number, event: RiskEvent, now: number): void {
    evolveRisk(this.stateOf(partition), event, now);
  }

  /** The documents that changed since the last call. */
  take(): { readonly positions: readonly PositionView[]; readonly balances: readonly BalanceView[] } {
    const positions: PositionView[] = [];
    const balances: BalanceView[] = [];
    for (const [accountId, { partition, symbols, currencies }] of this.#touched) {
      const account = this.stateOf(partition).accounts.get(accountId)!;
      for (const symbol of symbols) positions.push(positionViewOf(account, account.positions.get(symbol)!));
      for (const currency of currencies) {
        balances.push(balanceViewOf(account, currency, account.balances.get(currency)!));
      }
    }
    this.#touched.clear();
    return { positions, balances };
  }

  #touchedOf(accountId: string, partition: number): Touched {
    let touched = this.#touched.get(accountId);
    if (touched === undefined) {
      touched = { partition, symbols: new Set(), currencies: new Set() };
      this.#touched.set(accountId, touched);
    }
    return touched;
  }
}
