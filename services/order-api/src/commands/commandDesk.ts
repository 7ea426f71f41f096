/**
 * Hands commands to the house and brings their outcome back: picks the partition, bounds the wait, and turns a full
 * mailbox into a refusal. Placing is callback-style, for it is the hot path; everything else answers a promise.
 */
import type { PlaceCommand, ReplaceCommand, TradingStateChange, VenueInstructionTerms } from '@oms/api-contract';
import {
  type CancelMatching,
  orderTextOfView,
  partitionOf,
  partitionOfOrderId,
  type RequestOrigin,
  type RiskLimits,
  type Side,
  type VenueAction,
  type VenueFaults,
} from '@oms/domain';
import type { Clock, CommandAnswer, CommandGateway, HouseMessage, LiveState, Scheduler, Urgency } from '@oms/ports';
import { isRefusal, OVERLOADED, type Refusal, refuse } from '../refusal.ts';
import {
  instructionOutcomeOf,
  type OrderOutcome,
  placeOutcomeOf,
  refusalOfControl,
  requestOutcomeOf,
  undecided,
} from './answers.ts';
import { Deadlines, Waiting } from './deadlines.ts';

/** How full the mailbox may be for connections that filled it to be read again. */
const ROOM_OCCUPANCY = 0.5;
/** How long a late order is looked for before its outcome is called unknown. */
const LOOK_UP_MS = 500;

export interface CancelFilter {
  readonly accountId: string | null;
  readonly symbol: string | null;
  readonly side: Side | null;
}

type Build = (replyTo: number) => HouseMessage;

export class CommandDesk {
  readonly #house: CommandGateway;
  readonly #live: LiveState;
  readonly #scheduler: Scheduler;
  readonly #deadlines: Deadlines;

  constructor(house: CommandGateway, live: LiveState, clock: Clock, scheduler: Scheduler, waitMs: number) {
    this.#house = house;
    this.#live = live;
    this.#scheduler = scheduler;
    this.#deadlines = new Deadlines(clock, scheduler, waitMs);
  }

  /** Whether placing would be refused right now. */
  get isFull(): boolean {
    return this.#house.occupancy >= 1;
  }

  /** Whether so much was decided since it was full that reading on is worth while. */
  get hasRoom(): boolean {
    return this.#house.occupancy <= ROOM_OCCUPANCY;
  }

  /** `done` is called once, possibly at once when nothing was accepted. */
  place(command: PlaceCommand, done: (outcome: OrderOutcome) => void): void {
    const { accountId, clientOrderId, terms } = command;
    const waiting = new PlaceWaiting(this, command, done);
    this.#deadlines.add(waiting);
    const taken = this.#house.submit(
      partitionOf(accountId, this.#house.partitions),
      'ordinary',
      (replyTo) => ({
        to: 'order-processor',
        message: { type: 'PlaceOrder', accountId, clientOrderId, terms, replyTo },
      }),
      (answer) => {
        if (this.#deadlines.settle(waiting)) done(placeOutcomeOf(answer));
      },
    );
    if (!taken && this.#deadlines.settle(waiting)) done(OVERLOADED);
  }

  async replace(orderId: string, replacement: ReplaceCommand): Promise<OrderOutcome> {
    const partition = this.#partitionOfOrder(orderId);
    if (partition === null) return refuse('UNKNOWN_ORDER');
    const answer = await this.#ask(partition, 'ordinary', (replyTo) => ({
      to: 'order-processor',
      message: { type: 'ReplaceOrder', orderId, ...replacement, replyTo },
    }));
    return isRefusal(answer) ? answer : requestOutcomeOf(answer);
  }

  /** Cancels are urgent: they pass when the queue is full for everything else (rule 16). */
  async cancel(orderId: string, clientOrderId: string | null): Promise<OrderOutcome> {
    const partition = this.#partitionOfOrder(orderId);
    if (partition === null) return refuse('UNKNOWN_ORDER');
    const answer = await this.#ask(partition, 'urgent', (replyTo) => ({
      to: 'order-processor',
      message: { type: 'CancelOrder', orderId, clientOrderId, origin: 'CLIENT', replyTo },
    }));
    return isRefusal(answer) ? answer : requestOutcomeOf(answer);
  }

  /** @returns how many orders were asked to cancel. */
  async cancelMatching(filter: CancelFilter, origin: RequestOrigin): Promise<{ readonly count: number } | Refusal> {
    const build = (replyTo: number): HouseMessage => {
      const message: CancelMatching = { type: 'CancelMatching', ...filter, origin, replyTo };
      return { to: 'order-processor', message };
    };
    const answers = await Promise.all(
      this.#partitionsOf(filter.accountId).map((partition) => this.#ask(partition, 'urgent', build)),
    );
    let count = 0;
    for (const answer of answers) {
      const refusal = isRefusal(answer) ? answer : refusalOfControl(answer);
      if (refusal !== null) return refusal;
      count += (answer as CommandAnswer).count;
    }
    return { count };
  }

  changeLimits(accountId: string, limits: RiskLimits, actor: string | null): Promise<Refusal | null> {
    return this.#tell(this.#partitionsOf(accountId), 'ordinary', (replyTo) => ({
      to: 'risk-engine',
      message: { type: 'ChangeLimits', scope: 'ACCOUNT', id: accountId, limits, actor, replyTo },
    }));
  }

  /** FIRM and INSTRUMENT go to every partition; each takes effect at a position of its own. */
  changeTradingState(change: TradingStateChange, actor: string | null): Promise<Refusal | null> {
    return this.#tell(this.#partitionsOf(change.scope === 'ACCOUNT' ? change.id : null), 'urgent', (replyTo) => ({
      to: 'risk-engine',
      message: { type: 'ChangeTradingState', ...change, actor, replyTo },
    }));
  }

  async instructVenue(orderId: string, action: VenueAction, terms: VenueInstructionTerms): Promise<OrderOutcome> {
    const partition = this.#partitionOfOrder(orderId);
    if (partition === null) return refuse('UNKNOWN_ORDER');
    const answer = await this.#ask(partition, 'ordinary', (replyTo) => ({
      to: 'venue-simulator',
      message: { type: 'VenueInstruction', orderId, action, ...terms, replyTo },
    }));
    return isRefusal(answer) ? answer : instructionOutcomeOf(answer);
  }

  setVenueFaults(faults: VenueFaults, actor: string | null): Promise<Refusal | null> {
    return this.#tell(this.#partitionsOf(null), 'ordinary', (replyTo) => ({
      to: 'venue-simulator',
      message: { type: 'SetVenueFaults', faults, actor, replyTo },
    }));
  }

  close(): void {
    this.#deadlines.close();
  }

  #ask(partition: number, urgency: Urgency, build: Build): Promise<CommandAnswer | Refusal> {
    return new Promise((resolve) => {
      const waiting = new AskWaiting(resolve);
      this.#deadlines.add(waiting);
      const taken = this.#house.submit(partition, urgency, build, (answer) => {
        if (this.#deadlines.settle(waiting)) resolve(answer);
      });
      if (!taken && this.#deadlines.settle(waiting)) resolve(OVERLOADED);
    });
  }

  /** Tells every given partition; the first refusal is the outcome. */
  async #tell(partitions: readonly number[], urgency: Urgency, build: Build): Promise<Refusal | null> {
    const answers = await Promise.all(partitions.map((partition) => this.#ask(partition, urgency, build)));
    for (const answer of answers) {
      const refusal = isRefusal(answer) ? answer : refusalOfControl(answer);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  /**
   * No answer in time. A durable order may be there all the same, waiting for risk: that is 202. Otherwise nothing
   * may be claimed, neither that it is durable nor that it is not.
   */
  lookUp({ accountId, clientOrderId }: PlaceCommand, done: (outcome: OrderOutcome) => void): void {
    let told = false;
    const tell = (outcome: OrderOutcome): void => {
      if (told) return;
      told = true;
      done(outcome);
    };
    this.#scheduler.after(LOOK_UP_MS, () => tell(refuse('OUTCOME_UNKNOWN')));
    this.#house
      .query(() => this.#live.orderByClientOrderId(accountId, clientOrderId))
      .then(
        (order) => tell(order === null ? refuse('OUTCOME_UNKNOWN') : undecided(orderTextOfView(order))),
        () => tell(refuse('OUTCOME_UNKNOWN')),
      );
  }

  #partitionOfOrder(orderId: string): number | null {
    const partition = partitionOfOrderId(orderId);
    return partition === null || partition >= this.#house.partitions ? null : partition;
  }

  #partitionsOf(accountId: string | null): readonly number[] {
    const { partitions } = this.#house;
    return accountId === null
      ? Array.from({ length: partitions }, (_, partition) => partition)
      : [partitionOf(accountId, partitions)];
  }
}

/** A placed order that was not answered in time may be there all the same: it is looked up. */
class PlaceWaiting extends Waiting {
  readonly #desk: CommandDesk;
  readonly #command: PlaceCommand;
  readonly #done: (outcome: OrderOutcome) => void;

  constructor(desk: CommandDesk, command: PlaceCommand, done: (outcome: OrderOutcome) => void) {
    super();
    this.#desk = desk;
    this.#command = command;
    this.#done = done;
  }

  override expired(): void {
    this.#desk.lookUp(this.#command, this.#done);
  }
}

class AskWaiting extends Waiting {
  readonly #done: (outcome: Refusal) => void;

  constructor(done: (outcome: Refusal) => void) {
    super();
    this.#done = done;
  }

  override expired(): void {
    this.#done(refuse('OUTCOME_UNKNOWN'));
  }
}
