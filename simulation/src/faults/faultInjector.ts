/** Lets the faults of a plan happen, each kind at random times of its own, until it is told that all must be well. */
import { decimal, type VenueFaults } from '@oms/domain';
import { NO_FAULTS } from '@oms/venue-simulator';
import type { Link } from '../clients/link.ts';
import { GOOD_LINK } from '../clients/link.ts';
import type { Operator } from '../clients/operator.ts';
import { GOOD_DISK } from '../disk/simulatedDisk.ts';
import type { Machine } from '../house/machine.ts';
import type { Chronicle } from '../world/chronicle.ts';
import type { SeededRandom } from '../world/seededRandom.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';
import type { FaultPlan } from './faultPlan.ts';

export interface Victims {
  readonly time: SimulatedTime;
  readonly random: SeededRandom;
  readonly chronicle: Chronicle;
  readonly machine: Machine;
  readonly link: Link;
  readonly operator: Operator;
}

const CALLS_MAX = 40;
const DISK_OPERATIONS = ['write', 'datasync', 'rename', 'syncDirectory', 'create'] as const;

export class FaultInjector {
  readonly #plan: FaultPlan;
  readonly #victims: Victims;
  #isActive = true;

  constructor(plan: FaultPlan, victims: Victims) {
    this.#plan = plan;
    this.#victims = victims;
  }

  start(): void {
    const { link, machine } = this.#victims;
    const { crashes, diskErrors, clock, pauses, venue, marketGaps } = this.#plan;
    link.faults = this.#plan.link;
    machine.disk.pace = this.#plan.disk;
    this.#often(crashes, () => this.#crash());
    this.#often(diskErrors, () => this.#diskError());
    this.#often(clock, () => this.#clock());
    this.#often(pauses, () => this.#pause());
    this.#often(venue, () => this.#venue());
    this.#often(marketGaps, () => this.#marketGap());
  }

  /** No more faults, and what was broken is mended. */
  stop(): void {
    this.#isActive = false;
    const { link, machine, operator } = this.#victims;
    link.faults = GOOD_LINK;
    machine.disk.pace = GOOD_DISK;
    machine.disk.platter.clearFaults();
    machine.rotChance = 0;
    machine.seesMarket = true;
    machine.resume();
    machine.wall.repair();
    if (this.#plan.venue !== null) operator.ask({ kind: 'venueFaults', faults: NO_FAULTS, actor: 'simulation' });
  }

  #often(frequency: { readonly everyMs: number } | null, fault: () => void): void {
    if (frequency === null) return;
    const { time, random } = this.#victims;
    time.after(random.exponential(frequency.everyMs), () => {
      if (!this.#isActive) return;
      fault();
      this.#often(frequency, fault);
    });
  }

  #crash(): void {
    const { machine, random } = this.#victims;
    const { powerShare, midCallShare } = this.#plan.crashes!;
    const power = random.chance(powerShare);
    if (random.chance(this.#plan.cleanStopShare)) this.#stopInOrder();
    else if (random.chance(midCallShare)) machine.crashAtCall(random.between(1, CALLS_MAX), power);
    else machine.crash(power);
  }

  #stopInOrder(): void {
    const { machine, chronicle, time, random } = this.#victims;
    machine.stop().then((stopped) => {
      if (stopped === null) return;
      chronicle.dose('orderly stops');
      time.after(random.between(10, 500), () => machine.start());
    });
  }

  #diskError(): void {
    const { machine, random } = this.#victims;
    const error = random.pick(['EIO', 'ENOSPC'] as const);
    for (let count = random.between(1, 3); count > 0; count--) {
      const operation = error === 'ENOSPC' ? 'write' : random.pick(DISK_OPERATIONS);
      machine.disk.failNext({ operation, nth: random.between(1, CALLS_MAX), error });
    }
  }

  #clock(): void {
    const { machine, random, chronicle, time } = this.#victims;
    const ms = random.pick([5, 100, 2_000, 60_000, 3_600_000]);
    const kind = random.pick(['forward', 'back', 'freeze'] as const);
    chronicle.dose(`clock ${kind === 'freeze' ? 'freezes' : `jumps ${kind}`}`);
    chronicle.note(`clock ${kind} ${ms}`);
    if (kind === 'forward') machine.wall.jump(ms);
    else if (kind === 'back') machine.wall.jump(-ms);
    else {
      machine.wall.freeze();
      time.after(random.between(100, 10_000), () => machine.wall.unfreeze());
    }
  }

  #pause(): void {
    const { machine, random, chronicle, time } = this.#victims;
    const ms = random.pick([50, 500, 3_000, 15_000]);
    chronicle.dose('process pauses');
    chronicle.note(`process stopped for ${ms}`);
    machine.pause();
    time.after(ms, () => machine.resume());
  }

  #marketGap(): void {
    const { machine, random, chronicle, time } = this.#victims;
    chronicle.dose('market gaps');
    machine.seesMarket = false;
    time.after(random.between(200, 5_000), () => {
      machine.seesMarket = true;
    });
  }

  #venue(): void {
    const { operator, random, chronicle, time } = this.#victims;
    const faults = drawVenueFaults(random);
    chronicle.dose('venue settings');
    for (const [name, value] of Object.entries(faults)) {
      if (value !== 0 && value !== 0n && value !== false) chronicle.dose(`venue ${name.replace('Rate', '')}`);
    }
    operator.ask({ kind: 'venueFaults', faults, actor: 'simulation' });
    if (!faults.disconnected) return;
    const connected = { ...faults, disconnected: false };
    time.after(random.between(500, 5_000), () => {
      if (this.#isActive) operator.ask({ kind: 'venueFaults', faults: connected, actor: 'simulation' });
    });
  }
}

function drawVenueFaults(random: SeededRandom): VenueFaults {
  const rate = (chance: number): bigint => (random.chance(chance) ? decimal(random.pick(['0.02', '0.1', '0.4'])) : 0n);
  return {
    ...NO_FAULTS,
    latencyMs: random.chance(0.6) ? random.pick([1, 20, 300]) : 0,
    rejectRate: rate(0.3),
    partialFillRate: rate(0.5),
    lateReportRate: rate(0.4),
    lateReportMs: random.pick([100, 2_000, 8_000]),
    duplicateReportRate: rate(0.5),
    lostReportRate: rate(0.3),
    reorderReportRate: rate(0.4),
    overfillRate: rate(0.2),
    disconnected: random.chance(0.15),
  };
}
