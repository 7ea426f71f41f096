/**
 * The people at the desk: change limits, pull the kill switch and lift it again (another one of them), restrict an
 * account or an instrument. They ask until they are told that it is done.
 */
import type { TradingScope, TradingState } from '@oms/domain';
import { type HouseSetup, NARROW_LIMITS, WIDE_LIMITS } from '../house/houseSetup.ts';
import type { SeededRandom } from '../world/seededRandom.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';
import type { OperatorRequest, WireAnswer } from './wire.ts';

export interface OperatorSurroundings {
  readonly setup: HouseSetup;
  readonly time: SimulatedTime;
  readonly random: SeededRandom;
  readonly paceMs: number;
  readonly send: (request: OperatorRequest, reply: (answer: WireAnswer | null) => void) => void;
}

interface Restriction {
  readonly scope: TradingScope;
  readonly id: string | null;
}

const AGAIN_MS = 500;
const LIFTED_AFTER_MS: readonly [number, number] = [500, 6_000];

export class Operator {
  readonly #around: OperatorSurroundings;
  /** What is not ACTIVE, as far as they were told. */
  #restricted: Restriction[] = [];
  /** What has no answer yet, by what it is about. */
  readonly #wanted = new Map<string, OperatorRequest>();
  #isActive = true;

  constructor(surroundings: OperatorSurroundings) {
    this.#around = surroundings;
  }

  /** Requests without an answer. */
  get unsettled(): number {
    return this.#wanted.size;
  }

  start(): void {
    const { time, random, paceMs } = this.#around;
    time.after(random.exponential(paceMs), () => {
      if (!this.#isActive) return;
      if (random.chance(0.5)) this.#changeLimits();
      else this.#restrict();
      this.start();
    });
  }

  /** Lifts every restriction and begins nothing new. */
  rest(): void {
    this.#isActive = false;
    for (const restriction of this.#restricted) this.#lift(restriction);
  }

  /** Asks until it is done, or until something else is wanted of the same thing. */
  ask(request: OperatorRequest, done: () => void = () => {}): void {
    const { send, time } = this.#around;
    const subject = subjectOf(request);
    this.#wanted.set(subject, request);
    const again = (): void => {
      if (this.#wanted.get(subject) !== request) return;
      send(request, (answer) => {
        if (this.#wanted.get(subject) !== request || answer === null || answer.status >= 429) return;
        this.#wanted.delete(subject);
        done();
      });
      time.after(AGAIN_MS, again);
    };
    again();
  }

  #changeLimits(): void {
    const { random, setup } = this.#around;
    const { accountId } = random.pick(setup.profile.accounts);
    const limits = random.chance(0.3) ? NARROW_LIMITS : WIDE_LIMITS;
    this.ask({ kind: 'limits', accountId, limits, actor: 'ann' });
  }

  #restrict(): void {
    const { random, setup, time } = this.#around;
    const restriction = random.pick<Restriction>([
      { scope: 'FIRM', id: null },
      { scope: 'ACCOUNT', id: random.pick(setup.profile.accounts).accountId },
      { scope: 'INSTRUMENT', id: random.pick(setup.instruments).symbol },
    ]);
    this.#restricted.push(restriction);
    this.#set(restriction, random.chance(0.6) ? 'HALTED' : 'REDUCING', 'ann');
    time.after(random.between(...LIFTED_AFTER_MS), () => this.#lift(restriction));
  }

  #lift(restriction: Restriction): void {
    this.#set(restriction, 'ACTIVE', 'bob', () => {
      this.#restricted = this.#restricted.filter((each) => each !== restriction);
    });
  }

  #set({ scope, id }: Restriction, state: TradingState, actor: string, done?: () => void): void {
    this.ask({ kind: 'tradingState', scope, id, state, reason: 'simulated', actor }, done);
  }
}

function subjectOf(request: OperatorRequest): string {
  switch (request.kind) {
    case 'limits':
      return `limits ${request.accountId}`;
    case 'tradingState':
      return `state ${request.scope} ${request.id}`;
    case 'venueFaults':
      return 'venue';
  }
}
