/**
 * Folds risk events with the domain's own fold, one state per partition, and notes whose positions and balances they
 * moved; the documents of these are made when they are taken.
 */
import { type JournalRecord, readEvents, riskEventCodec } from '@oms/codec';
import {
  type BalanceView,
  evolveRisk,
  initialRiskState,
  type PositionView,
  type RiskEvent,
  type RiskState,
} from '@oms/domain';
import type { AccountChanges } from './documents.ts';
import { balanceViewOf, positionViewOf } from './riskViews.ts';
import { RISK_ENGINE } from './services.ts';

interface Touched {
  readonly partition: number;
  /** The account's sequence as of the last change of each position and balance: the same whenever it is taken. */
  readonly positionSequences: Map<string, number>;
  readonly balanceSequences: Map<string, number>;
}

export class AccountProjection {
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

  /** How many orders have something set aside for them: the states grow with them. */
  get openOrders(): number {
    let openOrders = 0;
    for (const { firm } of this.#states.values()) openOrders += firm.openOrders;
    return openOrders;
  }

  /** @throws InvariantError when an event cannot follow the state, InfrastructureError CODEC_* when it is none */
  apply(record: JournalRecord, now: number): void {
    if (record.service !== RISK_ENGINE) return;
    readEvents(record, riskEventCodec, (event) => this.#apply(record.partition, event, now));
  }

  /** As {@link apply}, for a record whose documents are made already. */
  foldOnly(record: JournalRecord, now: number): void {
    if (record.service !== RISK_ENGINE) return;
    readEvents(record, riskEventCodec, (event) => {
      evolveRisk(this.#stateOf(record.partition), event, now);
    });
  }

  /** The documents that changed since the last call. */
  take(): AccountChanges {
    const positions: PositionView[] = [];
    const balances: BalanceView[] = [];
    for (const [accountId, { partition, positionSequences, balanceSequences }] of this.#touched) {
      const account = this.#stateOf(partition).accounts.get(accountId)!;
      for (const [symbol, sequence] of positionSequences) {
        positions.push(positionViewOf(accountId, account.positions.get(symbol)!, sequence));
      }
      for (const [currency, sequence] of balanceSequences) {
        balances.push(balanceViewOf(accountId, currency, account.balances.get(currency)!, sequence));
      }
    }
    this.#touched.clear();
    return { positions, balances };
  }

  #apply(partition: number, event: RiskEvent, now: number): void {
    const state = this.#stateOf(partition);
    const change = evolveRisk(state, event, now);
    if (change === null) return;
    const { accountId, positionSymbol, currencies } = change;
    const account = state.accounts.get(accountId)!;
    const touched = this.#touchedOf(accountId, partition);
    if (positionSymbol !== null) touched.positionSequences.set(positionSymbol, account.positionSequence);
    // The sequence went up by one for every currency; the last has the newest.
    let sequence = account.balanceSequence - currencies.length;
    for (const currency of currencies) touched.balanceSequences.set(currency, ++sequence);
  }

  #stateOf(partition: number): RiskState {
    let state = this.#states.get(partition);
    if (state === undefined) {
      state = initialRiskState(partition);
      this.#states.set(partition, state);
    }
    return state;
  }

  #touchedOf(accountId: string, partition: number): Touched {
    let touched = this.#touched.get(accountId);
    if (touched === undefined) {
      touched = { partition, positionSequences: new Map(), balanceSequences: new Map() };
      this.#touched.set(accountId, touched);
    }
    return touched;
  }
}
