/**
 * I2: a record is caused from outside, by an earlier record of a service that talks to this one, or by a numbered
 * source; and what only the house itself decides never comes from outside.
 */
import type { Findings } from '../findings.ts';
import type { VerifiedRecord } from '../journal/records.ts';

const NAMES = ['runtime', 'order-processor', 'risk-engine', 'venue-simulator'];
const RISK_ENGINE = 2;
const OUTSIDE = 0;
const INSIDE = 1;

/** Whose records may cause a record of this service. */
const CAUSED_BY: readonly (readonly number[])[] = [[0, 1, 2, 3], [1, 2, 3], [1], [1]];

/** Facts that only another service of the house can cause. */
const NEVER_FROM_OUTSIDE = new Set([
  'AccountRegistered',
  'OrderDenied',
  'OrderHeld',
  'OrderSubmitted',
  'HoldPlaced',
  'HoldRaised',
  'HoldRetermed',
  'HoldShrunk',
  'HoldReleased',
  'FillSettled',
  'FillReversed',
  'VenueOrderReceived',
]);

export class CauseChecks {
  readonly #findings: Findings;
  /** Service number of every record, by its position. */
  #services = new Uint8Array(1 << 16);

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  check(record: VerifiedRecord): void {
    const { position, service, causeKind, causeSequence, events } = record;
    this.#remember(position, service);
    const name = NAMES[service];
    this.#findings.expect(events.length > 0, 'I2', position, () => `a record of the ${name} decides nothing`);
    if (causeKind === OUTSIDE) {
      const inner = events[0]?.type !== 'OrderPlaced' && events.find(({ type }) => NEVER_FROM_OUTSIDE.has(type));
      if (inner) this.#findings.breach('I2', position, `${inner.type} has no cause inside the house`);
      return;
    }
    if (causeKind !== INSIDE) return;
    // The order processor and the venue are also told by decisions that changed nothing and have no record: questions.
    if (causeSequence === 0 && service !== RISK_ENGINE) return;
    const cause = this.#services[causeSequence] ?? 0;
    if (causeSequence < 1 || causeSequence >= position) {
      this.#findings.breach('I2', position, `the ${name}'s cause ${causeSequence} is no record before it`);
    } else if (!CAUSED_BY[service]!.includes(cause)) {
      this.#findings.breach(
        'I2',
        position,
        `the ${name} is caused by position ${causeSequence} of the ${NAMES[cause]}`,
      );
    }
  }

  #remember(position: number, service: number): void {
    if (position >= this.#services.length) {
      const grown = new Uint8Array(Math.max(position + 1, this.#services.length * 2));
      grown.set(this.#services);
      this.#services = grown;
    }
    this.#services[position] = service;
  }
}
