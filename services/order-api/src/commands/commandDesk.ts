/**
 * Hands commands to the house and brings their outcome back: picks the partition, bounds the wait, and turns a full
 * mailbox into a refusal. Placing is callback-style, for it is the hot path; everything else answers a promise.
 */
import type {
  PlaceCommand,
  ReplaceCommand,
  Resolution,
  TradingStateChange,
  VenueInstructionTerms,
} from '@oms/api-contract';
import {
  type CancelMatching,
  type NoteAudit,
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
import type { AccountReach } from '../access/caller.ts';
import { isRefusal, OVERLOADED, type Refusal, refuse } from '../refusal.ts';
import {
  foundOutcomeOf,
  instructionOutcomeOf,
  type OrderOutcome,
  placeOutcomeOf,
  refusalOfControl,
  requestOutcomeOf,
  resolutionOutcomeOf,
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

const refusalOf = (outcome: 'DONE' | 'PENDING' | Refusal): Refusal | null =>
  typeof outcome === 'string' ? null : outcome;

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

  /** Cancels what matches in the accounts within reach: in all at once, or one by one. */
  async cancelWithin(reach: AccountReach, filter: CancelFilter): Promise<{ readonly count: number } | Refusal> {
    if (filter.accountId !== null || reach.accounts === null) return this.cancelMatching(filter, 'CLIENT');
    let count = 0;
    for (const accountId of reach.accounts) {
      if (!this.#live.hasAccount(accountId)) continue;
      const outcome = await this.cancelMatching({ ...filter, accountId }, 'CLIENT');
      if (isRefusal(outcome)) return outcome;
      count += outcome.count;
    }
    return { count };
  }

  /** At once, whatever it allows. */
  async changeLimits(accountId: string, limits: RiskLimits, actor: string | null): Promise<Refusal | null> {
    return refusalOf(await this.proposeLimits(accountId, limits, actor, null));
  }

  async changeTradingState(change: TradingStateChange, actor: string | null): Promise<Refusal | null> {
    return refusalOf(await this.proposeTradingState(change, actor, null));
  }

  /** @param approvalId the id it gets if it must wait for a second person; null: it never waits */
  proposeLimits(
    accountId: string,
    limits: RiskLimits,
    actor: string | null,
    approvalId: string | null,
  ): Promise<'DONE' | 'PENDING' | Refusal> {
    return this.#tell(this.#partitionsOf(accountId), 'ordinary', (replyTo) => ({
      to: 'risk-engine',
      message: {
        ...{ type: 'ChangeLimits', scope: 'ACCOUNT', id: accountId, limits, actor, replyTo },
        ...(approvalId === null ? {} : { approvalId }),
      },
    }));
  }

  /** FIRM and INSTRUMENT go to every partition; each takes effect at a position of its own. */
  proposeTradingState(
    change: TradingStateChange,
    actor: string | null,
    approvalId: string | null,
  ): Promise<'DONE' | 'PENDING' | Refusal> {
    return this.#tell(this.#partitionsOf(change.scope === 'ACCOUNT' ? change.id : null), 'urgent', (replyTo) => ({
      to: 'risk-engine',
      message: {
        ...{ type: 'ChangeTradingState', ...change, actor, replyTo },
        ...(approvalId === null ? {} : { approvalId }),
      },
    }));
  }

  /** @param accountId of a change of one account; else every partition has it */
  async decideApproval(
    approvalId: string,
    accountId: string | null,
    approve: boolean,
    reason: string | null,
    actor: string | null,
  ): Promise<Refusal | null> {
    const message = { type: 'DecideApproval', approvalId, approve, reason, actor } as const;
    return refusalOf(
      await this.#tell(this.#partitionsOf(accountId), 'urgent', (replyTo) => ({
        to: 'risk-engine',
        message: { ...message, replyTo },
      })),
    );
  }

  /** Puts a fact into the audit trail. Nobody waits for it: what it is about follows in the journal, or does not. */
  note(fact: Omit<NoteAudit, 'type' | 'replyTo'>): void {
    this.#house.submit(
      0,
      'urgent',
      () => ({ to: 'risk-engine', message: { type: 'NoteAudit', ...fact, replyTo: null } }),
      () => {},
    );
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

  async setVenueFaults(faults: VenueFaults, actor: string | null): Promise<Refusal | null> {
    return refusalOf(
      await this.#tell(this.#partitionsOf(null), 'ordinary', (replyTo) => ({
        to: 'venue-simulator',
        message: { type: 'SetVenueFaults', faults, actor, replyTo },
      })),
    );
  }

  /** In every partition. */
  async startReconciliation(): Promise<Refusal | null> {
    return refusalOf(
      await this.#tell(this.#partitionsOf(null), 'ordinary', (replyTo) => ({
        to: 'order-processor',
        message: { type: 'StartReconciliation', replyTo },
      })),
    );
  }

  async resolveRequest(
    orderId: string,
    clientOrderId: string,
    { outcome, reason }: Resolution,
    actor: string | null,
  ): Promise<OrderOutcome> {
    const partition = this.#partitionOfOrder(orderId);
    if (partition === null) return refuse('UNKNOWN_ORDER');
    const answer = await this.#ask(partition, 'ordinary', (replyTo) => ({
      to: 'order-processor',
      message: { type: 'ResolveRequest', orderId, clientOrderId, outcome, reason, actor, replyTo },
    }));
    return isRefusal(answer) ? answer : resolutionOutcomeOf(answer);
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
  async #tell(partitions: readonly number[], urgency: Urgency, build: Build): Promise<'DONE' | 'PENDING' | Refusal> {
    const answers = await Promise.all(partitions.map((partition) => this.#ask(partition, urgency, build)));
    for (const answer of answers) {
      const refusal = isRefusal(answer) ? answer : refusalOfControl(answer);
      if (refusal !== null) return refusal;
    }
    return answers.some((answer) => !isRefusal(answer) && answer.outcome === 'PENDING') ? 'PENDING' : 'DONE';
  }

  /**
   * No answer in time. A durable order may be there all the same, waiting for risk (202) or decided by now. Otherwise
   * nothing may be claimed, neither that it is durable nor that it is not; nor when the id was used for other content.
   */
  lookUp({ accountId, clientOrderId, terms }: PlaceCommand, done: (outcome: OrderOutcome) => void): void {
    let told = false;
    const tell = (outcome: OrderOutcome): void => {
      if (told) return;
      told = true;
      done(outcome);
    };
    this.#scheduler.after(LOOK_UP_MS, () => tell(refuse('OUTCOME_UNKNOWN')));
    this.#house
      .query(() => this.#live.orderPlacedWith(accountId, clientOrderId, terms))
      .then(
        (order) => tell(order === null ? refuse('OUTCOME_UNKNOWN') : foundOutcomeOf(orderTextOfView(order))),
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
