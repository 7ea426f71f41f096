/**
 * One seed: a house with its clients, operators, market and venue, a phase of faults, and a quiet phase in which
 * everything must settle. The same seed gives the same run to the last byte.
 */
import { lacksAcknowledgement } from '@oms/domain';
import { Auditor } from './audit/auditor.ts';
import { checkProjections } from './audit/projectionCheck.ts';
import { Link } from './clients/link.ts';
import { Operator } from './clients/operator.ts';
import { SimulatedClient } from './clients/simulatedClient.ts';
import { FaultInjector } from './faults/faultInjector.ts';
import { drawFaultPlan, type FaultFocus } from './faults/faultPlan.ts';
import { drawSetup, type HouseSetup } from './house/houseSetup.ts';
import { Machine } from './house/machine.ts';
import { NO_SABOTAGE, type Sabotage } from './house/sabotage.ts';
import { Chronicle } from './world/chronicle.ts';
import { SeededRandom } from './world/seededRandom.ts';
import { SimulatedTime } from './world/simulatedTime.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Length of the fault phase, in simulated minutes; the quiet phase comes after it. */
  readonly minutes: number;
  /** A kind of fault that the seed must have; null: whatever it draws. */
  readonly focus?: FaultFocus | null;
  /** Something broken, to see it found. */
  readonly sabotage?: Sabotage;
  /** Given every line of what happens. */
  readonly onLine?: (line: string) => void;
}

export interface SeedReport {
  readonly seed: number;
  readonly minutes: number;
  /** SHA-256 of everything that happened. */
  readonly hash: string;
  /** What did not hold; empty when all is well. */
  readonly breaches: readonly string[];
  /** How often which fault was given, and what was done. */
  readonly doses: Readonly<Record<string, number>>;
}

const MINUTE_MS = 60_000;
/** Everything must have its answer this long after the faults are over. */
const QUIET_MS = 15_000;
/** Time for the last stop. */
const STOP_MS = 2_000;
const CLIENT_PACE_MS: readonly [number, number] = [300, 2_500];
const OPERATOR_PACE_MS = 15_000;
const AUDIT_EVERY_MS = 10_000;

export async function simulateSeed(options: SimulationOptions): Promise<SeedReport> {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #time = new SimulatedTime();
  readonly #chronicle: Chronicle;
  readonly #auditor: Auditor;
  readonly #machine: Machine;
  readonly #clients: readonly SimulatedClient[];
  readonly #operator: Operator;
  readonly #faults: FaultInjector;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const random = new SeededRandom(String(options.seed));
    const setup = drawSetup(String(options.seed), random.fork('setup'));
    const plan = drawFaultPlan(random.fork('plan'), options.focus ?? null);
    const time = this.#time;
    const chronicle = new Chronicle(time, options.onLine ?? null);
    chronicle.note(JSON.stringify(plan));
    this.#chronicle = chronicle;
    this.#auditor = new Auditor(chronicle);
    this.#machine = new Machine({
      setup,
      time,
      random: random.fork('machine'),
      chronicle,
      auditor: this.#auditor,
      sabotage: options.sabotage ?? NO_SABOTAGE,
      shortWrites: plan.shortWrites,
      rotChance: plan.rotChance,
      onReady: () => this.#ready(),
    });
    const link = new Link(time, random.fork('link'), chronicle);
    this.#clients = this.#createClients(setup, random, link, plan.stormCopies);
    this.#operator = new Operator({
      setup,
      time,
      random: random.fork('operator'),
      paceMs: OPERATOR_PACE_MS,
      send: (request, reply) => this.#machine.request('-', request, reply),
    });
    const victims = { time, random: random.fork('faults'), chronicle, machine: this.#machine, link };
    this.#faults = new FaultInjector(plan, { ...victims, operator: this.#operator });
  }

  async run(): Promise<SeedReport> {
    const time = this.#time;
    this.#machine.start();
    for (const client of this.#clients) client.start();
    this.#operator.start();
    this.#faults.start();
    this.#auditNow();
    const faultsEnd = this.#options.minutes * MINUTE_MS;
    await time.runUntil(faultsEnd);
    this.#chronicle.note('quiet');
    this.#faults.stop();
    this.#operator.rest();
    for (const client of this.#clients) client.rest();
    await time.runUntil(faultsEnd + QUIET_MS);
    if (!time.stopped) await this.#end();
    return this.#report();
  }

  #createClients(setup: HouseSetup, random: SeededRandom, link: Link, stormCopies: number): SimulatedClient[] {
    const count = random.fork('clients').between(setup.profile.accounts.length, setup.profile.accounts.length + 2);
    return Array.from({ length: count }, (_, i) => {
      const { accountId } = setup.profile.accounts[i % setup.profile.accounts.length]!;
      const own = random.fork(`client ${i}`);
      return new SimulatedClient({
        name: `c${i}`,
        accountId,
        instruments: setup.instruments,
        time: this.#time,
        random: own,
        paceMs: own.between(...CLIENT_PACE_MS),
        stormCopies,
        glimpse: {
          prices: (symbol) => this.#machine.process?.market.prices(symbol),
          now: () => this.#machine.wall.now(),
        },
        send: (request, reply) => {
          this.#auditor.sent(accountId, request);
          link.send(() => {
            this.#machine.request(accountId, request, (answer) => link.send(() => reply(answer)));
          });
        },
      });
    });
  }

  #ready(): void {
    for (const client of this.#clients) client.storm();
  }

  /** Reads on now and then, while all goes on. */
  #auditNow(): void {
    this.#time.after(AUDIT_EVERY_MS, () => {
      const { process } = this.#machine;
      if (process !== null) this.#auditor.read(this.#machine.disk.platter, process.journal.durablePosition);
      this.#auditNow();
    });
  }

  /** Everything has settled: stops the house, starts it once more, and looks at everything together. */
  async #end(): Promise<void> {
    const { process } = this.#machine;
    if (process === null || !this.#machine.isReady) {
      this.#chronicle.breach('I13: the house is not there, long after the faults');
      return;
    }
    this.#checkSettled();
    let isStopped = false;
    this.#machine.stop().then((stopped) => {
      isStopped = stopped !== null;
    });
    await this.#time.runUntil(this.#time.now + STOP_MS);
    if (!isStopped) {
      this.#chronicle.breach('the house does not stop');
      return;
    }
    const { platter } = this.#machine.disk;
    this.#auditor.read(platter, process.journal.durablePosition);
    this.#auditor.compareState(process.house);
    checkProjections(process.house, process.journal.durablePosition, this.#machine.disk, this.#chronicle);
    this.#machine.start();
    this.#auditor.end();
    for (const path of platter.paths()) {
      this.#chronicle.note(path);
      this.#chronicle.include(platter.contentOf(path));
    }
  }

  /** I13: definite answers for everybody. */
  #checkSettled(): void {
    for (const [i, client] of this.#clients.entries()) {
      for (const { request, startedAt } of client.unsettled()) {
        const what = JSON.stringify(request);
        this.#chronicle.breach(`I13: client ${i} has asked since ${startedAt} without a definite answer: ${what}`);
      }
    }
    for (const state of this.#machine.process!.house.orderStates()) {
      for (const order of state.orders.values()) {
        const waiting = order.pendingRequests.map(({ kind, outcome }) => `${kind} ${outcome}`);
        if (lacksAcknowledgement(order)) waiting.push('NEW');
        if (waiting.length === 0) continue;
        this.#chronicle.breach(`I13: order ${order.orderId} (${order.core}) still waits for the venue: ${waiting}`);
      }
    }
    if (this.#operator.unsettled > 0) this.#chronicle.breach('I13: an operator still waits for an answer');
  }

  #report(): SeedReport {
    const { seed, minutes } = this.#options;
    this.#chronicle.dose('orders', this.#auditor.orders);
    this.#chronicle.dose('fills', this.#auditor.fills);
    this.#chronicle.dose('records', this.#auditor.lastPosition);
    const { breaches, doses } = this.#chronicle;
    return { seed, minutes, hash: this.#chronicle.digest(), breaches, doses };
  }
}
