/**
 * How far the documents go. Lists and accounts are projected one after the other, each in a lane of its own, and each
 * commits its documents with its checkpoint; both keep the risk states they fold now and then.
 */
import type { RiskState } from '@oms/domain';
import { bytesOfRiskState, riskStateOfBytes } from './bodies.ts';
import type { PreparedStatements } from './preparedStatements.ts';

export type Lane = 'lists' | 'accounts';

/** A position, and the mark of the journal group it is in: tells this journal from another. */
export interface Checkpoint {
  readonly position: number;
  /** Of the last projected record, epoch milliseconds. */
  readonly time: number;
  readonly groupDigest: string;
}

/** By partition. */
export type RiskStates = ReadonlyMap<number, RiskState>;

/** Risk states as of a position at or before the checkpoint's: the fold goes on from there. */
export interface KeptRiskStates {
  readonly position: number;
  readonly states: Map<number, RiskState>;
}

export class Checkpoints {
  readonly #statements: PreparedStatements;

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  of(lane: Lane): Checkpoint | null {
    const row = this.#statements.of('SELECT position, time, groupDigest FROM checkpoint WHERE lane = ?').get(lane);
    if (row === undefined) return null;
    return { position: Number(row.position), time: Number(row.time), groupDigest: String(row.groupDigest) };
  }

  riskStates(lane: Lane): KeptRiskStates {
    const states = new Map<number, RiskState>();
    for (const row of this.#statements.of('SELECT partition, state FROM riskStates WHERE lane = ?').all(lane)) {
      states.set(Number(row.partition), riskStateOfBytes(row.state as Uint8Array));
    }
    return { position: this.#riskStatesPosition(lane), states };
  }

  /** @param riskStates to be kept as of the checkpoint, or null to leave those that are */
  write(lane: Lane, { position, time, groupDigest }: Checkpoint, riskStates: RiskStates | null): void {
    const keptAt = riskStates === null ? this.#riskStatesPosition(lane) : position;
    const sql = 'INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?)';
    this.#statements.of(sql).run(lane, position, time, groupDigest, keptAt);
    const keep = this.#statements.of('INSERT OR REPLACE INTO riskStates (lane, partition, state) VALUES (?, ?, ?)');
    for (const [partition, state] of riskStates ?? []) keep.run(lane, partition, bytesOfRiskState(state));
  }

  #riskStatesPosition(lane: Lane): number {
    const row = this.#statements.of('SELECT riskStatesPosition FROM checkpoint WHERE lane = ?').get(lane);
    return Number(row?.riskStatesPosition ?? 0);
  }
}
