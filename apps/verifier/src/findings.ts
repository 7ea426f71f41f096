/** What the checks found: how much each looked at, what was excused, and every breach with its position and numbers. */

/** The checks of `oms verify`, by the invariants of the same number; what a journal alone cannot show is not here. */
export const CHECKS = {
  I1: 'every order is placed exactly once, before anything else of it',
  I2: 'every record has a known service and a cause before it',
  I3: 'one acceptance per account and clientOrderId',
  I4: 'no execution counts twice; fills, fees and busts add up',
  I5: 'fills, settlements and venue trades agree; positions and balances are their sum; all sums are zero',
  I6: 'holds are those of the open orders; nothing is spent twice',
  I7: 'no limit is exceeded at any position',
  I8: "every order's events are legal",
  I9: 'positions without gaps, checksums and chain valid, account sequences gap-free',
  I10: 'replay from the start, replay from the snapshot and the reference model agree',
  I11: 'ownership epochs never go back',
  I14: 'every refusal has its reason, every privileged act changes something and is allowed',
  I16: 'nothing reaches the venue without an approval',
} as const;
export type CheckId = keyof typeof CHECKS;

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  /** How many things were looked at. */
  readonly checked: number;
  /** At most {@link BREACHES_MAX}; a last line says how many more there were. */
  readonly breaches: string[];
  /** What looks like a breach but follows from a fact outside the house, as an overfill by the venue. */
  readonly excused: string[];
}

/** Enough to see the pattern: a broken journal may breach millions of times. */
export const BREACHES_MAX = 1_000;

/** Of one check; plain data that a thread may send another. */
interface Tally {
  checked: number;
  breached: number;
  readonly breaches: string[];
  readonly excused: string[];
}

export type Tallies = Readonly<Record<CheckId, Tally>>;

export class Findings {
  readonly #tallies: Tallies;
  /** Of all checks together. */
  breachCount = 0;

  constructor() {
    const newTally = (): Tally => ({ checked: 0, breached: 0, breaches: [], excused: [] });
    const ids = Object.keys(CHECKS) as CheckId[];
    this.#tallies = Object.fromEntries(ids.map((id) => [id, newTally()])) as Tallies;
  }

  /** Counts one thing looked at. */
  looked(id: CheckId, count = 1): void {
    this.#tallies[id].checked += count;
  }

  /** @param position where, 0 when it is about no record */
  breach(id: CheckId, position: number, what: string): void {
    const tally = this.#tallies[id];
    tally.breached++;
    this.breachCount++;
    if (tally.breaches.length < BREACHES_MAX)
      tally.breaches.push(position > 0 ? `position ${position}: ${what}` : what);
  }

  /** Looks at one thing: breached unless it holds. */
  expect(holds: boolean, id: CheckId, position: number, what: () => string): void {
    this.looked(id);
    if (!holds) this.breach(id, position, what());
  }

  excuse(id: CheckId, what: string): void {
    const { excused } = this.#tallies[id];
    if (excused.length < BREACHES_MAX) excused.push(what);
  }

  get tallies(): Tallies {
    return this.#tallies;
  }

  /** Adds what another found after this one. */
  add(tallies: Tallies): void {
    for (const id of Object.keys(CHECKS) as CheckId[]) {
      const { checked, breached, breaches, excused } = tallies[id];
      const tally = this.#tallies[id];
      tally.checked += checked;
      tally.breached += breached;
      this.breachCount += breached;
      tally.breaches.push(...breaches.slice(0, BREACHES_MAX - tally.breaches.length));
      tally.excused.push(...excused.slice(0, BREACHES_MAX - tally.excused.length));
    }
  }

  results(): CheckResult[] {
    return (Object.entries(this.#tallies) as [CheckId, Tally][]).map(
      ([id, { checked, breached, breaches, excused }]) => ({
        id,
        title: CHECKS[id],
        ok: breached === 0,
        checked,
        breaches: breached > BREACHES_MAX ? [...breaches, `… and ${breached - BREACHES_MAX} more`] : breaches,
        excused,
      }),
    );
  }
}
